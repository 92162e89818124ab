//! Reading what is over: agents' days and call records.

use std::{
    ops::RangeInclusive,
    path::Path,
    str::FromStr,
    sync::{Mutex, PoisonError},
};

use monti_core::{
    AgentDay, AgentFigures, CallId, CallStatus, Day, LoginId, Millis, Priority, Timestamp, wire,
};
use rusqlite::{Connection, OpenFlags, Row, params};
use serde::de::DeserializeOwned;

use super::{
    LetterKind, StoreError, connect,
    error::Doing,
    keys::{call_keys, day_key, number_ranges},
};

/// What waits comes along its index and is read no further than it is asked for, however much it is;
/// what was refused is little, and sorted.
const UNDELIVERED: &str = "\
    SELECT ver, body, key FROM outbox WHERE kind = ?1 AND key BETWEEN ?2 AND ?3 UNION ALL \
    SELECT ver, body, key FROM dead_letter WHERE kind = ?1 AND key BETWEEN ?2 AND ?3 ORDER BY key";

/// Reads what the store has written, over a connection of its own.
///
/// Every question is short and answered from one moment's state, but it waits for the disk: ask on
/// a thread that may.
#[derive(Debug)]
pub struct History {
    connection: Mutex<Connection>,
}

impl History {
    /// A reader of what is in a data folder, whether or not a server runs on it.
    ///
    /// # Errors
    /// If there is nothing of ours in it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let connection = connect(folder, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// An agent's figures of the `days` that are over, newest first, each with its version: of two
    /// of one date the higher counts.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Vec<(i64, AgentDay)>, StoreError> {
        let sql = "SELECT * FROM agent_day WHERE agent_id = ?1 AND date BETWEEN ?2 AND ?3 \
                   ORDER BY date DESC";
        let (first, last) = (days.start().to_string(), days.end().to_string());
        self.read("reading an agent's days", |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![login.as_str(), first, last], |row| {
                Ok((row.get("ver")?, agent_day(login, row)?))
            });
            rows?.collect()
        })
    }

    /// The calls of `date` that are over, in the order of their ids as texts, after the call
    /// `after`, at most `limit`; with callers' numbers whole.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Vec<wire::CallRecord>, StoreError> {
        let sql = "SELECT * FROM call_record WHERE date = ?1 AND number BETWEEN ?2 AND ?3 \
                   ORDER BY number LIMIT ?4";
        let after = after.filter(|call| call.day == date).map(|call| call.number);
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut calls = self.read("reading call records", |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut calls = Vec::new();
            for numbers in number_ranges(after) {
                let bounds = params![date.to_string(), numbers.start(), numbers.end(), most];
                let rows = statement.query_map(bounds, call_record)?;
                calls.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            Ok(calls)
        })?;
        calls.sort_by_cached_key(|call| call.call_id.to_string());
        calls.truncate(limit);
        Ok(calls)
    }

    /// The calls of `date` that the outbox holds or that its sink refused, in the order of their
    /// ids as texts, after the call `after`, at most `limit`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn undelivered_calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Vec<wire::CallRecord>, StoreError> {
        let calls = self.undelivered(LetterKind::Call, &call_keys(date, after), limit)?;
        Ok(calls.into_iter().map(|(_, call)| call).collect())
    }

    /// An agent's figures of the `days` that the outbox holds or that its sink refused, each with
    /// its version: of two of one date the higher counts.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn undelivered_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Vec<(i64, wire::AgentDailyStats)>, StoreError> {
        let keys = day_key(login, *days.start())..=day_key(login, *days.end());
        self.undelivered(LetterKind::AgentDay, &keys, usize::MAX)
    }

    fn undelivered<T: DeserializeOwned>(
        &self,
        kind: LetterKind,
        keys: &RangeInclusive<String>,
        limit: usize,
    ) -> Result<Vec<(i64, T)>, StoreError> {
        self.read("reading the outbox", |connection| {
            let mut statement = connection.prepare_cached(UNDELIVERED)?;
            let bounds = params![kind.as_str(), keys.start(), keys.end()];
            let rows = statement.query_map(bounds, |row| Ok((row.get(0)?, row.get(1)?)))?;
            // One that is no record is set aside, and shown there; it takes no other's place.
            let records = rows.map(|row| {
                let (ver, body): (i64, String) = row?;
                Ok(serde_json::from_str(&body).ok().map(|record| (ver, record)))
            });
            records.filter_map(Result::transpose).take(limit).collect()
        })
    }

    fn read<T>(
        &self,
        doing: &str,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        // A reader that panicked left nothing half done: it cannot write.
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        question(&connection).doing(doing)
    }
}

