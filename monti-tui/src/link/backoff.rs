//! When a link that was lost is tried again.

#[path = "../../../programs/jitter.rs"]
mod jitter;

use std::time::Duration;

/// The ceiling of the first delay.
const FIRST: Duration = Duration::from_millis(500);

/// The ceiling of every delay: a wall is back within so long of its server.
pub const DELAY_MAX: Duration = Duration::from_secs(30);

/// The delay before the next attempt after `failures` failed ones, at least one; `dice`, from 0 to 1,
/// is how much is taken of a ceiling that doubles up to [`DELAY_MAX`].
pub fn backoff(failures: u32, dice: f64) -> Duration {
    jitter::delay(FIRST, DELAY_MAX, failures.saturating_sub(1), dice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attempt_comes_within_half_a_second_and_every_other_within_the_longest() {
        let longest = [0, 1, 2, 100].map(|failures| backoff(failures, 1.0));
        assert_eq!(longest, [FIRST, FIRST, FIRST * 2, DELAY_MAX]);
    }
}
