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
use crate::{
    Calendar, Count, files,
    lines::{self, Rows},
};

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
    let read = read(&folder.join(&file), &columns, |fields| {
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
    let read = read(&folder.join(&file), &[column], |fields| {
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
        let allowed = "such as 2026-01-29T08:00:00, or with an offset 2026-01-29T08:00:00-05:00";
        let text = value::quoted(text);
        format!("{text} is no date and time {allowed}, in the years from 1900 to 2199")
    })
}

/// Reads columns of a CSV file with a header line, line by line. The error names all lines in
/// which something is wrong, up to a number. An empty line is one of them, unless nothing follows:
/// in a file of one column it is a value that is missing.
fn read<T>(
    path: &Path,
    columns: &[String],
    mut convert: impl FnMut(&[&str]) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let bytes = files::read(path).map_err(|error| error.to_string())?;
    let mut rows = Rows::new(b',');
    let mut header: Option<Header> = None;
    let (mut items, mut problems, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    lines::each(&bytes[..], |line, text| {
        let fields = match text {
            Ok(text) if text.trim().is_empty() => return empty.push(line),
            Ok(text) => rows.fields(text),
            Err(problem) => Err(problem),
        };
        let missing = empty.drain(..).map(|line| format!("line {line}: it is empty"));
        problems.extend(missing);
        let item = fields.and_then(|fields| match &header {
            Some(header) => header.pick(&fields).and_then(|fields| convert(&fields)).map(Some),
            None => {
                header = Some(Header::find(&fields, columns)?);
                Ok(None)
            }
        });
        match item {
            Ok(item) => items.extend(item),
            Err(problem) => problems.push(format!("line {line}: {problem}")),
        }
    })
    .map_err(|error| error.to_string())?;
    if header.is_none() {
        // What follows from it is none of its own.
        problems.truncate(1);
        if problems.is_empty() {
            problems.push("it is empty".to_owned());
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

/// Where the columns are that are wanted.
struct Header {
    places: Vec<usize>,
    /// How many columns there are.
    count: usize,
}

impl Header {
    fn find(names: &[&str], columns: &[String]) -> Result<Self, String> {
        let place = |column: &String| {
            let place = names.iter().position(|name| name.trim() == column);
            place.ok_or_else(|| {
                format!("no column {}, there are {}", value::quoted(column), listed(names))
            })
        };
        let places = columns.iter().map(place).collect::<Result<_, _>>()?;
        Ok(Self { places, count: names.len() })
    }

    /// The fields that are wanted.
    fn pick<'a>(&self, fields: &[&'a str]) -> Result<Vec<&'a str>, String> {
        if fields.len() != self.count {
            return Err(format!("{} fields, but the header has {}", fields.len(), self.count));
        }
        Ok(self.places.iter().map(|place| fields[*place]).collect())
    }
}
