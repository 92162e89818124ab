//! What a commit costs on this disk: SQLite as the server uses it, with nothing around it.

use std::{
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tempfile::TempDir;

/// Commits after which the log is brought into the file, as the server does it.
const CHECKPOINT_COMMITS: usize = 200;

/// A bare journal.
pub(crate) struct Disk {
    connection: Connection,
    _folder: TempDir,
}

impl Disk {
    /// A journal in a folder of its own, on the disk that the servers' data are on.
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let connection = Connection::open(folder.path().join("bare.db")).expect("a database");
        connection.pragma_update(None, "journal_mode", "wal").expect("WAL");
        connection.pragma_update(None, "synchronous", "full").expect("synchronous");
        connection.pragma_update(None, "wal_autocheckpoint", 0).expect("checkpoints");
        connection
            .execute_batch("CREATE TABLE journal (seq INTEGER PRIMARY KEY, entries BLOB NOT NULL)")
            .expect("a table");
        let disk = Self { connection, _folder: folder };
        // A log that grows costs more than one that is written over, as the server's is.
        (0..2 * CHECKPOINT_COMMITS).for_each(|_| disk.commit());
        disk.checkpoint();
        disk
    }

    /// Commits small groups one by one for so long. Answers how long each took, in milliseconds.
    pub(crate) fn commit_millis(&self, time: Duration) -> Vec<f64> {
        let start = Instant::now();
        let mut taken = Vec::new();
        while start.elapsed() < time {
            let begun = Instant::now();
            self.commit();
            taken.push(begun.elapsed().as_secs_f64() * 1e3);
            if taken.len() % CHECKPOINT_COMMITS == 0 {
                self.checkpoint();
            }
            // The server's disk has pauses, too.
            thread::sleep(Duration::from_millis(1));
        }
        taken
    }

    fn commit(&self) {
        self.connection
            .prepare_cached("INSERT INTO journal (entries) VALUES (?1)")
            .and_then(|mut insert| insert.execute([[7_u8; 400].as_slice()]))
            .expect("a commit");
    }

    fn checkpoint(&self) {
        let outcome = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        outcome.expect("a checkpoint");
    }
}
