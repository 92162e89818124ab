//! `--print-config`, `--check-config` and `--generate`.

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _};
use monti_tui::{
    config::{self, CommandLine, Config},
    generate::Generate,
    print,
};

pub(super) fn print(config: &Config) -> color_eyre::Result<ExitCode> {
    print::print(&config::print(config))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn check(
    command_line: &CommandLine,
    matches: &ArgMatches,
) -> color_eyre::Result<ExitCode> {
    let Some((path, _)) = config::config_file(command_line) else {
        print::print("there is no home folder and no file: all settings are the default ones\n")?;
        return Ok(ExitCode::SUCCESS);
    };
    let path = path.display();
    match Config::load(command_line, matches) {
        Ok(_) if path_exists(command_line) => print::print(&format!("{path}: no faults\n"))?,
        Ok(_) => print::print(&format!(
            "{path}: there is no such file: all settings are the default ones\n"
        ))?,
        Err(error) => {
            eprintln!("{error}");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn path_exists(command_line: &CommandLine) -> bool {
    config::config_file(command_line).is_some_and(|(path, _)| path.exists())
}

pub(super) fn generate(what: &Generate) -> color_eyre::Result<ExitCode> {
    what.run(CommandLine::command())?;
    Ok(ExitCode::SUCCESS)
}
