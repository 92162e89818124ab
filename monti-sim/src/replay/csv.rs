//! A table of calls with named columns, such as a report of another system.
//!
//! `arrival` and `queue` are needed; `priority`, `outcome`, `wait_seconds`, `service_seconds` and
//! `agent` are used where they are there. Other columns are named in the account and left alone, and
//! so is what a row says of a call that does not go with its outcome.
//! A row is a line: no field goes over several.

use std::io::BufRead;

use jiff::tz::TimeZone;
use monti_core::{Millis, Priority, Timestamp, file::value::quoted, wire::Seconds};

use super::{
    ReadError,
    lines::{self, Line},
    recording::{Account, Fate, Names, RecordedCall, Recording},
};
use crate::{Calendar, lines::Rows};

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
    let (mut reader, mut account) = (Reader::new(zone), Account::default());
    lines::read(input, &mut account, |line, account| reader.take(&line, account))?;
    let (People { queues, agents, .. }, calls) = (reader.people, reader.calls);
    match reader.table {
        Some(Ok(_)) => Ok(Recording::new(queues, agents, calls, account)),
        Some(Err(problem)) => Err(ReadError::Header(problem)),
        None => Err(ReadError::Header("the file is empty".to_owned())),
    }
}

/// The separator that a header has most of.
fn separator(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    SEPARATORS.into_iter().rev().max_by_key(|it| count(*it)).unwrap_or(b',')
}

struct Reader {
    /// What the header says, once it has been read.
    table: Option<Result<Table, String>>,
    people: People,
    calls: Vec<RecordedCall>,
}

impl Reader {
    fn new(zone: &TimeZone) -> Self {
        let (queues, agents) = (Names::default(), Names::default());
        let calendar = Calendar::of_zone(zone.clone());
        Self { table: None, people: People { calendar, queues, agents }, calls: Vec::new() }
    }

    fn take(&mut self, line: &Line<'_>, account: &mut Account) {
        match &mut self.table {
            None => self.table = Some(Table::find(line, account)),
            Some(Err(_)) => {}
            Some(Ok(table)) => {
                let people = &mut self.people;
                let call = table.row(line).and_then(|row| people.call(line.number, &row, account));
                match call {
                    Ok(call) => self.calls.push(call),
                    Err(reason) => account.refuse(line.number, reason),
                }
            }
        }
    }
}

/// A table whose header has been read.
struct Table {
    rows: Rows,
    /// Where the known columns are.
    places: [Option<usize>; COLUMNS.len()],
    /// How many columns there are.
    count: usize,
}

impl Table {
    fn find(header: &Line<'_>, account: &mut Account) -> Result<Self, String> {
        let mut rows = Rows::new(separator(header.text));
        let names = rows.fields(header.text)?.into_iter().map(str::trim).collect::<Vec<_>>();
        let count = names.len();
        let places = COLUMNS.map(|column| names.iter().position(|name| *name == column));
        for (place, name) in names.iter().enumerate() {
            if !places.contains(&Some(place)) {
                account.correct(header.number, format!("column {} is not used", quoted(name)));
            }
        }
        if places[..2].contains(&None) {
            return Err(format!(
                "{} is no header with the columns arrival and queue; known are {}",
                quoted(header.text),
                COLUMNS.join(", ")
            ));
        }
        Ok(Self { rows, places, count })
    }

    fn row<'a>(&'a mut self, line: &Line<'_>) -> Result<Row<'a>, String> {
        let fields = self.rows.fields(line.text)?;
        if fields.len() > self.count {
            let (count, columns) = (fields.len(), self.count);
            return Err(format!("{count} fields, but the header has only {columns} columns"));
        }
        Ok(Row { fields, places: &self.places })
    }
}

/// A line with its columns.
struct Row<'a> {
    fields: Vec<&'a str>,
    places: &'a [Option<usize>; COLUMNS.len()],
}

impl Row<'_> {
    /// What a column says, if it is there and says something.
    fn field<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let text = self.places[column].and_then(|place| self.fields.get(place));
        let text = text.map_or("", |text| text.trim());
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

/// Who the calls name.
struct People {
    calendar: Calendar,
    queues: Names,
    agents: Names,
}

impl People {
    fn call(
        &mut self,
        line: u64,
        row: &Row<'_>,
        account: &mut Account,
    ) -> Result<RecordedCall, String> {
        let arrival = row.needed(0, |text| moment(text, &self.calendar))?;
        let queue = row.needed(1, |text| Ok(text.to_owned()))?;
        let priority = row.field(2, priority)?.unwrap_or_default();
        let outcome = row.field(3, outcome)?;
        let waited = row.field(4, seconds)?;
        let served = row.field(5, seconds)?;
        let agent = row.field(6, |text| Ok(text.to_owned()))?;
        // Whoever had an agent was answered.
        let is_answered = agent.is_some() && waited.is_some();
        let outcome = outcome.or(is_answered.then_some(Outcome::Answered));
        // No time at all is what others write where there is nothing to say.
        let is_served = served.is_some_and(|served| served > Millis::ZERO);
        let (unused, why) = match outcome {
            Some(Outcome::Answered) => ([false; 3], ""),
            Some(_) => ([false, is_served, agent.is_some()], "the call was not answered"),
            None => ([waited.is_some(), is_served, agent.is_some()], "the outcome is missing"),
        };
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
        let unused = COLUMNS[4..].iter().zip(unused).filter(|(_, is_unused)| *is_unused);
        let unused = unused.map(|(column, _)| *column).collect::<Vec<_>>();
        if !unused.is_empty() {
            account.correct(line, format!("{}: not used, {why}", unused.join(", ")));
        }
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
        let allowed = "2026-01-29T09:15:00-05:00 and 2026-01-29 09:15:00 are";
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
