//! The program: reads the command line and does what it says.

mod commands;

use std::process::ExitCode;

use clap::Parser as _;
use color_eyre::config::HookBuilder;

use self::commands::Cli;

fn main() -> color_eyre::Result<ExitCode> {
    // What goes wrong here is a file or an option: where in the source that shows helps nobody.
    HookBuilder::default()
        .display_env_section(false)
        .display_location_section(false)
        .install()?;
    commands::run(Cli::parse())
}
