//! Dynoxide, which stands for DynamoDB in tests: `scripts/dynamo-servers.sh` installs it.

use std::{
    env,
    io::{BufRead as _, BufReader, Read},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

use crate::child::Child;

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Dynoxide {
    pub(crate) address: SocketAddr,
    _child: Child,
}

impl Dynoxide {
    /// It takes no port 0. One that was free a moment ago can be taken by now: then another.
    pub(crate) fn start() -> Self {
        let program = cache().join("bin/dynoxide");
        assert!(program.exists(), "{} is missing; {INSTALL}", program.display());
        for _ in 0..10 {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
            let address = free.local_addr().expect("a port");
            drop(free);
            let mut command = Command::new(&program);
            command.args(["serve", "--host", "127.0.0.1", "--port", &address.port().to_string()]);
            let mut child = Child::start(command.stderr(Stdio::piped()));
            if said_it_listens(child.process.stderr.take().expect("a pipe")) {
                return Self { address, _child: child };
            }
        }
        panic!("dynoxide found no free port");
    }
}

/// What is to be done where a server is missing.
pub(crate) const INSTALL: &str = "run scripts/dynamo-servers.sh, which installs it";

/// Where the servers are.
pub(crate) fn cache() -> PathBuf {
    let folder = env::var_os("MONTI_CACHE").filter(|folder| !folder.is_empty());
    folder
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env::var_os("HOME").expect("HOME")).join(".cache/monti"))
}

/// Reads until the program says that it listens, and from then on what else it says, on a thread
/// that ends with it.
fn said_it_listens(output: impl Read + Send + 'static) -> bool {
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let listens = lines.any(|line| line.contains("listening on"));
    thread::spawn(move || lines.for_each(drop));
    listens
}
