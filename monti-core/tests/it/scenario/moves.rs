//! What callers, agents and supervisors do in a [`Scenario`].

use monti_core::{
    AgentAction, AgentId, AgentState, AgentView, BusinessDay, CallId, DepartmentId, Input, Label,
    Origin, Priority, Registration, Session, SettableState, Timestamp, VqId,
};

use super::{Scenario, Sight};
use crate::{centres::hours, desk::mins};

const STATES: [SettableState; 7] = [
    SettableState::Offline,
    SettableState::Available,
    SettableState::AfterCallWork,
    SettableState::Break,
    SettableState::Lunch,
    SettableState::Training,
    SettableState::Meeting,
];

impl Scenario {
    pub(super) fn call(&mut self, sight: &Sight<'_>) -> Input {
        let queues: Vec<_> = sight.engine.centre().queues().map(|(vq, _)| vq).collect();
        let level = self.dice.weigh(&[(6, 0), (2, 5), (1, 9), (1, 1)]);
        Input::Call {
            vq: self.dice.pick(&queues).expect("a centre has queues"),
            priority: Priority::new(level).unwrap(),
            caller: self.dice.percent(50).then(|| "+49301234567".parse().unwrap()),
            request: self.request(),
            origin: self.dice.percent(70).then(|| Origin(self.dice.below(3))),
        }
    }

    /// An agent does what an agent does in its state, most of the time.
    pub(super) fn agent(&mut self, sight: &Sight<'_>) -> Input {
        let mut login = self.dice.pick(&self.logins).expect("a scenario has agents");
        if self.dice.percent(50) {
            let busy = sight.agents.iter().filter(|agent| agent.call.is_some());
            let busy: Vec<_> = busy.map(|agent| agent.login).collect();
            login = self.dice.pick(&busy).unwrap_or(&login).clone();
        }
        let Some(agent) = sight.agents.iter().find(|agent| *agent.login == login) else {
            return self.register(sight, &login);
        };
        if self.dice.percent(3) {
            return self.register(sight, &login);
        }
        if self.dice.percent(3) {
            return self.cable_cut(sight, agent);
        }
        if agent.link_lost_at.is_some() && self.dice.percent(30) {
            return self.register(sight, &login);
        }
        if self.dice.percent(4) {
            return self.supervise(agent);
        }
        let action = match (agent.state, agent.call.map(|call| call.id)) {
            (AgentState::Offline, _) => return self.register(sight, &login),
            (AgentState::Ringing, Some(call)) => self.at_the_phone(call),
            (AgentState::OnCall | AgentState::OnHold, Some(call)) => self.in_a_call(call),
            (AgentState::Available, _) => {
                let away = self.dice.pick(&STATES).unwrap();
                if self.dice.percent(30) {
                    AgentAction::SetState(away)
                } else {
                    AgentAction::SetState(SettableState::Available)
                }
            }
            _ => self.back_to_work(),
        };
        Input::Agent { agent: agent.id, session: agent.session, action }
    }

    /// The agent's link is gone, and at times that of others with it.
    fn cable_cut(&mut self, sight: &Sight<'_>, agent: &AgentView<'_>) -> Input {
        let mut agents = vec![(agent.id, agent.session)];
        if self.dice.percent(20) {
            let others = sight.agents.iter().filter(|other| other.id != agent.id);
            agents.extend(others.map(|other| (other.id, other.session)));
            agents.retain(|_| self.dice.percent(30));
        }
        Input::LinkLost { agents }
    }

    fn at_the_phone(&mut self, call: CallId) -> AgentAction {
        match self.dice.below(100) {
            0..60 => AgentAction::Accept(call),
            60..80 => AgentAction::Reject(call),
            80..85 => AgentAction::Unregister,
            _ => AgentAction::SetState(self.dice.pick(&STATES).unwrap()),
        }
    }

    fn in_a_call(&mut self, call: CallId) -> AgentAction {
        match self.dice.below(100) {
            0..15 => AgentAction::Hold(call),
            15..30 => AgentAction::Unhold(call),
            30..75 => {
                let outcome = self.dice.percent(50).then(|| "Sold".parse().unwrap());
                AgentAction::Complete { call, outcome }
            }
            75..80 => AgentAction::Unregister,
            _ => AgentAction::SetState(self.dice.pick(&STATES).unwrap()),
        }
    }

    fn back_to_work(&mut self) -> AgentAction {
        let state = if self.dice.percent(70) {
            SettableState::Available
        } else {
            self.dice.pick(&STATES).unwrap()
        };
        AgentAction::SetState(state)
    }

    fn supervise(&mut self, agent: &AgentView<'_>) -> Input {
        match (self.dice.below(3), agent.call) {
            (0, Some(call)) => {
                let agent = self.dice.percent(50).then_some(agent.id);
                Input::EndCall { call: call.id, agent }
            }
            (1, _) => Input::LogOut { agent: agent.id },
            _ => Input::SetState { agent: agent.id, state: self.dice.pick(&STATES).unwrap() },
        }
    }

