//! The program: reads the command line and does what it says.

mod commands;
#[path = "../../programs/entry.rs"]
mod entry;

use std::process::ExitCode;

use monti_tui::config::Options;

fn main() -> ExitCode {
    entry::run(|| {
        let (options, matches) = entry::parse::<Options>();
        commands::run(&options, &matches)
    })
}
