//! What changed since the wallboards were last told.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Instant,
};

use monti_core::{
    AgentId, Department, DepartmentId, Engine, Event, LoginId, Output, Timestamp,
    wire::{ACTIVITY_EVENTS_MAX, ActivityEvent, AgentInfo, Health, Summary, VirtualQueue},
};

use super::activity;

/// What the feed is told each second.
#[derive(Debug)]
pub(super) struct TickUpdate {
    /// Grows by one with each.
    pub(super) tick: u64,
    /// The centre's time.
    pub(super) timestamp: Timestamp,
    /// All departments in the centre's order, or none if nothing of what happened can be shown.
    pub(super) departments: Vec<DepartmentUpdate>,
    /// What happened, newest last, at most [`ACTIVITY_EVENTS_MAX`] of each department.
    pub(super) activity: Vec<ActivityEvent>,
    /// Whether what happens can be kept.
    pub(super) health: Health,
}

/// What is new of a department.
#[derive(Debug)]
pub(super) struct DepartmentUpdate {
    /// The department in a few numbers, now.
    pub(super) summary: Summary,
    /// The agents that changed or came, by login.
    pub(super) changed: Vec<AgentInfo>,
    /// The agents that left it.
    pub(super) removed: Vec<LoginId>,
    /// All of its queues, if anything in the department changed.
    pub(super) queues: Option<Vec<VirtualQueue>>,
}

/// Gathers what changes.
#[derive(Debug)]
pub(super) struct Changes {
    agents: BTreeSet<AgentId>,
    left: Vec<(DepartmentId, LoginId)>,
    /// In which departments anything changed, in the centre's order.
    departments: Vec<bool>,
    everything: bool,
    /// The newest of what happened, by department, each with its place among all of it.
    events: Vec<VecDeque<(u64, Event)>>,
    /// Who left since the last of it was told: the engine may know them no longer.
    logins: BTreeMap<AgentId, LoginId>,
    /// How much happened.
    happened: u64,
    /// When the request arrived that is being carried out.
    cause: Option<Instant>,
}

impl Changes {
    /// All of the engine's `departments` are news.
    pub(super) fn everything(departments: usize) -> Self {
        Self {
            agents: BTreeSet::new(),
            left: Vec::new(),
            departments: vec![true; departments],
            everything: true,
            events: vec![VecDeque::new(); departments],
            logins: BTreeMap::new(),
            happened: 0,
            cause: None,
        }
    }

    /// What follows is because of a request that arrived then, or happens by itself.
    pub(super) fn caused_by(&mut self, arrival: Option<Instant>) {
        self.cause = arrival;
    }

    pub(super) fn cause(&self) -> Option<Instant> {
        self.cause
    }

    /// Notes what an output of the engine changes.
    pub(super) fn note(&mut self, output: &Output, engine: &Engine) {
        if let Some(agent) = output.changed_agent() {
            self.agents.insert(agent);
        }
        if let Some(vq) = output.changed_queue().and_then(|vq| engine.centre().queue(vq)) {
            self.touch(vq.department);
        }
        let event = match output {
            Output::Event(event) => event,
            Output::AgentLeft(left) => {
                self.left.push((left.department, left.login.clone()));
                self.agents.insert(left.agent);
                self.logins.insert(left.agent, left.login.clone());
                return;
            }
            Output::Record(_) | Output::AgentDay(_) => return,
        };
        if matches!(event, Event::DayBegan { .. }) {
            self.everything = true;
        }
        let department = activity::department_of(event, engine);
        if let Some(events) = department.and_then(|it| self.events.get_mut(usize::from(it.0))) {
            // Of each department: nobody who watches but one misses what happened in it because
            // more happened in others.
            if events.len() == ACTIVITY_EVENTS_MAX {
                events.pop_front();
            }
            events.push_back((self.happened, *event));
            self.happened += 1;
        }
    }

    fn touch(&mut self, department: DepartmentId) {
        if let Some(is_changed) = self.departments.get_mut(usize::from(department.0)) {
            *is_changed = true;
        }
    }