fn agent_day(login: &LoginId, row: &Row<'_>) -> rusqlite::Result<AgentDay> {
    Ok(AgentDay {
        login: login.clone(),
        day: parsed(row, "date")?,
        figures: AgentFigures {
            calls_handled: row.get("calls_handled")?,
            ring_no_answers: row.get("ring_no_answers")?,
            after_call_breaches: row.get("acw_breaches")?,
            break_breaches: row.get("break_breaches")?,
            idle: millis(row, "idle_ms")?,
            ring: millis(row, "ring_ms")?,
            talk: millis(row, "talk_ms")?,
            hold: millis(row, "hold_ms")?,
            after_call: millis(row, "acw_ms")?,
            break_time: millis(row, "break_ms")?,
            login: millis(row, "login_ms")?,
        },
    })
}

fn call_record(row: &Row<'_>) -> rusqlite::Result<wire::CallRecord> {
    let priority: u8 = row.get("priority")?;
    Ok(wire::CallRecord {
        call_id: parsed(row, "call_id")?,
        date: parsed(row, "date")?,
        vq: row.get("vq")?,
        department: row.get("department")?,
        caller_number: row.get("caller_number")?,
        priority: Priority::new(priority).ok_or_else(|| unreadable("priority"))?,
        status: status(&row.get::<_, String>("status")?)?,
        outcome: parsed_option(row, "outcome")?,
        agent_id: parsed_option(row, "agent_id")?,
        enqueued_at: Timestamp::from_millis(row.get("enqueued_at_ms")?),
        assigned_at: row.get::<_, Option<i64>>("assigned_at_ms")?.map(Timestamp::from_millis),
        answered_at: row.get::<_, Option<i64>>("answered_at_ms")?.map(Timestamp::from_millis),
        ended_at: Timestamp::from_millis(row.get("ended_at_ms")?),
        wait_seconds: millis(row, "wait_ms")?.into(),
        ring_seconds: millis(row, "ring_ms")?.into(),
        talk_seconds: millis(row, "talk_ms")?.into(),
        hold_seconds: millis(row, "hold_ms")?.into(),
        acw_seconds: millis(row, "acw_ms")?.into(),
        answered_in_target: row.get("answered_in_target")?,
        offers: row.get("offers")?,
    })
}

fn millis(row: &Row<'_>, column: &str) -> rusqlite::Result<Millis> {
    let millis: i64 = row.get(column)?;
    Ok(Millis::new(millis.unsigned_abs()))
}

fn parsed<T: FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    row.get::<_, String>(column)?.parse().map_err(|_| unreadable(column))
}

fn parsed_option<T: FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| unreadable(column))).transpose()
}

/// A value that the server did not write.
pub(super) fn unreadable(column: &str) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    let message = format!("the column {column} has a value that was never written");
    rusqlite::Error::SqliteFailure(code, Some(message))
}

/// A call's end as it is written: as on the wire.
fn status(text: &str) -> rusqlite::Result<CallStatus> {
    let found = CallStatus::ALL.into_iter().find(|status| status.as_str() == text);
    found.ok_or_else(|| unreadable("status"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::waiting::waiting;

    /// A page of them is asked for again and again while hours of records wait.
    #[test]
    fn what_waits_is_read_in_its_order_without_being_sorted() {
        let (store, _folder) = waiting(1);
        let connection = store.history().unwrap().connection.into_inner().unwrap();
        let plan = format!("EXPLAIN QUERY PLAN {UNDELIVERED}");
        let mut statement = connection.prepare(&plan).unwrap();
        let steps = statement.query_map(["call", "a", "b"], |row| row.get("detail")).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        let sorts = |step: &&String| step.contains("TEMP B-TREE");
        assert_eq!(steps[0], "MERGE (UNION ALL)", "{steps:?}");
        let (waiting, refused) = steps.split_at(steps.iter().position(|it| it == "RIGHT").unwrap());
        assert_eq!(waiting.iter().filter(sorts).count(), 0, "{steps:?}");
        assert!(waiting.iter().any(|it| it.contains("USING INDEX outbox_key")), "{steps:?}");
        assert!(refused.iter().any(|it| it.contains("dead_letter")), "{steps:?}");
    }

    #[test]
    fn every_end_of_a_call_is_written_as_on_the_wire() {
        for known in CallStatus::ALL {
            assert_eq!(serde_json::to_value(known).unwrap(), known.as_str());
            assert_eq!(status(known.as_str()), Ok(known));
        }
    }
}
