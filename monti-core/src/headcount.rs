//! How many agents there are of a kind, and how many there were on average.

use serde::{Deserialize, Serialize};

use crate::{Millis, Timestamp};

/// A number of agents that changes, and its sum over time: one agent for one millisecond is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Headcount {
    count: u32,
    /// What `count` times the moment has to be brought up by to be the sum at that moment, modulo
    /// 2^64: whoever comes takes off the moment of coming, whoever goes adds that of going.
    offset: i64,
}

/// A head count as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct HeadcountState {
    count: u32,
    /// Up to [`Self::since`].
    total: Millis,
    since: Timestamp,
}

impl Headcount {
    /// Whether there is somebody, or was since the sum was last started.
    pub(crate) fn is_counting(&self) -> bool {
        self.count > 0 || self.offset != 0
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// An agent was one of them before, and is one after, or not.
    #[inline]
    pub(crate) fn change(&mut self, (before, after): (bool, bool), now: Timestamp) {
        if before != after {
            let now = now.as_millis();
            if after {
                self.count += 1;
                self.offset = self.offset.wrapping_sub(now);
            } else {
                self.count -= 1;
                self.offset = self.offset.wrapping_add(now);
            }
        }
    }

    /// The sum over time until `now`: agents times milliseconds.
    pub(crate) fn total_at(&self, now: Timestamp) -> Millis {
        let total = i64::from(self.count).wrapping_mul(now.as_millis()).wrapping_add(self.offset);
        Millis::new(total.max(0).unsigned_abs())
    }

    /// Answers the sum until `now` and starts it again.
    pub(crate) fn restart(&mut self, now: Timestamp) -> Millis {
        let total = self.total_at(now);
        self.offset = i64::from(self.count).wrapping_mul(now.as_millis()).wrapping_neg();
        total
    }

    /// The head count to be kept at `now`.
    pub(crate) fn to_state(self, now: Timestamp) -> HeadcountState {
        HeadcountState { count: self.count, total: self.total_at(now), since: now }
    }
}

impl From<HeadcountState> for Headcount {
    fn from(state: HeadcountState) -> Self {
        let mut headcount = Self { count: state.count, offset: 0 };
        headcount.restart(state.since);
        headcount.offset = headcount.offset.wrapping_add_unsigned(state.total.get());
        headcount
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_runs_from_the_first_who_comes_until_it_is_started_again() {
        let mut headcount = Headcount::default();
        let at = Timestamp::from_millis;
        assert!(!headcount.is_counting(), "nobody came yet");
        headcount.change((false, true), at(1_000));
        assert!(headcount.is_counting());
        headcount.change((true, false), at(3_500));
        assert!(headcount.is_counting(), "nobody is there, but somebody was");
        assert_eq!(headcount.restart(at(4_000)), Millis::new(2_500));
        assert!(!headcount.is_counting());
    }
}
