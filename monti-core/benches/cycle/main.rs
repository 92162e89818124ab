//! What a call costs the engine, beside a bare pair of rings, in the same run.
//!
//! `cargo bench -p monti-core` prints a table, `cargo bench -p monti-core -- --json` the same as
//! JSON. Every row is the median over rounds; engine and counterpart take turns, round by round,
//! so that a noisy machine disturbs both alike. Only ratios are results.

mod bare;
mod measure;
mod workload;

use measure::{Row, median_nanos, print_json, print_table};
use workload::{Load, engine_cycles};

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
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
    let bare = workload::bare_cycles(usual);
    let mut runs: Vec<Box<dyn FnMut() -> f64>> = vec![bare];
    runs.extend(loads.iter().map(|(_, load, _)| engine_cycles(*load)));
    let nanos = median_nanos(&mut runs);
    let mut rows = vec![Row { name: "the bare cycle", nanos: nanos[0], limit: None }];
    rows.extend((loads.iter().zip(&nanos[1..])).map(|((name, _, limit), nanos)| Row {
        name,
        nanos: *nanos,
        limit: *limit,
    }));
    if json { print_json(&rows) } else { print_table(&rows) }
}
