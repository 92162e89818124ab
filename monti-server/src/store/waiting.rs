//! An outbox for tests.

use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use super::{FILE_NAME, Store, StoreOptions};

/// A store in whose outbox so many letters wait, numbered from 1, and the folder that it is in.
pub(crate) fn waiting(letters: i64) -> (Store, TempDir) {
    let folder = TempDir::new().unwrap();
    let options = StoreOptions { has_sink: true, reserve_bytes: 4096, ..Default::default() };
    let store = Store::open(folder.path(), options).unwrap();
    write(folder.path(), letters);
    (store, folder)
}

/// Writes so many letters more into the outbox of a folder.
pub(crate) fn write(folder: &Path, letters: i64) {
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {letters}) \
         INSERT INTO outbox (kind, key, ver, at_ms, body) SELECT 'call', i, 1, 0, '{{}}' FROM n"
    );
    let file = Connection::open(folder.join(FILE_NAME)).unwrap();
    file.execute_batch(&sql).unwrap();
}
