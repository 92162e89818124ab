//! How long to wait before the next try.

use std::time::Duration;

/// The upper bound of the first wait; it doubles with every try that fails.
const BASE: Duration = Duration::from_millis(250);

/// The largest upper bound.
const CAP: Duration = Duration::from_secs(30);

/// How long to wait before a try after `failures` that failed in a row, at least 1.
///
/// Full jitter: anything up to a bound that doubles with each failure, up to 30 s; `dice` is
/// uniform from 0 to 1. When thousands lose a server in the same moment they do not come back in
/// the same moment, and a server that is down is not asked ever more often.
pub fn delay(failures: u32, dice: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let bound = BASE.saturating_mul(1 << doublings).min(CAP);
    bound.mul_f64(dice.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_the_cap_and_stays_there() {
        let bounds =
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, u32::MAX].map(|failures| delay(failures, 1.0));
        let seconds = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0];
        assert_eq!(bounds, seconds.map(Duration::from_secs_f64));
        assert_eq!(delay(0, 1.0), BASE);
    }

    #[test]
    fn the_dice_decide_all_of_the_wait() {
        for failures in [1, 5, 50] {
            assert_eq!(delay(failures, 0.0), Duration::ZERO);
            assert_eq!(delay(failures, 0.5), delay(failures, 1.0) / 2);
            for dice in [-1.0, 2.0, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(delay(failures, dice) <= CAP, "{dice}");
            }
        }
    }

    #[test]
    fn ten_thousand_clients_that_lost_a_server_at_once_come_back_spread_out() {
        let waits = (0..10_000).map(|client| delay(4, f64::from(client) / 10_000.0));
        let mut tenths = [0; 20];
        waits.for_each(|wait| tenths[usize::try_from(wait.as_millis() / 100).unwrap()] += 1);
        assert_eq!(tenths, [500; 20]);
    }
}
