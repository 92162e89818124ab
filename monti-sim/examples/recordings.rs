//! Makes small recordings of a morning that never was, one in each format that `monti-sim replay`
//! reads: the same calls in all three.
//!
//! ```text
//! cargo run -p monti-sim --example recordings -- examples/recordings
//! ```

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few minutes in seconds"
)]

use std::{env, fmt::Write as _, fs, path::PathBuf};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Seconds since 1970 of 9 o'clock on the 29th of January 2026, UTC.
const OPENS_AT: u64 = 1_769_677_200;

/// How long the morning is, in seconds.
const LENGTH: u64 = 2 * 60 * 60;

const AGENTS: [&str; 5] = ["KIM", "LEE", "ADA", "SAM", "MAX"];

/// A call, in seconds after the opening.
struct Call {
    arrival: u64,
    queue: usize,
    waited: u64,
    /// Who answered, and for how long; `None` hung up.
    service: Option<(usize, u64)>,
}

fn main() -> std::io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| "examples/recordings".into(), PathBuf::from);
    fs::create_dir_all(&folder)?;
    let calls = morning();
    fs::write(folder.join("queue_log"), queue_log(&calls))?;
    fs::write(folder.join("calls.csv"), table(&calls))?;
    fs::write(folder.join("bank.txt"), bank(&calls))
}

/// Five agents who answer calls in the order of their arrival, and callers who do not wait for ever.
fn morning() -> Vec<Call> {
    let mut dice = ChaCha8Rng::seed_from_u64(29);
    let mut exponential = |mean: u64| {
        let drawn = -(1.0 - dice.random::<f64>()).ln() * mean as f64;
        drawn.round() as u64
    };
    let (mut calls, mut free_at, mut arrival) = (Vec::new(), [0_u64; AGENTS.len()], 0);
    loop {
        arrival += exponential(45) + 1;
        if arrival >= LENGTH {
            return calls;
        }
        let (patience, talk) = (exponential(180) + 5, exponential(190) + 10);
        let queue = calls.len() % 3 / 2;
        let (agent, free) = free_at.iter().copied().enumerate().min_by_key(|it| it.1).unwrap();
        let waited = free.saturating_sub(arrival);
        let service = (waited <= patience).then_some((agent, talk));
        if let Some((agent, talk)) = service {
            free_at[agent] = arrival + waited + talk + 8;
        }
        calls.push(Call { arrival, queue, waited: waited.min(patience), service });
    }
}

fn queue_log(calls: &[Call]) -> String {
    let queue = |call: &Call| ["sales", "support"][call.queue];
    let mut lines = vec![(0, "NONE|NONE|NONE|QUEUESTART|".to_owned())];
    for (number, call) in calls.iter().enumerate() {
        let (id, queue, waited) =
            (format!("{}.{number}", OPENS_AT + call.arrival), queue(call), call.waited);
        lines.push((call.arrival, format!("{id}|{queue}|NONE|ENTERQUEUE||+4930{number:06}|1")));
        let over = call.arrival + waited;
        match call.service {
            Some((agent, talk)) => {
                let agent = AGENTS[agent];
                lines.push((over, format!("{id}|{queue}|{agent}|CONNECT|{waited}|{id}|2")));
                let end = format!("{id}|{queue}|{agent}|COMPLETECALLER|{waited}|{talk}|1");
                lines.push((over + talk, end));
            }
            None => lines.push((over, format!("{id}|{queue}|NONE|ABANDON|1|1|{waited}"))),
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().fold(String::new(), |mut text, (at, line)| {
        let _ = writeln!(text, "{}|{line}", OPENS_AT + at);
        text
    })
}

fn table(calls: &[Call]) -> String {
    let mut text = "arrival,queue,outcome,wait_seconds,service_seconds,agent\n".to_owned();
    for call in calls {
        let queue = ["sales", "support"][call.queue];
        let (outcome, service) = match call.service {
            Some((agent, talk)) => ("answered", format!("{talk},{}", AGENTS[agent])),
            None => ("abandoned", ",".to_owned()),
        };
        let arrival = time(call.arrival);
        let _ = writeln!(text, "2026-01-29 {arrival},{queue},{outcome},{},{service}", call.waited);
    }
    text
}

fn bank(calls: &[Call]) -> String {
    let mut text =
        "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\t\
        q_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\r\n"
            .to_owned();
    for (number, call) in calls.iter().enumerate() {
        let (arrival, over) = (time(call.arrival), time(call.arrival + call.waited));
        let kind = ["PS", "NE"][call.queue];
        let queue = match call.waited {
            0 => "0:00:00\t0:00:00\t0".to_owned(),
            waited => format!("{arrival}\t{over}\t{waited}"),
        };
        let service = match call.service {
            Some((agent, talk)) => {
                let end = time(call.arrival + call.waited + talk);
                format!("AGENT\t{over}\t{end}\t{talk}\t{}", AGENTS[agent])
            }
            None => "HANG\t0:00:00\t0:00:00\t0\tNO_SERVER".to_owned(),
        };
        let _ = write!(
            text,
            "AA0101\t{number}\t0\t0\t{kind}\t260129\t{arrival}\t{arrival}\t0\t{queue}\t{service}\r\n"
        );
    }
    text
}

/// The time of the day so many seconds after the opening.
fn time(seconds: u64) -> String {
    let seconds = 9 * 3_600 + seconds;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
