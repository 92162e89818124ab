//! Bringing the write-ahead log into the file, beside the commits.
//!
//! It syncs both files, and on the writer's thread every call would wait for that. A thread of its
//! own does it over a connection of its own: what was committed is durable without it, and what is
//! committed meanwhile is left for the next time. Only as long as something always is the log
//! cannot begin anew; once it is long the writer brings in the little that is left, itself.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, OpenFlags};

use super::{StoreError, connect, error::Doing};

/// Groups after which the log is brought into the file.
const GROUPS: u32 = 200;

/// What a part of a snapshot counts for: it is larger than most groups.
pub(super) const PART_GROUPS: u32 = GROUPS / 4;

/// The frames of a log, a page each, that is long: 16 MiB.
const FRAMES_MAX: i64 = 4_096;

/// Who brings the log into the file.
#[derive(Debug)]
pub(super) struct Checkpointer {
    /// Groups written since it was last asked to.
    groups: u32,
    found: Arc<Found>,
    /// `None` once it is to end.
    wake: Option<mpsc::SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread has found.
#[derive(Debug, Default)]
struct Found {
    is_long: AtomicBool,
    failure: Mutex<Option<StoreError>>,
}

impl Checkpointer {
    /// Begins to work on the file in `folder`.
    pub(super) fn start(folder: &Path) -> Result<Self, StoreError> {
        let connection = open(folder)?;
        let found = Arc::new(Found::default());
        // One who is woken up while at work looks once more.
        let (wake, woken) = mpsc::sync_channel(1);
        let thread = thread::Builder::new().name("checkpoints".to_owned()).spawn({
            let found = Arc::clone(&found);
            move || {
                while let Ok(()) = woken.recv() {
                    found.note(checkpoint(&connection, Mode::Passive));
                }
            }
        });
        let thread = thread.doing("starting a thread for checkpoints")?;
        Ok(Self { groups: 0, found, wake: Some(wake), thread: Some(thread) })
    }

    /// Groups were written over `connection`.
    ///
    /// # Errors
    /// What a checkpoint failed with.
    pub(super) fn wrote(&mut self, groups: u32, connection: &Connection) -> Result<(), StoreError> {
        self.groups += groups;
        if self.groups >= GROUPS {
            self.groups = 0;
            if let Some(wake) = &self.wake {
                // One that has not come to it yet will.
                let _is_awake = wake.try_send(());
            }
        }
        if self.found.is_long.swap(false, Ordering::AcqRel) {
            checkpoint(connection, Mode::Passive)?;
        }
        self.check()
    }

    /// Ends its work, after the checkpoint that is under way.
    pub(super) fn stop(&mut self) {
        self.wake = None;
        // A thread that panicked has said so.
        let _ended = self.thread.take().map(JoinHandle::join);
    }

    /// Whether all is well.
    ///
    /// # Errors
    /// What a checkpoint failed with.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let mut failure = self.found.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.take().map_or(Ok(()), Err)
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Found {
    fn note(&self, outcome: Result<Log, StoreError>) {
        match outcome {
            Ok(log) => self.is_long.store(log.frames > FRAMES_MAX, Ordering::Release),
            Err(error) => {
                *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
    }
}

fn open(folder: &Path) -> Result<Connection, StoreError> {
    let connection = connect(folder, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Without it nothing is synced, whatever the commits do.
    connection.pragma_update(None, "synchronous", "full").doing("setting up checkpoints")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0).doing("setting up checkpoints")?;
    Ok(connection)
}

/// How far a checkpoint goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// It waits for nobody; the log begins anew when all of it was brought in.
    Passive,
    /// It waits a little for those who read or write, and the log is empty then.
    Truncate,
}

/// The write-ahead log after a checkpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Log {
    /// How many frames it has.
    pub(super) frames: i64,
    /// Whether the file has, durably, all that it has: not while somebody reads from it, or while
    /// there is no room for it.
    pub(super) is_brought_in: bool,
}

/// Brings the write-ahead log into the file, as far as nobody reads what is there.
///
/// What was committed is durable without it, so that a full disk or a lock is no failure here;
/// that the disk does not confirm is.
pub(super) fn checkpoint(connection: &Connection, mode: Mode) -> Result<Log, StoreError> {
    let sql = match mode {
        Mode::Passive => "PRAGMA wal_checkpoint(PASSIVE)",
        Mode::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
    };
    let outcome = connection.query_row(sql, [], |row| {
        let (is_held_up, frames, brought_in): (bool, i64, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Log { frames, is_brought_in: !is_held_up && frames == brought_in })
    });
    let outcome = outcome.doing("bringing the write-ahead log into monti.db");
    match outcome.map_err(|error| error.asking_the_disk(connection)) {
        Err(error) if error.passes() => Ok(Log::default()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        time::{Duration, Instant},
    };

    use monti_core::Timestamp;
    use tempfile::TempDir;

    use super::super::{Group, Storage as _, Store, StoreOptions, SyncMode};

    #[test]
    fn a_log_is_brought_in_unless_somebody_reads_from_it() {
        let folder = TempDir::new().unwrap();
        let options = StoreOptions { sync: SyncMode::Full, reserve_bytes: 4096, has_sink: false };
        let mut store = Store::open(folder.path(), options).unwrap();
        let mut group = Group::default();
        group.note(Timestamp::from_millis(0), None);
        store.commit(1, &group).unwrap();
        let reader = super::open(folder.path()).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM journal").unwrap();
        assert!(!store.bring_log_in().unwrap());
        reader.execute_batch("COMMIT").unwrap();
        assert!(store.bring_log_in().unwrap());
        assert_eq!(fs::metadata(folder.path().join("monti.db-wal")).unwrap().len(), 0);
    }

    /// However long a checkpoint takes, there is something in the log after it that was committed
    /// meanwhile.
    #[test]
    fn a_log_that_is_always_written_to_begins_anew() {
        let folder = TempDir::new().unwrap();
        let options = StoreOptions { sync: SyncMode::Normal, reserve_bytes: 4096, has_sink: false };
        let mut store = Store::open(folder.path(), options).unwrap();
        let mut group = Group::default();
        group.note(Timestamp::from_millis(0), None);
        // What its frames are known by is another then.
        let salts = || fs::read(folder.path().join("monti.db-wal")).unwrap()[16..24].to_vec();
        store.commit(1, &group).unwrap();
        let (first, begun) = (salts(), Instant::now());
        for seq in 2.. {
            store.commit(seq, &group).unwrap();
            if seq % 2_000 == 0 && salts() != first {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "after {seq} commits");
        }
    }
}
