//! The program: reads the command line and does what it says.

mod commands;
#[path = "../../programs/entry.rs"]
mod entry;

use std::process::ExitCode;

use self::commands::Cli;

fn main() -> ExitCode {
    entry::run(|| commands::run(entry::parse::<Cli>().0))
}
