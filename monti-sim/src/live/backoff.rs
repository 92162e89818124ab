//! When a link that was lost is dialled again.

#[path = "../../../programs/jitter.rs"]
mod jitter;

use std::time::Duration;

/// The ceiling of the first wait.
const FIRST: Duration = Duration::from_millis(250);

/// The ceiling of every wait.
const LONGEST: Duration = Duration::from_secs(30);

/// How long to wait before a try after `failures` that failed in a row, at least 1; `dice` is uniform
/// from 0 to 1.
pub(super) fn delay(failures: u32, dice: f64) -> Duration {
    jitter::delay(FIRST, LONGEST, failures.saturating_sub(1), dice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_loss_is_followed_by_a_quarter_of_a_second_at_most() {
        let longest = [0, 1, 2, 100].map(|failures| delay(failures, 1.0));
        assert_eq!(longest, [FIRST, FIRST, FIRST * 2, LONGEST]);
    }
}
