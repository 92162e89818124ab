//! Numbers out of columns of CSV files that a scenario names.

use std::path::Path;

use monti_core::{
    Millis, Timestamp,
    file::{DeValue, Table, value},
};

use super::{
    arrivals::{COUNT_MAX, interval},
    staff::listed,
};
use crate::{Calendar, Count, files};

/// How many faulty lines of a file are named.
const NAMED_MAX: usize = 10;

/// The longest duration that a file may name: 24 hours.
const SECONDS_MAX: f64 = 86_400.0;

/// Reads how many calls came in each interval.
pub(super) fn counts(
    table: &mut Table<'_>,
    calendar: &Calendar,
    opens_at: Option<Timestamp>,
    folder: &Path,
) -> Option<Vec<Count>> {
    let file = table.required("file", text);
    let column = table.required("column", text);
    let time = table.optional("time", None, text);
    let length = table.required("interval", interval);
    let (file, column, length) = (file?, column?, length?);
    let columns: Vec<_> = [Some(column), time].into_iter().flatten().collect();
    let mut next = opens_at;
    let read = lines(&folder.join(&file), &columns, |fields| {
        let calls = fields[0].trim().parse().ok().filter(|calls| *calls <= COUNT_MAX);
        let calls = calls.ok_or_else(|| {
            format!("{} is not allowed, 0 to {COUNT_MAX} is", value::quoted(fields[0]))
        })?;
        let from = match fields.get(1) {
            Some(time) => Some(moment(time, calendar)?),
            None => next,
        };
        next = from.map(|from| from + length);
        let from = from.unwrap_or(Timestamp::MIN);
        Ok(Count { from, until: from + length, calls })
    });
    let mut counts = match read {
        Ok(counts) => counts,
        Err(problem) => return table.fault("file", format!("{}: {problem}", value::quoted(&file))),
    };
    if counts.iter().any(|count| count.from == Timestamp::MIN) {
        // They begin with the scenario, whose start could not be read: that has been noted.
        return None;
    }
    counts.sort_by_key(|count| count.from);
    if let Some(pair) = counts.windows(2).find(|pair| pair[1].from < pair[0].until) {
        let problem =
            format!("intervals overlap at {}: is it longer than the file's?", pair[1].from);
        return table.fault("interval", problem);
    }
    Some(counts)
}

/// Reads the values of a column, in seconds.
pub(super) fn seconds(table: &mut Table<'_>, folder: &Path) -> Option<Vec<Millis>> {
    let file = table.required("file", text);
    let column = table.required("column", text);
    let (file, column) = (file?, column?);
    let read = lines(&folder.join(&file), &[column], |fields| {
        let seconds = fields[0].trim().parse().ok();
        let seconds = seconds.filter(|seconds| (0.0..=SECONDS_MAX).contains(seconds));
        let problem = || {
            format!("{} is no number of seconds from 0 to {SECONDS_MAX}", value::quoted(fields[0]))
        };
        seconds.map(millis).ok_or_else(problem)
    });
    match read {
        Ok(values) if !values.is_empty() => Some(values),
        Ok(_) => {
            table.fault("file", format!("{}: there are no values in it", value::quoted(&file)))
        }
        Err(problem) => table.fault("file", format!("{}: {problem}", value::quoted(&file))),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to a day, as just checked"
)]
fn millis(seconds: f64) -> Millis {
    Millis::new((seconds * 1_000.0).round() as u64)
}

fn text(value: &DeValue<'_>) -> Result<String, String> {
    value::text(value).map(str::to_owned)
}

fn moment(text: &str, calendar: &Calendar) -> Result<Timestamp, String> {
    calendar.parse(text).ok_or_else(|| {
        let allowed = "such as 2026-01-29T08:00:00, in the years from 1900 to 2199";
        format!("{} is no date and time {allowed}", value::quoted(text))
    })
}

/// Reads columns of a CSV file with a header line, line by line. The error names all lines in
/// which something is wrong, up to a number.
fn lines<T>(
    path: &Path,
    columns: &[String],
    mut read: impl FnMut(&[&str]) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let bytes = files::read(path).map_err(|error| error.to_string())?;
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut places = Vec::new();
    for column in columns {
        let place = header.iter().position(|name| name.trim() == column.as_str());
        let known = || listed(&header.iter().collect::<Vec<_>>());
        places.push(place.ok_or_else(|| {
            format!("line 1: no column {}, there are {}", value::quoted(column), known())
        })?);
    }
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let fields: Vec<_> =
                    places.iter().map(|at| record.get(*at).unwrap_or("")).collect();
                let line = record.position().map_or(line, csv::Position::line);
                match read(&fields) {
                    Ok(item) => items.push(item),
                    Err(problem) => problems.push(format!("line {line}: {problem}")),
                }
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() {
        return Ok(items);
    }
    let more = problems.len().saturating_sub(NAMED_MAX);
    problems.truncate(NAMED_MAX);
    if more > 0 {
        problems.push(format!("and {more} more"));
    }
    Err(problems.join("; "))
}
