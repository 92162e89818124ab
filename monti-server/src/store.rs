//! `monti.db`: all that outlives the process, in one SQLite file that anyone can open.
//!
//! It holds the journal, snapshots of the engine, the records of calls that are over, the agents'
//! days, the keys of injections and the outbox of a record sink. What one group of inputs leads to
//! is written in one transaction and is on the disk when [`Storage::commit`] returns (WAL mode,
//! `synchronous=FULL`).
//!
//! There is one writer, which holds the folder's lock. History is read over a connection of its
//! own ([`History`]), which keeps nobody waiting.
//!
//! A start does not run SQLite's `integrity_check` or `quick_check`: they read the whole file,
//! which for a year of records takes minutes. What the server lives from, journal and snapshots,
//! carries check sums of its own and is checked whenever it is read; damage in the records shows
//! when they are read or written.

mod checkpoint;
mod company;
mod error;
mod group;
mod history;
mod keys;
mod load;
mod lock;
mod outbox;
mod reserve;
mod schema;
mod storage;
#[cfg(test)]
pub(crate) mod waiting;
mod wal;
mod write;

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt as _, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

pub(crate) use self::keys::call_keys;
use self::{
    checkpoint::{Checkpointer, Mode},
    error::Doing,
    lock::FolderLock,
    reserve::Reserve,
};
pub use self::{
    error::{StoreError, StoreErrorKind},
    group::{Group, Injection},
    history::History,
    outbox::{Backlog, DeadLetter, Letter, LetterKind, Outbox},
    storage::Storage,
};

/// The name of the file in the data folder.
pub const FILE_NAME: &str = "monti.db";

/// How long another program may hold the write lock before a commit is put off.
const BUSY_TIMEOUT: Duration = Duration::from_millis(250);

/// What SQLite keeps in memory of the file, for each connection.
const CACHE_KIB: i32 = 512;

/// How the store is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreOptions {
    /// When a commit counts as done.
    pub sync: SyncMode,
    /// Whether records and agents' days also go to the outbox, for a sink that empties it.
    pub has_sink: bool,
    /// The size of the file that is given up when the disk is full, in bytes.
    pub reserve_bytes: u64,
}

/// When a commit counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncMode {
    /// When the disk confirmed it.
    #[default]
    Full,
    /// When the system has it: a power cut can lose the last seconds, a crash of the
    /// server nothing.
    Normal,
}

impl Default for StoreOptions {
    /// Durable, without a sink, with a reserve of 16 MiB: thousands of groups of what agents do.
    fn default() -> Self {
        Self { sync: SyncMode::Full, has_sink: false, reserve_bytes: 16 << 20 }
    }
}

/// The writer of a data folder's `monti.db`.
#[derive(Debug)]
pub struct Store {
    /// Ends before the connection does, which leaves the file in order.
    checkpointer: Checkpointer,
    connection: Connection,
    options: StoreOptions,
    reserve: Reserve,
    writing: Writing,
    folder: PathBuf,
    /// Which file it is, whatever it is called.
    file: (u64, u64),
    _lock: FolderLock,
}

impl Store {
    /// Opens the store in `folder`, or makes both.
    ///
    /// # Errors
    /// [`InUse`](StoreErrorKind::InUse) if another server has it open,
    /// [`Damaged`](StoreErrorKind::Damaged) if the file is none of ours any more,
    /// [`Newer`](StoreErrorKind::Newer) if a newer version wrote it.
    pub fn open(folder: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        // Callers' numbers are in it: nobody else's business.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.doing(&format!("making the data folder {}", folder.display()))?;
        let lock = FolderLock::take(folder)?;
        company::check(folder)?;
        // Without a sync a power cut may tear a commit that others follow: that was agreed to.
        if options.sync == SyncMode::Full {
            wal::check(folder)?;
        }
        let file = folder.join(FILE_NAME);
        make_private(&file).doing("making monti.db")?;
        let mut connection = Connection::open(file).doing("opening monti.db")?;
        configure(&connection, options.sync)?;
        schema::prepare(&mut connection)?;
        let mut reserve = Reserve::new(folder, options.reserve_bytes);
        if !reserve.restore()? {
            tracing::warn!("there is no room on the disk for the reserve");
        }
        let checkpointer = Checkpointer::start(folder)?;
        let file = identity(folder).doing("looking at monti.db")?;
        let folder = folder.to_owned();
        let writing = Writing::default();
        Ok(Self { checkpointer, connection, options, reserve, writing, folder, file, _lock: lock })
    }

