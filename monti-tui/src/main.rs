//! The program: reads the command line and does what it says.

mod commands;
#[path = "../../programs/entry.rs"]
mod entry;

use std::process::ExitCode;

use monti_tui::config::CommandLine;

fn main() -> ExitCode {
    entry::run(|| {
        let (command_line, matches) = entry::parse::<CommandLine>();
        commands::run(&command_line, &matches)
    })
}
