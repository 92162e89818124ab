//! A second engine, written from ARCHITECTURE.md's rules and nothing else: plain vectors, linear
//! searches, figures counted anew from facts. Slow and obvious where the engine is fast and clever.
//!
//! It decides everything but the identities of agents, which are the engine's own business: a
//! registration is told which one the engine gave.

mod actions;
mod agent;
mod call;
mod clock;
mod figures;
mod routing;
mod sessions;

use std::collections::{BTreeMap, VecDeque};

use monti_core::{
    AgentId, AgentView, BusinessDay, CallId, CallView, Centre, DepartmentId, Event, Input,
    LogoutReason, Millis, Output, Rejection, Reply, RequestId, Session, Tally, Timestamp,
};

use self::{
    agent::Agent,
    call::{Call, Ended},
    figures::{Fact, Presence},
};

/// How long a request and a call are remembered after the call's arrival.
const MEMORY: Millis = Millis::from_secs(24 * 60 * 60);

#[derive(Debug, Clone)]
pub(crate) struct Model {
    centre: Centre,
    now: Timestamp,
    today: BusinessDay,
    /// When today's figures of agents began.
    counted_from: Timestamp,
    /// All agents that are known, in no order that matters.
    agents: Vec<Agent>,
    /// Calls that wait, ring or are answered, by id.
    live: Vec<Call>,
    /// What became of the calls that are over.
    ended: BTreeMap<CallId, Ended>,
    /// Request, its call, and when the call arrived.
    requests: Vec<(RequestId, CallId, Timestamp)>,
    /// Today's calls of each queue, in order of arrival.
    facts: Vec<Vec<Fact>>,
    /// What [`Self::facts`] come to, counted anew whenever one changes.
    tallies: Vec<Tally>,
    /// Who was logged in when today, and served what.
    presence: Vec<Presence>,
    /// What agents spent in calls, and open to calls, while in each department, today.
    worked: Vec<(Millis, Millis)>,
    /// The number of today's last call.
    number: u32,
    session: u64,
    /// Counts the deadlines that were set: first set, first handled.
    deadlines: u64,
    /// When the shell stood still, and for how long.
    standstills: Vec<(Timestamp, Millis)>,
    outputs: VecDeque<Output>,
}

impl Model {
    pub(crate) fn new(centre: Centre, now: Timestamp, today: BusinessDay) -> Self {
        let (departments, queues) = (centre.departments().len(), centre.queues().len());
        Self {
            centre,
            now,
            today,
            counted_from: Timestamp::MIN,
            agents: Vec::new(),
            live: Vec::new(),
            ended: BTreeMap::new(),
            requests: Vec::new(),
            facts: vec![Vec::new(); queues],
            tallies: vec![Tally::default(); queues],
            presence: Vec::new(),
            worked: vec![(Millis::ZERO, Millis::ZERO); departments],
            number: 0,
            session: 0,
            deadlines: 0,
            standstills: Vec::new(),
            outputs: VecDeque::new(),
        }
    }

    /// What the engine should reply. `told` is the identity that the engine gave in its reply to a
    /// registration.
    pub(crate) fn handle_input(
        &mut self,
        now: Timestamp,
        input: Input,
        told: Option<AgentId>,
    ) -> Result<Reply, Rejection> {
        if !matches!(input, Input::Restart | Input::Standstill { .. }) {
            self.handle_timeout(now);
        }
        match input {
            Input::Call { vq, priority, caller, request, origin } => {
                self.call_arrives(vq, priority, caller, request, origin)
            }
            Input::Abandon { call } => self.caller_hangs_up(call),
            Input::Register(registration) => self.register(*registration, told),
            Input::Agent { agent, session, action } => {
                let agent = self.known(agent)?;
                if self.agents[agent].session != session {
                    return Err(Rejection::Superseded);
                }
                self.act(agent, action)
            }
            Input::LinkLost { agents } => self.lose_link(&agents),
            Input::SetState { agent, state } => {
                let agent = self.known(agent)?;
                self.ask_for(agent, state.into(), LogoutReason::Supervisor)
            }
            Input::LogOut { agent } => {
                let agent = self.known(agent)?;
                self.ask_for(agent, monti_core::AgentState::Offline, LogoutReason::Supervisor)
            }
            Input::EndCall { call, agent } => self.end_by_supervisor(call, agent),
            Input::BusinessDay(day) => self.be_told(day),
            Input::Standstill { since } => {
                let since = since.max(self.now);
                self.standstills.push((since, now.since(since)));
                self.handle_timeout(now);
                Ok(Reply::Done)
            }
            Input::Restart => {
                self.end_dates(now);
                let reply = self.restart();
                self.handle_timeout(now);
                reply
            }
        }
    }

    pub(crate) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn today(&self) -> BusinessDay {
        self.today
    }

    /// The agents of a department, by login.
    pub(crate) fn agents<'a>(&'a self, department: DepartmentId) -> Vec<AgentView<'a>> {
        let mut agents: Vec<_> =
            self.agents.iter().filter(|agent| agent.department == department).collect();
        agents.sort_by(|a, b| a.login.cmp(&b.login));
        let view = |agent: &'a Agent| agent.view(self.call_of(agent), self.counted_from);
        agents.into_iter().map(view).collect()
    }

    /// The live calls, by id.
    pub(crate) fn calls(&self) -> impl Iterator<Item = CallView> {
        self.live.iter().map(|call| call.view)
    }

    fn call_of(&self, agent: &Agent) -> Option<CallView> {
        let id = agent.call?;
        self.live.iter().find(|call| call.view.id == id).map(|call| call.view)
    }

    /// Where an agent stands in [`Self::agents`].
    fn known(&self, id: AgentId) -> Result<usize, Rejection> {
        let found = self.agents.iter().position(|agent| agent.id == id);
        found.ok_or(Rejection::UnknownAgent)
    }

    fn agent_at(&self, id: AgentId) -> usize {
        self.known(id).expect("a call's agent is known")
    }

    /// Where a live call stands in [`Self::live`].
    fn live_at(&self, id: CallId) -> Option<usize> {
        self.live.binary_search_by_key(&id, |call| call.view.id).ok()
    }

    fn next_session(&mut self) -> Session {
        self.session += 1;
        Session(self.session)
    }

    fn next_deadline(&mut self) -> u64 {
        self.deadlines += 1;
        self.deadlines
    }

    fn say(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }
}
