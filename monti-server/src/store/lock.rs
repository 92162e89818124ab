//! The lock that keeps two servers out of one data folder.

use std::{
    fs::{File, OpenOptions},
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

use super::{StoreError, StoreErrorKind, error::Doing};

/// The lock on a data folder, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// The lock of the server that is to use the folder.
    pub(super) fn take(folder: &Path) -> Result<Self, StoreError> {
        Self::lock(folder, FlockOperation::NonBlockingLockExclusive)
    }

    /// Keeps servers out of the folder, as others may at the same time.
    pub(super) fn share(folder: &Path) -> Result<Self, StoreError> {
        Self::lock(folder, FlockOperation::NonBlockingLockShared)
    }

    fn lock(folder: &Path, operation: FlockOperation) -> Result<Self, StoreError> {
        let path = folder.join("monti.lock");
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = opened.doing(&format!("opening {}", path.display()))?;
        match flock(&file, operation) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::new(
                StoreErrorKind::InUse,
                format!("the data folder {} is in use by another server", folder.display()),
            )),
            Err(error) => Err(StoreError::io("locking the data folder", error.into())),
        }
    }
}
