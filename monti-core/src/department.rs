//! A department at work: who is in it, what they do, and which of its queues is served next.

use std::collections::BTreeMap;

use crate::{
    AgentState, LoginId, Millis, Timestamp, headcount::Headcount, line::Line, queue::Rank,
    roster::IdleKey, tournament::Tournament,
};

/// A department at work.
#[derive(Debug)]
pub(crate) struct DepartmentAtWork {
    /// The best rank that waits in each of its queues.
    pub(crate) waiting: Tournament<Rank>,
    /// The routable agents that serve all of it.
    pub(crate) idle: Line<IdleKey>,
    /// How many agents are routable, whatever they serve.
    pub(crate) routable: u32,
    /// All of its agents, offline ones included, by login, with their slots.
    pub(crate) roster: BTreeMap<LoginId, u32>,
    /// How many agents are in each state, in the order of [`AgentState::ALL`].
    pub(crate) states: [u32; AgentState::ALL.len()],
    /// How many agents are past a limit.
    pub(crate) breaches: u32,
    /// Today's calls of which nothing can change any more, and their handle times together.
    pub(crate) handled: (u32, Millis),
    /// Agents that have a call or after-call work.
    pub(crate) busy: Headcount,
    /// Agents that are available.
    pub(crate) available: Headcount,
    /// Agents logged in that serve all of the department.
    pub(crate) staffed: Headcount,
    /// Those of them that take calls or have one.
    pub(crate) at_work: u32,
    /// Time of [`Self::staffed`] in each quarter of an hour of today that is over.
    pub(crate) staffed_quarters: Vec<Millis>,
}

impl DepartmentAtWork {
    pub(crate) fn new(queues: usize) -> Self {
        Self {
            waiting: Tournament::new(queues, Rank::NONE),
            idle: Line::default(),
            routable: 0,
            roster: BTreeMap::new(),
            states: [0; AgentState::ALL.len()],
            breaches: 0,
            handled: (0, Millis::ZERO),
            busy: Headcount::default(),
            available: Headcount::default(),
            staffed: Headcount::default(),
            at_work: 0,
            staffed_quarters: Vec::new(),
        }
    }

    /// AHT: the mean handle time of today's calls.
    pub(crate) fn avg_handle(&self) -> Option<Millis> {
        let (handled, handle) = self.handled;
        handle.mean_over(handled.into())
    }

    /// An agent goes over from one state to another, or comes and goes with `None`.
    #[inline]
    pub(crate) fn count(
        &mut self,
        before: Option<AgentState>,
        after: Option<AgentState>,
        now: Timestamp,
    ) {
        if let Some(before) = before {
            self.states[before as usize] -= 1;
        }
        if let Some(after) = after {
            self.states[after as usize] += 1;
        }
        let of = |kind: fn(AgentState) -> bool| (before.is_some_and(kind), after.is_some_and(kind));
        self.busy.change(of(AgentState::is_busy), now);
        self.available.change(of(|state| state == AgentState::Available), now);
    }
}
