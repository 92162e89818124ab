//! Rules 19 to 23: every figure is counted from facts, each time anew.

use monti_core::{
    AgentState, CallId, CallStatus, DepartmentFigures, DepartmentId, INTERVAL, Interval, LiveCalls,
    Millis, QueueFigures, Tally, Timestamp, VirtualQueue, VqId,
};

use super::{Model, agent::Agent, call::Call};

/// What is known of one of today's calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    id: CallId,
    enqueued_at: Timestamp,
    /// How long it waited, once it waits no longer.
    pub(super) waited: Option<Millis>,
    pub(super) answered: bool,
    /// How it ended, once it has.
    pub(super) status: Option<CallStatus>,
    /// What it cost its agent, once that can change no more.
    pub(super) handled: Option<Millis>,
}

/// An agent logged in and serving the same queues from one moment to another.
#[derive(Debug, Clone)]
pub(super) struct Presence {
    agent: Agent,
    from: Timestamp,
    to: Option<Timestamp>,
}

impl Fact {
    pub(super) fn new(id: CallId, enqueued_at: Timestamp) -> Self {
        Self { id, enqueued_at, waited: None, answered: false, status: None, handled: None }
    }
}

impl Model {
    /// Notes what became of one of today's calls; calls of older dates count no more.
    pub(super) fn note(&mut self, id: CallId, vq: VqId, what: impl FnOnce(&mut Fact)) {
        let facts = &mut self.facts[vq.0 as usize];
        if let Ok(at) = facts.binary_search_by_key(&id, |fact| fact.id) {
            what(&mut facts[at]);
            self.tallies[vq.0 as usize] =
                tally(self.queue_of(vq), self.facts[vq.0 as usize].iter());
        }
    }

    pub(crate) fn queue(&self, vq: VqId) -> QueueFigures {
        let in_queue = |call: &&Call| call.view.vq == vq;
        let serving = self.serving(vq).filter(|agent| agent.is_routable());
        QueueFigures {
            today: self.tallies[vq.0 as usize],
            available_agents: count(serving),
            estimated_wait: self.estimated_wait(vq),
            ..self.live_figures(self.live.iter().filter(in_queue))
        }
    }

    /// A department's figures; how long a call would wait is a question to a queue.
    pub(crate) fn department(&self, department: DepartmentId, now: Timestamp) -> DepartmentFigures {
        let in_department = |call: &&Call| self.queue_of(call.view.vq).department == department;
        let members = || self.agents.iter().filter(|agent| agent.department == department);
        let (mut busy, mut open) = self.worked[usize::from(department.0)];
        for agent in members() {
            count_work(&mut busy, &mut open, agent.state, now.since(agent.worked_until));
        }
        DepartmentFigures {
            queues: QueueFigures {
                today: self.department_tally(department),
                available_agents: count(members().filter(|agent| agent.is_routable())),
                estimated_wait: None,
                ..self.live_figures(self.live.iter().filter(in_department))
            },
            agents: AgentState::ALL
                .map(|state| count(members().filter(|agent| agent.state == state))),
            breaches: count(members().filter(|agent| agent.breach.is_some())),
            busy,
            open,
            occupancy_percent: (open > Millis::ZERO)
                .then(|| 100.0 * busy.as_secs_f64() / open.as_secs_f64()),
        }
    }

    /// Today's quarters of an hour up to `now`.
    pub(crate) fn intervals(&self, vq: VqId, now: Timestamp) -> Vec<Interval> {
        let (queue, facts) = (self.queue_of(vq), &self.facts[vq.0 as usize]);
        let mut intervals = Vec::new();
        let mut starts_at = self.today.starts_at;
        while starts_at <= now {
            let ends_at = starts_at + INTERVAL;
            let within = |moment: Timestamp| starts_at <= moment && moment < ends_at;
            let overdue = self.live.iter().filter(|call| {
                call.view.vq == vq
                    && call.view.id.day == self.today.day
                    && within(call.view.enqueued_at)
                    && self.is_overdue(call)
            });
            intervals.push(Interval {
                starts_at,
                tally: tally(queue, facts.iter().filter(|fact| within(fact.enqueued_at))),
                overdue: count(overdue),
                staffed_agents: self.staffed(vq, starts_at, ends_at.min(now)),
            });
            starts_at = ends_at;
        }
        intervals
    }

    /// How long the next call would wait.
    fn estimated_wait(&self, vq: VqId) -> Option<Millis> {
        let waiting = self.live.iter().filter(|call| call.is_waiting() && call.view.vq == vq);
        self.wait_for_place(vq, count(waiting) + 1)
    }

    /// How long a call waits at a place in its queue, 1 = next.
    pub(super) fn wait_for_place(&self, vq: VqId, place: u32) -> Option<Millis> {
        if self.serving(vq).any(Agent::is_routable) {
            return Some(Millis::ZERO);
        }
        let department = self.queue_of(vq).department;
        let handle = self.tallies[vq.0 as usize]
            .avg_handle()
            .or_else(|| self.department_tally(department).avg_handle())?;
        let working = self.serving(vq).filter(|agent| agent.is_working());
        Millis::new(u64::from(place) * handle.get()).mean_over(count(working).into())
    }

