//! How long to wait before something that failed is tried again.

use std::time::Duration;

/// A wait with full jitter after `failures` in a row, at least one: `dice`, from 0 to 1, is how much
/// is taken of a ceiling, which is `first` after the first and doubles with each, up to `longest`.
///
/// All who lose a server lose it in the same moment, and are not to come back in the same moment; a
/// server that is down is not asked ever more often (Brooker, "Exponential Backoff And Jitter", 2015).
pub(crate) fn delay(first: Duration, longest: Duration, failures: u32, dice: f64) -> Duration {
    let factor = 2_u32.checked_pow(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    let ceiling = first.saturating_mul(factor).min(longest);
    // What is no number takes nothing.
    let part = if dice > 0.0 { dice.min(1.0) } else { 0.0 };
    ceiling.mul_f64(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(30);

    #[test]
    fn the_ceiling_doubles_up_to_the_longest_and_stays_there() {
        let failures = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 32, 33, 34, u32::MAX];
        let ceilings = failures.map(|failures| delay(FIRST, LONGEST, failures, 1.0));
        let doubled =
            [250, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000].map(Duration::from_millis);
        assert_eq!(ceilings[..8], doubled);
        assert_eq!(ceilings[8..], [LONGEST; 6]);
    }

    #[test]
    fn the_dice_decide_all_of_the_wait() {
        for failures in [1, 5, 50] {
            let of = |dice| delay(FIRST, LONGEST, failures, dice);
            assert_eq!((of(0.0), of(0.25) * 4), (Duration::ZERO, of(1.0)));
            for (dice, counts_as) in [
                (-1.0, 0.0),
                (7.0, 1.0),
                (f64::INFINITY, 1.0),
                (f64::NEG_INFINITY, 0.0),
                (f64::NAN, 0.0),
            ] {
                assert_eq!(of(dice), of(counts_as), "{dice}");
            }
        }
    }

    #[test]
    fn ten_thousand_clients_that_lost_a_server_at_once_come_back_spread_out() {
        let waits =
            (0..10_000).map(|client| delay(FIRST, LONGEST, 4, f64::from(client) / 10_000.0));
        let mut tenths = [0; 20];
        waits.for_each(|wait| tenths[usize::try_from(wait.as_millis() / 100).unwrap()] += 1);
        assert_eq!(tenths, [500; 20]);
    }
}
