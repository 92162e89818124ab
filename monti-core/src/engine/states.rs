//! What agents do: one state after the other, and what comes with each.

use crate::{
    AgentId, AgentState, BreachKind, Engine, Event, LogoutReason, Millis, Rejection, Reply,
    SettableState,
    headcount::Headcount,
    roster::{Pending, Serves, State},
    timer::Deadline,
};

impl Engine {
    pub(super) fn handle_set_state(
        &mut self,
        agent: AgentId,
        state: SettableState,
    ) -> Result<Reply, Rejection> {
        let slot = self.agents.slot(agent).ok_or(Rejection::UnknownAgent)?;
        self.ask_for(slot, Pending { state, by_supervisor: true })
    }

    pub(super) fn handle_log_out(&mut self, agent: AgentId) -> Result<Reply, Rejection> {
        self.handle_set_state(agent, SettableState::Offline)
    }

    /// A state is asked for: at once, or after the call if there is one.
    pub(super) fn ask_for(&mut self, slot: u32, asked: Pending) -> Result<Reply, Rejection> {
        let agent = &mut self.agents[slot];
        let state = agent.state.kind();
        if state == AgentState::from(asked.state) {
            return Ok(Reply::Done);
        }
        if state == AgentState::Offline {
            return Err(Rejection::InvalidState(state));
        }
        if !state.has_call() {
            self.begin(slot, asked);
        } else if agent.pending != Some(asked) {
            agent.pending = Some(asked);
            agent.last_update = self.now;
            let agent = self.agents.id(slot);
            self.emit(Event::AgentChanged { agent });
        }
        Ok(Reply::Done)
    }

    /// The agent's part in a call is over: it goes on to what it asked for, or to `otherwise`.
    pub(super) fn part(&mut self, slot: u32, otherwise: State) {
        let Some(pending) = self.agents[slot].pending.take() else {
            self.enter(slot, otherwise);
            self.seek_call(slot);
            return;
        };
        match otherwise.wrapped_up_call() {
            Some(_) if pending.state == SettableState::AfterCallWork => {
                self.enter(slot, otherwise);
            }
            Some(place) => {
                self.close(place);
                self.begin(slot, pending);
            }
            None => self.begin(slot, pending),
        }
    }

    /// The same for a call that was never answered, which did not interrupt the agent's idling.
    pub(super) fn part_idle(&mut self, slot: u32) {
        let agent = &mut self.agents[slot];
        let idle_since = agent.idle_since;
        let pending = agent.pending.take();
        match pending {
            Some(pending) if pending.state != SettableState::Available => {
                self.begin(slot, pending);
            }
            _ => {
                self.enter(slot, State::AVAILABLE);
                self.agents[slot].idle_since = idle_since;
                self.seek_call(slot);
            }
        }
    }

    /// Begins a state that was asked for.
    fn begin(&mut self, slot: u32, asked: Pending) {
        if asked.state == SettableState::Offline {
            self.log_out(
                slot,
                match asked.by_supervisor {
                    true => LogoutReason::Supervisor,
                    false => LogoutReason::Asked,
                },
            );
            return;
        }
        self.enter(slot, asked.state.into());
        let agent = self.agents.id(slot);
        self.emit(Event::AgentChanged { agent });
        self.seek_call(slot);
    }

    /// The agent goes offline. It has no call.
    pub(super) fn log_out(&mut self, slot: u32, reason: LogoutReason) {
        self.enter(slot, State::OFFLINE);
        let agent = &mut self.agents[slot];
        agent.pending = None;
        if agent.link_lost_at.take().is_some() {
            self.deadlines.stop(Deadline::Grace, agent.grace);
        }
        let agent = self.agents.id(slot);
        self.emit(Event::LoggedOut { agent, reason });
    }

