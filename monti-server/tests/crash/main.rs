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
mod floor;
mod found;
mod link;
mod order;
mod program;
mod recount;
mod rest;
mod stage;
mod supervisor;

use std::{
    env, fs, thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::{floor::Floor, program::Program};

#[test]
fn whenever_it_is_killed_nothing_that_was_acknowledged_is_lost_or_doubled() {
    let seed = number("MONTI_CRASH_SEED").unwrap_or_else(any_number);
    let kills = number("MONTI_CRASH_KILLS").unwrap_or(10);
    println!("MONTI_CRASH_SEED={seed} MONTI_CRASH_KILLS={kills}");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("centre.toml"), centre::file()).unwrap();
    let mut dice = StdRng::seed_from_u64(seed);
    let mut floor = Floor::open(seed.wrapping_mul(1_000));
    for kill in 1..=kills {
        let begun = Instant::now();
        let mut program = Program::start(folder.path());
        if dice.random_bool(0.15) {
            // Before it is there.
            thread::sleep(Duration::from_millis(dice.random_range(0..400)));
        } else {
            floor.serve(program.address(), begun);
            // The load is what happens meanwhile.
            thread::sleep(Duration::from_millis(dice.random_range(100..6_000)));
            if dice.random_bool(0.2) {
                // While it writes its last snapshot.
                program.ask_to_stop();
                thread::sleep(Duration::from_millis(dice.random_range(0..300)));
            }
        }
        drop(program);
        println!("kill {kill} after {:?}", begun.elapsed());
        floor.check();
    }
    let begun = Instant::now();
    let mut program = Program::start(folder.path());
    let address = program.address();
    floor.serve(address, begun);
    thread::sleep(Duration::from_secs(2));
    floor.finish(address);
    program.ask_to_stop();
    assert!(program.wait().success());

    let mut program = Program::start(folder.path());
    floor.compare(program.address());
    floor.close();
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().expect(variable))
}

fn any_number() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
