//! Talks: how long each lasts.

use monti_core::{CallId, Millis, Timestamp};
use rand::RngExt as _;

use super::{AgentNo, Fleet};
use crate::{
    agent::{Doing, OnHold},
    callers::Phase,
    dice::happens,
};

/// Somebody an agent talks to who is not known to be one of the fleet's callers. It can turn out to
/// be one: that a call is queued may be said over another link, and heard later.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stranger {
    agent: u32,
    call: CallId,
    /// How long they were to talk, hold not included.
    talk: Millis,
}

impl Fleet {
    /// An agent's answer counts: they talk.
    pub fn handle_answered(&mut self, now: Timestamp, AgentNo(agent): AgentNo, call: CallId) {
        self.cut_break_short(agent, now);
        let talk = match self.callers.find(call) {
            Some(place) => self.connect(place, call),
            None => self.meet_stranger(agent, call),
        };
        let department = usize::from(self.agents[agent as usize].department.0);
        match &self.scenario.behaviour[department].hold {
            Some(hold) if happens(hold.share, &mut self.dice.people) => {
                let before = Millis::new(self.dice.people.random_range(0..=talk.get()));
                let hold = hold.time.draw(&mut self.dice.people);
                let then = Some(OnHold { hold, talk: talk - before });
                self.set_doing(agent, Doing::Talking { call, then }, now + before);
            }
            _ => self.set_doing(agent, Doing::Talking { call, then: None }, now + talk),
        }
    }

    /// A caller has got through. The answer is how long the talk will last.
    fn connect(&mut self, place: u32, call: CallId) -> Millis {
        let caller = self.callers.at_mut(place);
        caller.phase = Phase::Connected(call);
        caller.due = Timestamp::MAX;
        caller.talk
    }

    fn meet_stranger(&mut self, agent: u32, call: CallId) -> Millis {
        let agents = &self.agents;
        let talks_on = |call, agent: u32| agents[agent as usize].doing.call() == Some(call);
        self.strangers.retain(|it| it.agent != agent && talks_on(it.call, it.agent));
        let department = usize::from(agents[agent as usize].department.0);
        let talk = self.scenario.behaviour[department].talk.draw(&mut self.dice.strangers);
        self.strangers.push(Stranger { agent, call, talk });
        talk
    }

    /// The caller of a call that is known now: if an agent talks on it already, then from now on
    /// so that it is for as long as the caller needs in all.
    pub(super) fn recognise(&mut self, place: u32, call: CallId) {
        let Some(index) = self.strangers.iter().position(|it| it.call == call) else { return };
        let Stranger { agent, talk: drawn, .. } = self.strangers.swap_remove(index);
        let talk = self.connect(place, call);
        let known = self.agents[agent as usize];
        if known.doing.call() != Some(call) {
            return;
        }
        match known.doing {
            Doing::Talking { then: None, .. } => {
                self.set_doing(agent, known.doing, known.due - drawn + talk);
            }
            Doing::Talking { then: Some(OnHold { hold, talk: after }), .. } => {
                let before = (drawn - after).min(talk);
                let then = Some(OnHold { hold, talk: talk - before });
                let due = known.due - (drawn - after) + before;
                self.set_doing(agent, Doing::Talking { call, then }, due);
            }
            Doing::Holding { talk: after, .. } => {
                let talk = talk - (drawn - after);
                self.set_doing(agent, Doing::Holding { call, talk }, known.due);
            }
            // It rings again.
            _ => {}
        }
    }
}
