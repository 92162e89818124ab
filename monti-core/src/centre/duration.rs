//! Durations as people write them.

use jiff::{SignedDuration, fmt::friendly::SpanParser};

use crate::Millis;

/// A text that is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a duration in whole milliseconds such as \"20s\", \"1m30s\" or \"250ms\"")]
pub struct InvalidDuration {
    text: String,
}

/// Reads a duration such as `20s`, `5m`, `1h`, `1m30s`, `1.5s` or `250ms`.
///
/// The units are hours, minutes, seconds and milliseconds, each with the names that are usual for
/// it (`1 hour 30 minutes` is `1h30m`); a number needs its unit.
///
/// # Errors
/// What is no duration, is negative, or is no whole number of milliseconds.
pub fn parse_duration(text: &str) -> Result<Millis, InvalidDuration> {
    static PARSER: SpanParser = SpanParser::new();
    PARSER
        .parse_duration(text)
        .ok()
        .and_then(whole_millis)
        .ok_or_else(|| InvalidDuration { text: text.chars().take(64).collect() })
}

fn whole_millis(duration: SignedDuration) -> Option<Millis> {
    let is_whole = duration.subsec_nanos() % 1_000_000 == 0;
    is_whole.then(|| u64::try_from(duration.as_millis()).ok().map(Millis::new)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, millis) in [
            ("20s", 20_000),
            ("5m", 300_000),
            ("1h", 3_600_000),
            ("1m30s", 90_000),
            ("1m 30s", 90_000),
            ("1 hour 30 minutes", 5_400_000),
            ("250ms", 250),
            ("1.5s", 1_500),
            ("0.25m", 15_000),
            ("1000us", 1),
            ("24h", 86_400_000),
            ("0s", 0),
            ("-0s", 0),
        ] {
            assert_eq!(parse_duration(text), Ok(Millis::new(millis)), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            " ",
            "20",
            "s",
            "20 x",
            "-5s",
            "5s ago",
            "0.5ms",
            "1ns",
            "PT20S",
            "1s1m",
            "nan s",
            "1e3s",
            "２０s",
            "99999999999999999999999h",
            "9223372036854775807h",
            "9223372036854775807s",
        ] {
            assert!(parse_duration(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_refusal_says_what_a_duration_looks_like() {
        assert_eq!(
            parse_duration("20").unwrap_err().to_string(),
            "\"20\" is not a duration in whole milliseconds such as \"20s\", \"1m30s\" or \"250ms\""
        );
    }
}
