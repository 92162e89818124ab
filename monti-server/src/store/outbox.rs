//! What a record sink has not confirmed yet.
//!
//! The rows are written with the records that they stand for, in one transaction, by the store's
//! writer. They are read, and taken out when the sink has them, over a connection of its own: what
//! is taken out need not be on the disk at once, for a record that is sent once more is the same
//! record.

use std::{ops::RangeInclusive, path::Path};

use monti_core::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior, params};

use super::{
    StoreError, Writing,
    checkpoint::{Mode, checkpoint},
    connect,
    error::Doing,
    history::unreadable,
    schema,
};
use crate::journal;

/// Settlements after which the write-ahead log is brought into the file: a backlog is worked off
/// while the store's writer, which does so too, may have little to do.
const CHECKPOINT_SETTLEMENTS: u32 = 200;

/// Up to so many rows are counted each second; a backlog of hours would be read whole for it. The
/// numbers of the rows have no gaps, unless some were taken out of turn.
const COUNTED_MAX: i64 = 20_000;

/// The rows that wait for the sink, and those that it refused.
#[derive(Debug)]
pub struct Outbox {
    connection: Connection,
    writing: Writing,
    settlements_since_checkpoint: u32,
}

/// A record on its way to the sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its number, which grows.
    pub id: i64,
    /// What it is.
    pub kind: LetterKind,
    /// What it is the record of: a call's id, or an agent's login and a date.
    pub key: String,
    /// The group that wrote it: of two with the same key the later counts.
    pub ver: i64,
    /// When it was put into the outbox, the last time.
    pub at: Timestamp,
    /// The record as JSON, as on the wire.
    pub body: String,
}

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterKind {
    /// A call that is over: a [`CallRecord`](monti_core::wire::CallRecord).
    Call,
    /// An agent's day: [`AgentDailyStats`](monti_core::wire::AgentDailyStats).
    AgentDay,
}

/// A record that the sink refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The record.
    pub letter: Letter,
    /// What the sink said.
    pub reason: String,
    /// When it said so.
    pub refused_at: Timestamp,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Records that wait for the sink. Of more than 20,000, those from the oldest to the newest:
    /// while it takes them out of turn those among them that it has already count as well.
    pub records: u64,
    /// When the oldest of them was written.
    pub oldest_at: Option<Timestamp>,
    /// Records that it refused.
    pub dead_letters: u64,
}

