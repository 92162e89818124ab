//! Time: what is due, and when something will be. Rules 1 to 4, 12, 17, 18 and 25.

use monti_core::{
    AgentDay, AgentFigures, AgentLeft, AgentState, BreachKind, BusinessDay, CallPhase, Event,
    INTERVAL, InvalidValue, Millis, Output, Rejection, Reply, RevokeReason, Tally, Timestamp,
};

use super::{MEMORY, Model, agent::Agent, call::Call};

/// A date's length until the shell tells better.
const USUAL_DAY: Millis = Millis::from_secs(24 * 60 * 60);

/// The longest that a date may be said to be.
const LONGEST_DAY: Millis = Millis::from_secs(48 * 60 * 60);

/// The first moment after something has lasted its limit.
const TOO_LATE: Millis = Millis::new(1);

impl Model {
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        self.end_dates(now);
        self.let_things_fall_due();
    }

    /// Ends the dates that are over at `now`, before all else.
    pub(crate) fn end_dates(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        while self.now >= self.today.ends_at {
            let (day, starts_at) = (self.today.day.next(), self.today.ends_at);
            let ends_at = starts_at + USUAL_DAY;
            self.begin_day(BusinessDay { day, starts_at, ends_at }, starts_at);
        }
    }

    fn let_things_fall_due(&mut self) {
        for at in 0..self.live.len() {
            let (call, vq) = (self.live[at].view.id, self.live[at].view.vq);
            if self.target_due(&self.live[at]).is_some_and(|due| due <= self.now) {
                self.live[at].missed_target = true;
                self.say(Event::TargetMissed { call, vq });
            }
        }
        while let Some(call) = self.due_ring() {
            self.let_ring_out(call);
        }
        while let Some(at) = self.first_due(Self::grace_due, |agent| agent.grace_deadline) {
            self.give_up(at);
        }
        for (state, kind) in [
            (AgentState::AfterCallWork, BreachKind::AfterCallWork),
            (AgentState::Break, BreachKind::Break),
        ] {
            let due = |model: &Self, agent: &Agent| {
                model.breach_due(agent).filter(|_| agent.state == state)
            };
            while let Some(at) = self.first_due(due, |agent| agent.state_deadline) {
                let agent = &mut self.agents[at];
                agent.breach = Some(kind);
                match kind {
                    BreachKind::AfterCallWork => agent.figures.after_call_breaches += 1,
                    BreachKind::Break => agent.figures.break_breaches += 1,
                }
                let agent = agent.id;
                self.say(Event::Breach { agent, kind });
            }
        }
        let now = self.now;
        self.ended.retain(|_, ended| now <= ended.enqueued_at + MEMORY);
    }

    /// The next moment at which time alone changes something.
    pub(crate) fn poll_timeout(&self) -> Timestamp {
        let into_today = self.now.since(self.today.starts_at).get();
        let interval_ends = (into_today / INTERVAL.get() + 1) * INTERVAL.get();
        let calls = self.live.iter().flat_map(|call| [self.ring_due(call), self.target_due(call)]);
        let agents =
            self.agents.iter().flat_map(|agent| [self.grace_due(agent), self.breach_due(agent)]);
        calls
            .chain(agents)
            .flatten()
            .chain([self.today.ends_at, self.today.starts_at + Millis::new(interval_ends)])
            .min()
            .expect("a date ends")
    }

    fn ring_due(&self, call: &Call) -> Option<Timestamp> {
        match call.view.phase {
            CallPhase::Ringing { assigned_at, .. } => {
                let put_off = self.put_off_since(assigned_at);
                Some(assigned_at + self.centre.limits().ring_timeout + put_off)
            }
            CallPhase::Waiting | CallPhase::Active { .. } => None,
        }
    }

    fn target_due(&self, call: &Call) -> Option<Timestamp> {
        let due = call.view.enqueued_at + self.queue_of(call.view.vq).target + TOO_LATE;
        (!call.is_answered() && !call.missed_target).then_some(due)
    }

    fn grace_due(&self, agent: &Agent) -> Option<Timestamp> {
        let grace = self.centre.limits().grace;
        agent.link_lost_at.map(|lost| lost + grace + self.put_off_since(lost))
    }

    /// How long the shell stood still since.
    fn put_off_since(&self, begun: Timestamp) -> Millis {
        let later = self.standstills.iter().filter(|(since, _)| *since >= begun);
        later.fold(Millis::ZERO, |sum, (_, lasted)| sum + *lasted)
    }

    fn breach_due(&self, agent: &Agent) -> Option<Timestamp> {
        let limit = match agent.state {
            AgentState::AfterCallWork => self.centre.limits().after_call_work,
            AgentState::Break => self.centre.limits().break_time,
            _ => return None,
        };
        agent.breach.is_none().then_some(agent.state_start + limit + TOO_LATE)
    }

    fn due_ring(&self) -> Option<monti_core::CallId> {
        let due =
            self.live.iter().filter(|call| self.ring_due(call).is_some_and(|due| due <= self.now));
        due.min_by_key(|call| call.ring_deadline).map(|call| call.view.id)
    }

    /// Of the agents for which something is due, where the one stands for which it was set first.
    fn first_due(
        &self,
        due: impl Fn(&Self, &Agent) -> Option<Timestamp>,
        set: impl Fn(&Agent) -> u64,
    ) -> Option<usize> {
        let is_due = |at: &usize| due(self, &self.agents[*at]).is_some_and(|due| due <= self.now);
        (0..self.agents.len()).filter(is_due).min_by_key(|at| set(&self.agents[*at]))
    }

    fn let_ring_out(&mut self, id: monti_core::CallId) {
        let agent = self.live[self.live_at(id).unwrap()].agent().unwrap();
        let at = self.agent_at(agent);
        self.agents[at].figures.ring_no_answers += 1;
        self.revoke(id, RevokeReason::RingTimeout);
        self.place(id, Some(agent));
        self.release(agent, AgentState::NotResponding, false);
        self.route(agent);
    }

    pub(super) fn be_told(&mut self, told: BusinessDay) -> Result<Reply, Rejection> {
        let length = told.ends_at.since(told.starts_at);
        if length == Millis::ZERO || length > LONGEST_DAY || told.ends_at <= self.now {
            return Err(Rejection::InvalidValue(InvalidValue::DayBounds));
        }
        if told.day < self.today.day {
            return Err(Rejection::InvalidValue(InvalidValue::PastDay));
        }
        if told.day == self.today.day {
            self.today = told;
        } else {
            self.begin_day(told, self.now);
        }
        Ok(Reply::Done)
    }

    /// Ends today at `cut`, and begins another date.
    fn begin_day(&mut self, next: BusinessDay, cut: Timestamp) {
        let day = self.today.day;
        self.today = next;
        self.counted_from = cut;
        self.number = 0;
        self.facts.iter_mut().for_each(Vec::clear);
        self.tallies.fill(Tally::default());
        self.presence.clear();
        for at in 0..self.agents.len() {
            self.count_work_until(at, cut);
            let agent = &mut self.agents[at];
            agent.count_until(cut);
            let figures = std::mem::take(&mut agent.figures);
            let login = agent.login.clone();
            if figures != AgentFigures::default() {
                self.outputs.push_back(Output::AgentDay(AgentDay { login, day, figures }));
            }
            if agent.is_offline() {
                let (agent, login, department) = (agent.id, agent.login.clone(), agent.department);
                self.outputs.push_back(Output::AgentLeft(AgentLeft { agent, login, department }));
            }
        }
        self.agents.retain(|agent| !agent.is_offline());
        self.worked.fill((Millis::ZERO, Millis::ZERO));
        for at in 0..self.agents.len() {
            self.open_presence_at(at, cut);
        }
        self.say(Event::DayBegan { day: next.day });
    }
}
