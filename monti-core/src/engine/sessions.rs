//! Agents' links: registration, what they say, loss and return.

use crate::{
    AgentAction, AgentId, AgentLeft, AgentState, CallId, CallStatus, Engine, Event, InvalidValue,
    Label, LogoutReason, Registered, Registration, Rejection, Reply, RevokeReason, Session,
    SettableState, Timestamp, VqId,
    agent::CountedFigures,
    line::Node,
    roster::{Agent, IdleKey, LostLink, Pending, Profile, Serves, State},
    timer::{Deadline, Ticket},
};

impl Engine {
    pub(super) fn handle_register(
        &mut self,
        registration: &Registration,
    ) -> Result<Reply, Rejection> {
        let queues = self.check_registration(registration)?;
        self.last_session += 1;
        let session = Session(self.last_session);
        let found = self.agents.find(&registration.login);
        let slot = found.unwrap_or_else(|| self.take_in(registration));
        let is_login = self.agent_state(slot) == AgentState::Offline;
        if !is_login {
            self.supersede(slot);
        }
        self.agents[slot].session = session.0;
        self.describe(slot, registration);
        let gave_back = self.place_agent(slot, registration, queues);
        if is_login {
            self.enter(slot, registration.state.into());
            let agent = self.agents.id(slot);
            self.emit(Event::LoggedIn { agent });
            self.seek_call(slot);
            return Ok(self.registered(slot, None));
        }
        Ok(self.resume(slot, registration.state, gave_back))
    }

    fn check_registration(
        &self,
        registration: &Registration,
    ) -> Result<Option<Box<[VqId]>>, Rejection> {
        if registration.state == SettableState::Offline {
            return Err(Rejection::InvalidValue(InvalidValue::RegisteredOffline));
        }
        let department = (self.centre.department(registration.department))
            .ok_or(Rejection::UnknownDepartment(registration.department))?;
        let Some(queues) = &registration.queues else { return Ok(None) };
        let is_theirs = |vq: &VqId| {
            let queue = self.centre.queue(*vq);
            queue.is_some_and(|queue| queue.department == registration.department)
        };
        if let Some(foreign) = queues.iter().find(|vq| !is_theirs(vq)) {
            return Err(Rejection::UnknownVq(*foreign));
        }
        let mut queues = queues.clone();
        queues.sort_unstable();
        queues.dedup();
        // Who names all queues serves all of the department.
        Ok((queues.len() < department.queues.len()).then(|| queues.into_boxed_slice()))
    }

    /// Takes in an agent that is not known, offline.
    fn take_in(&mut self, registration: &Registration) -> u32 {
        let login = registration.login.clone();
        let department = &mut self.departments[registration.department.index()];
        department.count(None, Some(AgentState::Offline), self.now);
        let slot = self.agents.insert(Agent {
            generation: 0,
            department: registration.department,
            pending: None,
            state: State::OFFLINE,
            auto_answer: false,
            in_breach: false,
            is_idle: false,
            idle: Node::new(IdleKey { since: Timestamp::MIN, login: login.clone() }),
            state_start: self.now,
            lost_link: None,
            session: 0,
            serves: Serves::All,
            watch: Ticket::default(),
            figures: CountedFigures::default(),
            touched_at: self.now,
            profile: Box::new(Profile { name: Label::from(&login), location: None, team: None }),
        });
        department.roster.insert(login, slot);
        slot
    }

    /// The agent's session so far ends, and with it the grace of a lost link.
    fn supersede(&mut self, slot: u32) {
        let agent = &mut self.agents[slot];
        if let Some(lost) = agent.lost_link.take() {
            self.deadlines.stop(Deadline::Grace, lost.grace);
            return;
        }
        let session = Session(agent.session);
        let call = agent.state.call().map(|place| self.calls[place].id);
        let agent = self.agents.id(slot);
        self.emit(Event::Superseded { agent, session, call });
    }

    fn describe(&mut self, slot: u32, registration: &Registration) {
        let agent = &mut self.agents[slot];
        if let Some(name) = &registration.name {
            agent.profile.name = name.clone();
        }
        if registration.location.is_some() {
            agent.profile.location.clone_from(&registration.location);
        }
        if registration.team.is_some() {
            agent.profile.team.clone_from(&registration.team);
        }
        agent.auto_answer = registration.auto_answer;
        agent.touched_at = self.now;
    }

    /// Puts an agent where it serves from now on. A phone that rings for a queue that it serves no
    /// longer stops; then the answer is true, and the agent still in the state ringing.
    fn place_agent(
        &mut self,
        slot: u32,
        registration: &Registration,
        queues: Option<Box<[VqId]>>,
    ) -> bool {
        let agent = &self.agents[slot];
        let from = agent.department;
        let to = registration.department;
        if from == to && agent.serves.queues() == queues.as_deref() {
            return false;
        }
        let state = agent.state.kind();
        self.leave_idle(slot);
        self.count_staff(slot, state, AgentState::Offline);
        self.agents.set_serves(slot, queues);
        self.agents[slot].department = to;
        self.count_staff(slot, AgentState::Offline, state);
        if from != to {
            self.change_department(slot, from, to);
        }
        let Some(place) = self.agents[slot].state.ringing_call() else { return false };
        let vq = self.calls[place].vq;
        if self.queues[vq.index()].department == to && self.agents[slot].serves(vq) {
            return false;
        }
        self.revoke(place, RevokeReason::Moved);
        self.give_back(place);
        true
    }

