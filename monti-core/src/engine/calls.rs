//! A call's life: arrival, abandonment, answer, hold and end.

use crate::{
    AgentAction, AgentId, AgentState, CallId, CallStatus, CallerNumber, Conflict, Engine, Event,
    Label, Millis, Origin, Priority, Queued, Rejection, Reply, RequestId, RevokeReason, VqId,
    call::{Call, Conversation, Ending, FailedOffers, Offer, Phase},
    ledger::Fate,
    queue::Rank,
    roster::State,
    timer::Deadline,
};

impl Engine {
    pub(super) fn handle_call(
        &mut self,
        vq: VqId,
        priority: Priority,
        caller: Option<CallerNumber>,
        request: Option<&RequestId>,
        origin: Option<Origin>,
    ) -> Result<Reply, Rejection> {
        if let Some(order) = request.and_then(|request| self.ledger.find_request(self.now, request))
        {
            return Ok(self.repeat_call(order, origin));
        }
        let quarter = self.quarter_at(self.now);
        let queue = self.queues.get_mut(vq.index()).ok_or(Rejection::UnknownVq(vq))?;
        let place = self.calls.take_place();
        let (order, id) = self.ledger.enter(self.now, self.today.day, request, place);
        let target = self.deadlines.set_target(queue.target_line, place, self.now);
        // The place first: so the call is made in it and not brought there.
        let vacant = self.calls.vacant(place);
        *vacant = Some(Call {
            id,
            order,
            vq,
            quarter: u16::try_from(quarter).unwrap_or(u16::MAX),
            priority,
            overdue: false,
            caller,
            origin,
            enqueued_at: self.now,
            failed: None,
            phase: Phase::Waiting { target },
        });
        queue.counters.count(&mut self.past_quarters, Some(quarter), |tally| tally.offered += 1);
        queue.counters.move_call(Some(quarter), |live| live.waiting += 1);
        self.emit(Event::Queued { call: id, vq });

        let mut queued =
            Queued { call: id, position: 1, estimated_wait: Some(Millis::ZERO), duplicate: false };
        if let Some(agent) = self.idle_longest(vq) {
            self.assign(place, agent);
        } else {
            (queued.position, queued.estimated_wait) = self.outlook(place);
            self.join_queue(place);
        }
        Ok(Reply::Queued(queued))
    }

    /// Answers a repeated request with the call it made the first time.
    fn repeat_call(&mut self, order: u64, origin: Option<Origin>) -> Reply {
        if let Fate::Live(place) = self.ledger.fate(order) {
            let call = &mut self.calls[place];
            call.origin = origin.or(call.origin);
        }
        Reply::Queued(self.repeat_of(order))
    }

    /// What a repeat of the request is answered that a call came under.
    pub(super) fn repeat_of(&self, order: u64) -> Queued {
        let (position, estimated_wait) = match self.ledger.fate(order) {
            Fate::Live(place) if matches!(self.calls[place].phase, Phase::Waiting { .. }) => {
                self.outlook(place)
            }
            _ => (0, None),
        };
        Queued { call: self.ledger.id(order), position, estimated_wait, duplicate: true }
    }

    /// The position of a waiting call in its queue, 1 = next, and how long it will wait.
    fn outlook(&self, place: u32) -> (u32, Option<Millis>) {
        let vq = self.calls[place].vq;
        let before = self.queues[vq.index()].count_before(&self.waiting, self.rank_of(place));
        (before + 1, self.estimated_wait(vq, before + 1))
    }

    pub(super) fn rank_of(&self, place: u32) -> Rank {
        let call = &self.calls[place];
        Rank::new(self.centre.priority_mode(), call.priority, call.enqueued_at, call.order)
    }

    pub(super) fn handle_abandon(&mut self, id: CallId) -> Result<Reply, Rejection> {
        let order = self.ledger.find(self.now, id).ok_or(Rejection::UnknownCall(id))?;
        let place = match self.ledger.fate(order) {
            Fate::Live(place) => place,
            Fate::Ended { status: CallStatus::Abandoned, .. } => return Ok(Reply::Duplicate),
            Fate::Ended { status, .. } => return Err(Conflict::Ended(status).into()),
        };
        match self.calls[place].phase {
            Phase::Waiting { .. } | Phase::Ringing(_) => {
                self.end_unanswered(place, CallStatus::Abandoned);
                Ok(Reply::Done)
            }
            Phase::Active(_) | Phase::AfterCall(_) => Err(Conflict::Answered.into()),
        }
    }

