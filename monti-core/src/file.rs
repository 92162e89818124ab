//! TOML files that people write: everything that is wrong in them is named, with its place.

mod fault;
mod table;
pub mod value;

pub use toml::de::{DeArray, DeTable, DeValue};

use self::table::Fault;
pub use self::{
    fault::{FileError, FileFault},
    table::Table,
};

/// Reads a file: `read` is given its top table.
///
/// # Errors
/// If anything is wrong in the file, everything that is wrong in it. Of a text that is no TOML only
/// the first place where it is not.
pub fn read<T>(text: &str, read: impl FnOnce(&mut Table<'_>) -> Option<T>) -> Result<T, FileError> {
    let file = DeTable::parse(text).map_err(|error| FileError::syntax(text, &error))?;
    let mut faults: Vec<Fault> = Vec::new();
    match Table::read_file(&file, &mut faults, read) {
        Some(value) if faults.is_empty() => Ok(value),
        _ => Err(FileError::new(text, faults)),
    }
}
