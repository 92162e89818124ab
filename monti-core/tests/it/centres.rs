//! Centres to test in.

use monti_core::{BusinessDay, Centre, Millis, Timestamp};

/// What the centres of the properties are called, for whoever replays a seed.
pub(crate) const NAMES: [&str; 5] =
    ["default", "one queue", "head start", "many departments", "differing targets"];

const STRICT: &str = "mode = 'strict'";

/// One of the centres that [`NAMES`] lists.
pub(crate) fn numbered(number: usize) -> Centre {
    match number {
        0 => Centre::default(),
        1 => one_queue(),
        2 => head_start(),
        3 => centre(&[[20, 20].as_slice(); 12], hasty(), STRICT),
        4 => centre(&[&[0, 1, 5, 60], &[20, 3_600]], hasty(), STRICT),
        _ => unreachable!("there are {} centres", NAMES.len()),
    }
}

/// A department with one queue, 20 s to answer, limits as usual.
pub(crate) fn one_queue() -> Centre {
    one_queue_within(20)
}

/// The same with another number of seconds to answer.
pub(crate) fn one_queue_within(target: u64) -> Centre {
    centre(&[&[target]], usual(), STRICT)
}

/// Two queues in one department and one in another, limits as usual.
pub(crate) fn two_and_one() -> Centre {
    centre(&[&[20, 20], &[20]], usual(), STRICT)
}

/// Two queues; each level of priority is worth 30 s.
pub(crate) fn head_start() -> Centre {
    centre(&[&[20, 20]], hasty(), "mode = 'head_start'\nper_level = '30s'")
}

/// When tests begin: a Thursday morning in winter.
pub(crate) fn opening() -> Timestamp {
    midnight() + hours(9)
}

/// The date of that morning, as long as usual.
pub(crate) fn first_day() -> BusinessDay {
    let (day, starts_at) = ("2026-01-29".parse().unwrap(), midnight());
    BusinessDay { day, starts_at, ends_at: starts_at + hours(24) }
}

fn midnight() -> Timestamp {
    "2026-01-29T00:00:00Z".parse().unwrap()
}

pub(crate) fn hours(hours: u64) -> Millis {
    Millis::from_secs(hours * 3_600)
}

fn usual() -> &'static str {
    "[limits]"
}

/// Limits that are reached often.
fn hasty() -> &'static str {
    "[limits]
    ring_timeout = '6s'
    grace = '9s'
    after_call_work = '20s'
    break = '30s'"
}

/// Departments `d0`, `d1`, … with queues `q0`, `q1`, … of these targets in seconds.
fn centre(targets: &[&[u64]], limits: &str, mode: &str) -> Centre {
    let departments: String = (0..)
        .zip(targets)
        .map(|(number, targets): (usize, _)| {
            let queues: String = (0..)
                .zip(*targets)
                .map(|(number, target): (usize, _)| {
                    format!("{{ id = 'q{number}', target = '{target}s' }},")
                })
                .collect();
            format!("[[departments]]\nid = 'd{number}'\nqueues = [{queues}]\n")
        })
        .collect();
    let text = format!("{limits}\n[priority]\n{mode}\n{departments}");
    Centre::from_toml(&text, |_| true).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
