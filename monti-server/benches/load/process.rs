//! The server and its counterparts as processes, and what the system says of them.

use std::{
    fs,
    net::SocketAddr,
    process::{ChildStdin, Command, Stdio},
    time::Duration,
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use crate::{child::Child, memory::memory, rest};

/// A process that serves, until this is dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
    _folder: Option<TempDir>,
}

impl Serving {
    /// The server, with data of its own on the disk that the build is on.
    pub(crate) fn server(options: &[&str]) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let mut program = Command::new(env!("CARGO_BIN_EXE_monti-server"));
        program.env_clear().env("MONTI_DATA", folder.path()).env("MONTI_LOG", "warn");
        program.args(["--listen", "127.0.0.1:0"]).args(options);
        Self::start(&mut program, Some(folder))
    }

    /// This program in another role.
    pub(crate) fn bare(arguments: &[&str]) -> Self {
        let program = std::env::current_exe().expect("this program");
        Self::start(Command::new(program).args(arguments).stdin(Stdio::piped()), None)
    }

    fn start(program: &mut Command, folder: Option<TempDir>) -> Self {
        let mut child = Child::start(program.stdout(Stdio::piped()));
        let address = child.address();
        Self { child, address, _folder: folder }
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        self.child.line()
    }

    pub(crate) fn input(&mut self) -> ChildStdin {
        self.child.process.stdin.take().expect("its input")
    }

    /// How many commits a server has made, and the seconds that they took.
    pub(crate) fn commits(&self) -> (f64, f64) {
        let text = self.get("/metrics");
        let read = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).expect(name);
            line.trim().parse().expect(name)
        };
        (read("monti_commit_seconds_count "), read("monti_commit_seconds_sum "))
    }

    /// What a server answers to a question over REST.
    pub(crate) fn get(&self, path: &str) -> String {
        rest::send(self.address, "GET", path, "").expect("an answer").1
    }

    /// The processor time that it has used, on all cores.
    pub(crate) fn cpu(&self) -> Duration {
        let tasks =
            fs::read_dir(format!("/proc/{}/task", self.child.process.id())).expect("its threads");
        let nanos = tasks.filter_map(|task| {
            let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }

    /// The memory that it holds now, in bytes.
    pub(crate) fn memory(&self) -> f64 {
        self.status("VmRSS")
    }

    /// The most that it ever held, in bytes.
    pub(crate) fn memory_peak(&self) -> f64 {
        self.status("VmHWM")
    }

    #[expect(clippy::cast_precision_loss, reason = "less than 2^53")]
    fn status(&self, key: &str) -> f64 {
        memory(self.child.process.id(), key) as f64
    }
}

/// Each end of a connection is an open file.
pub(crate) fn allow_many_connections() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, ..limit };
    setrlimit(Resource::Nofile, raised).expect("more open files");
}
