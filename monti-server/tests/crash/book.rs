//! What the peers were told, all in one book: what has to be there in the end, whatever happened.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use monti_core::{CallId, CallStatus, Timestamp, wire::CallAssign};

/// What was asked for: calls, each caller with a number that nobody else has.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) caller: String,
    pub(crate) vq: String,
    pub(crate) priority: u8,
    /// How many calls come from this number.
    pub(crate) count: usize,
}

/// What is known of who asked.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) asked: Asked,
    /// The calls that were acknowledged, or of which an agent heard.
    pub(crate) calls: Vec<CallId>,
    pub(crate) is_acknowledged: bool,
    /// Asked for in a life of the server that ended before it answered, and not asked for again.
    pub(crate) is_given_up: bool,
}

/// What was told of a call.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) caller: String,
    /// Whoever may have answered it.
    pub(crate) answered_by: Option<String>,
    pub(crate) is_completed: bool,
    pub(crate) is_abandoned: bool,
    pub(crate) was_too_late: bool,
    pub(crate) ended: Option<CallStatus>,
    /// When it was offered to agents.
    pub(crate) offered_at: Vec<Timestamp>,
}

/// All that was told.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) callers: BTreeMap<String, Known>,
    pub(crate) calls: BTreeMap<CallId, Told>,
}

/// The book.
#[derive(Debug, Default)]
pub(crate) struct Book(Mutex<Facts>);

impl Book {
    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn asked(&self, asked: &Asked) {
        let known = Known {
            asked: asked.clone(),
            calls: Vec::new(),
            is_acknowledged: false,
            is_given_up: false,
        };
        assert!(self.facts().callers.insert(asked.caller.clone(), known).is_none());
    }

    pub(crate) fn given_up(&self, caller: &str) {
        self.facts().callers.get_mut(caller).unwrap().is_given_up = true;
    }

    pub(crate) fn acknowledged(&self, caller: &str, calls: &[CallId]) {
        let mut facts = self.facts();
        calls.iter().for_each(|call| facts.name(*call, caller));
        let known = facts.callers.get_mut(caller).unwrap();
        assert_eq!(known.calls.len(), known.asked.count, "{known:?}");
        known.is_acknowledged = true;
    }

    /// An agent heard of a call, perhaps before whoever brought it.
    pub(crate) fn offered(&self, told: &CallAssign) {
        let mut facts = self.facts();
        let caller = told.caller_number.unwrap().to_string();
        facts.name(told.call_id, &caller);
        let asked = &facts.callers[&caller].asked;
        let is_as_asked = asked.vq == told.vq && asked.priority == told.priority.get();
        assert!(is_as_asked, "{asked:?} became {told:?}");
        let call = facts.calls.get_mut(&told.call_id).unwrap();
        call.offered_at.push(told.enqueued_at + told.wait_seconds.0);
    }

    pub(crate) fn answered(&self, call: CallId, login: &str) {
        let mut facts = self.facts();
        let told = facts.calls.entry(call).or_default();
        let before = told.answered_by.replace(login.to_owned());
        let is_one = before.as_deref().is_none_or(|before| before == login);
        assert!(is_one, "{call} was answered by {before:?} and by {login}");
    }

    pub(crate) fn completed(&self, call: CallId) {
        self.facts().calls.entry(call).or_default().is_completed = true;
    }

    pub(crate) fn abandoned(&self, call: CallId) {
        self.facts().calls.entry(call).or_default().is_abandoned = true;
    }

    pub(crate) fn not_abandoned(&self, call: CallId) {
        self.facts().calls.entry(call).or_default().was_too_late = true;
    }

    pub(crate) fn ended(&self, call: CallId, outcome: CallStatus) {
        let before = self.facts().calls.entry(call).or_default().ended.replace(outcome);
        assert!(before.is_none(), "{call} ended twice");
    }
}

impl Facts {
    /// A call is one of a caller's, and of nobody else.
    fn name(&mut self, call: CallId, caller: &str) {
        let told = self.calls.entry(call).or_default();
        if told.caller.is_empty() {
            caller.clone_into(&mut told.caller);
        }
        assert_eq!(told.caller, caller, "{call} is one call");
        let known = self.callers.get_mut(caller).expect("somebody asked for it");
        if !known.calls.contains(&call) {
            known.calls.push(call);
        }
        assert!(known.calls.len() <= known.asked.count, "asked for once: {known:?}");
    }
}
