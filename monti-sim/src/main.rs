//! The MONTI simulator of callers and agents.
//!
//! Not built yet: the program says so and fails, rather than pretending to work.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("monti-sim {} cannot do anything yet", env!("CARGO_PKG_VERSION"));
    ExitCode::FAILURE
}
