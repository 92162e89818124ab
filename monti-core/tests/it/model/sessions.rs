//! How agents come, go and change: rules 10 and 13 to 17.

use monti_core::{
    AgentFigures, AgentId, AgentLeft, AgentState, CallId, CallStatus, Event, InvalidValue, Label,
    LogoutReason, Output, Registered, Registration, Rejection, Reply, RevokeReason, Session,
    SettableState,
};

use super::{Model, agent::Agent};

impl Model {
    pub(super) fn register(
        &mut self,
        registration: Registration,
        told: Option<AgentId>,
    ) -> Result<Reply, Rejection> {
        let department = registration.department;
        let known = self.centre.department(department);
        known.ok_or(Rejection::UnknownDepartment(department))?;
        for vq in registration.queues.iter().flatten() {
            let queue = self.centre.queue(*vq).filter(|queue| queue.department == department);
            queue.ok_or(Rejection::UnknownVq(*vq))?;
        }
        if registration.state == SettableState::Offline {
            return Err(Rejection::InvalidValue(InvalidValue::RegisteredOffline));
        }
        let session = self.next_session();
        let told = told.expect("the engine registers whom the model registers");
        let known = self.agents.iter().position(|agent| agent.login == registration.login);
        let at = known.unwrap_or_else(|| {
            assert!(self.known(told).is_err(), "{told:?} is somebody else");
            self.agents.push(self.stranger(told, &registration));
            self.agents.len() - 1
        });
        assert_eq!(self.agents[at].id, told, "a login known already is the same agent");
        let state = registration.state.into();
        let mut resumed = None;
        if self.agents[at].is_offline() {
            self.describe(at, registration, session);
            self.enter(at, state);
            self.say(Event::LoggedIn { agent: told });
            self.open_presence(at);
            self.route(told);
        } else {
            resumed = self.renew(at, registration, session);
        }
        let state = self.agents[at].state;
        Ok(Reply::Registered(Registered { agent: told, session, state, resumed }))
    }

    fn stranger(&self, id: AgentId, registration: &Registration) -> Agent {
        Agent {
            id,
            login: registration.login.clone(),
            name: Label::from(&registration.login),
            location: None,
            team: None,
            department: registration.department,
            queues: None,
            auto_answer: false,
            session: Session(0),
            state: AgentState::Offline,
            pending: None,
            state_start: self.now,
            state_deadline: 0,
            idle_since: self.now,
            link_lost_at: None,
            grace_deadline: 0,
            call: None,
            wrap_up: None,
            breach: None,
            figures: AgentFigures::default(),
            counted_until: self.now,
            worked_until: self.now,
        }
    }

    /// Takes over what a registration says of its agent, apart from its state.
    fn describe(&mut self, at: usize, registration: Registration, session: Session) {
        if self.agents[at].department != registration.department {
            self.count_work_until(at, self.now);
        }
        let agent = &mut self.agents[at];
        let left = std::mem::replace(&mut agent.department, registration.department);
        agent.session = session;
        agent.link_lost_at = None;
        agent.queues = registration.queues.filter(|queues| {
            let all = &self.centre.department(agent.department).expect("checked").queues;
            !all.iter().all(|vq| queues.contains(vq))
        });
        agent.auto_answer = registration.auto_answer;
        agent.name = registration.name.unwrap_or_else(|| agent.name.clone());
        agent.location = registration.location.or(agent.location.take());
        agent.team = registration.team.or(agent.team.take());
        if left != agent.department {
            let (agent, login) = (agent.id, agent.login.clone());
            let left = AgentLeft { agent, login, department: left };
            self.outputs.push_back(Output::AgentLeft(left));
        }
    }

    /// A registration of an agent that is logged in; gives the call that it has still.
    fn renew(&mut self, at: usize, registration: Registration, session: Session) -> Option<CallId> {
        let (id, old) = (self.agents[at].id, self.agents[at].session);
        let asked: AgentState = registration.state.into();
        self.close_presence(at, self.now);
        let ringing = self.agents[at].call.filter(|_| self.agents[at].state == AgentState::Ringing);
        let moved = ringing.filter(|call| {
            let vq = self.live[self.live_at(*call).unwrap()].view.vq;
            let served = registration.queues.as_ref().is_none_or(|queues| queues.contains(&vq));
            registration.department != self.queue_of(vq).department || !served
        });
        let had = self.agents[at].call;
        let kept = had.filter(|_| moved.is_none());
        if self.agents[at].link_lost_at.is_none() {
            self.say(Event::Superseded { agent: id, session: old, call: had });
        }
        self.describe(at, registration, session);
        if let Some(call) = moved {
            self.revoke(call, RevokeReason::Moved);
        }
        self.agents[at]
            .pending
            .take_if(|pending| *pending == (AgentState::Offline, LogoutReason::Asked));
        self.open_presence(at);
        if let Some(call) = kept {
            if ringing.is_some() {
                let assignment = self.assignment(call);
                self.say(Event::CarriedOver(assignment));
                if self.agents[at].auto_answer {
                    self.answer(call);
                }
            }
            return kept;
        }
        if let Some(call) = moved {
            let pending = self.agents[at].pending.take();
            self.place(call, Some(id));
            match pending {
                Some((AgentState::Offline, reason)) => self.go_offline(at, reason),
                pending => self.enter(at, pending.map_or(asked, |(state, _)| state)),
            }
        } else if self.agents[at].state != asked {
            self.enter(at, asked);
        }
        self.route(id);
        None
    }