    /// Ends the agent's state and begins another.
    ///
    /// Does all that follows from the states themselves: figures, head counts, breach marks, the
    /// record of a call whose after-call work ends. An agent that becomes available is not idle
    /// yet: see [`Self::seek_call`].
    pub(super) fn enter(&mut self, slot: u32, state: State) {
        let now = self.now;
        self.leave_idle(slot);
        let agent = &mut self.agents[slot];
        let (before, after) = (agent.state.kind(), state.kind());
        let previous = std::mem::replace(&mut agent.state, state);
        let started = std::mem::replace(&mut agent.state_start, now);
        agent.figures.add(before, now.since(started.max(self.counted_from)));
        agent.last_update = now;
        if after == AgentState::Available {
            agent.idle_since = now;
        }
        let was_in_breach = std::mem::take(&mut agent.in_breach);
        let watch = agent.watch;
        let department = &mut self.departments[agent.department.index()];
        department.count(Some(before), Some(after), now);
        department.breaches -= u32::from(was_in_breach);
        if (before.is_at_work(), before == AgentState::Offline)
            != (after.is_at_work(), after == AgentState::Offline)
        {
            self.count_staff(slot, before, after);
        }
        if let Some((kind, deadline)) = watched(before) {
            if was_in_breach {
                let agent = self.agents.id(slot);
                self.emit(Event::BreachCleared { agent, kind, lasted: now.since(started) });
            } else {
                self.deadlines.stop(deadline, watch);
            }
        }
        if let Some(place) = previous.wrapped_up_call() {
            self.close(place);
        }
        if let Some((_, deadline)) = watched(after) {
            let limits = self.centre.limits();
            let limit = match deadline {
                Deadline::AfterCallWork => limits.after_call_work,
                _ => limits.break_time,
            };
            let breached_at = now + limit + Millis::new(1);
            self.agents[slot].watch = self.deadlines.set(deadline, slot, breached_at);
        }
    }

    /// After-call work or a break has lasted too long.
    pub(super) fn breach(&mut self, slot: u32) {
        let agent = &mut self.agents[slot];
        let Some((kind, _)) = watched(agent.state.kind()) else { return };
        agent.in_breach = true;
        agent.last_update = self.now;
        match kind {
            BreachKind::AfterCallWork => agent.figures.after_call_breaches += 1,
            BreachKind::Break => agent.figures.break_breaches += 1,
        }
        self.departments[agent.department.index()].breaches += 1;
        let agent = self.agents.id(slot);
        self.emit(Event::Breach { agent, kind });
    }

    /// Counts who staffs which queues after a change of state, or of what the agent serves: then
    /// once for all of it that ends and once for all that begins.
    pub(super) fn count_staff(&mut self, slot: u32, before: AgentState, after: AgentState) {
        let is_staffed = |state| state != AgentState::Offline;
        let staffed = (is_staffed(before), is_staffed(after));
        let at_work = (before.is_at_work(), after.is_at_work());
        let now = self.now;
        let count = |headcount: &mut Headcount, number: &mut u32| {
            headcount.change(staffed, now);
            *number = *number + u32::from(at_work.1) - u32::from(at_work.0);
        };
        let agent = &self.agents[slot];
        match &agent.serves {
            Serves::All => {
                let department = &mut self.departments[agent.department.index()];
                count(&mut department.staffed, &mut department.at_work);
            }
            Serves::Some(served) => {
                for vq in &served.queues {
                    let queue = &mut self.queues[vq.index()];
                    count(&mut queue.rest.staffed, &mut queue.rest.at_work);
                }
                if staffed.1 {
                    self.partly_staffed.extend(&served.queues);
                }
            }
        }
    }
}

/// What of a state can last too long, and the deadline that tells.
pub(super) fn watched(state: AgentState) -> Option<(BreachKind, Deadline)> {
    match state {
        AgentState::AfterCallWork => Some((BreachKind::AfterCallWork, Deadline::AfterCallWork)),
        AgentState::Break => Some((BreachKind::Break, Deadline::Break)),
        _ => None,
    }
}
