//! A table of calls with named columns, such as a report of another system.
//!
//! `arrival` and `queue` are needed; `priority`, `outcome`, `wait_seconds`, `service_seconds` and
//! `agent` are used where they are there. Other columns are named in the account and left alone.

use std::io::BufRead;

use csv::{ByteRecord, ReaderBuilder, StringRecord};
use jiff::tz::TimeZone;
use monti_core::{Millis, Priority, Timestamp, file::value::quoted, wire::Seconds};

use super::{
    ReadError,
    recording::{Account, Fate, Names, RecordedCall, Recording},
};
use crate::Calendar;

/// The columns that are known.
const COLUMNS: [&str; 7] =
    ["arrival", "queue", "priority", "outcome", "wait_seconds", "service_seconds", "agent"];

/// No header of a table is longer; what has no lines has no end either.
const HEADER_BYTES_MAX: usize = 4 * 1024;

/// The separators that a header is tried with.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a table. Arrivals without an offset are local times of `zone`.
///
/// # Errors
/// If the text cannot be read, or its header lacks a column that is needed.
pub fn read(mut input: impl BufRead, zone: &TimeZone) -> Result<Recording, ReadError> {
    let start = input.fill_buf()?;
    if start.len() > HEADER_BYTES_MAX && !start[..HEADER_BYTES_MAX].contains(&b'\n') {
        let problem = format!("longer than {HEADER_BYTES_MAX} bytes: this is no table");
        return Err(ReadError::Header(problem));
    }
    let separator = separator(start);
    let mut table = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(input);
    let (calendar, queues, agents) =
        (Calendar::of_zone(zone.clone()), Names::default(), Names::default());
    let mut reader = Reader { calendar, queues, agents };
    let (mut columns, mut calls) = (None, Vec::new());
    let (mut account, mut bytes) = (Account::default(), ByteRecord::new());
    while table.read_byte_record(&mut bytes).map_err(into_read_error)? {
        let line = bytes.position().map_or(0, csv::Position::line);
        account.lines = line;
        let record = StringRecord::from_byte_record(bytes.clone());
        let columns = match (&columns, record) {
            (_, Err(_)) => {
                account.refuse(line, "not UTF-8");
                continue;
            }
            (None, Ok(header)) => {
                columns = Some(Columns::find(&header, line, &mut account)?);
                continue;
            }
            (Some(columns), Ok(record)) => Row { columns, record },
        };
        match reader.call(line, &columns) {
            Ok(call) => calls.push(call),
            Err(reason) => account.refuse(line, reason),
        }
    }
    if columns.is_none() {
        return Err(ReadError::Header("the file is empty".to_owned()));
    }
    Ok(Recording::new(reader.queues, reader.agents, calls, account))
}

/// The separator that the first line has most of.
fn separator(start: &[u8]) -> u8 {
    let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| header.iter().filter(|byte| **byte == separator).count();
    SEPARATORS.into_iter().rev().max_by_key(|it| count(*it)).unwrap_or(b',')
}

fn into_read_error(error: csv::Error) -> ReadError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadError::Io(error),
        other => ReadError::Header(format!("{other:?}")),
    }
}

/// Where the known columns are.
struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    fn find(header: &StringRecord, line: u64, account: &mut Account) -> Result<Self, ReadError> {
        let names =
            header.iter().map(|name| name.trim().trim_start_matches('\u{feff}')).map(str::to_owned);
        let names = names.collect::<Vec<_>>();
        let places = COLUMNS.map(|column| names.iter().position(|name| name == column));
        for (place, name) in names.iter().enumerate() {
            if !places.contains(&Some(place)) {
                account.correct(line, format!("column {} is not used", quoted(name)));
            }
        }
        if places[..2].contains(&None) {
            let known = COLUMNS.join(", ");
            return Err(ReadError::Header(format!(
                "{} is no header with the columns arrival and queue; known are {known}",
                quoted(&names.join(","))
            )));
        }
        Ok(Self(places))
    }
}

/// A line with its columns.
struct Row<'a> {
    columns: &'a Columns,
    record: StringRecord,
}

impl Row<'_> {
    /// What a column says, if it is there and says something.
    fn field<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let place = self.columns.0[column];
        let text = place.and_then(|place| self.record.get(place)).map_or("", str::trim);
        if text.is_empty() {
            return Ok(None);
        }
        read(text).map(Some).map_err(|problem| format!("{}: {problem}", COLUMNS[column]))
    }

    /// The same of a column that has to say something.
    fn needed<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        self.field(column, read)?.ok_or_else(|| format!("{}: missing", COLUMNS[column]))
    }
}

struct Reader {
    calendar: Calendar,
    queues: Names,
    agents: Names,
}

impl Reader {
    fn call(&mut self, line: u64, row: &Row<'_>) -> Result<RecordedCall, String> {
        let arrival = row.needed(0, |text| moment(text, &self.calendar))?;
        let queue = row.needed(1, |text| Ok(text.to_owned()))?;
        let priority = row.field(2, priority)?.unwrap_or_default();
        let outcome = row.field(3, outcome)?;
        let waited = row.field(4, seconds)?;
        let served = row.field(5, seconds)?;
        let agent = row.field(6, |text| Ok(text.to_owned()))?;
        let waited = || waited.ok_or_else(|| "wait_seconds: missing".to_owned());
        let fate = match outcome {
            None => Fate::Unknown,
            Some(Outcome::Abandoned) => Fate::Abandoned { waited: waited()? },
            Some(Outcome::Diverted) => Fate::Diverted { waited: waited()? },
            Some(Outcome::Answered) => {
                let waited = waited()?;
                let agent = agent.map(|name| self.agents.place(&name));
                Fate::Answered { waited, agent, served }
            }
        };
        let queue = self.queues.place(&queue);
        Ok(RecordedCall { line, arrival, queue, priority, fate })
    }
}

enum Outcome {
    Answered,
    Abandoned,
    Diverted,
}

fn outcome(text: &str) -> Result<Outcome, String> {
    match text {
        "answered" => Ok(Outcome::Answered),
        "abandoned" => Ok(Outcome::Abandoned),
        "diverted" => Ok(Outcome::Diverted),
        other => {
            Err(format!("{} is not known, answered, abandoned and diverted are", quoted(other)))
        }
    }
}

fn moment(text: &str, calendar: &Calendar) -> Result<Timestamp, String> {
    calendar.parse(text).ok_or_else(|| {
        let allowed = "2026-01-29T09:15:00Z and 2026-01-29 09:15:00 are";
        format!("{} is no moment of the years 1900 to 2199, such as {allowed}", quoted(text))
    })
}

fn priority(text: &str) -> Result<Priority, String> {
    let level = text.parse().ok().and_then(Priority::new);
    level.ok_or_else(|| format!("{} is no priority, 0 to 9 are", quoted(text)))
}

fn seconds(text: &str) -> Result<Millis, String> {
    // The wire's rules: from 0 to its maximum, rounded to the millisecond.
    let seconds = serde_json::from_str::<Seconds>(text).ok();
    seconds.map(|it| it.0).ok_or_else(|| {
        format!("{} is not a number of seconds from 0 to {}", quoted(text), Seconds::MAX)
    })
}
