//! The state of a centre as text, for scripts and for where there is no terminal.

mod csv;
mod json;
mod prom;
mod table;

use monti_core::wire::{AgentInfo, LiveState};

use crate::{config::Format, scrub::Names};

/// The state in a format. No callers' numbers are in any of them.
pub fn text(state: &LiveState, format: Format, names: Names) -> String {
    match format {
        Format::Table => table::text(state, names),
        Format::Json => json::text(state, names),
        Format::Csv => csv::text(state),
        Format::Prom => prom::text(state),
    }
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
