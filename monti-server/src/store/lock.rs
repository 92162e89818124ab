//! The lock that keeps two servers out of one data folder.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::fs::{FlockOperation, flock};

use super::{StoreError, StoreErrorKind, error::Doing};

const NAME: &str = "monti.lock";

/// How long a server waits for others to have looked.
const PATIENCE: Duration = Duration::from_secs(1);

/// The lock on a data folder, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// The lock of the server that is to use the folder. Who looks at a log that was left has it for
    /// a moment, which is waited for.
    pub(super) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(NAME);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = opened.doing(&format!("opening {}", path.display()))?;
        let begun = Instant::now();
        loop {
            match Self::lock(folder, &file, FlockOperation::NonBlockingLockExclusive) {
                Err(error)
                    if error.kind() == StoreErrorKind::InUse && begun.elapsed() < PATIENCE =>
                {
                    thread::sleep(PATIENCE / 50);
                }
                outcome => return outcome.map(|()| Self { _file: file }),
            }
        }
    }

    /// Keeps servers out of the folder, as others may at the same time; `None` if none was ever in it.
    pub(super) fn share(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(NAME);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.doing(&format!("opening {}", path.display()))?,
        };
        Self::lock(folder, &file, FlockOperation::NonBlockingLockShared)?;
        Ok(Some(Self { _file: file }))
    }

    fn lock(folder: &Path, file: &File, operation: FlockOperation) -> Result<(), StoreError> {
        match flock(file, operation) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::new(
                StoreErrorKind::InUse,
                format!("the data folder {} is in use by another server", folder.display()),
            )),
            Err(error) => Err(StoreError::io("locking the data folder", error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn a_server_waits_for_who_looks_for_a_moment_and_for_no_other_server() {
        let folder = tempfile::tempdir().unwrap();
        assert!(FolderLock::share(folder.path()).unwrap().is_none(), "no server was ever here");
        drop(FolderLock::take(folder.path()).unwrap());
        let begins = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                let looks = FolderLock::share(folder.path()).unwrap();
                begins.wait();
                // How long it looks is what the other has to wait for.
                thread::sleep(PATIENCE / 5);
                drop(looks);
            });
            begins.wait();
            let server = FolderLock::take(folder.path()).unwrap();
            for refused in
                [FolderLock::take(folder.path()).map(Some), FolderLock::share(folder.path())]
            {
                assert_eq!(refused.unwrap_err().kind(), StoreErrorKind::InUse);
            }
            drop(server);
        });
    }
}
