//! The program: reads the command line and does what it says.

mod commands;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::Parser as _;
use color_eyre::config::{HookBuilder, Theme};

use self::commands::Cli;

fn main() -> color_eyre::Result<ExitCode> {
    // What goes wrong here is a file or an option: where in the source that shows helps nobody.
    let theme = if io::stderr().is_terminal() { Theme::dark() } else { Theme::new() };
    HookBuilder::default()
        .theme(theme)
        .display_env_section(false)
        .display_location_section(false)
        .install()?;
    commands::run(Cli::parse())
}
