//! `monti-server` alone: serves.

use std::process::ExitCode;

use monti_server::config::{Folders, ServeOptions};

pub(super) fn run(_: &Folders, _: &ServeOptions) -> color_eyre::Result<ExitCode> {
    Ok(ExitCode::FAILURE)
}