    /// A link is gone, and with it the sessions that are still the newest of their agents.
    pub(super) fn lose_link(&mut self, agents: &[(AgentId, Session)]) -> Result<Reply, Rejection> {
        let lost: Vec<_> = agents
            .iter()
            .filter_map(|(agent, session)| {
                let agent = self.agents.iter().find(|known| known.id == *agent)?;
                let is_there = !agent.is_offline() && agent.link_lost_at.is_none();
                (agent.session == *session && is_there).then_some(agent.id)
            })
            .collect();
        self.lose(&lost, RevokeReason::LinkLost);
        Ok(Reply::Done)
    }

    /// No link is left, and every grace starts now.
    pub(super) fn restart(&mut self) -> Result<Reply, Rejection> {
        let all = self.agents.iter().filter(|agent| !agent.is_offline());
        let mut all: Vec<_> = all.map(|agent| agent.id).collect();
        all.sort();
        self.lose(&all, RevokeReason::Restarted);
        Ok(Reply::Done)
    }

    /// All links are lost before any call is offered again.
    fn lose(&mut self, lost: &[AgentId], reason: RevokeReason) {
        for agent in lost {
            let (at, deadline) = (self.agent_at(*agent), self.next_deadline());
            self.agents[at].link_lost_at = Some(self.now);
            self.agents[at].grace_deadline = deadline;
        }
        for agent in lost {
            let at = self.agent_at(*agent);
            if self.agents[at].state == AgentState::Ringing {
                let call = self.agents[at].call.expect("a phone rings for a call");
                self.revoke(call, reason);
                self.place(call, None);
                self.go_offline(at, LogoutReason::LinkLost);
            }
        }
    }

    /// The grace is over.
    pub(super) fn give_up(&mut self, at: usize) {
        if let Some(call) = self.agents[at].call {
            self.end_answered(call, CallStatus::AgentLost, None);
        }
        self.go_offline(at, LogoutReason::LinkLost);
    }

    /// An agent asks for a state, or a supervisor does for it.
    pub(super) fn ask_for(
        &mut self,
        at: usize,
        state: AgentState,
        reason: LogoutReason,
    ) -> Result<Reply, Rejection> {
        let agent = &mut self.agents[at];
        if agent.state == state {
            return Ok(Reply::Done);
        }
        if agent.is_offline() {
            return Err(Rejection::InvalidState(AgentState::Offline));
        }
        if agent.call.is_some() {
            let ordered = Some((state, LogoutReason::Supervisor));
            if agent.pending != ordered {
                agent.pending = Some((state, reason));
            }
        } else if state == AgentState::Offline {
            self.go_offline(at, reason);
        } else {
            let id = agent.id;
            self.enter(at, state);
            self.route(id);
        }
        Ok(Reply::Done)
    }

    /// The agent's part in a call has ended: what was asked for meanwhile, else `otherwise`.
    pub(super) fn release(&mut self, id: AgentId, otherwise: AgentState, keeps_turn: bool) {
        let at = self.agent_at(id);
        let idle_since = self.agents[at].idle_since;
        match self.agents[at].pending.take() {
            Some((AgentState::Offline, reason)) => return self.go_offline(at, reason),
            Some((state, _)) => self.enter(at, state),
            None => self.enter(at, otherwise),
        }
        if keeps_turn {
            self.agents[at].idle_since = idle_since;
        }
    }

    pub(super) fn go_offline(&mut self, at: usize, reason: LogoutReason) {
        self.enter(at, AgentState::Offline);
        self.close_presence(at, self.now);
        let agent = &mut self.agents[at];
        (agent.pending, agent.link_lost_at) = (None, None);
        let agent = agent.id;
        self.say(Event::LoggedOut { agent, reason });
    }

    /// Begins a state, and ends the one before with all that hung on it.
    pub(super) fn enter(&mut self, at: usize, state: AgentState) {
        let now = self.now;
        let deadline = self.next_deadline();
        self.count_work_until(at, now);
        let agent = &mut self.agents[at];
        agent.count_until(now);
        let lasted = now.since(agent.state_start);
        let (id, breach, wrap_up) = (agent.id, agent.breach.take(), agent.wrap_up.take());
        agent.state = state;
        agent.state_start = now;
        agent.state_deadline = deadline;
        if state == AgentState::Available {
            agent.idle_since = now;
        }
        if let Some(kind) = breach {
            self.say(Event::BreachCleared { agent: id, kind, lasted });
        }
        if let Some(mut record) = wrap_up {
            record.after_call = lasted;
            self.finish(record);
        }
    }
}
