//! The real program, killed again and again under load: 200 calls a second, 2,000 agents over real
//! links, wallboards, a supervisor.
//!
//! Whatever moment it dies at, no call that was acknowledged is lost or there twice, none is
//! overtaken, no id names two calls, and all figures are those of a recount.
//!
//! ```sh
//! cargo test -p monti-server --test crash                                        # 10 kills
//! MONTI_CRASH_KILLS=200 cargo test -p monti-server --test crash -- --nocapture   # 200
//! ```
//!
//! `MONTI_CRASH_SEED` sets the dice: what callers and agents do, and when the program dies. The
//! seed of each run is printed. What happens at one moment is up to the machine, too.

mod accounts;
mod agents;
mod board;
mod book;
mod callers;
mod centre;
#[path = "../../../programs/child.rs"]
#[expect(dead_code, reason = "other tests use all of it")]
mod child;
mod disk;
#[path = "../support/faulty.rs"]
mod faulty;
mod floor;
mod found;
#[path = "../support/front.rs"]
mod front;
mod inside;
mod link;
#[path = "../../../programs/memory.rs"]
mod memory;
mod order;
mod program;
mod recount;
#[path = "../support/rest.rs"]
mod rest;
#[path = "../support/small_disk.rs"]
mod small_disk;
mod stage;
mod stalled;
mod supervisor;

use std::{
    env, fs,
    io::Write as _,
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tempfile::TempDir;

use crate::{floor::Floor, program::Program, small_disk::SmallDisk};

#[test]
fn whenever_it_is_killed_nothing_that_was_acknowledged_is_lost_or_doubled() {
    let kills = number("MONTI_CRASH_KILLS").unwrap_or(10);
    let mut trial = Trial::begin();
    for kill in 1..=kills {
        let begun = Instant::now();
        let mut program = Program::start(trial.folder.path());
        if trial.dice.random_bool(0.15) {
            // Before it is there.
            trial.pass(0..400);
        } else {
            trial.floor.serve(program.address(), begun);
            trial.pass(100..6_000);
            if trial.dice.random_bool(0.2) {
                // While it writes its last snapshot.
                program.ask_to_stop();
                trial.pass(0..300);
            }
        }
        drop(program);
        println!("kill {kill} after {:?}", begun.elapsed());
    }
    trial.end();
}

/// F28: no new calls, everything is kept, every link hears of it; whatever the peers do.
#[test]
fn told_to_stop_under_load_it_ends_within_five_seconds() {
    let mut trial = Trial::begin();
    for _ in 0..2 {
        let begun = Instant::now();
        let mut program = Program::start(trial.folder.path());
        let address = program.address();
        trial.floor.serve(address, begun);
        trial.pass(1_000..2_000);
        let unfinished = unfinished(address);
        let told = Instant::now();
        program.ask_to_stop();
        assert!(program.wait().success());
        let took = told.elapsed();
        println!("it stopped in {took:?}");
        // The rest is the machine's, which has other things to do.
        assert!(took < Duration::from_secs(5) + SLACK, "{took:?}");
        drop(unfinished);
        trial.floor.check();
    }
    trial.end();
}

/// How late a busy machine may wake a program up.
const SLACK: Duration = Duration::from_secs(2);

/// Requests that do not come to an end, and a wallboard that takes nothing.
fn unfinished(address: SocketAddr) -> Vec<TcpStream> {
    let half = "POST /internal/calls/inject HTTP/1.1\r\nhost: localhost\r\n\
                content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let texts = [&upgrade("/ws"), half, "GET /health HTTP/1.1\r\nhost: loc"];
    let open = |text: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    texts.map(open).into()
}

/// How a WebSocket is asked for.
fn upgrade(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// A centre and all of its peers, who go through whatever happens to the server.
struct Trial {
    /// Unmounted before its folder is removed.
    disk: Option<Arc<SmallDisk>>,
    folder: TempDir,
    floor: Floor,
    dice: StdRng,
    _alone: MutexGuard<'static, ()>,
}

impl Trial {
    fn begin() -> Self {
        let alone = alone();
        let seed = number("MONTI_CRASH_SEED").unwrap_or_else(any_number);
        println!("MONTI_CRASH_SEED={seed}");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("centre.toml"), centre::file()).unwrap();
        let floor = Floor::open(seed.wrapping_mul(1_000));
        Self { disk: None, folder, floor, dice: StdRng::seed_from_u64(seed), _alone: alone }
    }

    /// Lets callers and agents do what they do for so many milliseconds.
    fn pass(&mut self, millis: std::ops::Range<u64>) {
        thread::sleep(Duration::from_millis(self.dice.random_range(millis)));
        self.floor.check();
    }

    /// Starts the server once more, lets all finish what they are at, and looks at what there is;
    /// then at whether it is the same after an orderly stop.
    fn end(mut self) {
        let begun = Instant::now();
        let mut program = Program::start(self.folder.path());
        let address = program.address();
        self.floor.serve(address, begun);
        self.pass(2_000..2_001);
        self.floor.finish(address);
        program.ask_to_stop();
        assert!(program.wait().success());

        let mut program = Program::start(self.folder.path());
        self.floor.compare(program.address());
        self.floor.close();
    }
}

/// One load at a time is enough for a machine.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    // One that failed is over.
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().expect(variable))
}

fn any_number() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