    /// Brings the whole write-ahead log into `monti.db` and empties it. Answers whether it could:
    /// not while another program reads from it, or while the disk is full.
    ///
    /// At a start: what is read may be in the system's memory alone, after a sync that failed. If
    /// the answer is yes, it is on the disk and can be shown. At an end: `monti.db` has everything.
    ///
    /// # Errors
    /// If the disk does not confirm.
    pub fn bring_log_in(&mut self) -> Result<bool, StoreError> {
        let _turn = self.writing.turn();
        Ok(checkpoint::checkpoint(&self.connection, Mode::Truncate)?.is_brought_in)
    }

    /// What a write came to.
    fn done<T>(&self, written: rusqlite::Result<T>, doing: &str) -> Result<T, StoreError> {
        written.doing(doing).map_err(|error| error.asking_the_disk(&self.connection))
    }

    /// Whether `monti.db` is still the file that was opened: one that was deleted takes what is
    /// written to it, and ends with the process.
    fn has_its_file(&self) -> bool {
        identity(&self.folder).is_ok_and(|file| file == self.file)
    }

    /// A reader of what this store has written, for any other thread.
    ///
    /// # Errors
    /// If the file cannot be opened once more.
    pub fn history(&self) -> Result<History, StoreError> {
        History::open(&self.folder)
    }

    /// What a sink has not confirmed yet, for the thread that brings it there.
    ///
    /// # Errors
    /// If the file cannot be opened once more.
    pub fn outbox(&self) -> Result<Outbox, StoreError> {
        Outbox::beside(&self.folder, self.writing.clone())
    }
}

/// Whose turn it is to write, of those in this process: they wait for each other as they wait for
/// the disk, however long a sync takes. That SQLite finds the file locked is then another
/// program's doing.
#[derive(Debug, Clone, Default)]
struct Writing(Arc<Mutex<()>>);

impl Writing {
    /// Waits for the turn. For one transaction; whoever holds it waits for nobody here.
    fn turn(&self) -> MutexGuard<'_, ()> {
        // One that panicked has rolled back.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes an empty file that its owner alone can read, unless there is one; SQLite gives the files
/// beside it the same permissions.
fn make_private(file: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(file).map(drop)
}

/// The device and the number of the file that is in `folder`.
fn identity(folder: &Path) -> io::Result<(u64, u64)> {
    let file = fs::metadata(folder.join(FILE_NAME))?;
    Ok((file.dev(), file.ino()))
}

/// Opens the file that is in `folder` once more, or without a server.
fn connect(folder: &Path, access: OpenFlags) -> Result<Connection, StoreError> {
    if company::check(folder)? {
        check_left_log(folder)?;
    }
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let path = folder.join(FILE_NAME);
    let connection = Connection::open_with_flags(&path, flags);
    let connection = connection.doing(&format!("opening {}", path.display()))?;
    set_up(&connection)?;
    Ok(connection)
}

/// Looks, as a start does, at a log that a server has left: whoever opens the file next has SQLite
/// take a part of a bad one for all of it, and delete the rest. One that has a server is good, and
/// changes meanwhile.
fn check_left_log(folder: &Path) -> Result<(), StoreError> {
    match FolderLock::share(folder) {
        Ok(_no_server) => wal::check(folder),
        Err(error) if error.kind() == StoreErrorKind::InUse => Ok(()),
        Err(error) => Err(error),
    }
}

/// What holds for every connection to the file.
fn set_up(connection: &Connection) -> Result<(), StoreError> {
    let doing = "setting up monti.db";
    connection.busy_timeout(BUSY_TIMEOUT).doing(doing)?;
    // What is written is appended, and what is read of the past is read once: the system's cache
    // does for the rest, and the server's memory has its size within the first hour.
    connection.pragma_update(None, "cache_size", -CACHE_KIB).doing(doing)
}

fn configure(connection: &Connection, sync: SyncMode) -> Result<(), StoreError> {
    let doing = "setting up monti.db";
    set_up(connection)?;
    connection.pragma_update(None, "journal_mode", "wal").doing(doing)?;
    let synchronous = match sync {
        SyncMode::Full => "full",
        SyncMode::Normal => "normal",
    };
    connection.pragma_update(None, "synchronous", synchronous).doing(doing)?;
    connection.pragma_update(None, "foreign_keys", "on").doing(doing)?;
    // SQLite's own checkpoints hide their failures, a failed fsync among them.
    connection.pragma_update(None, "wal_autocheckpoint", 0).doing(doing)?;
    Ok(())
}
