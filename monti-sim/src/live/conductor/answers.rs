//! What the server says, told to the people it is about.

use std::time::Duration;

use monti_core::{
    AgentAction, AgentState, CallId, CallStatus, Timestamp,
    wire::{
        Ack, CallAssign, CallQueued, CallRevoked, ErrorCode, ErrorMessage, Registered, Seconds,
    },
};

use super::{Again, Asked, Conductor, LinkNo, Ringing};
use crate::{AgentNo, CallerId, Refusal, live::RETRY_AFTER};

impl Conductor {
    pub(super) fn registered(&mut self, link: LinkNo, registered: Registered) {
        if let Some(id) = registered.request_id {
            self.requests.take(id);
        }
        self.registration_answered(link);
        let Some(agent) = self.agents.get(&registered.agent_id).copied() else { return };
        let now = self.clock.now();
        self.tally.registrations += 1;
        let resumed = registered.resumed_call_id;
        let ended = self.completing.get(&agent).copied();
        if let Some(call) = ended.filter(|it| Some(*it) == resumed) {
            // Its end was not heard.
            self.fleet.handle_registered(now, agent, AgentState::AfterCallWork, None);
            self.acts += 1;
            self.say_act(agent, self.acts, AgentAction::Complete { call, outcome: None });
            return;
        }
        self.completing.remove(&agent);
        if let Some(call) = self.talking.get(&agent).copied().filter(|it| Some(*it) != resumed) {
            // It ended while nobody could be told.
            self.talking.remove(&agent);
            let status =
                if ended == Some(call) { CallStatus::Completed } else { CallStatus::AgentLost };
            self.fleet.handle_ended(now, call, status);
        }
        self.tally.resumed += u64::from(resumed.is_some());
        // Whatever rings still is told anew.
        if let Some(ringing) = self.ringing.remove(&agent)
            && let Some(accepted_at) = ringing.accepted_at
            && Some(ringing.call) == resumed
            && registered.state != AgentState::Ringing
        {
            // Its answer was not heard.
            self.count_answer(agent, ringing.call, Some(ringing), accepted_at);
        }
        self.fleet.handle_registered(now, agent, registered.state, resumed);
    }

    pub(super) fn acknowledged(&mut self, link: LinkNo, ack: Ack) {
        self.tally.duplicates += u64::from(ack.duplicate);
        let now = self.clock.now();
        match ack.subject.request_id.and_then(|id| self.requests.take(id)) {
            Some(Asked::Act(agent, _, action)) => {
                match action {
                    AgentAction::Accept(call) => self.answered(agent, call),
                    AgentAction::Complete { call, .. } => {
                        self.completing.remove(&agent);
                        self.talking.remove(&agent);
                        self.tally.completed += 1;
                        // The link that brought it may not be there to be told.
                        self.fleet.handle_ended(now, call, CallStatus::Completed);
                    }
                    _ => {}
                }
                self.say_held(agent);
            }
            Some(Asked::HangUp(call)) => {
                self.fleet.handle_ended(now, call, CallStatus::Abandoned);
                self.resume_next(link);
            }
            _ => {}
        }
    }

    fn answered(&mut self, agent: AgentNo, call: CallId) {
        let now = self.clock.now();
        let ringing = self.ringing.remove(&agent).filter(|ringing| ringing.call == call);
        self.count_answer(agent, call, ringing, now);
        self.fleet.handle_answered(now, agent, call);
    }

    fn count_answer(
        &mut self,
        agent: AgentNo,
        call: CallId,
        ringing: Option<Ringing>,
        moment: Timestamp,
    ) {
        self.tally.answered += 1;
        if let Some(ringing) = ringing {
            let (waited, is_in_target) = ringing.answered(moment);
            self.tally.waited += waited;
            self.tally.answered_in_target += u64::from(is_in_target);
        }
        self.talking.insert(agent, call);
    }

    pub(super) fn queued(&mut self, queued: CallQueued) {
        self.tally.duplicates += u64::from(queued.duplicate);
        if let Some(Asked::Call(caller)) = self.requests.take(queued.request_id) {
            self.fleet.handle_queued(caller, queued.call_id);
            self.injections.settle(caller, Ok(queued.call_id));
            if queued.duplicate && queued.position == 0 {
                // It rings, is talked to or is over: that is told within the times that pass by
                // themselves, or never.
                let limits = self.centre.limits();
                let time = limits.ring_timeout + limits.grace;
                self.retry(self.clock.real(time) * 2, Again::Unsure(queued.call_id));
            }
        }
    }

    pub(super) fn assigned(&mut self, assign: &CallAssign) {
        let Some(agent) = self.agents.get(&assign.agent_id).copied() else { return };
        self.tally.assigned += 1;
        let (call, now) = (assign.call_id, self.clock.now());
        let ringing = Ringing::new(assign, &self.centre, now, self.clock.server_time());
        self.ringing.insert(agent, ringing);
        if self.fleet.answers_at_once(agent) {
            self.answered(agent, call);
        } else {
            self.fleet.handle_assigned(now, agent, call);
        }
    }

