//! Agents, one or many on a link: what they do, and what they can conclude from what they hear.
//!
//! An agent knows what was acknowledged. What it asked for when the server died, and got no answer
//! to, may have happened or not; which of the two it was shows when it registers again.

use std::{collections::BTreeMap, sync::Arc};

use monti_core::{
    CallId, LoginId,
    wire::{AgentServerMessage, CallAssign, ErrorCode, ErrorMessage, Registered, RevokeReason},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use crate::{
    book::Book,
    link::Link,
    stage::{Act, Life, Role},
};

/// The agents of a link.
pub(crate) struct Agents {
    agents: BTreeMap<String, Agent>,
    dice: StdRng,
    book: Arc<Book>,
}

struct Agent {
    department: &'static str,
    auto_answer: bool,
    doing: Doing,
    presence: Presence,
    /// Whether its grace may be over: it did not come back in a life, or late.
    is_late: bool,
    is_on_hold: bool,
    /// The number of the last thing it asked for.
    asked: u64,
}

/// Whether the server knows of an agent's link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Away,
    Registering,
    There,
}

/// What an agent does, as far as it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Free,
    Ringing(CallId),
    Accepting(CallId),
    Rejecting(CallId),
    Talking(CallId),
    Completing(CallId),
    WrappingUp,
    BecomingFree,
    TakingABreak,
    OnBreak,
    /// On a break from which it does not come back: it has finished.
    Finishing,
    Finished,
}

impl Agents {
    pub(crate) fn new(
        logins: impl Iterator<Item = (String, &'static str)>,
        seed: u64,
        book: &Arc<Book>,
    ) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let agents = logins.map(|(login, department)| {
            let auto_answer = dice.random_bool(0.05);
            (login, Agent::new(department, auto_answer))
        });
        let agents = agents.collect();
        Self { agents, dice, book: Arc::clone(book) }
    }
}

impl Role for Agents {
    const PATH: &str = "/ws/agent";

    fn greet(&mut self, link: &mut Link, _: &Life, act: Act) {
        for (login, agent) in &mut self.agents {
            // Not everybody comes back at once.
            if act == Act::Work && self.dice.random_bool(0.02) {
                agent.is_late = true;
            } else {
                agent.register(login, link);
            }
        }
    }

    fn hear(&mut self, text: &str, link: &mut Link, life: &Life) {
        let book = &self.book;
        match AgentServerMessage::parse(text).unwrap() {
            AgentServerMessage::Welcome(_) => {}
            AgentServerMessage::Registered(told) => {
                agent(&mut self.agents, &told.agent_id).registered(&told, life, book);
            }
            AgentServerMessage::CallAssign(told) => {
                agent(&mut self.agents, &told.agent_id).assigned(&told, book);
            }
            AgentServerMessage::CallRevoked(told) => {
                agent(&mut self.agents, &told.agent_id).revoked(told.call_id, told.reason);
            }
            AgentServerMessage::Ack(told) => {
                let (login, request) = (told.subject.agent_id.unwrap(), told.subject.request_id);
                let agent = agent(&mut self.agents, &login);
                agent.acknowledged(login.as_str(), request.unwrap().as_str(), book);
            }
            AgentServerMessage::Error(error) => {
                let login = error.subject.agent_id.clone().unwrap();
                agent(&mut self.agents, &login).refused(login.as_str(), &error, link);
            }
            other => panic!("an agent was told {other:?}"),
        }
    }

    fn beat(&mut self, link: &mut Link, act: Act) {
        for (login, agent) in &mut self.agents {
            match act {
                Act::Work if agent.presence == Presence::There => {
                    agent.work(login, &mut self.dice, link);
                }
                Act::Finish if agent.presence == Presence::There => agent.finish(login, link),
                Act::Finish if agent.presence == Presence::Away => agent.register(login, link),
                _ => {}
            }
        }
    }

    fn lose(&mut self) {
        self.agents.values_mut().for_each(|agent| agent.presence = Presence::Away);
    }

    fn is_done(&self) -> bool {
        let mut agents = self.agents.values();
        agents.all(|agent| agent.presence == Presence::There && agent.doing == Doing::Finished)
    }
}

fn agent<'a>(agents: &'a mut BTreeMap<String, Agent>, login: &LoginId) -> &'a mut Agent {
    agents.get_mut(login.as_str()).expect("an agent of this link")
}

impl Agent {
    fn new(department: &'static str, auto_answer: bool) -> Self {
        Self {
            department,
            auto_answer,
            doing: Doing::Free,
            presence: Presence::Away,
            is_late: false,
            is_on_hold: false,
            asked: 0,
        }
    }

    fn register(&mut self, login: &str, link: &mut Link) {
        self.presence = Presence::Registering;
        link.say(&json!({
            "type": "register", "agentId": login, "department": self.department,
            "autoAnswer": self.auto_answer,
        }));
    }

    /// What had become of that which was under way shows in whether a call is resumed.
    fn registered(&mut self, told: &Registered, life: &Life, book: &Book) {
        let login = told.agent_id.as_str();
        let is_late = std::mem::take(&mut self.is_late) || life.is_older_than_a_grace();
        self.presence = Presence::There;
        self.is_on_hold = false;
        self.doing = match (self.doing, told.resumed_call_id) {
            (Doing::Talking(call) | Doing::Accepting(call), Some(resumed)) if call == resumed => {
                book.answered(call, login);
                Doing::Talking(call)
            }
            (Doing::Completing(call), Some(resumed)) if call == resumed => Doing::Talking(call),
            (before, resumed) => {
                match before {
                    Doing::Talking(call) => assert!(is_late, "{login} lost {call}: {resumed:?}"),
                    // That it was completed had been kept: else it would have been resumed.
                    Doing::Completing(call) if !is_late => book.completed(call),
                    _ => {}
                }
                // A phone that answers by itself may have done so without anybody's hearing of it.
                assert!(self.auto_answer || resumed.is_none(), "{login} has {resumed:?}");
                resumed.inspect(|call| book.answered(*call, login));
                resumed.map_or(Doing::Free, Doing::Talking)
            }
        };
    }

