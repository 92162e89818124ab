//! The MONTI server: keeps every call through crashes and tells wallboards about it.
//!
//! Not built yet: the program says so and fails, rather than pretending to work.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("monti-server {} cannot do anything yet", env!("CARGO_PKG_VERSION"));
    ExitCode::FAILURE
}
