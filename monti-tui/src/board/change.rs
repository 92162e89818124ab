//! What is new on a board.

use std::sync::Arc;

use monti_core::{
    LoginId, Timestamp,
    wire::{
        AgentInfo, DepartmentDelta, DepartmentOverview, Health, Summary, VirtualQueue, VqOverview,
    },
};

use super::{Agent, Board};
use crate::scrub::Names;

/// What is new on a board.
#[derive(Debug, Clone)]
pub enum Change {
    /// In a department.
    Department(DepartmentChange),
    /// In what the server says of its health.
    Health(Arc<Health>),
    /// That nothing was told for a time, once all is again.
    Silence {
        /// The last moment before it.
        from: Timestamp,
        /// The first moment after it.
        to: Timestamp,
    },
}

/// What is new in a department. Agents that did not change are not in it, whatever the message
/// that it was made of.
#[derive(Debug, Clone)]
pub struct DepartmentChange {
    /// The department's place in the centre.
    pub(super) department: usize,
    /// The centre's time.
    pub(super) timestamp: Timestamp,
    /// The second after which the department's agents are as told; `None` if this tells of queues
    /// only.
    pub(super) tick: Option<u64>,
    pub(super) summary: Option<Arc<Summary>>,
    pub(super) agents: Vec<Arc<Agent>>,
    pub(super) removed: Vec<LoginId>,
    pub(super) queues: Vec<Arc<VirtualQueue>>,
}

/// A delta that does not follow what is known: something was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The last moment that is known of the department.
    pub since: Timestamp,
}

impl Change {
    /// The centre's time when it was told.
    pub fn timestamp(&self) -> Timestamp {
        match self {
            Self::Department(change) => change.timestamp,
            Self::Health(health) => health.timestamp,
            Self::Silence { to, .. } => *to,
        }
    }

    /// What a full state changes. `None` if it is of no department of the centre.
    pub fn of_overview(board: &Board, overview: DepartmentOverview, names: Names) -> Option<Self> {
        let DepartmentOverview { department, timestamp, tick, summary, mut agents } = overview;
        let place = board.find(&department)?;
        let known = &board.departments[place];
        // By agentId, says the contract; what relies on it had better make sure of it.
        agents.sort_by(|a, b| a.agent_id.cmp(&b.agent_id));
        let is_told = |agent: &&Arc<Agent>| {
            agents.binary_search_by(|told| told.agent_id.cmp(agent.login())).is_ok()
        };
        let gone = known.agents().iter().filter(|agent| !is_told(agent));
        let removed = gone.map(|agent| agent.login().clone()).collect();
        Some(Self::Department(DepartmentChange {
            department: place,
            timestamp,
            tick: Some(tick),
            summary: Some(Arc::new(summary)),
            removed,
            agents: new_agents(board, place, agents, names),
            queues: Vec::new(),
        }))
    }

    /// What a delta changes; `Ok(None)` if it is of no department of the centre, or known already.
    ///
    /// # Errors
    /// [`Gap`] if it changes a state that is not the one known.
    pub fn of_delta(
        board: &Board,
        delta: DepartmentDelta,
        names: Names,
    ) -> Result<Option<Self>, Gap> {
        let Some(place) = board.find(&delta.department) else { return Ok(None) };
        match board.departments[place].told_at() {
            None => return Ok(None),
            Some(told) if delta.tick <= told.tick => return Ok(None),
            Some(told) if told.tick < delta.previous_tick => {
                return Err(Gap { since: told.timestamp });
            }
            Some(_) => {}
        }
        Ok(Some(Self::Department(DepartmentChange {
            department: place,
            timestamp: delta.timestamp,
            tick: Some(delta.tick),
            summary: Some(Arc::new(delta.summary)),
            agents: new_agents(board, place, delta.changed, names),
            removed: delta.removed,
            queues: delta.queues.into_iter().map(Arc::new).collect(),
        })))
    }

    /// What a full state of queues changes. `None` if it is of no department of the centre.
    pub fn of_queues(board: &Board, overview: VqOverview) -> Option<Self> {
        let place = board.find(&overview.department)?;
        let known = board.departments[place].queues();
        let is_news = |queue: &VirtualQueue| {
            let known = known.iter().find(|known| known.id() == queue.id);
            known.and_then(|known| known.live()).is_none_or(|known| {
                // What merely runs with the clock is no change.
                let longest_wait_seconds = known.longest_wait_seconds;
                VirtualQueue { longest_wait_seconds, ..queue.clone() } != **known
            })
        };
        Some(Self::Department(DepartmentChange {
            department: place,
            timestamp: overview.timestamp,
            tick: None,
            summary: None,
            agents: Vec::new(),
            removed: Vec::new(),
            queues: overview.queues.into_iter().filter(is_news).map(Arc::new).collect(),
        }))
    }
}

fn new_agents(
    board: &Board,
    place: usize,
    agents: Vec<AgentInfo>,
    names: Names,
) -> Vec<Arc<Agent>> {
    let department = &board.departments[place];
    let next = |info: AgentInfo| match department.agent(&info.agent_id) {
        // What changed has another time of its change: most need no further look.
        Some(known) if known.info().last_update == info.last_update && *known.info() == info => {
            None
        }
        Some(known) => Some(Arc::new(known.next(info, names))),
        None => Some(Arc::new(Agent::new(info, names))),
    };
    agents.into_iter().filter_map(next).collect()
}