    fn serving(&self, vq: VqId) -> impl Iterator<Item = &Agent> {
        let department = self.queue_of(vq).department;
        self.agents.iter().filter(move |agent| agent.serves(department, vq))
    }

    fn department_tally(&self, department: DepartmentId) -> Tally {
        let mut sum = Tally::default();
        for (vq, _) in self.centre.queues().filter(|(_, queue)| queue.department == department) {
            add(&mut sum, &self.tallies[vq.0 as usize]);
        }
        sum
    }

    fn live_figures<'a>(&self, calls: impl Iterator<Item = &'a Call>) -> QueueFigures {
        let mut figures = QueueFigures::default();
        for call in calls {
            let one = LiveCalls {
                waiting: u32::from(call.is_waiting()),
                ringing: u32::from(!call.is_waiting() && !call.is_answered()),
                active: u32::from(call.is_answered()),
                overdue: u32::from(self.is_overdue(call)),
            };
            add_live(&mut figures.live, one);
            if call.view.id.day == self.today.day {
                add_live(&mut figures.live_today, one);
            }
            if call.is_waiting() {
                let arrived = call.view.enqueued_at;
                let oldest = figures.oldest_enqueued_at.unwrap_or(arrived);
                figures.oldest_enqueued_at = Some(oldest.min(arrived));
            }
        }
        figures
    }

    fn is_overdue(&self, call: &Call) -> bool {
        let waited = self.now.since(call.view.enqueued_at);
        !call.is_answered() && waited > self.queue_of(call.view.vq).target
    }

    fn staffed(&self, vq: VqId, from: Timestamp, to: Timestamp) -> f64 {
        let department = self.queue_of(vq).department;
        let together: Millis = self
            .presence
            .iter()
            .filter(|presence| presence.agent.serves(department, vq))
            .map(|presence| presence.to.unwrap_or(to).min(to).since(presence.from.max(from)))
            .sum();
        together.as_secs_f64() / to.since(from).as_secs_f64()
    }

    /// Counts an agent's time up to `until` for the department that it is in.
    pub(super) fn count_work_until(&mut self, at: usize, until: Timestamp) {
        let agent = &mut self.agents[at];
        let (busy, open) = &mut self.worked[usize::from(agent.department.0)];
        count_work(busy, open, agent.state, until.since(agent.worked_until));
        agent.worked_until = until;
    }

    pub(super) fn open_presence(&mut self, at: usize) {
        self.open_presence_at(at, self.now);
    }

    pub(super) fn open_presence_at(&mut self, at: usize, from: Timestamp) {
        let agent = self.agents[at].clone();
        self.presence.push(Presence { agent, from, to: None });
    }

    pub(super) fn close_presence(&mut self, at: usize, to: Timestamp) {
        let id = self.agents[at].id;
        let mut open = self.presence.iter_mut().filter(|presence| presence.to.is_none());
        if let Some(presence) = open.find(|presence| presence.agent.id == id) {
            presence.to = Some(to);
        }
    }
}

/// Time in calls, and time open to calls.
fn count_work(busy: &mut Millis, open: &mut Millis, state: AgentState, spent: Millis) {
    let is_busy = state.has_call() || state == AgentState::AfterCallWork;
    if is_busy {
        *busy += spent;
    }
    if is_busy || state == AgentState::Available {
        *open += spent;
    }
}

fn tally<'a>(queue: &VirtualQueue, facts: impl Iterator<Item = &'a Fact>) -> Tally {
    let mut tally = Tally::default();
    for fact in facts {
        let waited = fact.waited.unwrap_or_default();
        let in_target = u32::from(waited <= queue.target);
        tally.offered += 1;
        tally.max_wait = tally.max_wait.max(waited);
        if fact.answered {
            tally.answered += 1;
            tally.answered_in_target += in_target;
            tally.wait += waited;
        }
        match fact.status {
            None => {}
            Some(_) if !fact.answered => {
                tally.abandoned += 1;
                tally.abandoned_in_target += in_target;
                tally.abandoned_short += u32::from(waited <= queue.short_abandon);
            }
            Some(CallStatus::AgentLost) => tally.agent_lost += 1,
            Some(_) => tally.completed += 1,
        }
        if let Some(handled) = fact.handled {
            tally.handled += 1;
            tally.handle += handled;
        }
    }
    tally
}

/// Field by field, so that no counter is forgotten.
fn add(sum: &mut Tally, tally: &Tally) {
    sum.offered += tally.offered;
    sum.answered += tally.answered;
    sum.answered_in_target += tally.answered_in_target;
    sum.abandoned += tally.abandoned;
    sum.abandoned_in_target += tally.abandoned_in_target;
    sum.abandoned_short += tally.abandoned_short;
    sum.completed += tally.completed;
    sum.agent_lost += tally.agent_lost;
    sum.handled += tally.handled;
    sum.wait += tally.wait;
    sum.handle += tally.handle;
    sum.max_wait = sum.max_wait.max(tally.max_wait);
}

fn add_live(sum: &mut LiveCalls, calls: LiveCalls) {
    sum.waiting += calls.waiting;
    sum.ringing += calls.ringing;
    sum.active += calls.active;
    sum.overdue += calls.overdue;
}

fn count<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).expect("a test has few of anything")
}
