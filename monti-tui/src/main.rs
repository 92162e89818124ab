//! The program: reads the command line and does what it says.

mod commands;
#[path = "../../programs/entry.rs"]
mod entry;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};
use monti_tui::config::Options;

fn main() -> ExitCode {
    entry::run(|| {
        let matches = Options::command().get_matches();
        let options = Options::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        commands::run(&options, &matches)
    })
}
