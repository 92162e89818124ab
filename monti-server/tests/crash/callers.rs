//! A gateway: it brings calls, and takes some of them away again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

use monti_core::{
    CallId,
    wire::{AgentServerMessage, CallQueued, ErrorCode, ErrorMessage},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use crate::{
    book::{Asked, Book},
    centre::pick_queue,
    link::Link,
    stage::{Act, Life, Role},
};

/// A gateway and its callers.
pub(crate) struct Callers {
    name: String,
    per_second: f64,
    dice: StdRng,
    book: Arc<Book>,
    /// Up to when calls were brought.
    brought_until: Option<Instant>,
    /// The number of the last call.
    last: u32,
    /// Calls that were asked for and not acknowledged, by number.
    unanswered: BTreeMap<u32, Caller>,
    /// Those of them that were refused for the moment.
    refused: BTreeSet<u32>,
    /// Calls that were acknowledged, by the key under which they came.
    known: Vec<(u32, CallId)>,
    /// Repeats of those that were not answered yet.
    repeated: BTreeMap<u32, CallId>,
    /// The last call that was new on this link.
    newest: Option<CallId>,
    /// Callers that will hang up, and when.
    impatient: BTreeMap<CallId, Instant>,
    /// Callers that hung up, which was not acknowledged.
    hanging_up: BTreeSet<CallId>,
}

struct Caller {
    asked: Asked,
    /// How often it was brought, over whichever links.
    times: u32,
}

impl Callers {
    pub(crate) fn new(name: &str, per_second: f64, seed: u64, book: &Arc<Book>) -> Self {
        Self {
            name: name.to_owned(),
            per_second,
            dice: StdRng::seed_from_u64(seed),
            book: Arc::clone(book),
            brought_until: None,
            last: 0,
            unanswered: BTreeMap::new(),
            refused: BTreeSet::new(),
            known: Vec::new(),
            repeated: BTreeMap::new(),
            newest: None,
            impatient: BTreeMap::new(),
            hanging_up: BTreeSet::new(),
        }
    }

    fn new_call(&mut self, link: &mut Link) {
        self.last += 1;
        let priority = if self.dice.random_bool(0.8) { 0 } else { self.dice.random_range(1..=9) };
        let asked = Asked {
            caller: format!("+49{}{:07}", self.name, self.last),
            vq: pick_queue(&mut self.dice),
            priority,
            count: 1,
        };
        self.book.asked(&asked);
        self.unanswered.insert(self.last, Caller { asked, times: 0 });
        self.bring(self.last, link);
    }

    /// Asks for a call that was not acknowledged, for the first time or once more.
    fn bring(&mut self, number: u32, link: &mut Link) {
        let Some(caller) = self.unanswered.get_mut(&number) else { return };
        caller.times += 1;
        let Asked { caller, vq, priority, .. } = &caller.asked;
        link.say(&json!({
            "type": "incoming_call", "requestId": format!("{}.{number}", self.name), "vq": vq,
            "callerNumber": caller, "priority": priority,
        }));
    }

    /// Asks again for one of the calls that there were, however long ago.
    fn repeat(&mut self, link: &mut Link) {
        let Some(at) = self.known.len().checked_sub(1) else { return };
        let (number, call) = self.known[self.dice.random_range(0..=at)];
        if self.repeated.insert(number, call).is_some() {
            return;
        }
        link.say(&json!({
            "type": "incoming_call", "requestId": format!("{}.{number}", self.name),
            "vq": "sales_a",
        }));
    }

    fn hang_up(&mut self, call: CallId, link: &mut Link) {
        self.hanging_up.insert(call);
        link.say(&json!({"type": "call_abandon", "callId": call}));
    }

    fn number(&self, request: &str) -> u32 {
        let number = request.strip_prefix(&self.name).and_then(|rest| rest.strip_prefix('.'));
        number.unwrap().parse().unwrap()
    }

    fn queued(&mut self, told: &CallQueued) {
        let number = self.number(told.request_id.as_str());
        if let Some(call) = self.repeated.remove(&number) {
            assert!(told.duplicate && told.call_id == call, "{call} came as {told:?}");
            return;
        }
        let Caller { asked, times } = self.unanswered.remove(&number).expect("it was asked for");
        assert_eq!(told.vq, asked.vq);
        assert!(times > 1 || !told.duplicate, "{told:?} was asked for once");
        self.book.acknowledged(&asked.caller, &[told.call_id]);
        self.known.push((number, told.call_id));
        if !told.duplicate {
            let is_next = self.newest.is_none_or(|newest| newest < told.call_id);
            assert!(is_next, "{} came after {:?}", told.call_id, self.newest);
            self.newest = Some(told.call_id);
        }
        if self.dice.random_bool(0.08) {
            let patience = std::time::Duration::from_millis(self.dice.random_range(0..6_000));
            self.impatient.insert(told.call_id, Instant::now() + patience);
        }
    }

    fn refuse(&mut self, error: &ErrorMessage) {
        let can_try_again = matches!(error.code, ErrorCode::Busy | ErrorCode::ReadOnly);
        match (error.subject.request_id, error.subject.call_id) {
            (Some(request), _) if can_try_again => {
                let number = self.number(request.as_str());
                if self.repeated.remove(&number).is_none() {
                    self.refused.insert(number);
                }
            }
            (None, Some(call)) if can_try_again => {
                self.hanging_up.remove(&call);
                self.impatient.insert(call, Instant::now());
            }
            // It was answered, or over, in the meantime.
            (None, Some(call)) if error.code == ErrorCode::Conflict => {
                self.hanging_up.remove(&call);
                self.book.not_abandoned(call);
            }
            _ => panic!("a gateway is told {error:?}"),
        }
    }
}

impl Role for Callers {
    const PATH: &str = "/ws/agent";

    fn greet(&mut self, link: &mut Link, _: &Life, _: Act) {
        self.brought_until = Some(Instant::now());
        let unanswered: Vec<_> = self.unanswered.keys().copied().collect();
        unanswered.into_iter().for_each(|number| self.bring(number, link));
        let hanging_up = self.hanging_up.clone();
        hanging_up.into_iter().for_each(|call| self.hang_up(call, link));
    }

    fn hear(&mut self, text: &str, _: &mut Link, _: &Life) {
        match AgentServerMessage::parse(text).unwrap() {
            AgentServerMessage::Welcome(_) => {}
            AgentServerMessage::CallQueued(told) => self.queued(&told),
            AgentServerMessage::Ack(told) => {
                let call = told.subject.call_id.expect("only calls are taken away");
                self.hanging_up.remove(&call);
                self.book.abandoned(call);
            }
            AgentServerMessage::CallAbandoned(told) => self.book.abandoned(told.call_id),
            AgentServerMessage::CallEnded(told) => self.book.ended(told.call_id, told.outcome),
            AgentServerMessage::Error(error) => self.refuse(&error),
            other => panic!("a gateway is told {other:?}"),
        }
    }

    fn beat(&mut self, link: &mut Link, act: Act) {
        let refused = std::mem::take(&mut self.refused);
        refused.into_iter().for_each(|number| self.bring(number, link));
        let now = Instant::now();
        if act != Act::Work {
            self.impatient.clear();
            return;
        }
        let since = self.brought_until.replace(now).map_or(0.0, |at| (now - at).as_secs_f64());
        let due = since * self.per_second;
        let more = u32::from(self.dice.random_bool(due.fract()));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few calls")]
        let due = due as u32 + more;
        (0..due).for_each(|_| self.new_call(link));
        if self.dice.random_bool(0.1) {
            self.repeat(link);
        }
        let leaving: Vec<_> =
            self.impatient.iter().filter(|(_, at)| **at <= now).map(|(call, _)| *call).collect();
        for call in leaving {
            self.impatient.remove(&call);
            self.hang_up(call, link);
        }
    }

    fn lose(&mut self) {
        // Some callers give up: whether there was a call of theirs they never hear.
        let dice = &mut self.dice;
        self.unanswered.retain(|_, caller| {
            let stays = dice.random_bool(0.8);
            if !stays {
                self.book.given_up(&caller.asked.caller);
            }
            stays
        });
        self.refused.clear();
        self.repeated.clear();
        self.newest = None;
    }

    fn is_done(&self) -> bool {
        self.unanswered.is_empty() && self.repeated.is_empty() && self.hanging_up.is_empty()
    }
}
