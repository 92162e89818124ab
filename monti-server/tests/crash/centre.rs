//! The centre that everything takes place in.

use std::fmt::Write as _;

use rand::{RngExt as _, rngs::StdRng};

/// The departments.
pub(crate) const DEPARTMENTS: [&str; 4] = ["sales", "support", "technical", "retention"];

/// Each department's queues, with one target for all.
pub(crate) const QUEUES: [&str; 4] = ["a", "b", "c", "d"];

/// The target of all queues. Short, so that calls miss it.
pub(crate) const TARGET_MS: u64 = 2_000;

/// What is abandoned sooner is abandoned short.
pub(crate) const SHORT_ABANDON_MS: u64 = 1_000;

/// A centre file for a test that runs now: it is noon in it, so that no date ends.
pub(crate) fn file() -> String {
    let wall = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let hour = i64::try_from(wall.as_secs() / 3_600 % 24).unwrap();
    // In this zone of the IANA, whose signs are the other way round, it is noon.
    let mut text = format!("time_zone = \"Etc/GMT{:+}\"\n", hour - 12);
    write!(text, "[service_level]\ntarget = \"{TARGET_MS}ms\"\n").unwrap();
    writeln!(text, "short_abandon = \"{SHORT_ABANDON_MS}ms\"").unwrap();
    for department in DEPARTMENTS {
        let queues = QUEUES.map(|queue| format!("{{ id = \"{queue}\" }}")).join(", ");
        write!(text, "[[departments]]\nid = \"{department}\"\nqueues = [{queues}]\n").unwrap();
    }
    text
}

/// The department of a queue.
pub(crate) fn department_of(vq: &str) -> &str {
    vq.split_once('_').unwrap().0
}

/// A queue for a call: most are of Sales, more than its agents can take.
pub(crate) fn pick_queue(dice: &mut StdRng) -> String {
    let department = if dice.random_bool(0.55) { 0 } else { dice.random_range(0..4) };
    let queue = QUEUES[dice.random_range(0..QUEUES.len())];
    format!("{}_{queue}", DEPARTMENTS[department])
}
