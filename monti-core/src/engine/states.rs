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
        self.agents.known(agent).ok_or(Rejection::UnknownAgent)?;
        self.ask_for(agent, Pending { state, by_supervisor: true })
    }

    pub(super) fn handle_log_out(&mut self, agent: AgentId) -> Result<Reply, Rejection> {
        self.handle_set_state(agent, SettableState::Offline)
    }

    /// A state is asked for: at once, or after the call if there is one.
    pub(super) fn ask_for(&mut self, id: AgentId, asked: Pending) -> Result<Reply, Rejection> {
        let agent = &mut self.agents[id.slot];
        let state = agent.state.kind();
        // What a supervisor ordered stays an order when the agent asks for it, too.
        let ordered = Pending { by_supervisor: true, ..asked };
        if state == AgentState::from(asked.state) {
            return Ok(Reply::Done);
        }
        if state == AgentState::Offline {
            return Err(Rejection::InvalidState(state));
        }
        if asked.state == SettableState::Available && state == AgentState::AfterCallWork {
            self.pass_over(id.slot, AgentState::AfterCallWork, State::AVAILABLE);
            self.begun(id);
        } else if !state.has_call() {
            self.begin(id.slot, asked);
        } else if agent.pending != Some(asked) && agent.pending != Some(ordered) {
            agent.pending = Some(asked);
            agent.touched_at = self.now;
            self.emit(Event::AgentChanged { agent: id });
        }
        Ok(Reply::Done)
    }

    /// The agent's part in an answered call is over: it does the after-call work, or what it asked
    /// for instead.
    pub(super) fn wrap_up(&mut self, slot: u32, place: u32) {
        let agent = &mut self.agents[slot];
        let before = agent.state.kind();
        match agent.pending.take() {
            Some(pending) if pending.state != SettableState::AfterCallWork => {
                self.close(place);
                self.begin(slot, pending);
            }
            _ => self.pass_over(slot, before, State::after_call_work(place)),
        }
    }

    /// The agent's part in a call is over that it has no more to do with: it goes on to what it
    /// asked for, or to `otherwise`.
    pub(super) fn part(&mut self, slot: u32, otherwise: State) {
        match self.agents[slot].pending.take() {
            Some(pending) => self.begin(slot, pending),
            None => {
                self.enter(slot, otherwise);
                self.seek_call(slot);
            }
        }
    }

    /// The same for a call that was never answered, which did not interrupt the agent's idling.
    pub(super) fn part_idle(&mut self, slot: u32) {
        let agent = &mut self.agents[slot];
        let idle_since = agent.idle.key().since;
        let pending = agent.pending.take();
        match pending {
            Some(pending) if pending.state != SettableState::Available => {
                self.begin(slot, pending);
            }
            _ => {
                self.enter(slot, State::AVAILABLE);
                self.agents[slot].idle.key_mut().since = idle_since;
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
        self.begun(self.agents.id(slot));
    }

    /// A state that was asked for has begun.
    #[inline]
    fn begun(&mut self, agent: AgentId) {
        self.emit(Event::AgentChanged { agent });
        self.seek_call(agent.slot);
    }

    /// The agent goes offline. It has no call.
    pub(super) fn log_out(&mut self, slot: u32, reason: LogoutReason) {
        self.enter(slot, State::OFFLINE);
        let agent = &mut self.agents[slot];
        agent.pending = None;
        if let Some(lost) = agent.lost_link.take() {
            self.deadlines.stop(Deadline::Grace, lost.grace);
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
        self.pass_over(slot, self.agent_state(slot), state);
    }

    /// The same where the state that ends is known to whoever calls, and with it most of what
    /// follows or does not: hence inlined.
    #[inline(always)]
    pub(super) fn pass_over(&mut self, slot: u32, before: AgentState, state: State) {
        let now = self.now;
        let after = state.kind();
        if before == AgentState::Available {
            self.leave_idle(slot);
        }
        let agent = &mut self.agents[slot];
        debug_assert_eq!(agent.state.kind(), before, "the state that ends");
        let previous = std::mem::replace(&mut agent.state, state);
        let started = std::mem::replace(&mut agent.state_start, now);
        agent.figures.add(before, now.since(started.max(self.counted_from)));
        if after == AgentState::Available {
            agent.idle.key_mut().since = now;
        }
        let department = &mut self.departments[agent.department.index()];
        department.count(Some(before), Some(after), now);
        let breach = watched(before).filter(|_| std::mem::take(&mut agent.in_breach));
        if let Some((_, deadline)) = watched(before)
            && breach.is_none()
        {
            self.deadlines.stop(deadline, agent.watch);
        }
        if let Some((_, deadline)) = watched(after) {
            let limits = self.centre.limits();
            let limit = match deadline {
                Deadline::AfterCallWork => limits.after_call_work,
                _ => limits.break_time,
            };
            let breached_at = now + limit + Millis::new(1);
            agent.watch = self.deadlines.set(deadline, slot, breached_at);
        }
        if before.is_at_work() != after.is_at_work()
            || (before == AgentState::Offline) != (after == AgentState::Offline)
        {
            self.count_staff(slot, before, after);
        }
        if let Some((kind, _)) = breach {
            self.clear_breach(slot, kind, now.since(started));
        }
        if before == AgentState::AfterCallWork
            && let Some(place) = previous.wrapped_up_call()
        {
            self.close(place);
        }
    }

    /// A breach is over, with the state that lasted too long.
    fn clear_breach(&mut self, slot: u32, kind: BreachKind, lasted: Millis) {
        let department = self.agents[slot].department;
        self.departments[department.index()].breaches -= 1;
        let agent = self.agents.id(slot);
        self.emit(Event::BreachCleared { agent, kind, lasted });
    }

    /// After-call work or a break has lasted too long.
    pub(super) fn breach(&mut self, slot: u32) {
        let agent = &mut self.agents[slot];
        let Some((kind, _)) = watched(agent.state.kind()) else { return };
        agent.in_breach = true;
        agent.touched_at = self.now;
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
#[inline]
pub(super) fn watched(state: AgentState) -> Option<(BreachKind, Deadline)> {
    match state {
        AgentState::AfterCallWork => Some((BreachKind::AfterCallWork, Deadline::AfterCallWork)),
        AgentState::Break => Some((BreachKind::Break, Deadline::Break)),
        _ => None,
    }
}
