//! What a single TOML value means, or why it means nothing.
//!
//! The errors of all of these say what is wrong, in words that follow the name of the key:
//! `120 is not allowed, 0 to 100 is`.

use toml::de::{DeArray, DeTable, DeValue};

use crate::{Label, Millis, parse_duration};

/// The longest duration that [`duration`] allows.
const DURATION_MAX: Millis = Millis::from_secs(24 * 60 * 60);

/// The most characters that a department's or a queue's own identifier may have.
const ID_CHARS_MAX: usize = 32;

/// A table.
pub fn table<'a>(value: &'a DeValue<'a>) -> Result<&'a DeTable<'a>, String> {
    value.as_table().ok_or_else(|| mismatch("a table", value))
}

/// A list of 1 to `count_max` items.
pub fn list<'a>(value: &'a DeValue<'a>, count_max: usize) -> Result<&'a DeArray<'a>, String> {
    let list = value.as_array().ok_or_else(|| mismatch("a list of tables", value))?;
    match list.len() {
        0 => Err("at least one is required".to_owned()),
        count if count > count_max => Err(format!("{count} are too many, {count_max} are allowed")),
        _ => Ok(list),
    }
}

/// A text, whatever it says.
pub fn text<'a>(value: &'a DeValue<'_>) -> Result<&'a str, String> {
    value.as_str().ok_or_else(|| mismatch("a string", value))
}

/// What people read.
pub fn label(value: &DeValue<'_>) -> Result<Label, String> {
    text(value)?.parse().map_err(|error| format!("{error}"))
}

/// A department's or a queue's own identifier, `[a-z0-9_]{1,32}`.
pub fn id<'a>(value: &'a DeValue<'_>) -> Result<&'a str, String> {
    let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let text = text(value)?;
    if (1..=ID_CHARS_MAX).contains(&text.len()) && text.bytes().all(is_allowed) {
        return Ok(text);
    }
    let allowed = format!("1 to {ID_CHARS_MAX} characters out of a-z, 0-9 and '_' are");
    Err(format!("{} is not allowed, {allowed}", quoted(text)))
}

/// A percentage, 0 to 100.
pub fn percent(value: &DeValue<'_>) -> Result<f64, String> {
    number(0.0, 100.0)(value)
}

/// A number from `min` to `max`.
pub fn number(min: f64, max: f64) -> impl Fn(&DeValue<'_>) -> Result<f64, String> {
    move |value| {
        let (number, written) = match value {
            DeValue::Integer(integer) => {
                let number = i32::from_str_radix(integer.as_str(), integer.radix()).ok();
                (number.map(f64::from), integer.to_string())
            }
            DeValue::Float(float) => (float.as_str().parse().ok(), float.to_string()),
            _ => return Err(mismatch("a number", value)),
        };
        number
            .filter(|number| (min..=max).contains(number))
            // -0.0 is allowed and means 0.
            .map(|number| if number == 0.0 { 0.0 } else { number })
            .ok_or_else(|| format!("{} is not allowed, {min} to {max} is", clipped(&written)))
    }
}

/// A whole number from `min` to `max`.
pub fn whole(min: u64, max: u64) -> impl Fn(&DeValue<'_>) -> Result<u64, String> {
    move |value| {
        let DeValue::Integer(integer) = value else {
            return Err(mismatch("a whole number", value));
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let written = integer.to_string();
        number
            .filter(|number| (min..=max).contains(number))
            .ok_or_else(|| format!("{} is not allowed, {min} to {max} is", clipped(&written)))
    }
}

/// A duration of at least `min` and at most 24 hours.
pub fn duration(min: Millis) -> impl Fn(&DeValue<'_>) -> Result<Millis, String> {
    duration_within(min, DURATION_MAX)
}

/// A duration of at least `min` and at most `max`, which is written in whole hours.
pub fn duration_within(
    min: Millis,
    max: Millis,
) -> impl Fn(&DeValue<'_>) -> Result<Millis, String> {
    move |value| {
        let text = value
            .as_str()
            .ok_or_else(|| mismatch("a duration such as \"20s\" or \"1m30s\"", value))?;
        let duration = parse_duration(text).map_err(|error| error.to_string())?;
        if (min..=max).contains(&duration) {
            return Ok(duration);
        }
        let allowed = format!("\"{}ms\" to \"{}h\" is", min.get(), max.get() / 3_600_000);
        Err(format!("{} is not allowed, {allowed}", quoted(text)))
    }
}

/// What a file or a peer says, safe to print: as much of it as one needs to recognise it, with
/// invisible characters escaped.
pub fn quoted(text: &str) -> String {
    format!("{:?}", clipped(text))
}

/// The start of a text: a message about a long one is still short.
fn clipped(text: &str) -> String {
    let mut start: String = text.chars().take(64).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// What is wrong with a value of another kind than `expected`.
pub fn mismatch(expected: &str, found: &DeValue<'_>) -> String {
    format!("expected {expected}, found {}", found.type_str())
}
