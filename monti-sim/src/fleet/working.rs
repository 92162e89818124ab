//! Agents and their calls.

use monti_core::{AgentState, CallId, Millis, SettableState, Timestamp, wire::RevokeReason};
use rand::RngExt as _;

use super::{Action, AgentNo, Deed, Fleet, Refusal};
use crate::{
    agenda::Due,
    agent::{Doing, Link, OnHold},
    dice::happens,
};

/// How long it takes an agent to notice that it missed a call, or was logged out: up to so long.
const NOTICES: Millis = Millis::from_secs(60);

impl Fleet {
    /// An agent is logged in, with the state that it is in and the call that it has, if any.
    pub fn handle_registered(
        &mut self,
        now: Timestamp,
        AgentNo(agent): AgentNo,
        state: AgentState,
        resumed: Option<CallId>,
    ) {
        self.agents[agent as usize].link = Link::Up;
        let known = self.agents[agent as usize];
        let arrived = !known.doing.is_logged_in();
        // The agent answered, and its link was lost before it heard that it had.
        let answered_unheard =
            matches!(known.doing, Doing::Ringing(_)) && state != AgentState::Ringing;
        match (resumed, known.doing.call()) {
            (Some(call), Some(own)) if call == own && !answered_unheard => {
                self.catch_up(agent, now);
            }
            // The phone rings on, or a call waited for the agent: that will be told.
            _ if state == AgentState::Ringing || (resumed.is_none() && state.has_call()) => {
                self.set_doing(agent, Doing::Idle, Timestamp::MAX);
            }
            (Some(call), _) => self.handle_answered(now, AgentNo(agent), call),
            (None, None) if known.doing.state() == state => self.catch_up(agent, now),
            (None, _) => {
                self.set_doing(agent, Doing::Idle, Timestamp::MAX);
                if state != AgentState::Available {
                    self.act(agent, Deed::SetState(SettableState::Available));
                }
            }
        }
        let was_called_back =
            known.doing == Doing::Resting && self.agents[agent as usize].doing == Doing::Idle;
        if arrived || was_called_back {
            self.plan_break(agent, now);
        }
        if self.agents[agent as usize].doing == Doing::Idle && !state.has_call() {
            self.follow_wishes(agent, now);
        }
    }

    /// What was due while nothing could be said is due now.
    fn catch_up(&mut self, agent: u32, now: Timestamp) {
        let known = &mut self.agents[agent as usize];
        if known.due <= now {
            known.due = now;
            self.agenda.enter(now, Due::Agent(agent));
        }
    }

    /// Whether the centre answers for an agent as soon as its phone would ring.
    pub fn answers_at_once(&self, AgentNo(agent): AgentNo) -> bool {
        let department = usize::from(self.agents[agent as usize].department.0);
        self.scenario.behaviour[department].answers_at_once()
    }

    /// An agent's phone rings.
    pub fn handle_assigned(&mut self, now: Timestamp, AgentNo(agent): AgentNo, call: CallId) {
        if self.answers_at_once(AgentNo(agent)) {
            // The centre answers for the agent, and says so.
            return;
        }
        self.cut_break_short(agent, now);
        let department = usize::from(self.agents[agent as usize].department.0);
        let behaviour = &self.scenario.behaviour[department];
        let rng = &mut self.dice.people;
        let answers_at = if happens(behaviour.no_answer, rng) {
            Timestamp::MAX
        } else {
            now + behaviour.answer.draw(rng)
        };
        self.set_doing(agent, Doing::Ringing(call), answers_at);
    }

    /// An agent's phone stopped ringing.
    pub fn handle_revoked(
        &mut self,
        now: Timestamp,
        AgentNo(agent): AgentNo,
        call: CallId,
        reason: RevokeReason,
    ) {
        if self.agents[agent as usize].doing != Doing::Ringing(call) {
            return;
        }
        if reason == RevokeReason::RingTimeout {
            let after = Millis::new(self.dice.people.random_range(1..=NOTICES.get()));
            self.set_doing(agent, Doing::NotResponding, now + after);
            return;
        }
        self.set_doing(agent, Doing::Idle, Timestamp::MAX);
        self.follow_wishes(agent, now);
    }

    /// A supervisor ended an agent's call: after-call work begins.
    pub fn handle_force_end(&mut self, now: Timestamp, AgentNo(agent): AgentNo, call: CallId) {
        if self.agents[agent as usize].doing.call() == Some(call) {
            let time = self.after_call(agent);
            self.wrap_up(agent, time, now);
        }
    }

    /// An agent was logged out without having asked for it. It comes back if its hours still run.
    pub fn handle_logged_out(&mut self, now: Timestamp, AgentNo(agent): AgentNo) {
        let after = Millis::new(self.dice.people.random_range(1..=NOTICES.get()));
        self.set_doing(agent, Doing::Away, now + after);
    }

