//! How fast the outbox is emptied, beside a bare client of the SDK that writes the same batches to
//! the same server in the same run; and what routing notices of a DynamoDB that is gone.
//!
//! `cargo bench -p monti-server --bench outbox` prints a table. Both sides take turns, round by
//! round, so that a noisy machine disturbs both alike; only ratios are results. The server is
//! dynoxide (`scripts/dynamo-servers.sh`), or what `MONTI_TEST_DYNAMO_ENDPOINT` names.

mod bare;
mod drain;
mod latency;
mod records;

#[path = "../../tests/dynamo/centre.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod centre;
#[path = "../../../programs/child.rs"]
#[expect(dead_code, reason = "other tests use all of it")]
mod child;
#[path = "../../../programs/dynoxide.rs"]
mod dynoxide;
#[path = "../../tests/support/faulty.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod faulty;
#[path = "../../tests/driver/floor.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod floor;
#[path = "../../tests/support/machine.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod machine;
#[path = "../../tests/dynamo/servers.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod servers;

use std::time::Duration;

use servers::{Kind, Tables};

const SECOND: Duration = Duration::from_secs(1);

/// How often everything is measured.
const ROUNDS: usize = 5;

/// The records that are written in a round.
const RECORDS: u32 = 20_000;

/// A backlog: what a night without DynamoDB leaves.
const BACKLOG: u32 = 100_000;

/// How often one is worked off.
const BACKLOG_ROUNDS: usize = 3;

/// At least so fast, beside the bare client.
const RATIO_MIN: f64 = 0.7;

fn main() {
    drains_as_fast_as_a_bare_client();
    drains_a_backlog_while_serving();
    assigns_as_fast_without_dynamodb();
}

fn drains_as_fast_as_a_bare_client() {
    let rounds = (0..ROUNDS).map(|_| {
        let bare = bare::rate(&Tables::on(Kind::Dynoxide), RECORDS);
        let outbox = drain::rate(&Tables::on(Kind::Dynoxide), RECORDS);
        (bare, outbox)
    });
    report(&format!("{RECORDS} records, nothing else to do"), &rounds.collect::<Vec<_>>());
}

fn drains_a_backlog_while_serving() {
    let rounds = (0..BACKLOG_ROUNDS).map(|_| {
        let bare = bare::rate(&Tables::on(Kind::Dynoxide), BACKLOG);
        let outbox = drain::rate_while_serving(&Tables::on(Kind::Dynoxide), BACKLOG);
        (bare, outbox)
    });
    report(
        &format!("{BACKLOG} records while serving 200 calls a second"),
        &rounds.collect::<Vec<_>>(),
    );
}

fn assigns_as_fast_without_dynamodb() {
    let mut latency = latency::Latency::new();
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (latency.healthy(), latency.outage())).collect();
    let of = |pick: fn(&latency::Times) -> f64| {
        let healthy = median(rounds.iter().map(|(healthy, _)| pick(healthy)));
        let outage = median(rounds.iter().map(|(_, outage)| pick(outage)));
        let ratio = median(rounds.iter().map(|(healthy, outage)| pick(outage) / pick(healthy)));
        (healthy, outage, ratio)
    };
    for (name, (healthy, outage, ratio)) in
        [("median", of(|it| it.median_micros)), ("99 in 100", of(|it| it.p99_micros))]
    {
        println!(
            "assignment, {name:<10} {healthy:>8.0} µs with DynamoDB {outage:>8.0} µs without it   \
             {ratio:>5.2} (at most 1.10: {})",
            if ratio <= 1.1 { "met" } else { "MISSED" }
        );
    }
}

/// Prints records a second, of the bare client and of the outbox.
fn report(what: &str, rounds: &[(f64, f64)]) {
    let bare = median(rounds.iter().map(|(bare, _)| *bare));
    let outbox = median(rounds.iter().map(|(_, outbox)| *outbox));
    let ratio = median(rounds.iter().map(|(bare, outbox)| outbox / bare));
    println!(
        "{what:<50} {bare:>8.0}/s bare {outbox:>8.0}/s outbox   {ratio:>5.2} (at least \
         {RATIO_MIN}: {})",
        if ratio >= RATIO_MIN { "met" } else { "MISSED" }
    );
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
