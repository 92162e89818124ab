//! When a date begins.

use jiff::{civil::Date, tz::TimeZone};
use monti_core::Timestamp;

/// The first moment of a date in `zone`: not always midnight, some zones leave that hour out.
pub(crate) fn first_moment(zone: &TimeZone, date: Date) -> Timestamp {
    let start = date.to_zoned(zone.clone()).and_then(|midnight| midnight.start_of_day());
    start.map_or(Timestamp::MAX, |start| Timestamp::from_millis(start.timestamp().as_millisecond()))
}
