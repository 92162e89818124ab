//! Printing for whoever reads it, perhaps a program that has had enough.

use std::io::{self, Write as _};

/// Prints to standard output. Who stops reading early has what they wanted: that is no error.
///
/// # Errors
/// It cannot be written for another reason, such as a full disk.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
