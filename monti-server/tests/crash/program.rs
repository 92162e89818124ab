//! The real program, and how it dies.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

use crate::{child::Child, memory::memory};

/// A server that runs; SIGKILL ends it when it is dropped.
pub(crate) struct Program(Child);

impl Program {
    /// Starts one over what is in `folder`: `data`, with the centre file beside it and the log.
    pub(crate) fn start(folder: &Path) -> Self {
        let log = fs::OpenOptions::new().create(true).append(true).open(folder.join("log"));
        let mut program = Command::new(env!("CARGO_BIN_EXE_monti-server"));
        program.env_clear().args(["--listen", "127.0.0.1:0", "--log", "warn", "--centre"]);
        program.arg(folder.join("centre.toml")).arg("--data").arg(folder.join("data"));
        Self(Child::start(program.stdout(Stdio::piped()).stderr(log.unwrap())))
    }

    /// Waits until it says where it is.
    pub(crate) fn address(&mut self) -> SocketAddr {
        self.0.address()
    }

    /// The memory that it holds now, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        memory(self.0.process.id(), "VmRSS")
    }

    /// Asks it to stop, without waiting for it.
    pub(crate) fn ask_to_stop(&self) {
        self.0.ask_to_stop();
    }

    /// Waits for an end that was asked for.
    pub(crate) fn wait(mut self) -> ExitStatus {
        self.0.wait()
    }
}