    /// An agent's link is gone. What it does goes on; it says nothing until the link is back.
    pub fn handle_link_lost(&mut self, AgentNo(agent): AgentNo) {
        self.agents[agent as usize].link = Link::Lost;
    }

    /// An agent's link is back: it registers again.
    pub fn handle_link_back(&mut self, AgentNo(agent): AgentNo) {
        let known = &mut self.agents[agent as usize];
        known.link = if known.doing.is_logged_in() { Link::Back } else { Link::Up };
        if known.doing != Doing::Away || known.is_on_duty {
            self.log_in(agent);
        }
    }

    /// Something that an agent did was refused.
    pub fn handle_refused(&mut self, now: Timestamp, AgentNo(agent): AgentNo, refusal: Refusal) {
        match refusal {
            Refusal::Call(call) => {
                // Whatever came first, the agent is rid of the call; it may have the next already.
                if self.agents[agent as usize].doing.call() == Some(call) {
                    self.become_free(agent, now);
                }
            }
            Refusal::NotLoggedIn => self.handle_logged_out(now, AgentNo(agent)),
            Refusal::Superseded => {
                self.agents[agent as usize].is_replaced = true;
                self.agents[agent as usize].is_on_duty = false;
                self.set_doing(agent, Doing::Away, Timestamp::MAX);
            }
        }
    }

    pub(super) fn log_in(&mut self, agent: u32) {
        let known = self.agents[agent as usize];
        if known.is_replaced || known.link == Link::Lost {
            return;
        }
        if known.doing == Doing::Away {
            self.set_doing(agent, Doing::Arriving, Timestamp::MAX);
        }
        self.actions.push_back(Action::Register(AgentNo(agent)));
    }

    /// An agent does the next thing of its own.
    pub(super) fn next_thing(&mut self, agent: u32, now: Timestamp) {
        let known = self.agents[agent as usize];
        if known.link != Link::Up {
            return;
        }
        match known.doing {
            Doing::Ringing(call) => {
                self.agents[agent as usize].due = Timestamp::MAX;
                self.act(agent, Deed::Accept(call));
            }
            Doing::Talking { call, then: None } => {
                self.complete(agent, call, now);
            }
            Doing::Talking { call, then: Some(OnHold { hold, talk }) } => {
                self.set_doing(agent, Doing::Holding { call, talk }, now + hold);
                self.act(agent, Deed::Hold(call));
            }
            Doing::Holding { call, talk } => {
                self.set_doing(agent, Doing::Talking { call, then: None }, now + talk);
                self.act(agent, Deed::Unhold(call));
            }
            Doing::Resting => {
                self.plan_break(agent, now);
                self.become_free(agent, now);
            }
            Doing::WrappingUp | Doing::Eating | Doing::NotResponding => {
                self.become_free(agent, now);
            }
            Doing::Away if known.is_on_duty => self.log_in(agent),
            Doing::Away | Doing::Arriving | Doing::Idle => {}
        }
    }

    /// An agent ends its call. One who needs no time after it and stays says so before: then the centre
    /// has it available at once, without after-call work of no length.
    fn complete(&mut self, agent: u32, call: CallId, now: Timestamp) {
        let time = self.after_call(agent);
        if time == Millis::ZERO && !self.wants_away(agent, now) {
            self.set_doing(agent, Doing::Idle, Timestamp::MAX);
            self.act(agent, Deed::SetState(SettableState::Available));
            self.act(agent, Deed::Complete(call));
        } else {
            self.act(agent, Deed::Complete(call));
            self.wrap_up(agent, time, now);
        }
    }

    fn wrap_up(&mut self, agent: u32, time: Millis, now: Timestamp) {
        if time == Millis::ZERO {
            self.become_free(agent, now);
        } else {
            self.set_doing(agent, Doing::WrappingUp, now + time);
        }
    }

    /// Draws how long an agent's work after a call takes.
    fn after_call(&mut self, agent: u32) -> Millis {
        let department = usize::from(self.agents[agent as usize].department.0);
        let behaviour = &self.scenario.behaviour[department];
        let rng = &mut self.dice.people;
        match &behaviour.long_after_call {
            Some(long) if happens(long.share, rng) => long.time.draw(rng),
            _ => behaviour.after_call.draw(rng),
        }
    }

    /// An agent's work on a call, its break or its lunch is over.
    fn become_free(&mut self, agent: u32, now: Timestamp) {
        self.set_doing(agent, Doing::Idle, Timestamp::MAX);
        if !self.follow_wishes(agent, now) {
            self.act(agent, Deed::SetState(SettableState::Available));
        }
    }
}