    fn register(&mut self, sight: &Sight<'_>, login: &monti_core::LoginId) -> Input {
        let centre = sight.engine.centre();
        let known = sight.agents.iter().find(|agent| agent.login == login);
        let home = match known {
            Some(agent) if self.dice.percent(70) => agent.department,
            _ => {
                let all: Vec<_> = centre.departments().map(|(id, _)| id).collect();
                self.dice.pick(&all).expect("a centre has departments")
            }
        };
        let own = centre.department(home).map(|department| department.queues.clone());
        let mut own = own.unwrap_or_default();
        own.retain(|_| self.dice.percent(60));
        let label = |text: &str| text.parse::<Label>().unwrap();
        let state = self.dice.pick(&STATES).unwrap();
        Input::Register(Box::new(Registration {
            login: login.clone(),
            department: home,
            queues: self.dice.percent(40).then_some(own),
            name: self.dice.percent(20).then(|| label("Zoë O’Neil")),
            location: self.dice.percent(20).then(|| label("Leipzig")),
            team: self.dice.percent(20).then(|| label("Blue")),
            state: if self.dice.percent(80) { SettableState::Available } else { state },
            auto_answer: self.dice.percent(10),
            current_call: None,
        }))
    }

    /// Anything about anybody.
    pub(super) fn wild(&mut self, sight: &Sight<'_>, now: Timestamp) -> Input {
        let call = self.any_call(sight);
        let (agent, session) = self.anybody(sight);
        let state = self.dice.pick(&STATES).unwrap();
        match self.dice.below(16) {
            0 => Input::Abandon { call },
            1 => Input::EndCall { call, agent: self.dice.percent(50).then_some(agent) },
            2 => Input::LogOut { agent },
            3 => Input::SetState { agent, state },
            4 => Input::LinkLost { agents: vec![(agent, session)] },
            5 => self.wrong_queue(sight),
            6 => self.wrong_registration(sight),
            7 => self.wrong_day(sight, now),
            wish => {
                let action = match wish {
                    8 => AgentAction::Accept(call),
                    9 => AgentAction::Reject(call),
                    10 => AgentAction::Hold(call),
                    11 => AgentAction::Unhold(call),
                    12 => AgentAction::SetState(state),
                    13 => AgentAction::Unregister,
                    _ => AgentAction::Complete { call, outcome: None },
                };
                Input::Agent { agent, session, action }
            }
        }
    }

    /// A call that lives, lived or never was.
    fn any_call(&mut self, sight: &Sight<'_>) -> CallId {
        let day = sight.engine.today().day;
        let none = CallId { day, number: 4_000_000 };
        match self.dice.below(10) {
            0..5 => self.dice.pick(&sight.calls).map_or(none, |call| call.id),
            5..9 => self.dice.pick(&self.ended).unwrap_or(none),
            _ => none,
        }
    }

    /// An agent that is known, or was once, and a session of its own or another's.
    fn anybody(&mut self, sight: &Sight<'_>) -> (AgentId, Session) {
        let said: Vec<_> = self
            .said
            .iter()
            .rev()
            .take(50)
            .filter_map(|input| match input {
                Input::Agent { agent, session, .. } => Some((*agent, *session)),
                _ => None,
            })
            .collect();
        let stranger = serde_json::from_str(r#"{"slot":4000000,"generation":7}"#).unwrap();
        let nobody = (stranger, Session(1));
        let known = self.dice.pick(&sight.agents).map_or(nobody, |agent| (agent.id, agent.session));
        match self.dice.below(10) {
            0..6 => known,
            6..8 => (known.0, Session(self.dice.within(0, known.1.0))),
            8 => self.dice.pick(&said).unwrap_or(nobody),
            _ => nobody,
        }
    }

    fn wrong_queue(&mut self, sight: &Sight<'_>) -> Input {
        let Input::Call { priority, caller, origin, .. } = self.call(sight) else {
            unreachable!("a call is a call")
        };
        Input::Call { vq: VqId(999), priority, caller, request: None, origin }
    }

    /// A registration with one thing wrong.
    fn wrong_registration(&mut self, sight: &Sight<'_>) -> Input {
        let login = self.dice.pick(&self.logins).expect("a scenario has agents");
        let Input::Register(mut registration) = self.register(sight, &login) else {
            unreachable!("a registration is a registration")
        };
        let foreign = sight
            .engine
            .centre()
            .queues()
            .find(|(_, queue)| queue.department != registration.department);
        registration.state = SettableState::Available;
        match (self.dice.below(3), foreign) {
            (0, _) => (registration.department, registration.queues) = (DepartmentId(999), None),
            (1, Some((vq, _))) => registration.queues = Some(vec![vq]),
            (1, None) => registration.queues = Some(vec![VqId(999)]),
            _ => registration.state = SettableState::Offline,
        }
        Input::Register(registration)
    }

    /// A date that cannot be, or the next date before this one has ended.
    fn wrong_day(&mut self, sight: &Sight<'_>, now: Timestamp) -> Input {
        let today = sight.engine.today();
        let (starts_at, begun) = (today.starts_at, sight.engine.now().max(now));
        let past = BusinessDay {
            day: "2025-01-01".parse().unwrap(),
            starts_at: begun,
            ends_at: begun + hours(24),
        };
        if begun >= today.ends_at {
            return Input::BusinessDay(past);
        }
        Input::BusinessDay(match self.dice.below(6) {
            0 => past,
            1 => BusinessDay { ends_at: starts_at, ..today },
            2 => BusinessDay { ends_at: starts_at + hours(49), ..today },
            3 => BusinessDay { ends_at: begun, ..today },
            4 if self.dice.once_in(8) => {
                let starts_at = begun - mins(self.dice.pick(&[0, 1, 20, 300]).unwrap_or_default());
                BusinessDay { day: today.day.next(), ends_at: begun + hours(23), starts_at }
            }
            _ => today,
        })
    }
}
