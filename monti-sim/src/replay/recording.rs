//! What a recording of real days holds, whatever its format was.

use std::collections::{BTreeMap, BTreeSet};

use monti_core::{Millis, Priority, Timestamp};

/// Real calls, as they were recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recording {
    /// The queues by the names they have in the recording; calls refer to them by their place.
    pub queues: Vec<String>,
    /// The agents by the names they have in the recording; calls refer to them by their place.
    pub agents: Vec<RecordedAgent>,
    /// The calls offered to agents, by arrival.
    pub calls: Vec<RecordedCall>,
    /// What the reader made of the lines.
    pub account: Account,
}

/// Someone who answered calls, or was there to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAgent {
    /// Its name in the recording.
    pub name: String,
    /// The queues that it is known to serve, by their places in [`Recording::queues`].
    pub serves: BTreeSet<usize>,
    /// When it was there, if the recording says so itself; else that is told from its calls.
    pub present: Vec<Span>,
}

/// A call offered to agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedCall {
    /// The line that told of it first, counted from 1.
    pub line: u64,
    /// When the caller began to wait.
    pub arrival: Timestamp,
    /// Its queue's place in [`Recording::queues`].
    pub queue: usize,
    /// How urgent it was.
    pub priority: Priority,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// An agent answered.
    Answered {
        /// How long the caller waited.
        waited: Millis,
        /// The agent's place in [`Recording::agents`], if it was named.
        agent: Option<usize>,
        /// How long the agent was occupied by it; `None` if its end was not recorded.
        served: Option<Millis>,
    },
    /// The caller hung up.
    Abandoned {
        /// After so long.
        waited: Millis,
    },
    /// The centre sent the caller elsewhere: the queue's time was up, or nobody was there.
    Diverted {
        /// After so long.
        waited: Millis,
    },
    /// The recording ends before the call does.
    Unknown,
}

/// A time from its beginning up to, and without, its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

/// Where each line went: nothing is dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Lines read, headers and empty ones included.
    pub lines: u64,
    /// Lines that say nothing about calls offered, by what they are, such as phantoms.
    pub set_aside: BTreeMap<String, u64>,
    /// What was wrong, by line.
    pub remarks: Vec<Remark>,
}

/// Something wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The line, counted from 1.
    pub line: u64,
    /// Whether the line was refused, or used with a correction.
    pub refused: bool,
    /// What is wrong, and what was made of it.
    pub reason: String,
}

impl Recording {
    /// A recording of `calls` in any order, whose agents serve what they answered.
    pub(super) fn new(
        queues: Names,
        agents: Names,
        mut calls: Vec<RecordedCall>,
        account: Account,
    ) -> Self {
        calls.sort_by_key(|call| (call.arrival, call.line));
        let agent = |name| RecordedAgent { name, serves: BTreeSet::new(), present: Vec::new() };
        let mut agents = agents.into_names().into_iter().map(agent).collect::<Vec<_>>();
        for call in &calls {
            if let Fate::Answered { agent: Some(agent), .. } = call.fate {
                agents[agent].serves.insert(call.queue);
            }
        }
        Self { queues: queues.into_names(), agents, calls, account }
    }

    /// How long an agent was occupied by a call, in the mean of those of which that is known; `None`
    /// if it is of none.
    pub fn mean_service(&self) -> Option<Millis> {
        let known = self.calls.iter().filter_map(|call| match call.fate {
            Fate::Answered { served, .. } => served,
            _ => None,
        });
        let (total, count) =
            known.fold((Millis::ZERO, 0), |(total, count), served| (total + served, count + 1));
        total.mean_over(count)
    }

    /// How many calls were answered.
    pub fn answered(&self) -> usize {
        let is_answered = |call: &&RecordedCall| matches!(call.fate, Fate::Answered { .. });
        self.calls.iter().filter(is_answered).count()
    }
}

impl RecordedCall {
    /// How long the caller is known to have waited; zero where nothing is known.
    pub fn waited(&self) -> Millis {
        match self.fate {
            Fate::Answered { waited, .. }
            | Fate::Abandoned { waited }
            | Fate::Diverted { waited } => waited,
            Fate::Unknown => Millis::ZERO,
        }
    }
}

impl Span {
    /// How long it is.
    pub fn length(self) -> Millis {
        self.until.since(self.from)
    }
}

impl Account {
    /// Notes a line that was refused: what was corrected in it before was of no use.
    pub fn refuse(&mut self, line: u64, reason: impl Into<String>) {
        while self.remarks.pop_if(|last| last.line == line && !last.refused).is_some() {}
        self.remarks.push(Remark { line, refused: true, reason: reason.into() });
    }

    /// Notes a line that was used, with a correction.
    pub fn correct(&mut self, line: u64, reason: impl Into<String>) {
        self.remarks.push(Remark { line, refused: false, reason: reason.into() });
    }

    /// Notes a line that says nothing about a call offered.
    pub fn set_aside(&mut self, what: &str) {
        match self.set_aside.get_mut(what) {
            Some(count) => *count += 1,
            None => drop(self.set_aside.insert(what.to_owned(), 1)),
        }
    }

    /// The number of lines refused.
    pub fn refused(&self) -> usize {
        self.count(true)
    }

    /// The number of lines used with a correction, or with several.
    pub fn corrected(&self) -> usize {
        self.count(false)
    }

    fn count(&self, refused: bool) -> usize {
        let remarks = self.remarks.iter().filter(|remark| remark.refused == refused);
        remarks.map(|remark| remark.line).collect::<BTreeSet<_>>().len()
    }
}

/// Gives names their places, in the order in which they are first seen.
#[derive(Debug, Default)]
pub(super) struct Names {
    places: BTreeMap<String, usize>,
    names: Vec<String>,
}

impl Names {
    pub(super) fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }
}