    pub(super) fn handle_end_call(
        &mut self,
        id: CallId,
        agent: Option<AgentId>,
    ) -> Result<Reply, Rejection> {
        let order = self.ledger.find(self.now, id).ok_or(Rejection::UnknownCall(id))?;
        if let Some(agent) = agent {
            self.agents.slot(agent).ok_or(Rejection::UnknownAgent)?;
        }
        let place = match self.ledger.fate(order) {
            Fate::Live(place) => place,
            Fate::Ended { status: CallStatus::EndedBySupervisor, agent: holder } => {
                let is_repeat = agent.is_none_or(|agent| self.may_have_had(agent, holder));
                return if is_repeat {
                    Ok(Reply::Duplicate)
                } else {
                    Err(Conflict::NotYours.into())
                };
            }
            Fate::Ended { status, .. } => return Err(Conflict::Ended(status).into()),
        };
        let holder = self.calls[place].agent();
        if agent.is_some() && agent != holder {
            return Err(Conflict::NotYours.into());
        }
        match self.calls[place].phase {
            Phase::Active(_) => {
                let agent = self.end_conversation(place, CallStatus::EndedBySupervisor, None);
                self.emit(Event::EndForced { agent: self.agents.id(agent), call: id });
                self.wrap_up(agent, place);
            }
            _ => self.end_unanswered(place, CallStatus::EndedBySupervisor),
        }
        Ok(Reply::Done)
    }

    /// What an agent does with a call.
    pub(super) fn handle_call_action(
        &mut self,
        slot: u32,
        state: State,
        action: AgentAction,
        id: CallId,
    ) -> Result<Reply, Rejection> {
        let Some(place) = state.call().filter(|place| self.calls[*place].id == id) else {
            return self.refuse_call(slot, &action, id);
        };
        match (action, state.kind()) {
            (AgentAction::Accept(_), AgentState::Ringing) => self.accept(place),
            (AgentAction::Reject(_), AgentState::Ringing) => self.reject(place),
            (AgentAction::Hold(_), AgentState::OnCall) => self.hold(place, true),
            (AgentAction::Unhold(_), AgentState::OnHold) => self.hold(place, false),
            (AgentAction::Complete { outcome, .. }, AgentState::OnCall | AgentState::OnHold) => {
                let agent = self.end_conversation(place, CallStatus::Completed, outcome);
                self.wrap_up(agent, place);
            }
            (AgentAction::Accept(_), AgentState::OnCall | AgentState::OnHold)
            | (AgentAction::Hold(_), AgentState::OnHold)
            | (AgentAction::Unhold(_), AgentState::OnCall) => return Ok(Reply::Duplicate),
            _ => return Err(Rejection::InvalidState(state.kind())),
        }
        Ok(Reply::Done)
    }

    /// Why an agent can do nothing with a call that is not at its phone.
    fn refuse_call(&self, slot: u32, action: &AgentAction, id: CallId) -> Result<Reply, Rejection> {
        let completes = matches!(action, AgentAction::Complete { .. });
        // However long ago the call arrived, its agent still works on it.
        let wrapped_up = self.agents[slot].state.wrapped_up_call().map(|place| &self.calls[place]);
        if completes && wrapped_up.is_some_and(|call| call.id == id && call.is_completed()) {
            return Ok(Reply::Duplicate);
        }
        let order = self.ledger.find(self.now, id).ok_or(Rejection::UnknownCall(id))?;
        let Fate::Ended { status, agent } = self.ledger.fate(order) else {
            return Err(Conflict::NotYours.into());
        };
        let was_its_own = self.may_have_had(self.agents.id(slot), agent);
        if completes && was_its_own && status == CallStatus::Completed {
            return Ok(Reply::Duplicate);
        }
        Err(Conflict::Ended(status).into())
    }

    /// Whether `agent` is who an ended call belonged to. Whoever is forgotten with a date comes back
    /// as another: the calls of those are anybody's, so that a repeat after midnight is one.
    fn may_have_had(&self, agent: AgentId, holder: Option<AgentId>) -> bool {
        holder.is_some_and(|holder| holder == agent || self.agents.known(holder).is_none())
    }

    /// The call that rings is answered.
    pub(super) fn accept(&mut self, place: u32) {
        let now = self.now;
        let call = &mut self.calls[place];
        let Offer { agent, assigned_at, deadline, target } = call.offer();
        self.deadlines.stop(Deadline::Ring, deadline);
        let quarter = call.quarter_of(self.today.day);
        let waited = now.since(call.enqueued_at);
        let queue = &mut self.queues[call.vq.index()];
        let in_target = !call.overdue;
        call.phase = Phase::Active(Conversation {
            agent,
            assigned_at,
            answered_at: now,
            held: Millis::ZERO,
            held_since: None,
        });
        queue.counters.count(&mut self.past_quarters, quarter, |tally| {
            tally.answered += 1;
            tally.answered_in_target += u32::from(in_target);
            tally.wait += waited;
            tally.max_wait = tally.max_wait.max(waited);
        });
        queue.counters.move_call(quarter, |live| {
            live.ringing -= 1;
            live.active += 1;
        });
        queue.decide(call, quarter, target, &mut self.past_quarters, &mut self.deadlines);
        self.outputs.event(Event::Accepted { agent, call: call.id, vq: call.vq, waited });
        self.pass_over(agent.slot, AgentState::Ringing, State::on_call(place));
    }

    fn hold(&mut self, place: u32, on_hold: bool) {
        let now = self.now;
        let Phase::Active(conversation) = &mut self.calls[place].phase else { return };
        conversation.held = conversation.held_until(now);
        conversation.held_since = on_hold.then_some(now);
        let agent = conversation.agent;
        let state = if on_hold { State::on_hold(place) } else { State::on_call(place) };
        self.enter(agent.slot, state);
        self.emit(Event::AgentChanged { agent });
    }

