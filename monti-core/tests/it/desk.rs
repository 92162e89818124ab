//! A floor of people to tell small stories with: who does what when, and what is heard of it.
//!
//! Everything goes through a [`Proof`], so each example is checked against model and witness too.

mod sentence;

use std::collections::BTreeMap;

use monti_core::{
    AgentAction, AgentDay, AgentId, AgentView, CallId, CallRecord, Centre, Conflict, DepartmentId,
    Engine, Input, Millis, Output, Priority, QueueFigures, Registered, Registration, Rejection,
    Reply, Session, SettableState, Timestamp, VqId,
};

use crate::{
    centres::{first_day, opening},
    harness::Proof,
};

/// The first queue of the first department, and the others in the centre's order.
pub(crate) const Q0: VqId = VqId(0);
pub(crate) const Q1: VqId = VqId(1);
pub(crate) const Q2: VqId = VqId(2);

/// The first department, and the second.
pub(crate) const D0: DepartmentId = DepartmentId(0);
pub(crate) const D1: DepartmentId = DepartmentId(1);

pub(crate) struct Desk {
    pub(crate) now: Timestamp,
    proof: Proof,
    /// Each person's newest registration.
    people: BTreeMap<String, (AgentId, Session)>,
    said: Vec<Output>,
}

/// A registration in the first department, for all of its queues, available.
pub(crate) fn registration(login: &str) -> Registration {
    Registration::new(login.parse().unwrap(), D0)
}

pub(crate) fn secs(seconds: u64) -> Millis {
    Millis::from_secs(seconds)
}

pub(crate) fn mins(minutes: u64) -> Millis {
    Millis::from_secs(minutes * 60)
}

pub(crate) const MILLI: Millis = Millis::new(1);

pub(crate) fn conflict(conflict: Conflict) -> Result<Reply, Rejection> {
    Err(Rejection::Conflict(conflict))
}

impl Desk {
    /// A centre at nine in the morning, with nobody there yet.
    pub(crate) fn open(centre: Centre) -> Self {
        let proof = Proof::new(centre, opening(), first_day());
        Self { now: opening(), proof, people: BTreeMap::new(), said: Vec::new() }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.proof.engine
    }

    /// Time passes, and the engine is woken whenever it wants to be.
    pub(crate) fn pass(&mut self, time: Millis) {
        let until = self.now + time;
        while let Some(due) = self.engine().poll_timeout().filter(|due| *due <= until) {
            let said = self.proof.handle_timeout(due);
            self.said.extend(said);
        }
        self.sleep(time);
    }

    /// Time passes, and the engine is woken just at its end.
    pub(crate) fn sleep(&mut self, time: Millis) {
        self.now = self.now + time;
        let said = self.proof.handle_timeout(self.now);
        self.said.extend(said);
    }

    /// The shell is down for a time, in which the engine hears nothing, and starts again.
    pub(crate) fn be_down(&mut self, time: Millis) {
        self.now = self.now + time;
        assert_eq!(self.give(Input::Restart), Ok(Reply::Done));
    }

    pub(crate) fn give(&mut self, input: Input) -> Result<Reply, Rejection> {
        let (reply, said) = self.proof.handle_input(self.now, &input);
        self.said.extend(said);
        reply
    }

    /// What was heard since this was asked last, in short sentences; that something of an agent
    /// changed is left out.
    pub(crate) fn heard(&mut self) -> Vec<String> {
        let said = std::mem::take(&mut self.said);
        said.iter().filter_map(|output| sentence::of(output, &|agent| self.login(agent))).collect()
    }

    /// The records heard since anything was asked last.
    pub(crate) fn records(&mut self) -> Vec<CallRecord> {
        let records = self.said.drain(..).filter_map(|output| match output {
            Output::Record(record) => Some(record),
            _ => None,
        });
        records.collect()
    }

    /// The figures of dates that are over, heard since anything was asked last.
    pub(crate) fn days(&mut self) -> Vec<AgentDay> {
        let days = self.said.drain(..).filter_map(|output| match output {
            Output::AgentDay(day) => Some(day),
            _ => None,
        });
        days.collect()
    }

    pub(crate) fn log_in(&mut self, login: &str) {
        self.register(registration(login));
    }

    pub(crate) fn register(&mut self, registration: Registration) -> Registered {
        let login = registration.login.to_string();
        match self.give(Input::Register(Box::new(registration))) {
            Ok(Reply::Registered(registered)) => {
                self.people.insert(login, (registered.agent, registered.session));
                registered
            }
            refused => panic!("{login} is refused: {refused:?}"),
        }
    }

    /// A caller asks for a queue, with priority 0.
    pub(crate) fn call(&mut self, vq: VqId) -> CallId {
        self.urgent_call(vq, 0)
    }

    pub(crate) fn urgent_call(&mut self, vq: VqId, priority: u8) -> CallId {
        let priority = Priority::new(priority).unwrap();
        match self.give(Input::Call { vq, priority, caller: None, request: None, origin: None }) {
            Ok(Reply::Queued(queued)) => queued.call,
            refused => panic!("a call is refused: {refused:?}"),
        }
    }

    pub(crate) fn hang_up(&mut self, call: CallId) -> Result<Reply, Rejection> {
        self.give(Input::Abandon { call })
    }

    /// What comes of it when an agent does something.
    pub(crate) fn tries(&mut self, who: &str, action: AgentAction) -> Result<Reply, Rejection> {
        let (agent, session) = self.people[who];
        self.give(Input::Agent { agent, session, action })
    }

    /// An agent does something, and it is done.
    pub(crate) fn does(&mut self, who: &str, action: AgentAction) {
        let reply = self.tries(who, action.clone());
        assert_eq!(reply, Ok(Reply::Done), "{who}: {action:?}");
    }

    pub(crate) fn accept(&mut self, who: &str, call: CallId) {
        self.does(who, AgentAction::Accept(call));
    }

    pub(crate) fn complete(&mut self, who: &str, call: CallId) {
        self.does(who, AgentAction::Complete { call, outcome: None });
    }

    pub(crate) fn asks(&mut self, who: &str, state: SettableState) {
        self.does(who, AgentAction::SetState(state));
    }

    pub(crate) fn lose_link(&mut self, who: &str) {
        let agents = vec![self.people[who]];
        assert_eq!(self.give(Input::LinkLost { agents }), Ok(Reply::Done));
    }

    pub(crate) fn id(&self, who: &str) -> AgentId {
        self.people[who].0
    }

    pub(crate) fn session(&self, who: &str) -> Session {
        self.people[who].1
    }

    pub(crate) fn agent(&self, who: &str) -> AgentView<'_> {
        self.engine().agent(self.id(who)).unwrap_or_else(|| panic!("{who} is forgotten"))
    }

    pub(crate) fn queue(&self, vq: VqId) -> QueueFigures {
        self.engine().queue(vq).expect("the centre's queue")
    }

    fn login(&self, agent: AgentId) -> String {
        let known = self.people.iter().find(|(_, (id, _))| *id == agent);
        known.map_or_else(|| format!("{agent:?}"), |(login, _)| login.clone())
    }
}
