//! A department in a few numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Seconds, virtual_queue::longest_wait};
use crate::{AgentState, DepartmentFigures, Timestamp};

/// A department, today and now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Its agents, those offline today included: the sum of [`Self::state_breakdown`].
    pub total_agents: u32,
    /// The number of agents in each state, all states.
    pub state_breakdown: BTreeMap<AgentState, u32>,
    /// Agents past a limit now.
    pub breaches: u32,
    /// The share of the agents' time open to calls that went into calls, today and up to now, 0
    /// to 100; `null` of none.
    pub occupancy_percent: Option<f64>,
    /// Today's service level over all queues, 0 to 100; `null` while nothing counts.
    pub service_level_percent: Option<f64>,
    /// Calls that arrived today.
    pub calls_offered: u32,
    /// Those of them that were answered.
    pub calls_answered: u32,
    /// Those of them that ended without an answer.
    pub calls_abandoned: u32,
    /// ASA of today's calls, ringing included; `null` without an answered one.
    pub avg_wait_seconds: Option<Seconds>,
    /// AHT of today's calls; `null` without one that is final.
    pub avg_handle_seconds: Option<Seconds>,
    /// How long the call that waits longest has waited, true when sent; `null` when none waits.
    pub longest_wait_seconds: Option<Seconds>,
    /// Calls in its queues.
    pub waiting_calls: u32,
    /// Calls answered, talking or on hold.
    pub active_calls: u32,
}

impl Summary {
    /// Shows a department at `now`.
    pub fn new(figures: &DepartmentFigures, now: Timestamp) -> Self {
        let (queues, today) = (&figures.queues, &figures.queues.today);
        Self {
            total_agents: figures.agents.iter().sum(),
            state_breakdown: AgentState::ALL.into_iter().zip(figures.agents).collect(),
            breaches: figures.breaches,
            occupancy_percent: figures.occupancy_percent,
            service_level_percent: queues.service_levels().seed,
            calls_offered: today.offered,
            calls_answered: today.answered,
            calls_abandoned: today.abandoned,
            avg_wait_seconds: today.avg_wait().map(Seconds),
            avg_handle_seconds: today.avg_handle().map(Seconds),
            longest_wait_seconds: longest_wait(queues, now),
            waiting_calls: queues.live.waiting,
            active_calls: queues.live.active,
        }
    }
}
