//! What becomes durable together.

use std::collections::BTreeMap;

use monti_core::{AgentDay, CallId, Day, Input, LoginId, RequestId, Timestamp, wire};

use crate::journal::Entries;

/// What a group of inputs leads to, written in one transaction.
#[derive(Debug, Default)]
pub struct Group {
    /// The moment of the latest entry.
    pub at: Timestamp,
    /// What moved the engine.
    pub entries: Entries,
    /// The calls that are over, with the callers' numbers whole.
    pub records: Vec<wire::CallRecord>,
    /// The agents' days that are over.
    pub agent_days: Vec<AgentDay>,
    /// The days, not over yet, of agents that went offline, for a sink.
    pub days_so_far: BTreeMap<LoginId, AgentDay>,
    /// The keys of injections.
    pub injections: Vec<(RequestId, Injection)>,
}

impl Group {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.has_no_results()
    }

    /// Whether nothing is to be written but the journal.
    pub(super) fn has_no_results(&self) -> bool {
        self.records.is_empty()
            && self.agent_days.is_empty()
            && self.days_so_far.is_empty()
            && self.injections.is_empty()
    }

    /// Notes what is given to the engine at `at`.
    pub fn note(&mut self, at: Timestamp, input: Option<&Input>) {
        self.at = at;
        self.entries.push(at, input);
    }

    /// Notes an agent's day that is over.
    pub fn note_day(&mut self, day: AgentDay) {
        // Of two versions in one group nobody could tell the later.
        if self.days_so_far.get(&day.login).is_some_and(|so_far| so_far.day == day.day) {
            self.days_so_far.remove(&day.login);
        }
        self.agent_days.push(day);
    }

    /// Forgets all of it, for the next group.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.records.clear();
        self.agent_days.clear();
        self.days_so_far.clear();
        self.injections.clear();
    }
}

/// Calls that were injected together: consecutive ones of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Injection {
    /// When.
    pub at: Timestamp,
    /// Their date.
    pub day: Day,
    /// The number of the first.
    pub first: u32,
    /// How many.
    pub count: u32,
}

impl Injection {
    /// The calls, in the order of their arrival.
    pub fn calls(&self) -> impl Iterator<Item = CallId> + use<> {
        let (day, first) = (self.day, self.first);
        (0..self.count).map(move |offset| CallId { day, number: first.saturating_add(offset) })
    }
}
