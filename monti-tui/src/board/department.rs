//! A department and its queues.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use monti_core::{
    AgentState, LoginId, Millis, Timestamp,
    wire::{DepartmentInfo, QueueInfo, Summary, VirtualQueue},
};

use super::{
    Agent, DepartmentChange, Order, Rows, Sort, Trend,
    occupancy::{self, FreeTime},
    totals::percent,
};

/// A department in one second.
#[derive(Debug, Clone)]
pub struct Department {
    id: Arc<str>,
    name: Arc<str>,
    summary: Option<Arc<Summary>>,
    /// Until when that counts.
    summary_until: Timestamp,
    queues: Vec<Queue>,
    /// By login.
    agents: Vec<Arc<Agent>>,
    /// The place of each of them: made anew when agents come or go, which is seldom.
    places: Arc<HashMap<LoginId, usize>>,
    /// What the last change put in which place; `None` if agents came or went in it.
    latest: Option<Vec<usize>>,
    /// The first and the second half of the agents by name, for the board of all departments.
    halves: [Order; 2],
    /// The last agent by name of the first half.
    middle: Option<Arc<Agent>>,
    /// The first and the last agent by name of the second half.
    second: Option<[Arc<Agent>; 2]>,
    /// How many of the agents are available and have lost their link.
    cut_off: u32,
    /// How long its agents were available today.
    free: FreeTime,
    told_at: Option<Told>,
    /// Whether its queues were told in full since a full state was last expected: they come after it.
    has_queues: bool,
    /// Grows with every change, so that two boards of it differ if their versions do.
    version: u64,
}

/// When a department was told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The server's second.
    pub tick: u64,
    /// The centre's time.
    pub timestamp: Timestamp,
}

/// A queue in one second.
#[derive(Debug, Clone)]
pub struct Queue {
    info: Arc<QueueInfo>,
    live: Option<Arc<VirtualQueue>>,
    waiting: Trend,
}

impl Department {
    pub(super) fn new(info: &DepartmentInfo) -> Self {
        let queue = |info: &QueueInfo| Queue {
            info: Arc::new(info.clone()),
            live: None,
            waiting: Trend::default(),
        };
        Self {
            id: info.id.as_str().into(),
            name: info.name.as_str().into(),
            summary: None,
            summary_until: Timestamp::default(),
            queues: info.queues.iter().map(queue).collect(),
            agents: Vec::new(),
            places: Arc::default(),
            latest: None,
            halves: Default::default(),
            middle: None,
            second: None,
            cut_off: 0,
            free: FreeTime::default(),
            told_at: None,
            has_queues: false,
            version: 0,
        }
    }

