//! What callers, agents and supervisors do to calls: rules 9, 11, 14, 15, 20 and 24.

use monti_core::{
    AgentAction, AgentId, AgentState, CallId, CallPhase, CallStatus, CallView, CallerNumber,
    Conflict, Event, Label, LogoutReason, Millis, Origin, Output, Priority, Queued, Rejection,
    Reply, RequestId, RevokeReason, VqId,
};

use super::{
    MEMORY, Model,
    call::{Call, Ended},
    figures::Fact,
};

impl Model {
    pub(super) fn call_arrives(
        &mut self,
        vq: VqId,
        priority: Priority,
        caller: Option<CallerNumber>,
        request: Option<RequestId>,
        origin: Option<Origin>,
    ) -> Result<Reply, Rejection> {
        self.centre.queue(vq).ok_or(Rejection::UnknownVq(vq))?;
        self.requests.retain(|(_, _, arrived)| self.now <= *arrived + MEMORY);
        let earlier = self.requests.iter().find(|(known, _, _)| Some(*known) == request);
        if let Some((_, call, _)) = earlier {
            return Ok(self.tell_again(*call, origin));
        }
        self.number += 1;
        let id = CallId { day: self.today.day, number: self.number };
        let view = CallView {
            id,
            vq,
            priority,
            caller,
            origin,
            enqueued_at: self.now,
            offers: 0,
            phase: CallPhase::Waiting,
        };
        self.requests.extend(request.map(|request| (request, id, self.now)));
        self.live.push(Call::new(view));
        self.facts[vq.0 as usize].push(Fact::new(id, self.now));
        self.note(id, vq, |_| ());
        let position = self.position(id);
        let estimated_wait = self.wait_for_place(vq, position);
        self.say(Event::Queued { call: id, vq });
        self.place(id, None);
        Ok(Reply::Queued(Queued { call: id, position, estimated_wait, duplicate: false }))
    }

    fn tell_again(&mut self, call: CallId, origin: Option<Origin>) -> Reply {
        let position = self.position(call);
        let mut estimated_wait = None;
        if let Some(at) = self.live_at(call) {
            let view = &mut self.live[at].view;
            view.origin = origin.or(view.origin);
            let vq = view.vq;
            if position > 0 {
                estimated_wait = self.wait_for_place(vq, position);
            }
        }
        Reply::Queued(Queued { call, position, estimated_wait, duplicate: true })
    }

    /// A call's place in its queue, 1 = next, 0 if it does not wait.
    fn position(&self, id: CallId) -> u32 {
        let mode = self.centre.priority_mode();
        let Some(call) = self.live_at(id).map(|at| &self.live[at]).filter(|call| call.is_waiting())
        else {
            return 0;
        };
        let in_queue =
            self.live.iter().filter(|other| other.is_waiting() && other.view.vq == call.view.vq);
        let not_behind = in_queue.filter(|other| other.rank(mode) <= call.rank(mode));
        u32::try_from(not_behind.count()).unwrap()
    }

    pub(super) fn caller_hangs_up(&mut self, id: CallId) -> Result<Reply, Rejection> {
        let Some(at) = self.live_at(id) else {
            return match self.remembered(id)?.status {
                CallStatus::Abandoned => Ok(Reply::Duplicate),
                status => Err(Rejection::Conflict(Conflict::Ended(status))),
            };
        };
        if self.live[at].is_answered() {
            return Err(Rejection::Conflict(Conflict::Answered));
        }
        self.end_unanswered(id, CallStatus::Abandoned, RevokeReason::CallerAbandoned);
        Ok(Reply::Done)
    }

