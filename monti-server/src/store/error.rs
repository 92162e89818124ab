//! Why the store could not do something.

use std::{error::Error, fmt, fs, io, path::Path};

use rusqlite::{Connection, ffi};

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub struct StoreError {
    kind: StoreErrorKind,
    /// What was being done, or what is wrong and where.
    what: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of failure it is, and with it what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreErrorKind {
    /// Another program holds the file's write lock. It passes.
    Busy,
    /// Another server uses the data folder.
    InUse,
    /// There is no room on the disk. It passes.
    Full,
    /// The disk did not confirm that it has what was written. What it has is not known, and asking
    /// again would not tell: the process has to end.
    Sync,
    /// The file is not what was written.
    Damaged,
    /// The file was written by a newer version.
    Newer,
    /// Anything else.
    Other,
}

/// What to do about a damaged file.
const REPAIR: &str = "nothing was changed. Restore the newest back-up of the data folder, or keep \
    a copy of monti.db and monti.db-wal and save the records from it with `sqlite3 monti.db \
    '.dump call_record agent_day'`: docs/operations.md, \"A damaged data file\"";

impl StoreError {
    /// A failure of `kind`; `what` was being done, or is wrong.
    pub fn new(kind: StoreErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), source: None }
    }

    /// What was written is not there, or not as it was written; `what` says where.
    pub fn damaged(what: impl fmt::Display) -> Self {
        Self::new(StoreErrorKind::Damaged, format!("monti.db is damaged: {what}; {REPAIR}"))
    }

    /// The same failure, because of `source`.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether it passes without anybody's doing: what was asked for can be tried again.
    pub fn passes(&self) -> bool {
        matches!(self.kind, StoreErrorKind::Busy | StoreErrorKind::Full)
    }

    /// The same failure, with what the disk says to a write of our own, if it is one of a write:
    /// SQLite keeps to itself why that failed, unless the disk is full.
    pub(super) fn asking_the_disk(self, connection: &Connection) -> Self {
        let source = self.source.as_ref().and_then(|it| it.downcast_ref::<rusqlite::Error>());
        let code = source.and_then(rusqlite::Error::sqlite_error).map(|error| error.extended_code);
        if code != Some(ffi::SQLITE_IOERR_WRITE) {
            return self;
        }
        match connection.path().map(|file| probe(Path::new(file))) {
            Some(Err(error)) => Self::io(&self.what, error),
            Some(Ok(())) | None => self,
        }
    }

    /// A failure of the system while `doing` something with a file.
    pub(crate) fn io(doing: &str, source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreErrorKind::Full,
            _ => StoreErrorKind::Other,
        };
        Self::new(kind, doing).because(source)
    }

    /// A failure of SQLite while `doing` something.
    pub(crate) fn sqlite(doing: &str, source: rusqlite::Error) -> Self {
        let kind = kind_of(&source);
        let error = match kind {
            StoreErrorKind::Damaged => Self::damaged(format_args!("{doing} failed")),
            _ => Self::new(kind, doing),
        };
        error.because(source)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            StoreErrorKind::Full => write!(f, "the disk is full: {}", self.what)?,
            StoreErrorKind::Sync => write!(
                f,
                "the disk did not confirm a write ({}): what it has is not known. Look after the \
                 disk, then start again: all that was acknowledged before is there",
                self.what
            )?,
            _ => f.write_str(&self.what)?,
        }
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))
    }
}

/// Writes as much as a commit does, into a file beside `database` that is gone afterwards.
fn probe(database: &Path) -> io::Result<()> {
    let file = database.with_extension("probe");
    let written = fs::write(&file, [0; 64 << 10]);
    // Without it the next one writes over it.
    let _ = fs::remove_file(&file);
    written
}

fn kind_of(error: &rusqlite::Error) -> StoreErrorKind {
    let error = match error {
        rusqlite::Error::SqliteFailure(error, _) => error,
        // What is in a column is not what is ever written there.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => return StoreErrorKind::Damaged,
        _ => return StoreErrorKind::Other,
    };
    match (error.code, error.extended_code) {
        (_, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) => StoreErrorKind::Sync,
        // The index of the write-ahead log could not grow: it is a file on the same disk.
        (rusqlite::ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => StoreErrorKind::Full,
        (rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked, _) => {
            StoreErrorKind::Busy
        }
        (rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase, _) => {
            StoreErrorKind::Damaged
        }
        _ => StoreErrorKind::Other,
    }
}

/// Names what is being done, for the message if it fails.
pub(crate) trait Doing<T> {
    fn doing(self, what: &str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::sqlite(what, error))
    }
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::io(what, error))
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn failed(code: i32) -> StoreError {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        StoreError::sqlite("writing to the journal", error)
    }

    #[test]
    fn why_a_write_failed_is_what_the_disk_says() {
        let folder = TempDir::new().unwrap();
        let connection = Connection::open(folder.path().join("monti.db")).unwrap();
        let well = failed(ffi::SQLITE_IOERR_WRITE).asking_the_disk(&connection);
        assert_eq!(well.kind(), StoreErrorKind::Other);
        assert!(well.to_string().contains("disk I/O error"), "{well}");
        assert!(!folder.path().join("monti.probe").exists());
        folder.close().unwrap();
        let gone = failed(ffi::SQLITE_IOERR_WRITE).asking_the_disk(&connection);
        assert!(gone.to_string().contains("No such file"), "{gone}");
        let unsynced = failed(ffi::SQLITE_IOERR_FSYNC).asking_the_disk(&connection);
        assert_eq!(unsynced.kind(), StoreErrorKind::Sync);
    }

    #[test]
    fn a_quota_that_is_used_up_is_a_full_disk() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            let full = StoreError::io("writing to the journal", kind.into());
            assert_eq!(full.kind(), StoreErrorKind::Full);
            assert!(full.passes());
        }
    }
}
