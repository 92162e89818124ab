//! The program: reads the command line and does what it says.

mod commands;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::{CommandFactory as _, FromArgMatches as _};
use color_eyre::config::{HookBuilder, Theme};
use monti_tui::config::Options;

fn main() -> color_eyre::Result<ExitCode> {
    // What goes wrong here is a file, an option or a server: where in the source that shows helps
    // nobody.
    let theme = if io::stderr().is_terminal() { Theme::dark() } else { Theme::new() };
    HookBuilder::default()
        .theme(theme)
        .display_env_section(false)
        .display_location_section(false)
        .install()?;
    let matches = Options::command().get_matches();
    let options = Options::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    commands::run(&options, &matches)
}
