//! A program as the child of a test or a benchmark: heard until it says where it listens, and ended
//! with its owner.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{self, ChildStdout, Command, ExitStatus},
};

use rustix::process::{Pid, Signal, kill_process};

/// A program that runs; SIGKILL ends it when it is dropped.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) process: process::Child,
    /// What it prints, if that is a pipe.
    out: Option<BufReader<ChildStdout>>,
}

impl Child {
    pub(crate) fn start(program: &mut Command) -> Self {
        let spawned = program.spawn();
        let mut process = spawned.unwrap_or_else(|error| panic!("{program:?}: {error}"));
        let out = process.stdout.take().map(BufReader::new);
        Self { process, out }
    }

    /// The next line that it prints; empty when it has ended.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.as_mut().expect("its output is a pipe").read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    /// Waits until it says where it listens.
    pub(crate) fn address(&mut self) -> SocketAddr {
        let line = self.line();
        let address = line.split_once("://").and_then(|(_, address)| address.parse().ok());
        address.unwrap_or_else(|| panic!("it did not start: {line:?}"))
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.wait();
    }

    /// Asks it to stop, without waiting for it.
    pub(crate) fn ask_to_stop(&self) {
        kill_process(Pid::from_child(&self.process), Signal::TERM).expect("it runs");
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.process.wait().expect("its end")
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
