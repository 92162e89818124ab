//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use monti_core::{Millis, parse_duration};
use tracing_subscriber::EnvFilter;

use super::{ColourChoice, SymbolChoice, ThemeChoice, log_filter::log_filter};
use crate::{generate::Generate, remote::Address};

/// What is said after the options.
const AFTER_HELP: &str = "\
Examples:
  monti-tui                                    the server on this machine
  monti-tui --connect wss://monti.example      another one, under TLS
  monti-tui --kiosk --rotate 15s               a wall that nobody touches
  monti-tui --once --format json               the state now, for a script
  monti-tui --once --fail-on breach || echo    ends with 3 if anyone is past a limit

Exit codes: 0 done, 1 failed, 2 wrong options, 3 --fail-on applies, 4 no answer from the server.
Settings: the command line goes before MONTI_… variables, these before the file
(monti/tui.toml in the XDG configuration folder); --print-config shows what is in effect.";

/// Shows what happens in a contact centre: where callers wait, who can act, and why.
#[derive(Debug, Clone, Parser)]
#[command(name = "monti-tui", version = env!("MONTI_VERSION"))]
#[command(after_help = AFTER_HELP, max_term_width = 100)]
pub struct CommandLine {
    /// The server: host:port, or with TLS wss://host [default: 127.0.0.1:8080]
    #[arg(long, short, value_name = "ADDRESS", env = "MONTI_CONNECT")]
    pub connect: Option<Address>,

    /// The file whose first line is the token; without it MONTI_TOKEN is the token
    #[arg(long, value_name = "FILE", env = "MONTI_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,

    /// Certificates to trust besides the system's, PEM
    #[arg(long, value_name = "FILE", env = "MONTI_CA")]
    pub ca: Option<PathBuf>,

    /// Colours: auto (dark or light, as the terminal is), dark, light, high-contrast, colour-vision
    #[arg(long, value_name = "THEME", env = "MONTI_THEME")]
    pub theme: Option<ThemeChoice>,

    /// How many of them: auto, never, 16, 256, true; with NO_COLOR auto is never
    #[arg(long, alias = "color", value_name = "DEPTH", env = "MONTI_COLOUR")]
    pub colour: Option<ColourChoice>,

    /// Signs: unicode, ascii
    #[arg(long, value_name = "SET", env = "MONTI_SYMBOLS")]
    pub symbols: Option<SymbolChoice>,

    /// Shows initials in place of names
    #[arg(long, value_name = "BOOL", env = "MONTI_PRIVACY", require_equals = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true")]
    pub privacy: Option<bool>,

    /// Does not let anything be done from here
    #[arg(long, value_name = "BOOL", env = "MONTI_READ_ONLY", require_equals = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true")]
    pub read_only: Option<bool>,

    /// Uses the mouse, which is then not the terminal's; --mouse=false leaves it alone
    #[arg(long, value_name = "BOOL", env = "MONTI_MOUSE", require_equals = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true")]
    pub mouse: Option<bool>,

    /// Starts as a wall: big figures, alerts, nothing to press
    #[arg(long, value_name = "BOOL", env = "MONTI_KIOSK", require_equals = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true")]
    pub kiosk: Option<bool>,

    /// How long a wall shows one department before the next, such as 15s
    #[arg(long, value_name = "TIME", env = "MONTI_ROTATE", value_parser = rotation)]
    pub rotate: Option<Millis>,

    /// Rings the bell when somebody gets past a limit
    #[arg(long, value_name = "BOOL", env = "MONTI_BELL", require_equals = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true")]
    pub bell: Option<bool>,

    /// Notifies the desktop of it, through the terminal (OSC 9 and OSC 777)
    #[arg(long, value_name = "BOOL", env = "MONTI_DESKTOP", require_equals = true)]
    #[arg(num_args = 0..=1, default_missing_value = "true")]
    pub desktop: Option<bool>,

    /// Records what the server tells in a new file
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// Shows a recording again, without a server
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,

    /// Prints the state now and ends; without a terminal this is what happens anyway
    #[arg(long)]
    pub once: bool,

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Ends with 3 if this is so
    #[arg(long, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,

    /// The file of settings [default: monti/tui.toml in the XDG configuration folder]
    #[arg(long, value_name = "FILE", env = "MONTI_TUI_CONFIG")]
    pub config: Option<PathBuf>,

    /// Prints the settings in effect and where each was made, as a file
    #[arg(long)]
    pub print_config: bool,

    /// Checks the file of settings
    #[arg(long)]
    pub check_config: bool,

    /// Prints a shell's completions, or the manual page: completion:bash, completion:elvish,
    /// completion:fish, completion:powershell, completion:zsh, man, man:FOLDER
    #[arg(long, value_name = "WHAT", value_parser = Generate::parse)]
    pub generate: Option<Generate>,

    /// Where the log is written [default: nowhere]
    #[arg(long, value_name = "FILE", env = "MONTI_TUI_LOG_FILE")]
    pub log_file: Option<PathBuf>,

    /// What the log shows, such as debug or monti_tui::link=debug,warn
    #[arg(long, value_name = "FILTER", env = "MONTI_TUI_LOG", value_parser = log_filter)]
    pub log: Option<EnvFilter>,
}

/// How `--once` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// One object
    Json,
    /// A line a queue
    Csv,
    /// Prometheus text
    Prom,
}

/// What makes `--once` fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Somebody is past a limit
    Breach,
}

fn rotation(text: &str) -> Result<Millis, String> {
    let duration = parse_duration(text).map_err(|error| error.to_string())?;
    let is_allowed = duration >= Millis::from_secs(1);
    is_allowed.then_some(duration).ok_or_else(|| "1s is the least".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound_and_every_option_explained() {
        let command = CommandLine::command();
        command.clone().debug_assert();
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{}", argument.get_id());
        }
    }
}
