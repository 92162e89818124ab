//! The state of a centre as text, for scripts and for where there is no terminal.

mod csv;
mod json;
mod prom;
mod table;

use monti_core::wire::{AgentInfo, DepartmentOverview, LiveState, PROTOCOL, VqOverview, Welcome};

use crate::{
    board::{Board, Change},
    config::Format,
    scrub::Names,
    theme::Symbols,
};

/// The state in a format; a table is drawn with `symbols`. No callers' numbers are in any of them.
pub fn text(state: &LiveState, format: Format, names: Names, symbols: &Symbols) -> String {
    match format {
        Format::Table => table::text(state, names, symbols),
        Format::Json => json::text(state, names),
        Format::Csv => csv::text(state),
        Format::Prom => prom::text(state),
    }
}

/// The state as a board, which knows its totals.
fn board(state: &LiveState) -> Board {
    let mut board = Board::new(&Welcome {
        protocol: PROTOCOL,
        server: String::new(),
        server_time: state.timestamp,
        clock_speed: 1.0,
        centre: state.centre.clone(),
    });
    for department in &state.departments {
        let id = &department.department;
        let overview = DepartmentOverview {
            department: id.clone(),
            timestamp: state.timestamp,
            tick: 0,
            summary: department.summary.clone(),
            agents: Vec::new(),
        };
        let queues = VqOverview {
            department: id.clone(),
            timestamp: state.timestamp,
            tick: 0,
            queues: department.queues.clone(),
            total_waiting: department.summary.waiting_calls,
            total_active: department.summary.active_calls,
        };
        let summary = Change::of_overview(&board, overview, Names::Whole);
        let queues = Change::of_queues(&board, queues);
        for change in summary.into_iter().chain(queues) {
            board.apply(&change);
        }
    }
    board
}

/// Whether anyone is past a limit.
pub fn has_breach(state: &LiveState) -> bool {
    past_limits(state).next().is_some()
}

/// Who is past a limit, the longest past first within a department.
fn past_limits(state: &LiveState) -> impl Iterator<Item = &AgentInfo> {
    state.departments.iter().flat_map(|department| {
        let past = department.agents.iter().filter(|agent| agent.breach.is_some());
        let mut past: Vec<_> = past.collect();
        past.sort_by_key(|agent| agent.state_start);
        past
    })
}
