//! Agents in the order in which they are shown.
//!
//! Who is past a limit comes first, the longest past first; who is offline comes last. Within that
//! the order depends on nothing that runs with the clock, so nothing moves under a reader's eye
//! unless a state changed.

use std::{cmp::Ordering, str::FromStr, sync::Arc};

use monti_core::AgentState;

use super::Agent;

/// What agents are sorted by, after breaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Their names.
    #[default]
    Name,
    /// What they do, then since when.
    State,
    /// Since when they do what they do, the longest first.
    Time,
    /// The queue of their call.
    Queue,
    /// Calls handled today, the most first.
    Calls,
}

impl Sort {
    /// All of them, in the order in which a key turns them.
    pub const ALL: [Self; 5] = [Self::Name, Self::State, Self::Time, Self::Queue, Self::Calls];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Time => "time in state",
            Self::Queue => "queue",
            Self::Calls => "calls",
        }
    }

    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Time => "time",
            other => other.word(),
        }
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    fn compare(self, a: &Agent, b: &Agent) -> Ordering {
        let is_offline = |agent: &Agent| agent.state() == AgentState::Offline;
        let since = |agent: &Agent| agent.info().state_start;
        let by_breach = match (a.breach(), b.breach()) {
            (Some(_), Some(_)) => since(a).cmp(&since(b)),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        let by_sort = || match self {
            Self::Name => Ordering::Equal,
            Self::State => (rank(a.state()), since(a)).cmp(&(rank(b.state()), since(b))),
            Self::Time => since(a).cmp(&since(b)),
            Self::Queue => {
                let queue = |agent: &Agent| agent.info().current_vq.clone();
                // Who has no call comes after who has.
                (queue(a).is_none(), queue(a)).cmp(&(queue(b).is_none(), queue(b)))
            }
            Self::Calls => b.info().kpis.calls_handled.cmp(&a.info().kpis.calls_handled),
        };
        by_breach
            .then_with(|| is_offline(a).cmp(&is_offline(b)))
            .then_with(by_sort)
            .then_with(|| a.name_key().cmp(&b.name_key()))
    }
}

/// Who can act first, then who is busy, then who is away.
const fn rank(state: AgentState) -> u8 {
    match state {
        AgentState::NotResponding => 0,
        AgentState::Available => 1,
        AgentState::Ringing => 2,
        AgentState::OnCall => 3,
        AgentState::OnHold => 4,
        AgentState::AfterCallWork => 5,
        AgentState::Break => 6,
        AgentState::Lunch => 7,
        AgentState::Training => 8,
        AgentState::Meeting => 9,
        AgentState::Offline => 10,
    }
}

impl FromStr for Sort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("agents are not sorted by {text:?}; they are by {names}")
        })
    }
}

/// Agents in order. A row is a place among the agents of a department, whoever is in it: a change
/// that moves nobody costs nothing here, another one a search and a shift, not a sort.
#[derive(Debug, Clone, Default)]
pub struct Order {
    sort: Sort,
    places: Vec<usize>,
}

impl Order {
    /// Those in these places of `agents`, sorted.
    pub fn new(sort: Sort, agents: &[Arc<Agent>], places: impl IntoIterator<Item = usize>) -> Self {
        let mut places: Vec<_> = places.into_iter().collect();
        places.sort_by(|a, b| sort.compare(&agents[*a], &agents[*b]));
        Self { sort, places }
    }

    /// The rows, of the agents that it was made of.
    pub fn rows<'a>(&'a self, agents: &'a [Arc<Agent>]) -> Rows<'a> {
        Rows { order: self, agents }
    }

    /// Puts `agent` into the place `at` of the agents, and its row where it belongs: if there was
    /// one, and if there is to be one.
    pub fn replace(
        &mut self,
        agents: &mut [Arc<Agent>],
        at: usize,
        agent: Arc<Agent>,
        [was_shown, is_shown]: [bool; 2],
    ) {
        let stays =
            was_shown == is_shown && self.sort.compare(&agents[at], &agent) == Ordering::Equal;
        if was_shown
            && !stays
            && let Ok(row) = self.rows(agents).search(&agents[at])
        {
            self.places.remove(row);
        }
        agents[at] = agent;
        if is_shown
            && !stays
            && let Err(row) = self.rows(agents).search(&agents[at])
        {
            self.places.insert(row, at);
        }
    }
}

/// Agents in order, to be read.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    order: &'a Order,
    agents: &'a [Arc<Agent>],
}

impl<'a> Rows<'a> {
    /// How many there are.
    pub fn len(self) -> usize {
        self.order.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.order.places.is_empty()
    }

    /// The agent in a row.
    pub fn get(self, row: usize) -> Option<&'a Arc<Agent>> {
        Some(&self.agents[*self.order.places.get(row)?])
    }

    /// The agents, from the first row on.
    pub fn iter(self) -> impl Iterator<Item = &'a Arc<Agent>> + Clone {
        self.order.places.iter().map(move |at| &self.agents[*at])
    }

    /// How many of them are past a limit: they are the first.
    pub fn breaches(self) -> usize {
        // Few: whoever looks for their end among many fetches more.
        self.iter().take_while(|agent| agent.breach().is_some()).count()
    }

    /// The row of an agent.
    pub fn row_of(self, agent: &Agent) -> Option<usize> {
        self.search(agent).ok()
    }

    fn search(self, agent: &Agent) -> Result<usize, usize> {
        let sort = self.order.sort;
        self.order.places.binary_search_by(|at| sort.compare(&self.agents[*at], agent))
    }
}
