//! How long is waited before something is tried again.

use std::time::Duration;

use rand::RngExt as _;

use super::pace::Pause;

impl Pause {
    /// The pause before repetition `number`, from 0: any time up to twice what the one before could
    /// be at most ("full jitter"), so that many who failed together do not come back together.
    pub(super) fn before(&self, number: u32) -> Duration {
        rand::rng().random_range(Duration::ZERO..=self.longest_before(number))
    }

    /// The longest that the pause before repetition `number` can be.
    pub(super) fn longest_before(&self, number: u32) -> Duration {
        let doubled = 2_u32.checked_pow(number).and_then(|by| self.first.checked_mul(by));
        doubled.unwrap_or(self.longest).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Pause =
        Pause { first: Duration::from_millis(50), longest: Duration::from_secs(5) };

    #[test]
    fn the_longest_pause_doubles_up_to_a_bound() {
        let longest: Vec<_> =
            (0..9).map(|number| PAUSE.longest_before(number).as_millis()).collect();
        assert_eq!(longest, [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        for number in [31, 32, 33, u32::MAX] {
            assert_eq!(PAUSE.longest_before(number), PAUSE.longest);
        }
    }

    #[test]
    fn pauses_are_spread_over_all_of_the_time() {
        let pauses: Vec<_> = (0..2_000).map(|_| PAUSE.before(3)).collect();
        let longest = PAUSE.longest_before(3);
        assert!(pauses.iter().all(|pause| *pause <= longest));
        for tenth in 0..10 {
            let part = longest * tenth / 10..longest * (tenth + 1) / 10;
            let there = pauses.iter().filter(|pause| part.contains(*pause)).count();
            assert!((100..=320).contains(&there), "{there} pauses within {part:?}");
        }
    }
}
