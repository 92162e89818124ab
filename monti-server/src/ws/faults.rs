//! How much garbage a peer may send.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// So many malformed messages within [`WINDOW`] are too many.
const FAULTS_MAX: usize = 10;

/// For how long a malformed message counts.
const WINDOW: Duration = Duration::from_secs(60);

/// The malformed messages of the last minute.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// When they came; fewer than [`FAULTS_MAX`].
    at: VecDeque<Instant>,
}

impl Faults {
    /// A malformed message came. Answers whether that is too many.
    pub(super) fn add(&mut self, now: Instant) -> bool {
        while self.at.front().is_some_and(|at| now.saturating_duration_since(*at) >= WINDOW) {
            self.at.pop_front();
        }
        if self.at.len() + 1 == FAULTS_MAX {
            return true;
        }
        self.at.push_back(now);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_within_any_minute_is_too_many() {
        let start = Instant::now();
        let at = |secs| start + Duration::from_secs(secs);
        let mut faults = Faults::default();
        assert!((0..9).all(|second| !faults.add(at(second))));
        assert!(!faults.add(at(60)), "the first counts no more");
        assert!(faults.add(at(60)), "those after it do");
        assert!(!faults.add(at(200)));
    }
}