impl Outbox {
    /// Opens the outbox of a data folder, whether or not a server runs on it.
    ///
    /// # Errors
    /// If there is none, or one of another version.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::beside(folder, Writing::default())
    }

    /// The outbox beside a store, which takes turns with it.
    pub(super) fn beside(folder: &Path, writing: Writing) -> Result<Self, StoreError> {
        let connection = connect(folder, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::check(&connection)?;
        let doing = "setting up the outbox";
        // The journal's commits share the log: one that is not on the disk must have none after it.
        connection.pragma_update(None, "synchronous", "full").doing(doing)?;
        // As the store's writer does: checkpoints of SQLite's own hide their failures.
        connection.pragma_update(None, "wal_autocheckpoint", 0).doing(doing)?;
        Ok(Self { connection, writing, settlements_since_checkpoint: 0 })
    }

    /// The oldest letters with a number above `after`, which is 0 for all, in the order in which they
    /// were written; at most `limit`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn oldest_after(&self, after: i64, limit: usize) -> Result<Vec<Letter>, StoreError> {
        let doing = "reading the outbox";
        let sql = "SELECT id, kind, key, ver, at_ms, body FROM outbox \
                   WHERE id > ?1 ORDER BY id LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(sql).doing(doing)?;
        let rows = statement.query_map([after, limit], letter).doing(doing)?;
        rows.collect::<rusqlite::Result<_>>().doing(doing)
    }

    /// Takes out the letters that the sink has, and sets aside those that it refused at `now`,
    /// each with its reason.
    ///
    /// # Errors
    /// If the file cannot be written; then nothing is.
    pub fn settle(
        &mut self,
        delivered: &[i64],
        refused: &[(i64, String)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let turn = self.writing.turn();
        let settled = settle(&mut self.connection, delivered, refused, now);
        drop(turn);
        let settled = settled.doing("taking out of the outbox what was delivered");
        settled.map_err(|error| error.asking_the_disk(&self.connection))?;
        self.settlements_since_checkpoint += 1;
        if self.settlements_since_checkpoint < CHECKPOINT_SETTLEMENTS {
            return Ok(());
        }
        self.settlements_since_checkpoint = 0;
        checkpoint(&self.connection, Mode::Passive).map(drop)
    }

    /// How much there is.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn backlog(&self) -> Result<Backlog, StoreError> {
        // In one statement, so that all of it is of one moment.
        let sql = "SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT ?1)), \
                   (SELECT max(id) FROM outbox) - (SELECT min(id) FROM outbox) + 1, \
                   (SELECT at_ms FROM outbox ORDER BY id LIMIT 1), \
                   (SELECT count(*) FROM dead_letter)";
        let measure = |row: &Row<'_>| {
            let (count, reach): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
            let records = if count > COUNTED_MAX { reach.unwrap_or(count) } else { count };
            let (oldest_at, dead_letters): (Option<i64>, i64) = (row.get(2)?, row.get(3)?);
            Ok(Backlog {
                records: records.unsigned_abs(),
                oldest_at: oldest_at.map(Timestamp::from_millis),
                dead_letters: dead_letters.unsigned_abs(),
            })
        };
        let mut statement = self.connection.prepare_cached(sql).doing("measuring the outbox")?;
        statement.query_row([COUNTED_MAX + 1], measure).doing("measuring the outbox")
    }

    /// The latest moment of the centre's time that is in the file: of the journal's last entry, or of
    /// the newest snapshot if none follows it.
    ///
    /// # Errors
    /// If the file cannot be read, or that entry is not as it was written.
    pub fn latest_moment(&self) -> Result<Option<Timestamp>, StoreError> {
        let doing = "looking up the centre's time";
        let of_snapshots = self
            .connection
            .query_row("SELECT max(at_ms) FROM snapshot", [], |row| row.get::<_, Option<i64>>(0))
            .doing(doing)?
            .map(Timestamp::from_millis);
        let sql = "SELECT seq, entries FROM journal WHERE length(entries) > 0 \
                   ORDER BY seq DESC LIMIT 1";
        let last = self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        let last: Option<(i64, Vec<u8>)> = last.optional().doing(doing)?;
        let entry = last.and_then(|(seq, entries)| journal::read(seq, &entries).last());
        let of_entries = entry.transpose()?.map(|(at, _)| at);
        Ok(of_snapshots.max(of_entries))
    }

    /// The letters that the sink refused after number `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn dead_letters(&self, after: i64, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let doing = "reading the dead letters";
        let sql = "SELECT * FROM dead_letter WHERE id > ?1 ORDER BY id LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare(sql).doing(doing)?;
        let rows = statement.query_map([after, limit], |row| {
            Ok(DeadLetter {
                letter: letter(row)?,
                reason: row.get("reason")?,
                refused_at: Timestamp::from_millis(row.get("refused_at_ms")?),
            })
        });
        rows.doing(doing)?.collect::<rusqlite::Result<_>>().doing(doing)
    }

    /// The number of the newest letter that the sink refused.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest_dead_letter(&self) -> Result<Option<i64>, StoreError> {
        let newest =
            self.connection.query_row("SELECT max(id) FROM dead_letter", [], |row| row.get(0));
        newest.doing("reading the dead letters")
    }

    /// Puts letters that were refused into the outbox again, as if they were written `now`: the
    /// oldest of the numbers `ids`, at most `limit`. Answers how many there were.
    ///
    /// The store's writer waits meanwhile: many are to be brought back in portions, and the file is
    /// to be left alone between them.
    ///
    /// # Errors
    /// If the file cannot be written; then nothing is.
    pub fn retry(
        &mut self,
        ids: RangeInclusive<i64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let _turn = self.writing.turn();
        let retried = retry(&mut self.connection, &ids, limit, now);
        retried.doing("bringing dead letters back into the outbox")
    }
}

impl Letter {
    /// Whose day it is, if it is one.
    pub fn agent(&self) -> Option<&str> {
        let (login, _date) = self.key.split_once('/')?;
        (self.kind == LetterKind::AgentDay).then_some(login)
    }
}

impl LetterKind {
    /// The kind as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::AgentDay => "agent_day",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Call, Self::AgentDay].into_iter().find(|kind| kind.as_str() == text)
    }
}

fn letter(row: &Row<'_>) -> rusqlite::Result<Letter> {
    let kind: String = row.get("kind")?;
    Ok(Letter {
        id: row.get("id")?,
        kind: LetterKind::parse(&kind).ok_or_else(|| unreadable("kind"))?,
        key: row.get("key")?,
        ver: row.get("ver")?,
        at: Timestamp::from_millis(row.get("at_ms")?),
        body: row.get("body")?,
    })
}

