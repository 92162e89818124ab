//! What lies beside `monti.db` in the data folder, and shows that there is to be one.

use std::{fs, io, path::Path};

use super::{FILE_NAME, StoreError, error::Doing, reserve, wal};

/// Looks whether the folder has its `monti.db`, as SQLite would make a new one without a word: a
/// log it takes for a leftover then, and deletes it; and the calls of a new centre have the ids of
/// those that were lost. Answers whether there is anything in the log.
///
/// # Errors
/// [`Damaged`](super::StoreErrorKind::Damaged) if it is missing or empty, and was not.
pub(super) fn check(folder: &Path) -> Result<bool, StoreError> {
    let has_log = length(&wal::log_in(folder))?.is_some_and(|bytes| bytes > 0);
    let what = match length(&folder.join(FILE_NAME))? {
        Some(0) => "empty",
        Some(_) => return Ok(has_log),
        None => "missing",
    };
    let (witness, anew) = if has_log {
        ("its log monti.db-wal is not", "")
    } else if length(&reserve::file_in(folder))?.is_some() {
        // It is made once there is a database, and given up only while the disk is full. (The lock is
        // made before, and says nothing.)
        (
            "the folder has been in use, as monti.reserve shows",
            "; for a new centre delete monti.reserve",
        )
    } else {
        return Ok(false);
    };
    Err(StoreError::damaged(format_args!(
        "it is {what}, while {witness}; if it was moved away, put it back{anew}"
    )))
}

/// The length of a file in bytes; `None` if there is none.
fn length(file: &Path) -> Result<Option<u64>, StoreError> {
    match fs::metadata(file) {
        Ok(file) => Ok(Some(file.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).doing(&format!("looking at {}", file.display())),
    }
}
