//! The program: reads the command line and does what it says.

mod commands;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::{CommandFactory as _, FromArgMatches as _};
use color_eyre::config::{HookBuilder, Theme};
use monti_tui::config::Options;

fn main() -> ExitCode {
    // A panic is a fault of the program, and is reported as one. Everything else that goes wrong is
    // a file, an option or a server: a line says which.
    let theme = if io::stderr().is_terminal() { Theme::dark() } else { Theme::new() };
    let hooks = HookBuilder::default().theme(theme).display_env_section(false);
    let matches = Options::command().get_matches();
    let options = Options::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let done = hooks.install().and_then(|()| commands::run(&options, &matches));
    done.unwrap_or_else(|report| {
        eprintln!("monti-tui: {report:#}");
        ExitCode::FAILURE
    })
}
