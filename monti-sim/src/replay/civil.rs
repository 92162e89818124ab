//! Local times in a recording.

use jiff::{civil::DateTime, tz::TimeZone};
use monti_core::Timestamp;

use crate::Calendar;

/// The moment of a local time: the earlier one of two, and the one after a gap. `None` if it cannot
/// be played.
pub(super) fn moment(local: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let moment = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    playable(Timestamp::from_millis(moment.as_millisecond()))
}

/// A moment, unless it is in no year that can be played.
pub(super) fn playable(moment: Timestamp) -> Option<Timestamp> {
    Calendar::can_play(moment).then_some(moment)
}
