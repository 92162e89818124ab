//! The call-by-call records of a bank's telephone centre, one month a file.
//!
//! Seventeen columns, separated by tabs, under a header; local times of day `h:mm:ss` and a date
//! `yymmdd`. A call was offered to agents if one answered (`AGENT`) or if its caller hung up
//! (`HANG`) after waiting; `PHANTOM` lines mean nothing. The header has to name all
//! columns in their order. A line whose fields do not fit their columns is refused; one whose times
//! contradict each other is used by its durations, and told.

use std::io::BufRead;

use jiff::{
    ToSpan as _,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use monti_core::{Millis, Priority, file::value::quoted};

use super::{
    ReadError,
    lines::{self, Line},
    recording::{Account, Fate, Names, RecordedCall, Recording},
};
use crate::Calendar;

/// The columns, in the order of [`Row`].
const COLUMNS: [&str; 17] = [
    "vru+line",
    "call_id",
    "customer_id",
    "priority",
    "type",
    "date",
    "vru_entry",
    "vru_exit",
    "vru_time",
    "q_start",
    "q_exit",
    "q_time",
    "outcome",
    "ser_start",
    "ser_exit",
    "ser_time",
    "server",
];

/// Seconds of a day.
const DAY_SECS: i64 = 24 * 60 * 60;

/// Reads a month. Local times are those of `zone`.
///
/// # Errors
/// If the text cannot be read, or does not begin with the header.
pub fn read(input: impl BufRead, zone: &TimeZone) -> Result<Recording, ReadError> {
    let mut reader = Reader::new(zone);
    let mut account = Account::default();
    lines::read(input, &mut account, |line, account| reader.take(&line, account))?;
    match reader.header {
        Some(Ok(())) => Ok(Recording::new(reader.queues, reader.agents, reader.calls, account)),
        Some(Err(problem)) => Err(ReadError::Header(problem)),
        None => Err(ReadError::Header("the file is empty".to_owned())),
    }
}

struct Reader {
    calendar: Calendar,
    header: Option<Result<(), String>>,
    queues: Names,
    agents: Names,
    calls: Vec<RecordedCall>,
}

impl Reader {
    fn new(zone: &TimeZone) -> Self {
        let (queues, agents) = (Names::default(), Names::default());
        let calendar = Calendar::of_zone(zone.clone());
        Self { calendar, header: None, queues, agents, calls: Vec::new() }
    }

    fn take(&mut self, line: &Line<'_>, account: &mut Account) {
        match &self.header {
            None => self.header = Some(check_header(line.text)),
            Some(Err(_)) => {}
            Some(Ok(())) => match self.call(line, account) {
                Ok(call) => self.calls.extend(call),
                Err(reason) => account.refuse(line.number, reason),
            },
        }
    }

    fn call(
        &mut self,
        line: &Line<'_>,
        account: &mut Account,
    ) -> Result<Option<RecordedCall>, String> {
        let row = Row::parse(line.text)?;
        let waited = Millis::from_secs(row.queue_secs);
        let fate = match row.outcome {
            "PHANTOM" => {
                account.set_aside("phantom calls");
                return Ok(None);
            }
            "HANG" if row.queue_secs == 0 => {
                account.set_aside("callers who hung up in the voice unit");
                return Ok(None);
            }
            "HANG" => Fate::Abandoned { waited },
            "AGENT" => {
                let agent = (row.server != "NO_SERVER").then(|| self.agents.place(row.server));
                Fate::Answered { waited, agent, served: Some(Millis::from_secs(row.service_secs)) }
            }
            other => {
                let allowed = "AGENT, HANG and PHANTOM are";
                return Err(format!("outcome: {} is not known, {allowed}", quoted(other)));
            }
        };
        row.contradictions().for_each(|reason| account.correct(line.number, reason));
        let entry = row.date.to_datetime(row.vru_entry);
        let begins = if row.queue_secs > 0 { row.queue_start } else { row.vru_exit };
        let arrival = self.calendar.moment(next_time(entry, begins));
        if !Calendar::can_play(arrival) {
            return Err(format!("date: {} is out of range", row.date));
        }
        let queue = self.queues.place(row.kind);
        Ok(Some(RecordedCall { line: line.number, arrival, queue, priority: row.priority, fate }))
    }
}

fn check_header(text: &str) -> Result<(), String> {
    let names = text.split('\t').map(str::trim);
    if names.eq(COLUMNS) {
        return Ok(());
    }
    Err(format!("{} is not the header; the columns are {}", quoted(text), COLUMNS.join(", ")))
}

/// What a line says.
struct Row<'a> {
    priority: Priority,
    kind: &'a str,
    date: Date,
    vru_entry: Time,
    vru_exit: Time,
    queue_start: Time,
    queue_exit: Time,
    queue_secs: u64,
    outcome: &'a str,
    service_start: Time,
    service_exit: Time,
    service_secs: u64,
    server: &'a str,
}

