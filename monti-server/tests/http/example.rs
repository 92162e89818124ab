//! `examples/agent.py`, which shows how a phone system connects.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::program::{Serving, err, out, program};

#[test]
fn the_example_of_an_agent_takes_the_calls_that_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let mut agent = Example::start(&server);
    agent.says("registered");
    let client = server.client(None);
    let body = r#"{"vq":"sales_general","count":2}"#;
    let injected = client.post("/internal/calls/inject", body).json();
    // The second call comes after all that was to be done with the first.
    agent.says("call_assign");
    agent.says("call_assign");
    let page = client.get("/api/calls").ok();
    let calls = page["calls"].as_array().unwrap();
    let call = calls.iter().find(|call| call["callId"] == injected["calls"][0]).unwrap();
    assert_eq!(
        (&call["agentId"], &call["status"], &call["outcome"]),
        (&"avery".into(), &"completed".into(), &"helped".into())
    );
}

/// It is killed in the middle of its first call, and started again within the grace.
#[test]
fn the_example_of_an_agent_goes_on_with_the_call_that_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let client = server.client(None);
    let mut agent = Example::talking(&server, "60");
    agent.says("registered");
    let body = r#"{"vq":"sales_general"}"#;
    client.post("/internal/calls/inject", body).json();
    agent.says("call_assign");
    // It tells nothing while it talks.
    let stats = || client.get("/internal/calls/stats").ok();
    while stats()["activeCalls"] == 0 {
        std::thread::yield_now();
    }
    drop(agent);
    let mut agent = Example::start(&server);
    agent.says("registered");
    // Of the call's end, and of asking to be available.
    agent.says("ack");
    agent.says("ack");
    let page = client.get("/api/calls").ok();
    assert_eq!(page["calls"][0]["status"], "completed", "{page}");
}

/// The example, at work; killed when it is dropped.
struct Example {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Example {
    fn start(server: &Serving) -> Self {
        Self::talking(server, "0.1")
    }

    fn talking(server: &Serving, seconds: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        // Prints where it is; scripts/test.sh has had it made before.
        let python = Command::new(root.join("scripts/python.sh")).output().unwrap();
        assert!(python.status.success(), "{}", err(&python));
        let mut child = Command::new(out(&python).trim_end())
            .arg(root.join("examples/agent.py"))
            .args([&server.address().to_string(), "avery", "sales", seconds, "0.1"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Waits until it prints that it heard such a message.
    fn says(&mut self, kind: &str) {
        let mut line = String::new();
        while line.split(' ').next() != Some(kind) {
            line.clear();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "it ended without {kind}");
        }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