    pub(super) fn end_by_supervisor(
        &mut self,
        id: CallId,
        agent: Option<AgentId>,
    ) -> Result<Reply, Rejection> {
        let ended = self.remembered(id);
        let Some(at) = self.live_at(id) else {
            let Ended { status, agent: holder, .. } = ended?;
            agent.map(|agent| self.known(agent)).transpose()?;
            return match status {
                CallStatus::EndedBySupervisor
                    if agent.is_some_and(|agent| !self.may_have_had(agent, holder)) =>
                {
                    Err(Rejection::Conflict(Conflict::NotYours))
                }
                CallStatus::EndedBySupervisor => Ok(Reply::Duplicate),
                status => Err(Rejection::Conflict(Conflict::Ended(status))),
            };
        };
        agent.map(|agent| self.known(agent)).transpose()?;
        let holder = self.live[at].agent();
        if agent.is_some() && agent != holder {
            return Err(Rejection::Conflict(Conflict::NotYours));
        }
        if self.live[at].is_answered() {
            self.end_answered(id, CallStatus::EndedBySupervisor, None);
        } else {
            let (status, reason) = (CallStatus::EndedBySupervisor, RevokeReason::EndedBySupervisor);
            self.end_unanswered(id, status, reason);
        }
        Ok(Reply::Done)
    }

    pub(super) fn act(&mut self, agent: usize, action: AgentAction) -> Result<Reply, Rejection> {
        let me = self.agents[agent].id;
        match action {
            AgentAction::SetState(state) => self.ask_for(agent, state.into(), LogoutReason::Asked),
            AgentAction::Unregister => {
                self.ask_for(agent, AgentState::Offline, LogoutReason::Asked)
            }
            AgentAction::Accept(call) => {
                if self.own(agent, call)?.is_answered() {
                    return Ok(Reply::Duplicate);
                }
                self.answer(call);
                Ok(Reply::Done)
            }
            AgentAction::Reject(call) => {
                if self.own(agent, call)?.is_answered() {
                    return Err(Rejection::InvalidState(self.agents[agent].state));
                }
                self.reject(call);
                Ok(Reply::Done)
            }
            AgentAction::Hold(call) => self.hold(agent, call),
            AgentAction::Unhold(call) => self.unhold(agent, call),
            AgentAction::Complete { call, outcome } => {
                let wrapped_up = self.agents[agent].wrap_up.as_ref();
                let is_wrapped_up = wrapped_up.is_some_and(|record| {
                    record.id == call && record.status == CallStatus::Completed
                });
                let was_completed = self.remembered(call).is_ok_and(|ended| {
                    ended.status == CallStatus::Completed && self.may_have_had(me, ended.agent)
                });
                if is_wrapped_up || was_completed {
                    return Ok(Reply::Duplicate);
                }
                if !self.own(agent, call)?.is_answered() {
                    return Err(Rejection::InvalidState(AgentState::Ringing));
                }
                self.end_answered(call, CallStatus::Completed, outcome);
                Ok(Reply::Done)
            }
        }
    }

    fn reject(&mut self, id: CallId) {
        let agent = self.live[self.live_at(id).unwrap()].agent().unwrap();
        self.revoke(id, RevokeReason::Rejected);
        self.place(id, Some(agent));
        self.release(agent, AgentState::Available, true);
        self.route(agent);
    }

    fn hold(&mut self, agent: usize, id: CallId) -> Result<Reply, Rejection> {
        let now = self.now;
        match &mut self.own(agent, id)?.view.phase {
            CallPhase::Active { held_since: Some(_), .. } => return Ok(Reply::Duplicate),
            CallPhase::Active { held_since, .. } => *held_since = Some(now),
            _ => return Err(Rejection::InvalidState(AgentState::Ringing)),
        }
        self.enter(agent, AgentState::OnHold);
        Ok(Reply::Done)
    }

    fn unhold(&mut self, agent: usize, id: CallId) -> Result<Reply, Rejection> {
        let now = self.now;
        let call = self.own(agent, id)?;
        match &mut call.view.phase {
            CallPhase::Active { held_since, .. } => match held_since.take() {
                Some(since) => call.held += now.since(since),
                None => return Ok(Reply::Duplicate),
            },
            _ => return Err(Rejection::InvalidState(AgentState::Ringing)),
        }
        self.enter(agent, AgentState::OnCall);
        Ok(Reply::Done)
    }