    pub(super) fn revoked(&mut self, revoked: CallRevoked) {
        let Some(agent) = self.agents.get(&revoked.agent_id).copied() else { return };
        self.tally.revoked += 1;
        self.ringing.remove(&agent);
        let (now, call) = (self.clock.now(), revoked.call_id);
        self.fleet.handle_revoked(now, agent, call, revoked.reason);
    }

    pub(super) fn refused(&mut self, link: LinkNo, error: ErrorMessage) {
        tracing::debug!(%error, ?error.subject, "the server did not carry out a message");
        let asked = error.subject.request_id.and_then(|id| self.requests.take(id));
        let is_race = match &asked {
            Some(Asked::HangUp(_) | Asked::Act(_, _, AgentAction::Accept(_))) => {
                error.code == ErrorCode::Conflict
            }
            _ => false,
        };
        if is_race {
            self.tally.races += 1;
        } else {
            *self.tally.errors.entry(error.code).or_default() += 1;
        }
        match asked {
            Some(Asked::Register(agent)) => {
                self.registration_answered(link);
                self.registration_refused(agent, &error);
            }
            Some(Asked::Act(agent, number, action)) => {
                self.action_refused(agent, number, action, &error);
            }
            Some(Asked::Call(caller)) => {
                self.call_refused(caller, error);
                self.resume_next(link);
            }
            Some(Asked::HangUp(call)) => {
                match retry_after(&error) {
                    Some(after) => self.retry(after, Again::HangUp(call)),
                    // Answered in the same moment, or over already.
                    None => self.fleet.handle_ended(self.clock.now(), call, CallStatus::Completed),
                }
                self.resume_next(link);
            }
            None => {
                let agent = error.subject.agent_id.and_then(|id| self.agents.get(&id).copied());
                if let Some(agent) = agent.filter(|_| error.code == ErrorCode::Superseded) {
                    self.fleet.handle_refused(self.clock.now(), agent, Refusal::Superseded);
                }
            }
        }
    }

    fn registration_refused(&mut self, agent: AgentNo, error: &ErrorMessage) {
        if let Some(after) = retry_after(error) {
            self.retry(after, Again::Register(agent));
        } else {
            // It will not get better: a department that is not there, an id that is not allowed.
            tracing::warn!(%error, login = %&*self.logins[agent.index()], "an agent cannot log in");
            self.fleet.handle_refused(self.clock.now(), agent, Refusal::Superseded);
        }
    }

    fn action_refused(
        &mut self,
        agent: AgentNo,
        number: u64,
        action: AgentAction,
        error: &ErrorMessage,
    ) {
        if let Some(after) = retry_after(error) {
            if action == AgentAction::Unregister && !self.fleet.is_away(agent) {
                // It has come back since, and is not to be logged out by it.
                return self.say_held(agent);
            }
            self.held.entry(agent).or_default().enter(number, action);
            self.retry(after, Again::Act(agent));
            return;
        }
        if let AgentAction::Complete { call: ended, .. } = &action {
            for calls in [&mut self.completing, &mut self.talking] {
                // The agent may have the next call already.
                if calls.get(&agent) == Some(ended) {
                    calls.remove(&agent);
                }
            }
        }
        let refusal = match error.code {
            ErrorCode::Superseded => Some(Refusal::Superseded),
            ErrorCode::UnknownAgent => Some(Refusal::NotLoggedIn),
            _ => Refusal::of_impossible(&action),
        };
        if let Some(refusal) = refusal {
            self.fleet.handle_refused(self.clock.now(), agent, refusal);
        }
        self.say_held(agent);
    }

    fn call_refused(&mut self, caller: CallerId, error: ErrorMessage) {
        let after = retry_after(&error);
        if let Some(after) = after.filter(|_| self.fleet.is_queued(caller)) {
            // It waits already; what was too much is to tell this link of it.
            self.retry(after, Again::Call(caller));
            return;
        }
        let again = after.map(|after| self.clock.centre(after));
        self.fleet.handle_not_queued(self.clock.now(), caller, again);
        if after.is_none() {
            self.injections.settle(caller, Err(Box::new(error)));
        }
    }
}

/// After how long, in real time, it is worth trying again; `None` if it is not.
fn retry_after(error: &ErrorMessage) -> Option<Duration> {
    let passes =
        matches!(error.code, ErrorCode::Busy | ErrorCode::RateLimited | ErrorCode::ReadOnly);
    let Seconds(after) = error.retry_after_seconds.unwrap_or(RETRY_AFTER);
    passes.then(|| Duration::from_millis(after.get()))
}
