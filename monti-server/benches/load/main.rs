//! What the server does under load, beside bare counterparts in the same run.
//!
//! `cargo bench -p monti-server` prints a table and takes some minutes; after `--`, `--json` prints
//! the same as JSON, `--only NAME` runs one part, and `--long` runs each for five times as long.
//! The server is the real program, a process of its own on a port that it takes; so are the bare
//! counterparts, which are this program once more. Server and counterpart take turns, round by
//! round, so that a noisy machine disturbs both alike, and figures are medians over the rounds.

mod arrivals;
mod assignment;
mod bare;
mod capacity;
#[path = "../../../programs/child.rs"]
#[expect(dead_code, reason = "other tests use all of it")]
mod child;
mod crowd;
mod disk;
mod fanout;
mod link;
#[path = "../../../programs/memory.rs"]
mod memory;
mod process;
mod report;
#[path = "../../tests/support/rest.rs"]
#[expect(dead_code, reason = "the crash tests use all of it")]
mod rest;
mod room;
mod stalled;
mod watching;

use std::time::Duration;

use report::Report;

/// For how long each part measures, and how often.
#[derive(Debug, Clone, Copy)]
struct Effort {
    rounds: usize,
    /// The length of a round.
    round: Duration,
}

/// A part: its name, and what measures it.
type Part = (&'static str, fn(Effort, &mut Report));

const PARTS: [Part; 6] = [
    ("assignment", assignment::measure),
    ("capacity", capacity::measure),
    ("fanout", fanout::measure),
    ("deltas", watching::measure),
    ("stalled", stalled::measure),
    ("room", room::measure),
];

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let Some(role) = bare::Role::of(&arguments) {
        return role.play();
    }
    process::allow_many_connections();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let only = arguments.iter().position(|argument| argument == "--only");
    let only = only.and_then(|at| arguments.get(at + 1));
    let is_known = |only: &String| PARTS.iter().any(|(name, _)| name == only);
    if let Some(unknown) = only.filter(|only| !is_known(only)) {
        let names = PARTS.map(|(name, _)| name).join(", ");
        panic!("there is no part {unknown}; the parts are {names}");
    }
    let effort = if has("--long") {
        Effort { rounds: 5, round: Duration::from_secs(20) }
    } else {
        Effort { rounds: 3, round: Duration::from_secs(6) }
    };
    let mut report = Report::default();
    for (name, measure) in PARTS {
        if only.is_none_or(|only| only == name) {
            eprintln!("{name} …");
            measure(effort, &mut report);
        }
    }
    if has("--json") { report.print_json() } else { report.print_table() }
}
