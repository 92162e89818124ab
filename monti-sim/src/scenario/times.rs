//! Local times in a scenario file.

use jiff::civil::{DateTime, Time};
use monti_core::file::{DeValue, value};

/// A date and time of day of the centre, such as `2026-01-29T08:00:00`.
pub(super) fn local(value: &DeValue<'_>) -> Result<DateTime, String> {
    let text = match value {
        DeValue::Datetime(moment) => moment.to_string(),
        other => value::text(other)?.to_owned(),
    };
    local_text(&text).ok_or_else(|| {
        let allowed = "a local date and time such as \"2026-01-29T08:00:00\" is";
        format!("{} is not allowed, {allowed}", value::quoted(&text))
    })
}

/// A local date and time, without an offset: the centre's zone is the only one.
fn local_text(text: &str) -> Option<DateTime> {
    let has_offset =
        text.ends_with(['Z', 'z', ']']) || text.rfind(['+', '-']).is_some_and(|at| at > 10);
    let local: DateTime = text.replacen(' ', "T", 1).parse().ok()?;
    (!has_offset && text.len() > 10).then_some(local)
}

/// A time of the day, such as `08:00` or `17:30:15`.
pub(super) fn time(value: &DeValue<'_>) -> Result<Time, String> {
    let text = match value {
        DeValue::Datetime(moment) => moment.to_string(),
        other => value::text(other)?.to_owned(),
    };
    let parsed = text.parse::<Time>().ok().filter(|_| text.contains(':'));
    parsed.ok_or_else(|| {
        let allowed = "a time of the day from \"00:00\" to \"23:59:59\" is";
        format!("{} is not allowed, {allowed}", value::quoted(&text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_have_no_offset() {
        for text in ["2026-01-29T08:00:00", "2026-01-29 08:00", "2026-01-29T08:00:00.250"] {
            assert!(local_text(text).is_some(), "{text}");
        }
        for text in ["2026-01-29", "08:00", "2026-01-29T08:00:00Z", "2026-01-29T08:00:00+01:00", ""]
        {
            assert!(local_text(text).is_none(), "{text}");
        }
    }
}