    /// The live call `id`, if it is the agent's.
    fn own(&mut self, agent: usize, id: CallId) -> Result<&mut Call, Rejection> {
        let Some(at) = self.live_at(id) else {
            let status = self.remembered(id)?.status;
            return Err(Rejection::Conflict(Conflict::Ended(status)));
        };
        if self.agents[agent].call != Some(id) {
            return Err(Rejection::Conflict(Conflict::NotYours));
        }
        Ok(&mut self.live[at])
    }

    /// Whether an ended call was this agent's, as far as anybody can still tell.
    fn may_have_had(&self, agent: AgentId, holder: Option<AgentId>) -> bool {
        holder == Some(agent) || holder.is_some_and(|holder| self.known(holder).is_err())
    }

    fn remembered(&self, id: CallId) -> Result<Ended, Rejection> {
        let ended = self.ended.get(&id).filter(|ended| self.now <= ended.enqueued_at + MEMORY);
        ended.copied().ok_or(Rejection::UnknownCall(id))
    }

    /// Ends a call that waits or rings.
    fn end_unanswered(&mut self, id: CallId, status: CallStatus, reason: RevokeReason) {
        let agent = self.live[self.live_at(id).unwrap()].agent();
        if agent.is_some() {
            self.revoke(id, reason);
        }
        let call = self.live.remove(self.live_at(id).unwrap());
        let CallView { vq, origin, enqueued_at, .. } = call.view;
        let waited = self.now.since(enqueued_at);
        self.ended.insert(id, Ended { status, agent, enqueued_at });
        self.note(id, vq, |fact| (fact.waited, fact.status) = (Some(waited), Some(status)));
        self.say(match status {
            CallStatus::Abandoned => Event::Abandoned { call: id, vq, waited, origin },
            _ => Event::Ended { call: id, vq, agent: None, status, lasted: waited, origin },
        });
        let record = call.record(self.now, self.queue_of(vq), status, None, None);
        self.outputs.push_back(Output::Record(record));
        if let Some(agent) = agent {
            self.release(agent, AgentState::Available, true);
            self.route(agent);
        }
    }

    /// Ends a call that was answered, and begins what follows it.
    pub(super) fn end_answered(&mut self, id: CallId, status: CallStatus, outcome: Option<Label>) {
        let call = self.live.remove(self.live_at(id).unwrap());
        let CallView { vq, origin, enqueued_at, .. } = call.view;
        let agent = call.agent().expect("an answered call has an agent");
        let at = self.agent_at(agent);
        self.agents[at].call = None;
        self.agents[at].figures.calls_handled += 1;
        let lasted: Millis = self.now.since(enqueued_at);
        self.ended.insert(id, Ended { status, agent: Some(agent), enqueued_at });
        self.note(id, vq, |fact| fact.status = Some(status));
        self.say(Event::Ended { call: id, vq, agent: Some(agent), status, lasted, origin });
        if status == CallStatus::EndedBySupervisor {
            self.say(Event::EndForced { agent, call: id });
        }
        let login = self.agents[at].login.clone();
        let record = call.record(self.now, self.queue_of(vq), status, outcome, Some(login));
        let next = self.agents[at].pending.map_or(AgentState::AfterCallWork, |(state, _)| state);
        if status == CallStatus::AgentLost {
            self.finish(record);
        } else if next == AgentState::AfterCallWork {
            self.release(agent, next, false);
            self.agents[at].wrap_up = Some(record);
        } else {
            self.finish(record);
            self.release(agent, next, false);
            self.route(agent);
        }
    }

    /// Nothing of the call can change any more.
    pub(super) fn finish(&mut self, record: monti_core::CallRecord) {
        let handled = record.talk + record.hold + record.after_call;
        self.note(record.id, record.vq, |fact| fact.handled = Some(handled));
        self.outputs.push_back(Output::Record(record));
    }
}
