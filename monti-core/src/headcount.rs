//! How many agents there are of a kind, and how many there were on average.

use serde::{Deserialize, Serialize};

use crate::{Millis, Timestamp};

/// A number of agents that changes, and its sum over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Headcount {
    count: u32,
    /// One agent for one millisecond is 1; up to [`Self::since`].
    total: Millis,
    since: Timestamp,
}

impl Headcount {
    /// Nobody, counted from `now` on.
    pub(crate) fn nobody(now: Timestamp) -> Self {
        Self { count: 0, total: Millis::ZERO, since: now }
    }

    /// Whether there is somebody, or was since the sum was last started.
    pub(crate) fn is_counting(&self) -> bool {
        self.count > 0 || self.total > Millis::ZERO
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// An agent was one of them before, and is one after, or not.
    pub(crate) fn change(&mut self, (before, after): (bool, bool), now: Timestamp) {
        if before != after {
            self.total = self.total_at(now);
            self.since = now;
            self.count = if after { self.count + 1 } else { self.count - 1 };
        }
    }

    /// The sum over time until `now`: agents times milliseconds.
    pub(crate) fn total_at(&self, now: Timestamp) -> Millis {
        let passed = now.since(self.since).get();
        self.total + Millis::new(passed.saturating_mul(self.count.into()))
    }

    /// Answers the sum until `now` and starts it again.
    pub(crate) fn restart(&mut self, now: Timestamp) -> Millis {
        // Nobody, counted from whenever, is nobody: whether it is asked or not shows nowhere.
        if !self.is_counting() {
            return Millis::ZERO;
        }
        let total = self.total_at(now);
        *self = Self { count: self.count, total: Millis::ZERO, since: now };
        total
    }
}
