//! kill -9 in the middle of the drain.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use monti_server::store::{Store, StoreOptions};

use crate::{
    centre::{Centre, assert_all_is_there},
    floor::OPTIONS,
    proxy::{Fault, Proxy},
    servers::{Kind, Tables},
    writing::wait_for,
};

/// How often the server is killed.
const KILLS: u64 = 20;

/// Each time after another number of requests: in the middle of a round, between two of them, after
/// what was sent has got there and before that is known here.
#[test]
fn however_often_the_server_is_killed_everything_arrives_once() {
    let tables = Tables::on(Kind::Dynoxide);
    let proxy = Proxy::before(&tables.server.endpoint);
    // Answers take their time, so that there is always something under way.
    proxy.plan(|_| Fault::AnswerLate(Duration::from_millis(3)));
    let mut centre = Centre::with_agents(250);
    (0..40).for_each(|_| centre.second(250));
    let Centre { floor, .. } = centre;
    let folder = std::sync::Arc::clone(&floor.folder);
    floor.driver.shut_down().unwrap();

    let folder = folder.path();
    for kill in 0..KILLS {
        let mut server = Serving::start(folder, &tables, &proxy.endpoint);
        proxy.wait_for(proxy.requests() + 1 + kill * 7 % 19);
        server.kill();
    }
    let outbox = monti_server::store::Outbox::open(folder).unwrap();
    assert!(outbox.backlog().unwrap().records > 0, "it was in the middle of it each time");

    let server = Serving::start(folder, &tables, &proxy.endpoint);
    wait_for(folder, |backlog| backlog.records == 0);
    drop(server);
    let store = Store::open(folder, StoreOptions { has_sink: true, ..OPTIONS }).unwrap();
    let (calls, days) = assert_all_is_there(folder, &store.history().unwrap(), &tables);
    assert_eq!(calls, 10_000);
    assert_eq!(days, 250, "the day ended while the server was down");
}

/// The program, until it is dropped.
pub(crate) struct Serving(Child, pub(crate) String);

impl Serving {
    pub(crate) fn start(folder: &Path, tables: &Tables, endpoint: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_monti-server"));
        program.env_clear().env("MONTI_DATA", folder).env("MONTI_LISTEN", "127.0.0.1:0");
        program.env("DYNAMO_USE_LOCAL", "true").env("DYNAMO_ENDPOINT", endpoint);
        program.env("DYNAMO_TABLE_PREFIX", &tables.layout.prefix);
        program.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = program.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let (_, address) = line.trim_end().split_once("listening on http://").expect(&line);
        Self(child, address.to_owned())
    }

    /// Sends SIGTERM, and waits for the end.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.0.wait().unwrap()
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