    /// Its identifier, such as `sales`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// It in a few numbers, once told.
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_deref()
    }

    /// How many of its agents could take a call at once.
    pub fn available(&self) -> u32 {
        self.summary().map_or(0, |it| {
            let count = it.state_breakdown.get(&AgentState::Available).copied().unwrap_or(0);
            count.saturating_sub(self.cut_off)
        })
    }

    /// How many are available, but no call goes to them: their link is lost.
    pub fn cut_off(&self) -> u32 {
        self.cut_off
    }

    /// The share of its offered calls that ended without an answer, 0 to 100; `None` of none.
    pub fn abandoned_percent(&self) -> Option<f64> {
        let summary = self.summary()?;
        percent(summary.calls_abandoned.into(), summary.calls_offered.into())
    }

    /// The share of its agents' time open to calls that went into calls, today and up to `now`, 0 to
    /// 100; `None` without a value. The server tells it up to when something changed; what has run
    /// since is in the states that the agents have. How long they were free in all is told of each
    /// for the whole day: of who came from another department, or went there, with what was there.
    /// There it is not exact, until something changes again.
    pub fn occupancy_percent(&self, now: Timestamp) -> Option<f64> {
        let summary = self.summary()?;
        let run = now.since(self.summary_until).get();
        let time = |is: fn(AgentState) -> bool| {
            let counts = summary.state_breakdown.iter().filter(|(state, _)| is(**state));
            let agents = counts.map(|(_, count)| u64::from(*count)).sum();
            Millis::new(run.saturating_mul(agents))
        };
        let (busy, free) = (time(AgentState::is_busy), time(|it| it == AgentState::Available));
        let was_free = self.free.until(self.summary_until);
        occupancy::run_on(summary.occupancy_percent, was_free, busy, free)
    }

    /// Its queues, in the centre's order.
    pub fn queues(&self) -> &[Queue] {
        &self.queues
    }

    /// Its agents, by login.
    pub fn agents(&self) -> &[Arc<Agent>] {
        &self.agents
    }

    /// The agent of this login.
    pub fn agent(&self, login: &str) -> Option<&Arc<Agent>> {
        self.places.get(login).map(|at| &self.agents[*at])
    }

    /// The places of the agents that the last change was about; `None` if agents came or went in it.
    pub fn latest(&self) -> Option<&[usize]> {
        self.latest.as_deref()
    }

    /// The first and the second half of its agents by name, each in order.
    pub fn halves(&self) -> [Rows<'_>; 2] {
        self.halves.each_ref().map(|half| half.rows(&self.agents))
    }

    /// The first and the last agent by name of the second half.
    pub fn second_half(&self) -> Option<[&Agent; 2]> {
        self.second.as_ref().map(|ends| ends.each_ref().map(|agent| &**agent))
    }

    /// Who is past a limit, in order.
    pub fn breaches(&self) -> impl Iterator<Item = &Arc<Agent>> {
        let is_over = |agent: &&Arc<Agent>| agent.breach().is_some();
        self.halves().into_iter().flat_map(move |half| half.iter().take_while(is_over))
    }

    /// When it was last told of; `None` until it was told in full.
    pub fn told_at(&self) -> Option<Told> {
        self.told_at
    }

    /// Which of its states this is. States of the same department with the same version are equal.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn expect_full(&mut self) {
        (self.told_at, self.has_queues) = (None, false);
    }

    /// Whether all of it was told since a full state was last expected. Who has no queues may wait
    /// for them for ever.
    pub fn is_whole(&self) -> bool {
        self.told_at.is_some() && (self.has_queues || self.queues.is_empty())
    }

    pub(super) fn apply(&mut self, change: &DepartmentChange) {
        self.version += 1;
        // A full state tells first of all else, then of the queues.
        self.has_queues |= change.tick.is_none();
        if let Some(tick) = change.tick {
            self.told_at = Some(Told { tick, timestamp: change.timestamp });
        }
        if let Some(summary) = &change.summary {
            self.summary = Some(Arc::clone(summary));
            self.summary_until = change.timestamp;
        }
        for queue in &change.queues {
            let known = self.queues.iter_mut().find(|known| known.id() == queue.id);
            if let Some(known) = known {
                known.waiting.record(queue.waiting_calls, change.timestamp);
                known.live = Some(Arc::clone(queue));
            }
        }
        self.apply_agents(&change.agents, &change.removed);
    }

    /// How many calls waited between two moments is not known.
    pub(super) fn forget(&mut self, from: Timestamp, to: Timestamp) {
        self.version += 1;
        self.latest = Some(Vec::new());
        for queue in &mut self.queues {
            queue.waiting.forget(from, to);
        }
    }

    fn apply_agents(&mut self, changed: &[Arc<Agent>], removed: &[LoginId]) {
        let mut new = Vec::new();
        let mut latest = Vec::with_capacity(changed.len());
        let mut is_renamed = false;
        for agent in changed {
            let Some(at) = self.places.get(agent.login()).copied() else {
                new.push(Arc::clone(agent));
                continue;
            };
            latest.push(at);
            let was_cut_off = self.agents[at].is_cut_off();
            self.cut_off = self.cut_off + u32::from(agent.is_cut_off()) - u32::from(was_cut_off);
            self.free = self.free.without(&self.agents[at]).and(agent);
            is_renamed |= self.agents[at].name_key() != agent.name_key();
            if is_renamed {
                self.agents[at] = Arc::clone(agent);
            } else {
                let half = &mut self.halves[self.half_of(agent)];
                half.replace(&mut self.agents, at, Arc::clone(agent), [true, true]);
            }
        }
        let is_same_lot = new.is_empty() && removed.is_empty();
        self.latest = is_same_lot.then_some(latest);
        if !is_same_lot {
            let removed: BTreeSet<_> = removed.iter().collect();
            self.agents.retain(|agent| !removed.contains(agent.login()));
            self.agents.extend(new);
            self.agents.sort_by(|a, b| a.login().cmp(b.login()));
            let places = self.agents.iter().enumerate();
            self.places = Arc::new(places.map(|(at, it)| (it.login().clone(), at)).collect());
            self.cut_off = self.agents.iter().map(|agent| u32::from(agent.is_cut_off())).sum();
            self.free = FreeTime::of(self.agents.iter().map(|agent| &**agent));
        }
        if is_renamed || !is_same_lot {
            self.halve();
        }
    }

    /// Divides the agents anew, which is needed when agents come, go or are renamed: seldom.
    fn halve(&mut self) {
        let mut by_name: Vec<_> = (0..self.agents.len()).collect();
        by_name.sort_by_key(|at| self.agents[*at].name_key());
        let second = by_name.split_off(by_name.len().div_ceil(2));
        let agent = |at: Option<&usize>| Some(Arc::clone(&self.agents[*at?]));
        self.middle = agent(by_name.last());
        self.second = agent(second.first()).zip(agent(second.last())).map(|(a, b)| [a, b]);
        self.halves = [by_name, second].map(|half| Order::new(Sort::Name, &self.agents, half));
    }

    /// Which half an agent belongs to.
    fn half_of(&self, agent: &Agent) -> usize {
        let middle = self.middle.as_ref();
        usize::from(middle.is_some_and(|middle| agent.name_key() > middle.name_key()))
    }
}

/// The target of all of these queues in percent, if it is the same.
pub fn common_target<'a>(queues: impl IntoIterator<Item = &'a Queue>) -> Option<f64> {
    let mut targets = queues.into_iter().map(|queue| queue.info().target_percent);
    let first = targets.next()?;
    targets.all(|target| target == first).then_some(first)
}

impl Queue {
    /// Its identifier, such as `sales_general`.
    pub fn id(&self) -> &str {
        &self.info.id
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// Its targets.
    pub fn info(&self) -> &QueueInfo {
        &self.info
    }

    /// It in this second, once told.
    pub fn live(&self) -> Option<&Arc<VirtualQueue>> {
        self.live.as_ref()
    }

    /// How many calls waited in the last minutes.
    pub fn waiting(&self) -> &Trend {
        &self.waiting
    }

    /// How long the call that waits longest has waited at `now`; `None` when none waits.
    pub fn longest_wait(&self, now: Timestamp) -> Option<Millis> {
        Some(now.since(self.live()?.oldest_enqueued_at?))
    }
}
