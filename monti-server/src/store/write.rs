//! Writing to `monti.db`: each function is one transaction.

use monti_core::{AgentDay, Millis, Timestamp, wire};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{Group, LetterKind, keys::day_key};
use crate::{
    journal::check_sum,
    snapshots::{Image, Part},
};

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

pub(super) fn group(
    connection: &mut Connection,
    seq: i64,
    group: &Group,
    has_sink: bool,
) -> rusqlite::Result<()> {
    if group.has_no_results() {
        // A statement is a transaction by itself: one begun for it would cost as much again, and
        // what most calls wait for is just this.
        return journal(connection, seq, group);
    }
    let transaction = begin(connection)?;
    // Also when nothing moved the engine: a start takes a number without a row for a loss.
    journal(&transaction, seq, group)?;
    for record in &group.records {
        call_record(&transaction, record)?;
        if has_sink {
            let key = record.call_id.to_string();
            outbox(&transaction, LetterKind::Call, &key, seq, group.at, record)?;
        }
    }
    for day in &group.agent_days {
        agent_day(&transaction, seq, day)?;
    }
    if has_sink {
        for day in group.days_so_far.values().chain(&group.agent_days) {
            let key = day_key(&day.login, day.day);
            let stats = wire::AgentDailyStats::new(day);
            outbox(&transaction, LetterKind::AgentDay, &key, seq, group.at, &stats)?;
        }
    }
    for (request, injection) in &group.injections {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO injection VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                request.as_str(),
                injection.at.as_millis(),
                injection.day.to_string(),
                injection.first,
                injection.count
            ])?;
    }
    transaction.commit()
}

fn journal(connection: &Connection, seq: i64, group: &Group) -> rusqlite::Result<()> {
    let entries = group.entries.as_bytes();
    connection
        .prepare_cached("INSERT INTO journal (seq, entries, crc) VALUES (?1, ?2, ?3)")?
        .execute(params![seq, entries, check_sum(seq, entries)])?;
    Ok(())
}

fn call_record(transaction: &Transaction<'_>, record: &wire::CallRecord) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO call_record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, \
               ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)";
    transaction.prepare_cached(sql)?.execute(params![
        record.date.to_string(),
        record.call_id.number,
        record.call_id.to_string(),
        record.vq,
        record.department,
        record.caller_number,
        record.priority.get(),
        record.status.as_str(),
        record.outcome.as_ref().map(|outcome| outcome.as_str()),
        record.agent_id.as_ref().map(|login| login.as_str()),
        record.enqueued_at.as_millis(),
        record.assigned_at.map(Timestamp::as_millis),
        record.answered_at.map(Timestamp::as_millis),
        record.ended_at.as_millis(),
        millis(record.wait_seconds.0),
        millis(record.ring_seconds.0),
        millis(record.talk_seconds.0),
        millis(record.hold_seconds.0),
        millis(record.acw_seconds.0),
        record.answered_in_target,
        record.offers,
    ])?;
    Ok(())
}

fn agent_day(transaction: &Transaction<'_>, ver: i64, day: &AgentDay) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO agent_day VALUES \
               (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    let figures = &day.figures;
    transaction.prepare_cached(sql)?.execute(params![
        day.login.as_str(),
        day.day.to_string(),
        ver,
        figures.calls_handled,
        figures.ring_no_answers,
        figures.after_call_breaches,
        figures.break_breaches,
        millis(figures.idle),
        millis(figures.ring),
        millis(figures.talk),
        millis(figures.hold),
        millis(figures.after_call),
        millis(figures.break_time),
        millis(figures.login),
    ])?;
    Ok(())
}

fn outbox(
    transaction: &Transaction<'_>,
    kind: LetterKind,
    key: &str,
    ver: i64,
    at: Timestamp,
    body: &impl serde::Serialize,
) -> rusqlite::Result<()> {
    let body = serde_json::to_string(body)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let sql = "INSERT INTO outbox (kind, key, ver, at_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)";
    transaction.prepare_cached(sql)?.execute(params![
        kind.as_str(),
        key,
        ver,
        at.as_millis(),
        body
    ])?;
    Ok(())
}

pub(super) fn snapshot_part(
    connection: &mut Connection,
    image: &Image,
    part: Part<'_>,
) -> rusqlite::Result<()> {
    let transaction = begin(connection)?;
    if part.number == 0 {
        // A snapshot of the same group may be there, of another centre or half written.
        transaction.execute("DELETE FROM snapshot WHERE seq = ?1", [image.seq])?;
        transaction.execute("DELETE FROM snapshot_part WHERE seq = ?1", [image.seq])?;
    }
    transaction
        .prepare_cached("INSERT INTO snapshot_part (seq, part, bytes) VALUES (?1, ?2, ?3)")?
        .execute(params![image.seq, part.number, part.bytes])?;
    if part.is_last {
        transaction.prepare_cached("INSERT INTO snapshot VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(
            params![
                image.seq,
                image.at.as_millis(),
                &*image.centre,
                part.number + 1,
                image.check_sum()
            ],
        )?;
    }
    transaction.commit()
}

pub(super) fn prune(
    connection: &mut Connection,
    groups_max: u32,
    keys_before: Timestamp,
) -> rusqlite::Result<bool> {
    let transaction = begin(connection)?;
    transaction.execute("DELETE FROM injection WHERE at_ms < ?1", [keys_before.as_millis()])?;
    let older: Option<i64> = transaction
        .query_row("SELECT seq FROM snapshot ORDER BY seq DESC LIMIT 1 OFFSET 1", [], |row| {
            row.get(0)
        })
        .optional()?;
    let Some(older) = older else {
        transaction.commit()?;
        return Ok(false);
    };
    transaction.execute("DELETE FROM snapshot WHERE seq < ?1", [older])?;
    transaction.execute("DELETE FROM snapshot_part WHERE seq < ?1", [older])?;
    let sql = "DELETE FROM journal WHERE seq <= ?1 AND seq < (SELECT min(seq) FROM journal) + ?2";
    let dropped = transaction.prepare_cached(sql)?.execute(params![older, groups_max])?;
    transaction.commit()?;
    Ok(dropped > 0)
}

/// As SQLite keeps it; the longest duration that it can is 292 million years.
fn millis(duration: Millis) -> i64 {
    i64::try_from(duration.get()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use monti_core::Day;

    use super::*;
    use crate::store::{Injection, Storage as _, waiting::waiting};

    /// A number without a row would pass for a loss.
    #[test]
    fn a_group_that_moved_nothing_has_its_row_in_the_journal() {
        let (mut store, _folder) = waiting(0);
        let (at, day) = (Timestamp::from_millis(0), Day::new(2026, 1, 29).unwrap());
        let mut group = Group::default();
        group.injections.push(("key".parse().unwrap(), Injection { at, day, first: 1, count: 1 }));
        store.commit(1, &group).unwrap();
        let mut moves = Group::default();
        moves.note(at, None);
        store.commit(2, &moves).unwrap();
        let mut entries = Vec::new();
        let read = store.read_journal(0, |seq, bytes| {
            entries.push((seq, crate::journal::read(seq, bytes).count()));
            Ok(())
        });
        assert_eq!((read.unwrap(), entries), (2, vec![(1, 0), (2, 1)]));
    }
}
