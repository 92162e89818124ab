//! What the program can be asked to do.

mod study;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Callers and agents that behave like people, for a contact centre to serve, to show, or to plan.
#[derive(Debug, Parser)]
#[command(name = "monti-sim", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  monti-sim study shop.toml                                the service level of a scenario
  monti-sim study shop.toml --staff sales=18..26           how many agents it takes
  monti-sim study shop.toml --report shop.html             with charts over the day";

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays a scenario in virtual time, and says what comes of it and how sure that is
    Study(study::Options),
}

/// Does what was asked for; the code is a failure where only an answer is wrong, not the program.
pub(crate) fn run(cli: Cli) -> color_eyre::Result<ExitCode> {
    match cli.command {
        Command::Study(options) => study::run(&options),
    }
}