    fn assigned(&mut self, told: &CallAssign, book: &Book) {
        book.offered(told);
        match self.doing {
            Doing::Free | Doing::TakingABreak | Doing::Finishing if self.auto_answer => {
                book.answered(told.call_id, told.agent_id.as_str());
                self.doing = Doing::Talking(told.call_id);
            }
            Doing::Free | Doing::TakingABreak | Doing::Finishing => {
                self.doing = Doing::Ringing(told.call_id);
            }
            other => panic!("{} is {other:?}, and {} is to ring", told.agent_id, told.call_id),
        }
    }

    fn revoked(&mut self, call: CallId, reason: RevokeReason) {
        let (Doing::Ringing(rang) | Doing::Accepting(rang) | Doing::Rejecting(rang)) = self.doing
        else {
            panic!("{call} stops ringing, and its agent is {:?}", self.doing)
        };
        assert_eq!(rang, call);
        self.doing = match reason {
            RevokeReason::RingTimeout => Doing::WrappingUp,
            RevokeReason::CallerAbandoned | RevokeReason::Superseded => Doing::Free,
        };
    }

    fn acknowledged(&mut self, login: &str, request: &str, book: &Book) {
        if request != self.request(login) {
            return;
        }
        self.doing = match self.doing {
            Doing::Accepting(call) => {
                book.answered(call, login);
                Doing::Talking(call)
            }
            Doing::Completing(call) => {
                book.completed(call);
                Doing::WrappingUp
            }
            Doing::Rejecting(_) | Doing::BecomingFree => Doing::Free,
            Doing::TakingABreak => Doing::OnBreak,
            Doing::Finishing => Doing::Finished,
            other => other,
        };
    }

    fn refused(&mut self, login: &str, error: &ErrorMessage, link: &mut Link) {
        let can_try_again = matches!(error.code, ErrorCode::Busy | ErrorCode::ReadOnly);
        let Some(request) = &error.subject.request_id else {
            assert!(can_try_again, "{login} cannot register: {error}");
            return self.register(login, link);
        };
        if request.as_str() != self.request(login) {
            return;
        }
        self.doing = match self.doing {
            Doing::Accepting(call) | Doing::Rejecting(call) if can_try_again => {
                Doing::Ringing(call)
            }
            Doing::Completing(call) if can_try_again => Doing::Talking(call),
            Doing::BecomingFree if can_try_again => Doing::WrappingUp,
            Doing::TakingABreak | Doing::Finishing if can_try_again => Doing::Free,
            // The caller had hung up in the same moment, which was told before this.
            Doing::Free | Doing::Ringing(_) | Doing::Talking(_) => self.doing,
            doing => panic!("{login} is {doing:?}: {error}"),
        };
    }

    /// What it does in a beat, now and then.
    fn work(&mut self, login: &str, dice: &mut StdRng, link: &mut Link) {
        let mut chance = |percent: f64| dice.random_bool(percent / 100.0);
        match self.doing {
            Doing::Ringing(call) if chance(0.5) => {
                self.act(login, "call_reject", call, link);
                self.doing = Doing::Rejecting(call);
            }
            Doing::Ringing(call) if chance(10.0) => {
                self.act(login, "call_accept", call, link);
                self.doing = Doing::Accepting(call);
            }
            Doing::Talking(call) if chance(0.5) => {
                self.act(login, "call_complete", call, link);
                self.doing = Doing::Completing(call);
            }
            Doing::Talking(call) if chance(0.1) => {
                self.is_on_hold = !self.is_on_hold;
                let what = if self.is_on_hold { "call_hold" } else { "call_unhold" };
                self.act(login, what, call, link);
            }
            Doing::WrappingUp if chance(4.0) => self.ask(login, Doing::BecomingFree, link),
            Doing::OnBreak if chance(1.0) => self.ask(login, Doing::BecomingFree, link),
            Doing::Free if chance(0.01) => self.ask(login, Doing::TakingABreak, link),
            _ => {}
        }
    }

    /// Ends whatever it is at, and goes on a break.
    fn finish(&mut self, login: &str, link: &mut Link) {
        match self.doing {
            Doing::Ringing(call) => {
                // The break takes effect with the end of the ringing: nothing rings again.
                self.ask(login, Doing::Finishing, link);
                self.act(login, "call_reject", call, link);
                self.doing = Doing::Rejecting(call);
            }
            Doing::Talking(call) => {
                self.act(login, "call_complete", call, link);
                self.doing = Doing::Completing(call);
            }
            Doing::Free | Doing::WrappingUp | Doing::OnBreak => {
                self.ask(login, Doing::Finishing, link);
            }
            _ => {}
        }
    }

    fn ask(&mut self, login: &str, doing: Doing, link: &mut Link) {
        self.asked += 1;
        self.doing = doing;
        let state = if doing == Doing::BecomingFree { "available" } else { "break" };
        link.say(&json!({
            "type": "state_change", "agentId": login, "state": state,
            "requestId": self.request(login),
        }));
    }

    fn act(&mut self, login: &str, what: &str, call: CallId, link: &mut Link) {
        self.asked += 1;
        link.say(&json!({
            "type": what, "agentId": login, "callId": call, "requestId": self.request(login),
        }));
    }

    fn request(&self, login: &str) -> String {
        format!("{login}.{}", self.asked)
    }
}
