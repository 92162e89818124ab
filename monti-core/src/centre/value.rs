//! What a single TOML value means, or why it means nothing.
//!
//! Each function says in its error what is wrong, in words that follow the name of the key:
//! `120 is not allowed, 0 to 100 is`.

use toml::de::{DeArray, DeTable, DeValue};

use super::duration::parse_duration;
use crate::{Label, Millis};

/// The longest duration that a centre file may name: 24 hours.
const DURATION_MAX: Millis = Millis::from_secs(24 * 60 * 60);

/// The most characters that a department's or a queue's own identifier may have.
const ID_CHARS_MAX: usize = 32;

/// A table.
pub(super) fn table<'a>(value: &'a DeValue<'a>) -> Result<&'a DeTable<'a>, String> {
    value.as_table().ok_or_else(|| mismatch("a table", value))
}

/// A list of 1 to `count_max` items.
pub(super) fn list<'a>(
    value: &'a DeValue<'a>,
    count_max: usize,
) -> Result<&'a DeArray<'a>, String> {
    let list = value.as_array().ok_or_else(|| mismatch("a list of tables", value))?;
    match list.len() {
        0 => Err("at least one is required".to_owned()),
        count if count > count_max => Err(format!("{count} are too many, {count_max} are allowed")),
        _ => Ok(list),
    }
}

/// A text, whatever it says.
pub(super) fn text<'a>(value: &'a DeValue<'_>) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| mismatch("a string", value))
}

/// What people read.
pub(super) fn label(value: &DeValue<'_>) -> Result<Label, String> {
    text(value)?.parse().map_err(|error| format!("{error}"))
}

/// A department's or a queue's own identifier, `[a-z0-9_]{1,32}`.
pub(super) fn id<'a>(value: &'a DeValue<'_>) -> Result<&'a str, String> {
    let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let text = text(value)?;
    if (1..=ID_CHARS_MAX).contains(&text.len()) && text.bytes().all(is_allowed) {
        return Ok(text);
    }
    let allowed = format!("1 to {ID_CHARS_MAX} characters out of a-z, 0-9 and '_' are");
    Err(format!("{} is not allowed, {allowed}", quoted(text)))
}

/// A percentage, 0 to 100.
pub(super) fn percent(value: &DeValue<'_>) -> Result<f64, String> {
    let (number, written) = match value {
        DeValue::Integer(integer) => {
            let number = i32::from_str_radix(integer.as_str(), integer.radix()).ok();
            (number.map(f64::from), integer.to_string())
        }
        DeValue::Float(float) => (float.as_str().parse().ok(), float.to_string()),
        _ => return Err(mismatch("a number", value)),
    };
    number
        .filter(|percent| (0.0..=100.0).contains(percent))
        // -0.0 is allowed and means 0.
        .map(f64::abs)
        .ok_or_else(|| format!("{} is not allowed, 0 to 100 is", clipped(&written)))
}

/// A duration of at least `min` and at most [`DURATION_MAX`].
pub(super) fn duration(min: Millis) -> impl Fn(&DeValue<'_>) -> Result<Millis, String> {
    move |value| {
        let text = value
            .as_str()
            .ok_or_else(|| mismatch("a duration such as \"20s\" or \"1m30s\"", value))?;
        let duration = parse_duration(text).map_err(|error| error.to_string())?;
        if (min..=DURATION_MAX).contains(&duration) {
            return Ok(duration);
        }
        let allowed = format!("\"{}ms\" to \"24h\" is", min.get());
        Err(format!("{} is not allowed, {allowed}", quoted(text)))
    }
}

/// What the file says, safe to print: invisible characters are escaped.
pub(super) fn quoted(text: &str) -> String {
    format!("{:?}", clipped(text))
}

/// The start of a text: a message about a long one is still short.
fn clipped(text: &str) -> String {
    text.chars().take(64).collect()
}

fn mismatch(expected: &str, found: &DeValue<'_>) -> String {
    format!("expected {expected}, found {}", found.type_str())
}
