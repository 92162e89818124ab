//! Files that people name: read whole, and not without end.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// The longest file that is read. A device, or a recording named by mistake, is longer.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Reads a file of at most 64 MiB.
///
/// # Errors
/// It cannot be read, or is longer.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let length = File::open(path)?.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if length as u64 > BYTES_MAX {
        return Err(io::Error::other("longer than 64 MiB, which is the most that is allowed"));
    }
    Ok(bytes)
}

/// Reads a text of at most 64 MiB.
///
/// # Errors
/// It cannot be read, is longer, or is no text.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::Error::other("not UTF-8"))
}
