//! How all programs tell what went wrong.

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

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
    use color_eyre::eyre::{WrapErr as _, eyre};

    use super::*;

    #[test]
    fn an_error_is_told_with_its_causes_each_once() {
        let missing = Err::<(), _>(eyre!("there is no such file")).wrap_err("centre.toml");
        assert_eq!(told(&missing.unwrap_err()), "centre.toml: there is no such file");
        let whole = Err::<(), _>(eyre!("no port")).wrap_err("cannot listen: no port");
        assert_eq!(told(&whole.unwrap_err()), "cannot listen: no port");
    }
}
