//! Local times in a recording.

use jiff::{civil::DateTime, tz::TimeZone};
use monti_core::Timestamp;

/// The moment of a local time: the earlier one of two, and the one after a gap.
pub(super) fn moment(local: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let moment = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(Timestamp::from_millis(moment.as_millisecond()))
}