    /// Caller and agent part. Answers the agent's slot, to which the call still belongs until its
    /// record is written.
    pub(super) fn end_conversation(
        &mut self,
        place: u32,
        status: CallStatus,
        outcome: Option<Label>,
    ) -> u32 {
        let now = self.now;
        let call = &mut self.calls[place];
        let quarter = call.quarter_of(self.today.day);
        let Phase::Active(conversation) = call.phase else {
            panic!("{} ends without having been answered", call.id);
        };
        call.phase = Phase::AfterCall(Ending {
            agent: conversation.agent,
            assigned_at: conversation.assigned_at,
            answered_at: conversation.answered_at,
            ended_at: now,
            held: conversation.held_until(now),
            status,
            outcome,
        });
        let counters = &mut self.queues[call.vq.index()].counters;
        counters.move_call(quarter, |live| live.active -= 1);
        counters.count(&mut self.past_quarters, quarter, |tally| match status {
            CallStatus::AgentLost => tally.agent_lost += 1,
            _ => tally.completed += 1,
        });
        self.ledger.end(call.order, status, Some(conversation.agent));
        let ended = Event::Ended {
            call: call.id,
            vq: call.vq,
            agent: Some(conversation.agent),
            status,
            lasted: now.since(call.enqueued_at),
            origin: call.origin,
        };
        self.agents[conversation.agent.slot].figures.calls_handled += 1;
        self.emit(ended);
        conversation.agent.slot
    }

    /// A waiting or ringing call ends.
    fn end_unanswered(&mut self, place: u32, status: CallStatus) {
        let by_supervisor = status == CallStatus::EndedBySupervisor;
        let ringing_at = match self.calls[place].phase {
            Phase::Ringing(_) => {
                let reason = if by_supervisor {
                    RevokeReason::EndedBySupervisor
                } else {
                    RevokeReason::CallerAbandoned
                };
                Some(self.revoke(place, reason))
            }
            _ => {
                self.leave_queue(place);
                None
            }
        };
        let call = &mut self.calls[place];
        let Phase::Waiting { target } = call.phase else {
            panic!("{} ends unanswered in a conversation", call.id);
        };
        let quarter = call.quarter_of(self.today.day);
        let waited = self.now.since(call.enqueued_at);
        let queue = &mut self.queues[call.vq.index()];
        let (in_target, short) = (!call.overdue, waited <= queue.rest.short_abandon);
        queue.counters.move_call(quarter, |live| live.waiting -= 1);
        queue.counters.count(&mut self.past_quarters, quarter, |tally| {
            tally.abandoned += 1;
            tally.abandoned_in_target += u32::from(in_target);
            tally.abandoned_short += u32::from(short);
            tally.max_wait = tally.max_wait.max(waited);
        });
        queue.decide(call, quarter, target, &mut self.past_quarters, &mut self.deadlines);
        self.ledger.end(call.order, status, ringing_at.map(|slot| self.agents.id(slot)));
        let (id, vq, origin) = (call.id, call.vq, call.origin);
        self.outputs.event(if by_supervisor {
            Event::Ended { call: id, vq, agent: None, status, lasted: waited, origin }
        } else {
            Event::Abandoned { call: id, vq, waited, origin }
        });
        self.outputs.record(|| call.unanswered_record(self.now, status, queue.department));
        let failed = call.failed.take();
        self.remove_call(place, failed);
        if let Some(slot) = ringing_at {
            self.part_idle(slot);
        }
    }

    /// Writes the record of an answered call that is over, after-call work included.
    pub(super) fn close(&mut self, place: u32) {
        let call = &mut self.calls[place];
        let quarter = call.quarter_of(self.today.day);
        let Phase::AfterCall(Ending { agent, answered_at, .. }) = call.phase else {
            panic!("{} is closed before its end", call.id);
        };
        let queue = &mut self.queues[call.vq.index()];
        let handled = self.now.since(answered_at);
        queue.counters.count(&mut self.past_quarters, quarter, |tally| {
            tally.handled += 1;
            tally.handle += handled;
        });
        if quarter.is_some() {
            let today = &mut self.departments[queue.department.index()].handled;
            *today = (today.0 + 1, today.1 + handled);
        }
        let (now, department) = (self.now, queue.department);
        let login = self.agents[agent.slot].login();
        self.outputs.record(|| call.answered_record(now, department, login.clone()));
        let failed = call.failed.take();
        self.remove_call(place, failed);
    }

    /// Removes a call that is over. The failed offers that were taken out of it are kept for others.
    #[inline(always)]
    fn remove_call(&mut self, place: u32, failed: Option<Box<FailedOffers>>) {
        self.calls.remove(place);
        if let Some(mut failed) = failed {
            failed.clear();
            self.spare_offers.push(failed);
        }
    }

    pub(super) fn agent_state(&self, slot: u32) -> AgentState {
        self.agents[slot].state.kind()
    }
}

impl From<Conflict> for Rejection {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}
