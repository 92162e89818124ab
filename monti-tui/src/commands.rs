//! What the program can be asked to do.

mod job;
mod once;
mod settings;
mod watch;

use std::{
    fs::OpenOptions,
    io::{self, IsTerminal as _},
    process::ExitCode,
    sync::{Arc, Mutex},
};

use clap::{ArgMatches, CommandFactory as _, error::ErrorKind};
use color_eyre::eyre::WrapErr as _;
use monti_tui::{
    config::{CommandLine, Config, Source},
    remote::Remote,
};

use self::job::Job;

pub(crate) fn run(
    command_line: &CommandLine,
    matches: &ArgMatches,
) -> color_eyre::Result<ExitCode> {
    let job = Job::of(command_line, io::stdout().is_terminal());
    let mut command = CommandLine::command();
    if let Some(words) = job.refusal(&command, matches) {
        command.error(ErrorKind::ArgumentConflict, words).exit();
    }
    match &command_line.generate {
        Some(what) => return settings::generate(what),
        None if job == Job::CheckConfig => return settings::check(command_line, matches),
        None => {}
    }
    let config = Config::load(command_line, matches)?;
    if job == Job::PrintConfig {
        return settings::print(&config);
    }
    if config.log.source == Source::Flag && config.log_file.value.is_none() {
        let words = "--log says what the log shows, and no log file is given: --log-file";
        command.error(ErrorKind::MissingRequiredArgument, words).exit();
    }
    log(&config)?;
    match job {
        Job::Once | Job::WithoutTerminal => once::run(command_line, &config),
        _ => watch::run(command_line, &config),
    }
}

/// Writes the log to its file; what is on the terminal is the wallboard's alone.
fn log(config: &Config) -> color_eyre::Result<()> {
    let Some(path) = &config.log_file.value else { return Ok(()) };
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = file.wrap_err_with(|| format!("the log file {}", path.display()))?;
    let filter = config.log.value.clone();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    lines.with_writer(Mutex::new(file)).init();
    Ok(())
}

fn remote(config: &Config) -> color_eyre::Result<Arc<Remote>> {
    let ca = config.ca.value.as_deref();
    Ok(Arc::new(Remote::new(config.connect.value.clone(), config.token(), ca)?))
}
