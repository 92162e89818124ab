//! `monti-server centre`: the centre file.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;
use color_eyre::eyre::WrapErr as _;
use monti_core::Centre;
use monti_server::centre_file::CentreFile;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints the default centre as a commented TOML file
    Default,
    /// Checks a centre file, and says all that is wrong in it and where
    Check {
        /// The file, TOML
        file: PathBuf,
    },
}

pub(super) fn run(command: &Command) -> color_eyre::Result<ExitCode> {
    match command {
        Command::Default => io::stdout().write_all(Centre::DEFAULT_TOML.as_bytes())?,
        Command::Check { file } => return check(file),
    }
    Ok(ExitCode::SUCCESS)
}

fn check(file: &Path) -> color_eyre::Result<ExitCode> {
    let text = fs::read_to_string(file).wrap_err_with(|| file.display().to_string())?;
    match CentreFile::parse(&text) {
        Ok(read) => {
            let centre = read.centre();
            let (departments, queues) = (centre.departments().len(), centre.queues().len());
            println!("{}: {departments} departments, {queues} queues, no faults", file.display());
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            for fault in error.faults() {
                eprintln!("{}: {fault}", file.display());
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
