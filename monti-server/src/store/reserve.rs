//! Room on the disk that is kept back for the time when there is none.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rustix::fs::{FallocateFlags, fallocate};

use super::{StoreError, StoreErrorKind};

/// The reserve's file in `folder`.
pub(super) fn file_in(folder: &Path) -> PathBuf {
    folder.join("monti.reserve")
}

/// A file without content. Given up when the disk is full, it lets agents end their calls.
#[derive(Debug)]
pub(super) struct Reserve {
    path: PathBuf,
    bytes: u64,
}

impl Reserve {
    pub(super) fn new(folder: &Path, bytes: u64) -> Self {
        Self { path: file_in(folder), bytes }
    }

    /// Gives the room to whoever needs it. Answers whether there was any.
    pub(super) fn release(&mut self) -> Result<bool, StoreError> {
        match fs::remove_file(&self.path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io("giving up the reserve", error)),
        }
    }

    /// Keeps the room back. Answers whether there is enough.
    pub(super) fn restore(&mut self) -> Result<bool, StoreError> {
        if fs::metadata(&self.path).is_ok_and(|file| file.len() == self.bytes) {
            return Ok(true);
        }
        match self.allocate() {
            Ok(()) => Ok(true),
            Err(error) => {
                self.release()?;
                let error = StoreError::io("keeping a reserve", error);
                if error.kind() == StoreErrorKind::Full { Ok(false) } else { Err(error) }
            }
        }
    }

    fn allocate(&self) -> io::Result<()> {
        let mut file = File::create(&self.path)?;
        match fallocate(&file, FallocateFlags::empty(), 0, self.bytes) {
            Ok(()) => Ok(()),
            // Not every file system can: then by writing.
            Err(rustix::io::Errno::OPNOTSUPP) => {
                static CHUNK: [u8; 64 << 10] = [0; 64 << 10];
                let mut left = self.bytes;
                while left > 0 {
                    let chunk = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK.len());
                    file.write_all(&CHUNK[..chunk])?;
                    left -= chunk as u64;
                }
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}
