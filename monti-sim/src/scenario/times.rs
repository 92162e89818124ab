//! Local times in a scenario file.

use jiff::civil::{DateTime, Time};
use monti_core::file::{DeValue, value};

use crate::{Calendar, calendar};

/// A date and time of day of the centre, such as `2026-01-29T08:00:00`. It has no offset: the centre's
/// zone is the only one.
pub(super) fn local(value: &DeValue<'_>) -> Result<DateTime, String> {
    let allowed = "a local date and time such as \"2026-01-29T08:00:00\" is";
    read(value, calendar::local_moment, allowed)
}

/// A time of the day, such as `08:00` or `17:30:15`.
pub(super) fn time(value: &DeValue<'_>) -> Result<Time, String> {
    let allowed = "a time of the day from \"00:00\" to \"23:59:59\" is";
    read(value, Calendar::time_of_day, allowed)
}

fn read<T>(
    value: &DeValue<'_>,
    parse: impl FnOnce(&str) -> Option<T>,
    allowed: &str,
) -> Result<T, String> {
    let text = match value {
        DeValue::Datetime(moment) => moment.to_string(),
        other => value::text(other)?.to_owned(),
    };
    parse(&text).ok_or_else(|| format!("{} is not allowed, {allowed}", value::quoted(&text)))
}
