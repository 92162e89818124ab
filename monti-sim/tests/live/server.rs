//! The real server, as its own process.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{built::built, child::Child, http};

/// A test that fails must not hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs, and is killed when the test is over.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    options: Vec<String>,
    folder: TempDir,
}

impl Server {
    /// A server on a free port with data of its own, and some options more.
    pub(crate) fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = options.iter().map(|&option| option.to_owned()).collect::<Vec<_>>();
        let nowhere = (Ipv4Addr::LOCALHOST, 0).into();
        let (child, address) = serve(folder.path(), nowhere, &options);
        Self { child, address, options, folder }
    }

    /// The folder of its data.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file beside its data, removed with it.
    pub(crate) fn create(&self, name: &str) -> File {
        File::create(self.folder.path().join(name)).unwrap()
    }

    /// What a program wrote into a file of this folder; the server's own log is `server.log`.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.process.id()
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill();
    }

    /// Starts it again where it was, on what it left.
    pub(crate) fn start_again(&mut self) {
        (self.child, self.address) = serve(self.folder.path(), self.address, &self.options);
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = http::request(self.address, "GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// All queues together.
    pub(crate) fn total(&self) -> Value {
        self.get("/internal/calls/stats")["total"].clone()
    }

    /// Asks for the total until it is as wanted.
    pub(crate) fn total_when(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let total = self.total();
            if wanted(&total) {
                return total;
            }
            assert!(begun.elapsed() < PATIENCE, "it stays {total}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// All queues as the snapshot shows them.
    pub(crate) fn queues(&self) -> Vec<Value> {
        let snapshot = self.get("/api/snapshot");
        let departments = snapshot["departments"].as_array().unwrap();
        departments.iter().flat_map(|it| it["queues"].as_array().unwrap()).cloned().collect()
    }

    /// All records of all calls that are over.
    pub(crate) fn records(&self) -> Vec<Value> {
        let (mut records, mut cursor) = (Vec::new(), None::<String>);
        let date = self.get("/api/calls")["date"].as_str().unwrap().to_owned();
        loop {
            let from = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.get(&format!("/api/calls?date={date}&limit=1000{from}"));
            records.extend(page["calls"].as_array().unwrap().iter().cloned());
            cursor = page["cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return records;
            }
        }
    }

    /// What the process has used so far: seconds of processor time, and bytes of memory at most.
    pub(crate) fn usage(&self) -> (f64, u64) {
        usage(self.child.process.id())
    }
}

/// What a process has used so far: seconds of processor time, and bytes of memory at most.
pub(crate) fn usage(pid: u32) -> (f64, u64) {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace().collect::<Vec<_>>();
    let ticks = [11, 12].map(|place: usize| fields[place].parse::<f64>().unwrap());
    // Linux counts a hundred ticks a second for all programs.
    (ticks.iter().sum::<f64>() / 100.0, memory(pid, "VmHWM:"))
}

/// The bytes of memory that a process holds now.
pub(crate) fn resident(pid: u32) -> u64 {
    memory(pid, "VmRSS:")
}

fn memory(pid: u32, kind: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let size = status.lines().find_map(|line| line.strip_prefix(kind)).unwrap();
    size.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}

fn serve(folder: &Path, address: SocketAddr, options: &[String]) -> (Child, SocketAddr) {
    let mut program = Command::new(program());
    program.env_clear().current_dir(folder).env("MONTI_DATA", folder.join("data"));
    program.args(["--listen", &address.to_string()]).args(options);
    let log = File::options().create(true).append(true).open(folder.join("server.log")).unwrap();
    let mut child = Child::start(program.stdout(Stdio::piped()).stderr(log));
    let address = child.address();
    (child, address)
}

/// The server's program.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("monti-server", env!("CARGO_BIN_EXE_monti-sim")))
}
