//! When a link that was lost is tried again.

use std::time::Duration;

/// The ceiling of the first delay.
const FIRST: Duration = Duration::from_millis(500);

/// The ceiling of every delay: a wall is back within so long of its server.
pub const DELAY_MAX: Duration = Duration::from_secs(30);

/// The delay before the next attempt after `failures` failed ones, at least one, with full jitter:
/// `dice`, from 0 to 1, is how much is taken of a ceiling that doubles up to [`DELAY_MAX`].
///
/// Full jitter because all walls of a centre lose their server in the same moment, and are not to
/// come back in the same moment (Brooker, "Exponential Backoff And Jitter", 2015).
pub fn backoff(failures: u32, dice: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(u32::BITS - 1);
    let ceiling = FIRST.saturating_mul(1 << doublings).min(DELAY_MAX);
    // What is no number takes nothing.
    let part = if dice > 0.0 { dice.min(1.0) } else { 0.0 };
    ceiling.mul_f64(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_and_stops_at_its_largest() {
        let ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 8, 100, u32::MAX].map(|it| backoff(it, 1.0));
        let millis = ceilings.map(|it| it.as_millis());
        let doubled = [500, 500, 1_000, 2_000, 4_000, 8_000, 16_000];
        assert_eq!(millis[..7], doubled);
        assert_eq!(ceilings[7..], [DELAY_MAX; 4]);
    }

    #[test]
    fn any_part_of_the_ceiling_is_as_likely() {
        for failures in 1..10 {
            assert_eq!(backoff(failures, 0.0), Duration::ZERO);
            assert_eq!(backoff(failures, 0.25) * 4, backoff(failures, 1.0));
            assert_eq!(backoff(failures, 7.0), backoff(failures, 1.0));
        }
        assert_eq!(backoff(1, f64::NAN), Duration::ZERO);
    }
}
