//! What the program can be asked to do.

mod once;
mod settings;
mod watch;

use std::{
    fs::OpenOptions,
    io::{self, IsTerminal as _},
    process::ExitCode,
    sync::{Arc, Mutex},
};

use clap::{ArgMatches, CommandFactory as _, error::ErrorKind, parser::ValueSource};
use color_eyre::eyre::WrapErr as _;
use monti_tui::{
    config::{Config, Options},
    remote::Remote,
};
use tracing_subscriber::EnvFilter;

pub(crate) fn run(options: &Options, matches: &ArgMatches) -> color_eyre::Result<ExitCode> {
    if let Some(what) = &options.generate {
        return settings::generate(what);
    }
    if options.check_config {
        return settings::check(options, matches);
    }
    let config = Config::load(options, matches)?;
    if options.print_config {
        return settings::print(&config);
    }
    // A recording is watched on a terminal or not at all.
    let once = options.once || (!io::stdout().is_terminal() && options.replay.is_none());
    if let Some(words) = ignored(options, matches, once) {
        Options::command().error(ErrorKind::ArgumentConflict, words).exit();
    }
    log(&config)?;
    if once { once::run(options, &config) } else { watch::run(options, &config) }
}

/// What was asked for and would not be done, if anything was: nothing is left undone in silence.
fn ignored(options: &Options, matches: &ArgMatches, once: bool) -> Option<&'static str> {
    let has_format = matches.value_source("format") == Some(ValueSource::CommandLine);
    match once {
        true if options.record.is_some() => {
            Some("--record needs a terminal: it records what is watched there")
        }
        false if has_format => Some("--format says how --once prints, which was not asked for"),
        false if options.fail_on.is_some() => {
            Some("--fail-on says when --once fails, which was not asked for")
        }
        _ => None,
    }
}

/// Writes the log to its file; what is on the terminal is the wallboard's alone.
fn log(config: &Config) -> color_eyre::Result<()> {
    let filter = EnvFilter::builder().parse(&config.log.value).wrap_err("--log")?;
    let Some(path) = &config.log_file.value else { return Ok(()) };
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = file.wrap_err_with(|| format!("the log file {}", path.display()))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    lines.with_writer(Mutex::new(file)).init();
    Ok(())
}

fn remote(config: &Config) -> color_eyre::Result<Arc<Remote>> {
    let ca = config.ca.value.as_deref();
    Ok(Arc::new(Remote::new(config.connect.value.clone(), config.token(), ca)?))
}
