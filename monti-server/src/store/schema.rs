//! The tables of `monti.db`.
//!
//! Times are whole milliseconds since the Unix epoch (`…_at_ms`), durations whole milliseconds
//! (`…_ms`), departments and queues their identifiers of the time.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{StoreError, StoreErrorKind, error::Doing};

/// The version of the tables below.
const VERSION: u32 = 1;

/// `MNTI`: tells `file` and us whose file this is.
const APPLICATION_ID: u32 = 0x4d4e_5449;

const TABLES: &str = "
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was given to the engine, in groups that became durable together, without a gap.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    entries BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT;

-- The engine after the group `seq`; its parts are written first, this row makes it whole.
CREATE TABLE snapshot (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    centre TEXT NOT NULL,
    parts INTEGER NOT NULL,
    crc INTEGER NOT NULL
) STRICT;

CREATE TABLE snapshot_part (
    seq INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (seq, part)
) STRICT;

-- Calls that are over, by the business date of their arrival.
CREATE TABLE call_record (
    date TEXT NOT NULL,
    number INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    vq TEXT NOT NULL,
    department TEXT NOT NULL,
    caller_number TEXT,
    priority INTEGER NOT NULL,
    status TEXT NOT NULL,
    outcome TEXT,
    agent_id TEXT,
    enqueued_at_ms INTEGER NOT NULL,
    assigned_at_ms INTEGER,
    answered_at_ms INTEGER,
    ended_at_ms INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    ring_ms INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL,
    hold_ms INTEGER NOT NULL,
    acw_ms INTEGER NOT NULL,
    answered_in_target INTEGER NOT NULL,
    offers INTEGER NOT NULL,
    PRIMARY KEY (date, number)
) STRICT, WITHOUT ROWID;

-- Agents' figures of dates that are over; `ver` is the group that wrote them.
CREATE TABLE agent_day (
    agent_id TEXT NOT NULL,
    date TEXT NOT NULL,
    ver INTEGER NOT NULL,
    calls_handled INTEGER NOT NULL,
    ring_no_answers INTEGER NOT NULL,
    acw_breaches INTEGER NOT NULL,
    break_breaches INTEGER NOT NULL,
    idle_ms INTEGER NOT NULL,
    ring_ms INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL,
    hold_ms INTEGER NOT NULL,
    acw_ms INTEGER NOT NULL,
    break_ms INTEGER NOT NULL,
    login_ms INTEGER NOT NULL,
    PRIMARY KEY (agent_id, date)
) STRICT, WITHOUT ROWID;

-- The calls that an injection's key stands for: `count` of `date` from number `first` on.
CREATE TABLE injection (
    request_id TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    date TEXT NOT NULL,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a record sink has not confirmed yet, oldest first; `body` is JSON.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    ver INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
";

/// Makes the tables in an empty file; in another, checks that they are ours.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    let doing = "reading the version of monti.db";
    let id: u32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).doing(doing)?;
    if id == APPLICATION_ID {
        let version = meta(connection, "schema")?.and_then(|version| version.parse().ok());
        return check(version);
    }
    let tables: u32 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .doing(doing)?;
    if id != 0 || tables != 0 {
        return Err(StoreError::new(StoreErrorKind::Other, "monti.db is no file of MONTI's"));
    }
    make(connection).doing("making the tables of monti.db")
}

fn check(version: Option<u32>) -> Result<(), StoreError> {
    match version {
        Some(VERSION) => Ok(()),
        Some(newer) if newer > VERSION => Err(StoreError::new(
            StoreErrorKind::Newer,
            format!(
                "monti.db was written by a newer version (its tables have version {newer}, this \
                 server knows {VERSION}): use that version, or another data folder"
            ),
        )),
        // There is no older version to come from yet.
        _ => Err(StoreError::damaged("the version of its tables is missing")),
    }
}

fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let made = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    made.execute_batch(TABLES)?;
    let sql = "INSERT INTO meta (key, value) VALUES ('schema', ?1)";
    made.execute(sql, [VERSION.to_string()])?;
    made.pragma_update(None, "application_id", APPLICATION_ID)?;
    made.commit()
}

fn meta(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    let value = connection.query_row(sql, [key], |row| row.get(0)).optional();
    value.doing("reading the version of monti.db")
}
