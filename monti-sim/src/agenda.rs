//! What is going to happen in a fleet, and when.

use std::{cmp::Reverse, collections::BinaryHeap};

use monti_core::Timestamp;

/// Something that is due at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// A source of calls has its next one. Its place.
    Arrival(u32),
    /// An agent does its next thing. Its number.
    Agent(u32),
    /// An agent begins or ends to want something beside its calls. Its number.
    Wish(u32),
    /// A caller is out of patience, or calls again. Its place.
    Caller(u32),
}

/// Moments and what is due at them, the earliest first; of one moment in the order of [`Due`].
///
/// Nothing is ever taken back: whoever is due remembers when, and what is due at another moment
/// than that was given up and is passed over. That is cheaper than finding it.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<(Timestamp, Due)>>,
}

impl Agenda {
    /// When something is due next.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// Enters something. Later than all time is never.
    pub(crate) fn enter(&mut self, at: Timestamp, due: Due) {
        if at < Timestamp::MAX {
            self.heap.push(Reverse((at, due)));
        }
    }

    /// Takes the first of what is due at `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        self.next().filter(|at| *at <= now)?;
        self.heap.pop().map(|Reverse(first)| first)
    }
}
