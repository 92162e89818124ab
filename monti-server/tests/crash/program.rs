//! The real program, and how it dies.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

/// A server that runs; SIGKILL ends it when it is dropped.
pub(crate) struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Program {
    /// Starts one over what is in `folder`: `data`, with the centre file beside it and the log.
    pub(crate) fn start(folder: &Path) -> Self {
        let log = fs::OpenOptions::new().create(true).append(true).open(folder.join("log"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_monti-server"))
            .env_clear()
            .args(["--listen", "127.0.0.1:0", "--log", "warn", "--centre"])
            .arg(folder.join("centre.toml"))
            .arg("--data")
            .arg(folder.join("data"))
            .stdout(Stdio::piped())
            .stderr(log.unwrap())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// Waits until it says where it is.
    pub(crate) fn address(&mut self) -> SocketAddr {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://");
        address.unwrap_or_else(|| panic!("it did not start: {line:?}")).parse().unwrap()
    }

    /// Asks it to stop, without waiting for it.
    pub(crate) fn ask_to_stop(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Waits for an end that was asked for.
    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
