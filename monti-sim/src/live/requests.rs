//! What was asked of the server and is not answered yet.

use std::collections::HashMap;

use monti_core::{AgentAction, CallId, RequestId};
use rand::RngExt as _;

use super::link::LinkNo;
use crate::{AgentNo, CallerId};

/// Something that was asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// An agent to be logged in.
    Register(AgentNo),
    /// An agent's action to be carried out, and its number among all of them.
    Act(AgentNo, u64, AgentAction),
    /// A caller's call to be queued.
    Call(CallerId),
    /// A caller's call to be ended.
    HangUp(CallId),
}

/// What makes a request id beside the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// A caller's attempt: always the same, so that the same call is never queued twice.
    Attempt(u64),
    /// Anything else: counted.
    Number(u64),
}

/// All that was asked and is not answered yet, each under its request id.
#[derive(Debug)]
pub(super) struct Requests {
    /// In front of every id: no two runs of simulators ever use the same ids, or a call would be
    /// taken for one of yesterday.
    run: String,
    last: u64,
    open: HashMap<Key, (LinkNo, Asked)>,
}

impl Default for Requests {
    fn default() -> Self {
        // Not from the seed: the same people call again in the next run, but with new calls.
        let run = format!("sim-{:016x}-", rand::rng().random::<u64>());
        Self { run, last: 0, open: HashMap::new() }
    }
}

impl Requests {
    /// A request id for something asked on a link.
    pub(super) fn enter(&mut self, link: LinkNo, asked: Asked) -> RequestId {
        let key = if let Asked::Call(caller) = &asked {
            Key::Attempt(caller.serial())
        } else {
            self.last += 1;
            Key::Number(self.last)
        };
        self.open.insert(key, (link, asked));
        let id = match key {
            Key::Attempt(serial) => format!("{}c{serial}", self.run),
            Key::Number(number) => format!("{}{number}", self.run),
        };
        id.parse().unwrap_or_else(|_| panic!("{id} is a request id"))
    }

    /// What was asked under an id that is answered now.
    pub(super) fn take(&mut self, id: RequestId) -> Option<Asked> {
        let own = id.as_str().strip_prefix(&self.run)?;
        let key = match own.strip_prefix('c') {
            Some(serial) => Key::Attempt(serial.parse().ok()?),
            None => Key::Number(own.parse().ok()?),
        };
        self.open.remove(&key).map(|(_, asked)| asked)
    }

    /// What was asked on a link that is lost: nobody knows whether it was heard.
    pub(super) fn take_all(&mut self, link: LinkNo) -> Vec<Asked> {
        let lost = self.open.extract_if(|_, (on, _)| *on == link);
        lost.map(|(_, (_, asked))| asked).collect()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }
}
