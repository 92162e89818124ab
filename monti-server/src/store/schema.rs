//! The tables of `monti.db`.
//!
//! Times are whole milliseconds since the Unix epoch (`…_at_ms`), durations whole milliseconds
//! (`…_ms`), departments and queues their identifiers of the time.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{StoreError, StoreErrorKind, error::Doing};

/// The version of the tables below.
const VERSION: u32 = 2;

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

/// What version 2 has and version 1 had not.
const SINCE_2: &str = "
-- For reading what has not been confirmed yet of a date or an agent.
CREATE INDEX outbox_key ON outbox (kind, key);

-- What the sink refused for ever, by its number in the outbox.
CREATE TABLE dead_letter (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    ver INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    reason TEXT NOT NULL,
    refused_at_ms INTEGER NOT NULL
) STRICT;
";

/// Makes the tables in an empty file; in another, checks that they are ours, and brings those of
/// an older version up to date.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    match version(connection)? {
        Some(VERSION) => Ok(()),
        Some(older) => {
            tracing::info!(from = older, to = VERSION, "bringing monti.db up to date");
            change(connection, &[SINCE_2]).doing("bringing monti.db up to date")
        }
        None => change(connection, &[TABLES, SINCE_2]).doing("making the tables of monti.db"),
    }
}

/// Checks that the tables are ours and up to date.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    match version(connection)? {
        Some(VERSION) => Ok(()),
        Some(_) => Err(StoreError::new(
            StoreErrorKind::Other,
            "monti.db was written by an older version: start the server on it once",
        )),
        None => Err(StoreError::new(StoreErrorKind::Other, "monti.db is empty")),
    }
}

/// The version of the tables that are there, none later than ours; `None` in an empty file.
fn version(connection: &Connection) -> Result<Option<u32>, StoreError> {
    let doing = "reading the version of monti.db";
    let id: u32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).doing(doing)?;
    if id == APPLICATION_ID {
        let version = meta(connection, "schema")?.and_then(|version| version.parse().ok());
        return known(version).map(Some);
    }
    let tables: u32 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .doing(doing)?;
    if id != 0 || tables != 0 {
        return Err(StoreError::new(StoreErrorKind::Other, "monti.db is no file of MONTI's"));
    }
    Ok(None)
}

fn known(version: Option<u32>) -> Result<u32, StoreError> {
    match version {
        Some(version @ 1..=VERSION) => Ok(version),
        Some(newer) if newer > VERSION => Err(StoreError::new(
            StoreErrorKind::Newer,
            format!(
                "monti.db was written by a newer version (its tables have version {newer}, this \
                 server knows {VERSION}): use that version, or another data folder"
            ),
        )),
        _ => Err(StoreError::damaged("the version of its tables is missing")),
    }
}

/// Makes tables, and notes that they are of the newest version.
fn change(connection: &mut Connection, tables: &[&str]) -> rusqlite::Result<()> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tables.iter().try_for_each(|tables| change.execute_batch(tables))?;
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?1)";
    change.execute(sql, [VERSION.to_string()])?;
    change.pragma_update(None, "application_id", APPLICATION_ID)?;
    change.commit()
}

fn meta(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    let value = connection.query_row(sql, [key], |row| row.get(0)).optional();
    value.doing("reading the version of monti.db")
}
