//! The program: reads the command line and does what it says.

mod commands;
#[path = "../../programs/entry.rs"]
mod entry;

use std::process::ExitCode;

use self::commands::Cli;

fn main() -> ExitCode {
    entry::run(|| {
        let (cli, matches) = entry::parse::<Cli>();
        commands::run(cli, &matches)
    })
}
