//! For people: the centre in a line, a line a queue, a line a department, then who is past a limit.

use std::fmt::Write as _;

use monti_core::{
    AgentState, BreachKind, Millis,
    wire::{DepartmentState, LiveState, Persistence, Seconds, VirtualQueue},
};

use super::past_limits;
use crate::{
    format,
    scrub::{self, Names},
    theme::{Symbols, state_word},
};

const NAME_WIDTH: usize = 28;

pub(super) fn text(state: &LiveState, names: Names, symbols: &Symbols) -> String {
    let name = |text: &str| name(text, symbols);
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}  {}", scrub::text(&state.centre.name), state.timestamp);
    match state.health.persistence {
        Persistence::Ok => {}
        Persistence::Degraded => text.push_str("records wait for their store\n"),
        Persistence::ReadOnly => text.push_str("nothing new can be kept: no calls are accepted\n"),
    }
    text.push_str(&totals(state, symbols));
    let heads =
        ["WAITING", "LONGEST", "SL", "TARGET", "ACTIVE", "AVAILABLE", "OFFERED", "ABANDONED"];
    let _ = writeln!(text, "\n{}{}", name("QUEUE"), columns(&heads.map(str::to_owned)));
    for department in &state.departments {
        for queue in &department.queues {
            let label =
                format!("{}/{}", scrub::text(&department.department), scrub::text(&queue.name));
            let _ = writeln!(text, "{}{}", name(&label), columns(&cells(queue, symbols)));
        }
    }
    text.push_str(&states(state, symbols));
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

/// The whole centre in a line.
fn totals(state: &LiveState, symbols: &Symbols) -> String {
    let board = super::board(state);
    let totals = board.totals(state.timestamp);
    let longest = totals.longest_wait.map(|wait| {
        let name = scrub::text(wait.queue.name());
        let department = scrub::text(wait.department.id());
        format!("{} {department}/{name}", format::duration(wait.at(state.timestamp)))
    });
    format!(
        "offered {}   answered {}   abandoned {}   SL {}   waiting {}   longest {}   active {}\n",
        format::count(totals.offered),
        format::count(totals.answered),
        format::count(totals.abandoned),
        percent(totals.service_level_percent, symbols),
        format::count(totals.waiting),
        longest.unwrap_or_else(|| symbols.dash.to_owned()),
        format::count(totals.active),
    )
}

/// How many agents are in each state that anybody is in, by department and together.
fn states(state: &LiveState, symbols: &Symbols) -> String {
    let name = |text: &str| name(text, symbols);
    let of = |department: &DepartmentState, state| {
        u64::from(department.summary.state_breakdown.get(&state).copied().unwrap_or(0))
    };
    let all = |state_of| state.departments.iter().map(|it| of(it, state_of)).sum::<u64>();
    let shown: Vec<_> = AgentState::ALL.into_iter().filter(|it| all(*it) > 0).collect();
    let heads = shown.iter().map(|it| state_word(*it).to_uppercase());
    let heads: Vec<_> = ["AGENTS".to_owned()].into_iter().chain(heads).collect();
    let mut text = format!("\n{}{}\n", name("DEPARTMENT"), columns(&heads));
    let mut line = |label: &str, agents: u64, count: &dyn Fn(AgentState) -> u64| {
        let counts = shown.iter().map(|it| count(*it));
        let cells: Vec<_> = [agents].into_iter().chain(counts).map(format::count).collect();
        let _ = writeln!(text, "{}{}", name(label), columns(&cells));
    };
    for department in &state.departments {
        let agents = u64::from(department.summary.total_agents);
        line(&scrub::text(&department.department), agents, &|it| of(department, it));
    }
    let agents = state.departments.iter().map(|it| u64::from(it.summary.total_agents)).sum();
    line("all", agents, &all);
    text
}

fn cells(queue: &VirtualQueue, symbols: &Symbols) -> [String; 8] {
    let level = &queue.service_level;
    let wait = queue.longest_wait_seconds.map(|Seconds(wait)| wait);
    [
        format::count(queue.waiting_calls),
        wait.map_or_else(|| symbols.dash.to_owned(), format::duration),
        percent(level.current_percent, symbols),
        format!("{} %", format::target(level.target_percent)),
        format::count(queue.active_calls),
        format::count(queue.available_agents),
        format::count(level.calls_offered),
        format::count(level.calls_abandoned),
    ]
}

fn percent(value: Option<f64>, symbols: &Symbols) -> String {
    value.map_or_else(|| symbols.dash.to_owned(), format::share)
}

fn columns(cells: &[String]) -> String {
    cells.iter().map(|cell| format!("{cell:>10}")).collect()
}

fn name(text: &str, symbols: &Symbols) -> String {
    let fitted = scrub::fit(text, NAME_WIDTH - 1, symbols.ellipsis);
    let missing = NAME_WIDTH - scrub::width(&fitted);
    format!("{fitted}{}", " ".repeat(missing))
}