impl<'a> Row<'a> {
    fn parse(text: &'a str) -> Result<Self, String> {
        let fields = text.split('\t').map(str::trim).collect::<Vec<_>>();
        let fields: [&str; COLUMNS.len()] = fields.try_into().map_err(|fields: Vec<_>| {
            format!("{} columns instead of {}", fields.len(), COLUMNS.len())
        })?;
        let row = Self {
            priority: read_field(&fields, 3, priority)?,
            kind: read_field(&fields, 4, word)?,
            date: read_field(&fields, 5, date)?,
            vru_entry: read_field(&fields, 6, time)?,
            vru_exit: read_field(&fields, 7, time)?,
            queue_start: read_field(&fields, 9, time)?,
            queue_exit: read_field(&fields, 10, time)?,
            queue_secs: read_field(&fields, 11, seconds)?,
            outcome: read_field(&fields, 12, word)?,
            service_start: read_field(&fields, 13, time)?,
            service_exit: read_field(&fields, 14, time)?,
            service_secs: read_field(&fields, 15, seconds)?,
            server: read_field(&fields, 16, word)?,
        };
        Ok(row)
    }

    /// Durations that are not what lies between their times. A second either way is rounding.
    fn contradictions(&self) -> impl Iterator<Item = String> {
        let checks = [
            ("q_time", self.queue_secs, self.queue_start, self.queue_exit),
            ("ser_time", self.service_secs, self.service_start, self.service_exit),
        ];
        checks.into_iter().filter_map(|(name, told, from, until)| {
            let between = seconds_between(from, until);
            (i64::try_from(told).is_ok_and(|told| (told - between).abs() > 1)).then(|| {
                format!("{name} is {told}, but its times are {between} s apart: {told} s are used")
            })
        })
    }
}

fn read_field<'a, T>(
    fields: &[&'a str; COLUMNS.len()],
    column: usize,
    read: impl FnOnce(&'a str) -> Result<T, &'static str>,
) -> Result<T, String> {
    let text = fields[column];
    read(text).map_err(|wanted| format!("{}: {} is not {wanted}", COLUMNS[column], quoted(text)))
}

/// 2 joins the queue as if it had waited already; 0 and 1 are regular.
fn priority(text: &str) -> Result<Priority, &'static str> {
    match text {
        "0" | "1" => Ok(Priority::default()),
        "2" => Priority::new(2).ok_or("a priority"),
        _ => Err("a priority: 0, 1 and 2 are"),
    }
}

/// Such as a type of call: letters and digits, so that a time that slipped a column is refused.
fn word(text: &str) -> Result<&str, &'static str> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_word = text.starts_with(|first: char| first.is_ascii_alphabetic());
    (is_word && text.bytes().all(is_allowed)).then_some(text).ok_or("a word")
}

fn date(text: &str) -> Result<Date, &'static str> {
    let wrong = "a date as yymmdd";
    let number = (text.len() == 6).then(|| text.parse::<u32>().ok()).flatten().ok_or(wrong)?;
    let part = |divisor: u32| i8::try_from(number / divisor % 100).map_err(|_| wrong);
    let year = i16::from(part(10_000)?);
    let century = if year < 70 { 2000 } else { 1900 };
    Date::new(century + year, part(100)?, part(1)?).map_err(|_| wrong)
}

fn time(text: &str) -> Result<Time, &'static str> {
    let wrong = "a time as h:mm:ss";
    let mut parts = text.split(':').map(|part| part.parse::<i8>().ok().filter(|it| *it >= 0));
    let (Some(Some(hour)), Some(Some(minute)), Some(Some(second)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong);
    };
    Time::new(hour, minute, second, 0).map_err(|_| wrong)
}

fn seconds(text: &str) -> Result<u64, &'static str> {
    let seconds = text.parse::<u64>().ok();
    seconds.filter(|it| *it < DAY_SECS.unsigned_abs()).ok_or("a number of seconds within a day")
}

/// The moment whose time of day is `time` on the day of `from`, or on the next if it is more than
/// twelve hours earlier in the day.
fn next_time(from: DateTime, time: Time) -> DateTime {
    let same_day = from.date().to_datetime(time);
    let is_past_midnight = (from.time() - time).total(jiff::Unit::Hour).is_ok_and(|it| it > 12.0);
    if is_past_midnight { same_day.saturating_add(1.day()) } else { same_day }
}

/// From one time of day to the next that comes.
fn seconds_between(from: Time, until: Time) -> i64 {
    let of_day = |it: Time| {
        i64::from(it.hour()) * 3_600 + i64::from(it.minute()) * 60 + i64::from(it.second())
    };
    (of_day(until) - of_day(from)).rem_euclid(DAY_SECS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_after_midnight_is_the_next_days() {
        let entry: DateTime = "1999-01-05T23:59:50".parse().unwrap();
        let time = |text: &str| time(text).unwrap();
        assert_eq!(next_time(entry, time("0:00:10")).to_string(), "1999-01-06T00:00:10");
        assert_eq!(next_time(entry, time("23:59:55")).to_string(), "1999-01-05T23:59:55");
        assert_eq!(seconds_between(time("23:59:50"), time("0:00:10")), 20);
    }
}
