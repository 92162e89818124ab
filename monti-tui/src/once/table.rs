//! For people: a line a queue, then who is past a limit.

use std::fmt::Write as _;

use monti_core::{
    BreachKind, Millis,
    wire::{LiveState, Persistence, Seconds, VirtualQueue},
};

use super::past_limits;
use crate::{
    format,
    scrub::{self, Names},
};

const NAME_WIDTH: usize = 28;

pub(super) fn text(state: &LiveState, names: Names) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}  {}", scrub::text(&state.centre.name), state.timestamp);
    match state.health.persistence {
        Persistence::Ok => {}
        Persistence::Degraded => text.push_str("records wait for their store\n"),
        Persistence::ReadOnly => text.push_str("nothing new can be kept: no calls are accepted\n"),
    }
    let heads =
        ["WAITING", "LONGEST", "SL", "TARGET", "ACTIVE", "AVAILABLE", "OFFERED", "ABANDONED"];
    let _ = writeln!(text, "\n{}{}", name("QUEUE"), columns(&heads.map(str::to_owned)));
    for department in &state.departments {
        for queue in &department.queues {
            let label =
                format!("{}/{}", scrub::text(&department.department), scrub::text(&queue.name));
            let _ = writeln!(text, "{}{}", name(&label), columns(&cells(queue)));
        }
    }
    let past: Vec<_> = past_limits(state).collect();
    let _ = writeln!(text, "\n{} past a limit", past.len());
    for agent in past {
        let kind = match agent.breach {
            Some(BreachKind::AfterCallWork) => "ACW",
            Some(BreachKind::Break) => "break",
            None => "",
        };
        let lasted: Millis = state.timestamp.since(agent.state_start);
        let label = format!("{}/{}", scrub::text(&agent.department), names.shown(&agent.name));
        let _ = writeln!(text, "{}{:>9} {kind}", name(&label), format::duration(lasted));
    }
    text
}

fn cells(queue: &VirtualQueue) -> [String; 8] {
    let level = &queue.service_level;
    let wait = queue.longest_wait_seconds.map(|Seconds(wait)| wait);
    [
        format::count(queue.waiting_calls),
        format::maybe_duration(wait),
        format::percent(level.current_percent),
        format::percent(Some(level.target_percent)),
        format::count(queue.active_calls),
        format::count(queue.available_agents),
        format::count(level.calls_offered),
        format::count(level.calls_abandoned),
    ]
}

fn columns(cells: &[String]) -> String {
    cells.iter().map(|cell| format!("{cell:>10}")).collect()
}

fn name(text: &str) -> String {
    let fitted = scrub::fit(text, NAME_WIDTH - 1, "…");
    let missing = NAME_WIDTH - scrub::width(&fitted);
    format!("{fitted}{}", " ".repeat(missing))
}