    /// What is new of all departments at `now`, to be told.
    pub(super) fn take_departments(
        &mut self,
        engine: &Engine,
        now: Timestamp,
    ) -> Vec<DepartmentUpdate> {
        let everything = std::mem::take(&mut self.everything);
        let mut changed = self.take_agents(engine, everything);
        let mut removed = self.take_left(engine);
        let departments = engine.centre().departments().zip(&mut self.departments);
        let updates = departments.map(|((id, department), is_touched)| {
            let changed = std::mem::take(&mut changed[usize::from(id.0)]);
            let removed = std::mem::take(&mut removed[usize::from(id.0)]);
            let is_touched = std::mem::take(is_touched) | everything;
            let is_changed = is_touched || !changed.is_empty() || !removed.is_empty();
            let figures = engine.department(id, now)?;
            Some(DepartmentUpdate {
                summary: Summary::new(&figures, now),
                changed,
                removed,
                queues: is_changed.then(|| queues_of(department, engine, now)),
            })
        });
        updates.flatten().collect()
    }

    /// The agents that changed, by department and login.
    fn take_agents(&mut self, engine: &Engine, everything: bool) -> Vec<Vec<AgentInfo>> {
        let centre = engine.centre();
        let agents = std::mem::take(&mut self.agents);
        let mut changed: Vec<Vec<_>> = centre.departments().map(|_| Vec::new()).collect();
        if everything {
            for ((id, _), changed) in centre.departments().zip(&mut changed) {
                changed.extend(engine.agents(id).map(|view| AgentInfo::new(&view, centre)));
            }
            return changed;
        }
        for view in agents.iter().filter_map(|agent| engine.agent(*agent)) {
            changed[usize::from(view.department.0)].push(AgentInfo::new(&view, centre));
        }
        for changed in &mut changed {
            changed.sort_unstable_by(|a, b| a.agent_id.cmp(&b.agent_id));
        }
        changed
    }

    /// The agents that left and did not come back, by department.
    fn take_left(&mut self, engine: &Engine) -> Vec<Vec<LoginId>> {
        let mut removed: Vec<Vec<_>> = engine.centre().departments().map(|_| Vec::new()).collect();
        for (department, login) in std::mem::take(&mut self.left) {
            let agent = engine.find_agent(&login).and_then(|agent| engine.agent(agent));
            if agent.is_none_or(|agent| agent.department != department) {
                removed[usize::from(department.0)].push(login);
            }
        }
        for removed in &mut removed {
            removed.sort_unstable();
            removed.dedup();
        }
        removed
    }

    /// What happened, to be told; kept for later if it cannot be shown yet.
    pub(super) fn take_activity(&mut self, engine: &Engine, is_held: bool) -> Vec<ActivityEvent> {
        if is_held {
            return Vec::new();
        }
        let (centre, left) = (engine.centre(), std::mem::take(&mut self.logins));
        let departments = centre.departments().zip(&mut self.events);
        let events = departments.flat_map(|((_, department), events)| {
            events.drain(..).map(move |(place, event)| (place, department, event))
        });
        let mut events: Vec<_> = events.collect();
        events.sort_unstable_by_key(|(place, ..)| *place);
        let login = |agent| {
            let view = engine.agent(agent);
            view.map_or_else(|| left.get(&agent).cloned(), |view| Some(view.login.clone()))
        };
        let told = |(_, department, event): &(_, &Department, _)| {
            activity::told(event, department, centre, login)
        };
        events.iter().filter_map(told).collect()
    }
}

/// A department's queues at `now`, in the centre's order.
pub(crate) fn queues_of(
    department: &Department,
    engine: &Engine,
    now: Timestamp,
) -> Vec<VirtualQueue> {
    let centre = engine.centre();
    let queues = department.queues.iter().filter_map(|vq| {
        Some(VirtualQueue::new(centre.queue(*vq)?, &engine.queue(*vq)?, centre, now))
    });
    queues.collect()
}
