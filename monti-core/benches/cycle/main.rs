//! What a call costs the engine, beside a bare pair of rings, in the same run.
//!
//! `cargo bench -p monti-core` prints a table, `cargo bench -p monti-core -- --json` the same as
//! JSON. Every row is the median over rounds; engine and counterpart take turns, round by round,
//! so that a noisy machine disturbs both alike. Only ratios are results.

mod bare;
mod desk;
mod measure;
mod rings;
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
    let bare = [
        ("the bare cycle", workload::ring_cycles(usual)),
        ("the same behind the engine's interface", workload::bare_cycles(usual)),
    ];
    let (names, mut runs): (Vec<_>, Vec<_>) = bare.into_iter().unzip();
    runs.extend(loads.iter().map(|(_, load, _)| engine_cycles(*load)));
    let nanos = median_nanos(&mut runs);
    let (bare_nanos, nanos) = nanos.split_at(names.len());
    let bare_rows = names.iter().zip(bare_nanos);
    let mut rows: Vec<_> =
        bare_rows.map(|(name, nanos)| Row { name, nanos: *nanos, limit: None }).collect();
    rows.extend((loads.iter().zip(nanos)).map(|((name, _, limit), nanos)| Row {
        name,
        nanos: *nanos,
        limit: *limit,
    }));
    if json { print_json(&rows) } else { print_table(&rows) }
}
