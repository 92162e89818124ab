//! How long is waited before something is tried again.

#[path = "../../../programs/jitter.rs"]
mod jitter;

use std::time::Duration;

use super::pace::Pause;

impl Pause {
    /// The pause before repetition `number`, from 0: any time up to twice what the one before could
    /// be at most.
    pub(super) fn before(&self, number: u32) -> Duration {
        jitter::delay(self.first, self.longest, number.saturating_add(1), rand::random())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_spread_over_all_of_the_time() {
        let pause = Pause { first: Duration::from_millis(50), longest: Duration::from_secs(5) };
        for (number, longest) in [(0, 50), (3, 400), (7, 5_000), (u32::MAX, 5_000)] {
            let longest = Duration::from_millis(longest);
            let pauses: Vec<_> = (0..2_000).map(|_| pause.before(number)).collect();
            assert!(pauses.iter().all(|pause| *pause <= longest));
            for tenth in 0..10 {
                let part = longest * tenth / 10..longest * (tenth + 1) / 10;
                let there = pauses.iter().filter(|pause| part.contains(*pause)).count();
                assert!((100..=320).contains(&there), "{there} pauses within {part:?}");
            }
        }
    }
}