fn settle(
    connection: &mut Connection,
    delivered: &[i64],
    refused: &[(i64, String)],
    now: Timestamp,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut set_aside = transaction.prepare_cached(
            "INSERT OR REPLACE INTO dead_letter \
             SELECT id, kind, key, ver, at_ms, body, ?2, ?3 FROM outbox WHERE id = ?1",
        )?;
        let sql = "DELETE FROM outbox WHERE id BETWEEN ?1 AND ?2";
        let mut take_out = transaction.prepare_cached(sql)?;
        for (id, reason) in refused {
            set_aside.execute(params![id, reason, now.as_millis()])?;
            take_out.execute([id, id])?;
        }
        // Mostly they follow each other.
        for run in delivered.chunk_by(|a, b| a + 1 == *b) {
            take_out.execute([run.first(), run.last()])?;
        }
    }
    transaction.commit()
}

fn retry(
    connection: &mut Connection,
    ids: &RangeInclusive<i64>,
    limit: usize,
    now: Timestamp,
) -> rusqlite::Result<usize> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let portion = "FROM dead_letter WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3";
    let sql = format!(
        "INSERT INTO outbox (kind, key, ver, at_ms, body) SELECT kind, key, ver, ?4, body {portion}"
    );
    let (first, last) = (ids.start(), ids.end());
    let moved = transaction.execute(&sql, params![first, last, limit, now.as_millis()])?;
    let sql = format!("DELETE FROM dead_letter WHERE id IN (SELECT id {portion})");
    transaction.execute(&sql, params![first, last, limit])?;
    transaction.commit()?;
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use super::*;
    use crate::store::{FILE_NAME, Group, Storage as _, waiting::waiting};

    #[test]
    fn what_the_sink_took_out_of_turn_waits_no_more() {
        let (store, _folder) = waiting(2_000);
        let mut outbox = store.outbox().unwrap();
        assert_eq!(outbox.backlog().unwrap().records, 2_000);
        let later: Vec<_> = (401..=1_900).collect();
        outbox.settle(&later, &[], Timestamp::MIN).unwrap();
        assert_eq!(outbox.backlog().unwrap().records, 500);
    }

    #[test]
    fn a_backlog_too_long_to_be_counted_reaches_from_the_oldest_to_the_newest() {
        let (store, _folder) = waiting(COUNTED_MAX + 100);
        let mut outbox = store.outbox().unwrap();
        let later: Vec<_> = (401..=499).collect();
        outbox.settle(&later, &[], Timestamp::MIN).unwrap();
        assert_eq!(outbox.backlog().unwrap().records, COUNTED_MAX.unsigned_abs() + 100);
        outbox.settle(&[500], &[], Timestamp::MIN).unwrap();
        assert_eq!(outbox.backlog().unwrap().records, COUNTED_MAX.unsigned_abs());
    }

    /// The disk stalls under the outbox: that is no other program, and no reason to refuse calls.
    #[test]
    fn the_stores_writer_waits_for_a_settlement_that_takes_long() {
        let (mut store, _folder) = waiting(1);
        let mut outbox = store.outbox().unwrap();
        let stall = "CREATE TEMP TRIGGER stall BEFORE DELETE ON main.outbox BEGIN SELECT \
                     (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000000) \
                     SELECT max(i) FROM n); END";
        outbox.connection.execute_batch(stall).unwrap();
        let mut group = Group::default();
        group.note(Timestamp::MIN, None);
        thread::scope(|scope| {
            let settlement = scope.spawn(move || outbox.settle(&[1], &[], Timestamp::MIN).unwrap());
            for seq in (1..).take_while(|_| !settlement.is_finished()) {
                store.commit(seq, &group).unwrap();
            }
        });
        assert_eq!(store.outbox().unwrap().backlog().unwrap().records, 0);
    }

    #[test]
    fn how_much_there_is_and_since_when_is_of_one_moment() {
        let (store, folder) = waiting(0);
        let gauge = store.outbox().unwrap();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let file = Connection::open(folder.path().join(FILE_NAME)).unwrap();
                file.pragma_update(None, "synchronous", "off").unwrap();
                let come = "INSERT INTO outbox (kind, key, ver, at_ms, body) \
                            VALUES ('call', 'key', 1, 0, '{}')";
                while !is_over.load(Ordering::Relaxed) {
                    file.execute(come, []).unwrap();
                    file.execute("DELETE FROM outbox", []).unwrap();
                }
            });
            let backlogs = (0..10_000).map(|_| gauge.backlog().unwrap());
            let odd = backlogs.filter(|it| (it.records == 0) != it.oldest_at.is_none()).count();
            is_over.store(true, Ordering::Relaxed);
            assert_eq!(odd, 0);
        });
    }
}
