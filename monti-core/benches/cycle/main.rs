//! What a call costs the engine, beside a bare pair of rings, in the same run.
//!
//! `cargo bench -p monti-core` prints a table, `cargo bench -p monti-core -- --json` the same as
//! JSON. Every row is the median over rounds; engine and counterpart take turns, round by round,
//! so that a noisy machine disturbs both alike. Only ratios are results.
//!
//! For a profiler, `-- --rounds=1 "16 queues, 400 agents"` measures but so many rounds, and only the
//! rows of these names.

mod bare;
mod desk;
mod measure;
mod rings;
mod workload;

use measure::{ROUNDS, Row, median_nanos, print_json, print_table};
use workload::{Load, engine_cycles};

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let rounds = arguments.iter().find_map(|argument| argument.strip_prefix("--rounds="));
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let wanted: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| *wanted == name);
    let usual = Load { agents: 400, queues_per_department: 4, waiting: 0, requests: false };
    let loads = [
        ("16 queues, 400 agents", usual, Some((12.0, "the bare cycle"))),
        (
            "10,000 queues, 400 agents",
            Load { queues_per_department: 2_500, ..usual },
            Some((1.5, "16 queues, 400 agents")),
        ),
        ("16 queues, 400 agents, with request ids", Load { requests: true, ..usual }, None),
        ("16 queues, 100 agents", Load { agents: 100, ..usual }, None),
        (
            "16 queues, 10,000 agents",
            Load { agents: 10_000, ..usual },
            Some((1.6, "16 queues, 100 agents")),
        ),
        (
            "16 queues, 1,000,000 agents",
            Load { agents: 1_000_000, ..usual },
            Some((4.5, "16 queues, 100 agents")),
        ),
        ("10 waiting, hang-ups in the middle", Load { waiting: 10, ..usual }, None),
        (
            "1,000,000 waiting, hang-ups in the middle",
            Load { waiting: 1_000_000, ..usual },
            Some((3.0, "10 waiting, hang-ups in the middle")),
        ),
    ];
    type Run = fn(Load) -> Box<dyn FnMut() -> f64>;
    let bare = [
        ("the bare cycle", workload::ring_cycles as Run),
        ("the same behind the engine's interface", workload::bare_cycles),
    ];
    let bare = bare.into_iter().map(|(name, run)| (name, run, usual, None));
    let engine =
        loads.into_iter().map(|(name, load, limit)| (name, engine_cycles as Run, load, limit));
    let all: Vec<_> = bare.chain(engine).collect();
    let names: Vec<_> = all.iter().map(|(name, ..)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        panic!("there is no row \"{unknown}\"; the rows are {names:#?}");
    }
    let wanted: Vec<_> = all.into_iter().filter(|(name, ..)| is_wanted(name)).collect();
    let mut runs: Vec<_> = wanted.iter().map(|(_, run, load, _)| run(*load)).collect();
    let nanos = median_nanos(&mut runs, rounds);
    let rows: Vec<_> = (wanted.into_iter().zip(nanos))
        .map(|((name, _, _, limit), nanos)| Row { name, nanos, limit })
        .collect();
    if json { print_json(&rows) } else { print_table(&rows) }
}
