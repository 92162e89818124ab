//! The program: reads the command line and does what it says.

mod commands;

use std::process::ExitCode;

use clap::Parser as _;

use self::commands::Cli;

fn main() -> color_eyre::Result<ExitCode> {
    color_eyre::config::HookBuilder::default().display_env_section(false).install()?;
    commands::run(Cli::parse())
}
