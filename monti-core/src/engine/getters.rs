//! Reading the engine.

use crate::{
    AgentId, AgentView, Assignment, BusinessDay, CallId, CallPhase, CallView, Centre,
    DepartmentFigures, DepartmentId, Engine, INTERVAL, Interval, Millis, QueueFigures, Queued,
    RequestId, Session, Tally, Timestamp, VqId, agent::percent, ledger::Fate, queue::Queue,
    roster::Agent,
};

use super::states::watched;

impl Engine {
    /// The latest moment that the engine was given.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The centre that it runs.
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// The business date.
    pub fn today(&self) -> BusinessDay {
        self.today
    }

    /// The agent that logs in as `login`, `None` if it is not known today.
    pub fn find_agent(&self, login: &str) -> Option<AgentId> {
        self.agents.find(login).map(|slot| self.agents.id(slot))
    }

    /// An agent as it is now, `None` if it is not known.
    pub fn agent(&self, agent: AgentId) -> Option<AgentView<'_>> {
        self.agents.slot(agent).map(|slot| self.view(slot))
    }

    /// The agents of a department, offline ones of today included, by login.
    pub fn agents(&self, department: DepartmentId) -> impl Iterator<Item = AgentView<'_>> {
        let department = self.departments.get(department.index());
        department
            .into_iter()
            .flat_map(|department| department.roster.values().map(|slot| self.view(*slot)))
    }

    /// A call that waits, rings or is answered; `None` for all others.
    pub fn call(&self, call: CallId) -> Option<CallView> {
        match self.ledger.fate(self.ledger.find(self.now, call)?) {
            Fate::Live(place) => self.calls[place].view(),
            Fate::Ended { .. } => None,
        }
    }

    /// How long the phone of an assignment rings from now on: less than the ring time-out where it
    /// rang elsewhere until now, and not the less for a standstill.
    pub fn rings_for(&self, assignment: &Assignment) -> Millis {
        let begun = assignment.enqueued_at + assignment.waited;
        let all = self.centre.limits().ring_timeout + self.put_off_since(begun);
        all - self.now.since(begun)
    }

    /// The queue of a call that has no record yet: that waits, rings, is answered, or that its agent
    /// has after-call work for. `None` for all others.
    pub fn queue_of(&self, call: CallId) -> Option<VqId> {
        let place = match self.ledger.fate(self.ledger.find(self.now, call)?) {
            Fate::Live(place) => place,
            Fate::Ended { agent, .. } => {
                self.agents[self.agents.slot(agent?)?].state.wrapped_up_call()?
            }
        };
        let holds = &self.calls[place];
        (holds.id == call).then_some(holds.vq)
    }

    /// What a repeat of a request for a call is answered at `now`, if it is remembered then.
    pub fn repeated(&self, request: &RequestId, now: Timestamp) -> Option<Queued> {
        Some(self.repeat_of(self.ledger.find_request(self.now.max(now), request)?))
    }

    /// All calls that wait, ring or are answered, in the order of their arrival.
    pub fn calls(&self) -> impl Iterator<Item = CallView> {
        let mut calls: Vec<_> = self.calls.iter().map(|(_, call)| (call.order, call)).collect();
        calls.sort_unstable_by_key(|(order, _)| *order);
        calls.into_iter().filter_map(|(_, call)| call.view())
    }

    /// A queue's figures, today and now; `None` for a queue that the centre has not.
    ///
    /// The estimated wait is 0 with an agent available, else (waiting calls + 1) × AHT ÷ agents
    /// that serve the queue and are available or busy; `None` without such agents or without an
    /// AHT. AHT is the queue's today, or the department's.
    pub fn queue(&self, vq: VqId) -> Option<QueueFigures> {
        let queue = self.queues.get(vq.index())?;
        let department = &self.departments[queue.department.index()];
        let live = queue.counters.live();
        Some(QueueFigures {
            today: queue.counters.today(),
            live,
            live_today: queue.counters.live_today,
            available_agents: department.idle.len() + queue.rest.idle.len(),
            oldest_enqueued_at: self.oldest(queue),
            estimated_wait: self.estimated_wait(vq, live.waiting + 1),
        })
    }

    /// A department's figures, today and at `now`; `None` for one that the centre has not.
    ///
    /// Available agents are all of the department's. The estimated wait is `None`: it is a
    /// queue's.
    pub fn department(&self, id: DepartmentId, now: Timestamp) -> Option<DepartmentFigures> {
        let department = self.departments.get(id.index())?;
        let now = now.max(self.now);
        let mut queues = QueueFigures {
            today: self.department_tally(id),
            available_agents: department.routable,
            ..Default::default()
        };
        for queue in self.queues_of(id) {
            queues.live.merge(&queue.counters.live());
            queues.live_today.merge(&queue.counters.live_today);
            let oldest = [queues.oldest_enqueued_at, self.oldest(queue)];
            queues.oldest_enqueued_at = oldest.into_iter().flatten().min();
        }
        let busy = department.busy.total_at(now);
        let open = busy + department.available.total_at(now);
        Some(DepartmentFigures {
            queues,
            agents: department.states,
            breaches: department.breaches,
            busy,
            open,
            occupancy_percent: percent(busy.get(), open.get()),
        })
    }

    /// A queue's quarters of an hour from the date's start to the one that holds `now`.
    pub fn intervals(&self, vq: VqId, now: Timestamp) -> Vec<Interval> {
        let Some(queue) = self.queues.get(vq.index()) else { return Vec::new() };
        let now = now.max(self.now);
        (0..=self.quarter_at(now)).map(|index| self.interval(queue, index, now)).collect()
    }

    fn interval(&self, queue: &Queue, index: u32, now: Timestamp) -> Interval {
        let quarter = queue.counters.quarter(&self.past_quarters, index);
        let offset = INTERVAL.get().saturating_mul(index.into());
        let starts_at = self.today.starts_at + Millis::new(offset);
        let department = &self.departments[queue.department.index()];
        let ends_at = starts_at + INTERVAL;
        let until =
            |moment| queue.rest.staffed.total_at(moment) + department.staffed.total_at(moment);
        let mut staffed = quarter.staffed;
        if ends_at == self.quarter_ends_at {
            staffed += until(now.min(ends_at));
        } else if ends_at > self.quarter_ends_at {
            // It has begun for whoever asks, and not yet for the engine: nobody came or left since.
            staffed += until(now.min(ends_at)) - until(starts_at);
        } else if let Some(all) = department.staffed_quarters.get(index as usize) {
            staffed += *all;
        }
        let passed = now.since(starts_at).min(INTERVAL);
        Interval {
            starts_at,
            tally: quarter.tally,
            overdue: quarter.overdue,
            staffed_agents: percent(staffed.get(), passed.get()).map_or(0.0, |share| share / 100.0),
        }
    }

    fn queues_of(&self, department: DepartmentId) -> impl Iterator<Item = &Queue> {
        let queues = self.centre.department(department).map(|department| &department.queues);
        queues.into_iter().flatten().map(|vq| &self.queues[vq.index()])
    }

    fn department_tally(&self, department: DepartmentId) -> Tally {
        let mut tally = Tally::default();
        for queue in self.queues_of(department) {
            tally.merge(&queue.counters.today());
        }
        tally
    }

    fn oldest(&self, queue: &Queue) -> Option<Timestamp> {
        queue.oldest(&self.waiting).map(|place| self.calls[place].enqueued_at)
    }

    fn view(&self, slot: u32) -> AgentView<'_> {
        let Agent { state, pending, in_breach, .. } = self.agents[slot];
        let agent = &self.agents[slot];
        let call = state.call().and_then(|place| self.calls[place].view());
        let talks_since = call.and_then(|call| match call.phase {
            CallPhase::Active { answered_at, .. } => Some(answered_at.max(self.counted_from)),
            _ => None,
        });
        AgentView {
            id: self.agents.id(slot),
            login: agent.login(),
            name: &agent.profile.name,
            location: agent.profile.location.as_ref(),
            team: agent.profile.team.as_ref(),
            department: agent.department,
            queues: agent.serves.queues(),
            auto_answer: agent.auto_answer,
            session: Session(agent.session),
            state: state.kind(),
            pending: pending.map(|pending| pending.state.into()),
            state_start: agent.state_start,
            last_update: agent.last_update(),
            link_lost_at: agent.link_lost_at(),
            call,
            talks_since,
            breach: watched(state.kind()).filter(|_| in_breach).map(|(kind, _)| kind),
            figures: agent.figures.into(),
            counted_until: agent.state_start.max(self.counted_from),
        }
    }
}
