//! The counters that a queue's service levels are made of and that the server does not tell: the
//! levels tell them.

use monti_core::wire::ServiceLevel;

/// The calls that count: those whose fate is decided and those that wait longer than the target.
/// `None` while none was answered in time: a level of 0 % does not tell of how many.
pub fn counted(level: &ServiceLevel) -> Option<u64> {
    let Some(percent) = level.current_percent else { return Some(0) };
    let in_time = f64::from(level.calls_answered_in_target);
    (percent > 0.0).then(|| whole(in_time * 100.0 / percent))
}

/// The calls that were abandoned within the target: what the level that counts them as good has
/// besides those that were answered in it.
pub fn abandoned_in_target(level: &ServiceLevel) -> Option<u64> {
    let Some(percent) = level.variants.abandoned_positive else { return Some(0) };
    let decided = f64::from(level.calls_answered) + f64::from(level.calls_abandoned);
    whole(percent * decided / 100.0).checked_sub(level.calls_answered_in_target.into())
}

/// A count that came out of a division.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and a count is not negative"
)]
fn whole(count: f64) -> u64 {
    count.round() as u64
}
