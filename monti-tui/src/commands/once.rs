//! `--once`: the state now, for a script.

use std::process::ExitCode;

use monti_tui::{
    config::{CommandLine, Config, FailOn},
    once,
    print::print,
    rest::Rest,
};
use tokio::runtime;

/// `--fail-on` applies.
const FAILS: u8 = 3;

/// The server did not answer, or did not say what was asked.
const NO_ANSWER: u8 = 4;

pub(super) fn run(command_line: &CommandLine, config: &Config) -> color_eyre::Result<ExitCode> {
    let rest = Rest::new(super::remote(config)?);
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let state = match runtime.block_on(rest.snapshot()) {
        Ok(state) => state,
        Err(refusal) => {
            eprintln!("{}", refusal.words);
            return Ok(ExitCode::from(NO_ANSWER));
        }
    };
    let text =
        once::text(&state, command_line.format, config.names(), &config.symbols.value.into());
    print(&text)?;
    let fails = match command_line.fail_on {
        None => false,
        Some(FailOn::Breach) => once::has_breach(&state),
    };
    Ok(if fails { ExitCode::from(FAILS) } else { ExitCode::SUCCESS })
}