    fn change_department(&mut self, slot: u32, from: crate::DepartmentId, to: crate::DepartmentId) {
        let agent = &self.agents[slot];
        let (state, login, breach) = (agent.state.kind(), agent.login().clone(), agent.in_breach);
        let old = &mut self.departments[from.index()];
        old.roster.remove(&login);
        old.count(Some(state), None, self.now);
        old.breaches -= u32::from(breach);
        let new = &mut self.departments[to.index()];
        new.roster.insert(login.clone(), slot);
        new.count(None, Some(state), self.now);
        new.breaches += u32::from(breach);
        let agent = self.agents.id(slot);
        self.outputs.agent_left(AgentLeft { agent, login, department: from });
    }

    /// An agent that was logged in goes on in its new session: with its call if it has one, else
    /// in the state that it asked for.
    fn resume(&mut self, slot: u32, asked: SettableState, gave_back: bool) -> Reply {
        let id = self.agents.id(slot);
        let agent = &mut self.agents[slot];
        // Whoever comes back takes back its own wish to go, but not a supervisor's order.
        let asked_to_go = Pending { state: SettableState::Offline, by_supervisor: false };
        agent.pending.take_if(|pending| *pending == asked_to_go);
        let state = agent.state;
        if gave_back {
            self.part(slot, asked.into());
            self.emit(Event::AgentChanged { agent: id });
            return self.registered(slot, None);
        }
        if let Some(place) = state.call() {
            self.emit(Event::AgentChanged { agent: id });
            if state.kind() == AgentState::Ringing {
                let call = &self.calls[place];
                let assignment = call.assignment(id, call.offer().assigned_at);
                let call = assignment.call;
                self.emit(Event::CarriedOver(assignment));
                if self.agents[slot].auto_answer {
                    self.accept(place);
                }
                return self.registered(slot, Some(call));
            }
            let call = self.calls[place].id;
            return self.registered(slot, Some(call));
        }
        if state.kind() != asked.into() {
            self.enter(slot, asked.into());
        }
        self.emit(Event::AgentChanged { agent: id });
        self.seek_call(slot);
        self.registered(slot, None)
    }

    fn registered(&self, slot: u32, resumed: Option<CallId>) -> Reply {
        let agent = &self.agents[slot];
        Reply::Registered(Registered {
            agent: self.agents.id(slot),
            session: Session(agent.session),
            state: agent.state.kind(),
            resumed,
        })
    }

    pub(super) fn handle_agent(
        &mut self,
        agent: AgentId,
        session: Session,
        action: AgentAction,
    ) -> Result<Reply, Rejection> {
        let known = self.agents.known(agent).ok_or(Rejection::UnknownAgent)?;
        if known.session != session.0 {
            return Err(Rejection::Superseded);
        }
        let (slot, state) = (agent.slot, known.state);
        let asked = match action {
            AgentAction::SetState(asked) => asked,
            AgentAction::Unregister => SettableState::Offline,
            AgentAction::Accept(call)
            | AgentAction::Reject(call)
            | AgentAction::Hold(call)
            | AgentAction::Unhold(call)
            | AgentAction::Complete { call, .. } => {
                return self.handle_call_action(slot, state, action, call);
            }
        };
        self.ask_for(agent, Pending { state: asked, by_supervisor: false })
    }

    pub(super) fn handle_link_lost(&mut self, agents: &[(AgentId, Session)]) -> Reply {
        let slots: Vec<_> = (agents.iter())
            .filter_map(|(agent, session)| {
                let slot = self.agents.slot(*agent)?;
                (self.agents[slot].session == session.0).then_some(slot)
            })
            .collect();
        self.lose_links(&slots, RevokeReason::LinkLost);
        Reply::Done
    }

    /// Before anything that is due: nobody could answer, come back or hang up while all was down.
    pub(super) fn handle_restart(&mut self, now: Timestamp) -> Reply {
        self.now = self.now.max(now);
        self.end_days();
        let slots: Vec<_> = self.agents.iter().map(|(slot, _)| slot).collect();
        for slot in &slots {
            // Whose grace ran already gets it anew: nobody could come back while all was down.
            let agent = &mut self.agents[*slot];
            if let Some(lost) = agent.lost_link.take() {
                self.deadlines.stop(Deadline::Grace, lost.grace);
            }
        }
        self.lose_links(&slots, RevokeReason::Restarted);
        self.handle_timeout(now);
        Reply::Done
    }

    /// Links are lost, all at once: nobody of them is offered a call that another gives back.
    ///
    /// A phone that rang stops for `reason`. Whose link was lost is offered its call again only if
    /// nobody else is free; for a restart no agent can help.
    fn lose_links(&mut self, slots: &[u32], reason: RevokeReason) {
        let now = self.now;
        let mut lost = Vec::new();
        for slot in slots {
            let agent = &mut self.agents[*slot];
            if agent.state == State::OFFLINE || agent.lost_link.is_some() {
                continue;
            }
            let grace_ends_at = now + self.centre.limits().grace;
            let grace = self.deadlines.set(Deadline::Grace, *slot, grace_ends_at);
            agent.lost_link = Some(Box::new(LostLink { at: now, grace }));
            agent.touched_at = now;
            self.leave_idle(*slot);
            lost.push(*slot);
        }
        for slot in lost {
            let Some(place) = self.agents[slot].state.ringing_call() else {
                let agent = self.agents.id(slot);
                self.emit(Event::AgentChanged { agent });
                continue;
            };
            self.revoke(place, reason);
            if reason == RevokeReason::LinkLost {
                self.decline(place, slot);
            }
            self.give_back(place);
            self.log_out(slot, LogoutReason::LinkLost);
        }
    }

    /// The grace of a lost link is over.
    pub(super) fn grace_over(&mut self, slot: u32) {
        if let Some(place) = self.agents[slot].state.call() {
            self.end_conversation(place, CallStatus::AgentLost, None);
            self.close(place);
        }
        self.agents[slot].lost_link = None;
        self.log_out(slot, LogoutReason::LinkLost);
    }
}
