//! How all programs read their command line, and tell what went wrong.

use std::{
    env,
    ffi::{OsStr, OsString},
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::{ArgMatches, Command, Parser};
use color_eyre::{
    Report,
    config::{HookBuilder, Theme},
};

/// Runs a program. A wrong option, a file, a server that refuses: that is told in a line. A report
/// with a backtrace is for what must not happen, a panic.
pub(crate) fn run(program: impl FnOnce() -> color_eyre::Result<ExitCode>) -> ExitCode {
    let theme = if io::stderr().is_terminal() { Theme::dark() } else { Theme::new() };
    let reports = HookBuilder::default().theme(theme).display_env_section(false).install();
    reports.and_then(|()| program()).unwrap_or_else(|error| {
        eprintln!("{}: {}", env!("CARGO_PKG_NAME"), told(&error));
        ExitCode::FAILURE
    })
}

/// Reads the command line and the environment, or ends the program with what is wrong.
pub(crate) fn parse<T: Parser>() -> (T, ArgMatches) {
    let matches = without_empty_variables(T::command(), |name| env::var_os(name)).get_matches();
    (T::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()), matches)
}

/// A variable that is empty counts as one that is not set: so it comes from where settings are
/// handed on that nobody made.
fn without_empty_variables(command: Command, variable: fn(&OsStr) -> Option<OsString>) -> Command {
    let is_empty = |name: &OsStr| variable(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|argument| match argument.get_env() {
        Some(name) if is_empty(name) => argument.env(None::<&str>),
        _ => argument,
    });
    command.mut_subcommands(|command| without_empty_variables(command, variable))
}

/// An error and its causes; a cause that is part of what it caused is told once.
fn told(error: &Report) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| {
        match (told.is_empty(), told.ends_with(&cause)) {
            (true, _) => cause,
            (false, true) => told,
            (false, false) => format!("{told}: {cause}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::Arg;
    use color_eyre::eyre::{WrapErr as _, eyre};

    use super::*;

    #[test]
    fn a_variable_that_is_empty_is_as_none() {
        // It is set where tests run.
        let argument = || Arg::new("name").env("CARGO_PKG_NAME");
        let command = || {
            let below = Command::new("below").arg(argument());
            Command::new("program").arg(argument()).subcommand(below)
        };
        for (variable, is_set) in
            [((|_| Some("set".into())) as fn(&OsStr) -> _, true), (|_| Some("".into()), false)]
        {
            let command = without_empty_variables(command(), variable);
            let matches = command.get_matches_from(["program", "below"]);
            let below = matches.subcommand_matches("below").unwrap();
            assert_eq!(matches.contains_id("name"), is_set);
            assert_eq!(below.contains_id("name"), is_set);
        }
    }

    #[test]
    fn an_error_is_told_with_its_causes_each_once() {
        let missing = Err::<(), _>(eyre!("there is no such file")).wrap_err("centre.toml");
        assert_eq!(told(&missing.unwrap_err()), "centre.toml: there is no such file");
        let whole = Err::<(), _>(eyre!("no port")).wrap_err("cannot listen: no port");
        assert_eq!(told(&whole.unwrap_err()), "cannot listen: no port");
    }
}
