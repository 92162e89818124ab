//! What wallboards that take nothing cost the server.

use std::{
    fs,
    io::Write as _,
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{net::TcpSocket, runtime};

use crate::{alone, centre, link::Link, program::Program, rest, upgrade};

/// So many that each second's state is more than what the server's memory goes up and down by.
const AGENTS: usize = 5_000;

/// What is said at once, before the answers are heard.
const AT_ONCE: usize = 250;

const STALLED: usize = 20;

/// Seconds after which the server has all the memory that change itself takes.
const WARM_UP: usize = 5;

/// F16: they are closed after 10 s, and what they did not take is nowhere until then.
#[test]
fn memory_stays_flat_beside_wallboards_that_take_nothing() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("centre.toml"), centre::file()).unwrap();
    let mut program = Program::start(folder.path());
    let address = program.address();
    let mut agents = Crew::log_in(address);
    let mut board = Link::open(address, "/ws").unwrap();
    for _ in 0..WARM_UP {
        agents.change();
        hear_second(&mut board);
    }
    let before = program.memory();
    let stalled = stall(address);
    let deadline = Instant::now() + Duration::from_secs(60);
    while wallboards(address) <= STALLED {
        assert!(Instant::now() < deadline, "they are not there");
    }
    let (mut told, mut most) = (0, before);
    while wallboards(address) > 1 {
        assert!(Instant::now() < deadline, "they are not closed");
        agents.change();
        told += hear_second(&mut board);
        most = most.max(program.memory());
    }
    drop(stalled);
    let grown = most.saturating_sub(before);
    println!("the server holds {before} bytes, and {grown} more beside what {told} were told");
    assert!(grown < told / 2, "it grew by {grown} bytes while a wallboard was told {told}");
}

/// Agents who all change whenever they are told to.
struct Crew {
    link: Link,
    is_on_break: bool,
}

impl Crew {
    fn log_in(address: SocketAddr) -> Self {
        let mut crew = Self { link: Link::open(address, "/ws/agent").unwrap(), is_on_break: false };
        crew.each(
            "registered",
            |agent| json!({"type": "register", "agentId": agent, "department": "sales"}),
        );
        crew
    }

    fn change(&mut self) {
        self.is_on_break = !self.is_on_break;
        let state = if self.is_on_break { "break" } else { "available" };
        self.each("ack", |agent| json!({"type": "state_change", "agentId": agent, "state": state}));
    }

    /// Has each of them say something, and hears the answers.
    fn each(&mut self, answer: &str, message: impl Fn(String) -> serde_json::Value) {
        let answer = format!(r#"{{"type":"{answer}""#);
        for first in (0..AGENTS).step_by(AT_ONCE) {
            for number in first..first + AT_ONCE {
                self.link.say(&message(format!("agent-{number:04}")));
            }
            let mut left = AT_ONCE;
            while left > 0 {
                assert!(!self.link.is_dead(), "the link is gone");
                let heard = self.link.hear();
                left -= usize::from(heard.is_some_and(|text| text.starts_with(&answer)));
            }
        }
    }
}

/// Hears up to the end of a second's state. Answers how many bytes that was.
fn hear_second(board: &mut Link) -> u64 {
    let mut bytes = 0;
    loop {
        assert!(!board.is_dead(), "the wallboard is closed");
        let Some(text) = board.hear() else { continue };
        bytes += text.len() as u64;
        if text.starts_with(r#"{"type":"vq_overview","department":"retention""#) {
            return bytes;
        }
    }
}

/// Wallboards that take nothing, with little room on the way.
fn stall(address: SocketAddr) -> Vec<TcpStream> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let open = |_| {
        let stream = runtime.block_on(async {
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_recv_buffer_size(4 * 1024).unwrap();
            socket.connect(address).await.unwrap()
        });
        let mut stream = stream.into_std().unwrap();
        stream.write_all(upgrade("/ws").as_bytes()).unwrap();
        stream
    };
    (0..STALLED).map(open).collect()
}

/// How many wallboards the server has.
fn wallboards(address: SocketAddr) -> usize {
    let (_, metrics) = rest::send(address, "GET", "/metrics", "").unwrap();
    let name = r#"monti_open_sockets{kind="wallboard"} "#;
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)).expect(name);
    value.parse().unwrap()
}
