//! Real days, call by call: recordings are read, and made into callers and agents to play.

pub mod anonymous_bank;
pub mod casting;
pub mod comparison;
pub mod csv;
mod lines;
pub mod observed;
pub mod queue_log;
pub mod queue_map;
pub mod recording;
pub mod staff;
pub mod survival;
mod waiting;

use std::{
    fs::File,
    io::{self, BufReader},
    path::Path,
};

use jiff::tz::TimeZone;

pub use self::recording::Recording;

/// How a recording is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A month of the "Anonymous Bank" data.
    AnonymousBank,
    /// Asterisk's queue_log.
    QueueLog,
    /// A table with named columns.
    Csv,
}

/// Why nothing was read at all. What is wrong in single lines is in the recording's account.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Its first line.
    #[error("line 1: {0}")]
    Header(String),
}

/// Reads a recording. Times without an offset are local times of `zone`.
///
/// # Errors
/// If there is nothing that could be read.
pub fn read(path: &Path, format: Format, zone: &TimeZone) -> Result<Recording, ReadError> {
    let input = BufReader::new(File::open(path)?);
    match format {
        Format::AnonymousBank => anonymous_bank::read(input, zone),
        Format::QueueLog => queue_log::read(input),
        Format::Csv => csv::read(input, zone),
    }
}
