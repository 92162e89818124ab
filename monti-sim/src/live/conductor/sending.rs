//! What people do, said to the server.

use std::time::Duration;

use monti_core::{AgentAction, CallId, Priority, VqId};
use rand::RngExt as _;
use tokio::time::Instant;

use super::{Again, Asked, Conductor, LinkNo, resuming::Resumed};
use crate::{Action, AgentNo, CallerId, live::words};

/// Registrations that may be unanswered on one link.
const REGISTERING_MAX: usize = 512;

/// A caller who gets no line tries again after so long, in real time.
const NO_LINE: Duration = Duration::from_secs(1);

impl Conductor {
    /// Carries out all that people do.
    pub(super) fn see_to_actions(&mut self) {
        while let Some(action) = self.fleet.poll_output() {
            match action {
                Action::Register(agent) => self.register(agent),
                Action::Act(agent, deed) => self.act(agent, deed.into()),
                Action::Call { caller, vq, priority } => self.call(caller, vq, priority),
                Action::HangUp(call) => self.hang_up(call),
                Action::GiveUp(caller) => self.gave_up(caller),
            }
        }
    }

    fn register(&mut self, agent: AgentNo) {
        // It says how it is now; what it would have said before, such as that it goes home, is past.
        self.held.remove(&agent);
        let link = self.links.of_agent(agent);
        if !self.links.is_up(link) {
            // It registers when the link is there.
            return;
        }
        let asked = self.registering.asked.entry(link.0).or_default();
        if *asked >= REGISTERING_MAX {
            self.registering.waiting.entry(link.0).or_default().push_back(agent);
            return;
        }
        *asked += 1;
        let registration = self.fleet.registration(agent);
        let request = self.requests.enter(link, Asked::Register(agent));
        let message = words::register(request, registration, &self.centre);
        self.say(link, &message);
    }

    /// A registration was answered: the next may go.
    pub(super) fn registration_answered(&mut self, link: LinkNo) {
        if let Some(asked) = self.registering.asked.get_mut(&link.0) {
            *asked = asked.saturating_sub(1);
        }
        let waiting = self.registering.waiting.get_mut(&link.0);
        if let Some(next) = waiting.and_then(|waiting| waiting.pop_front()) {
            self.register(next);
        }
    }

    fn act(&mut self, agent: AgentNo, action: AgentAction) {
        self.acts += 1;
        if let AgentAction::Complete { call, .. } = &action {
            // Also while it waits to be said: whatever comes between, the call is not talked to again.
            self.completing.insert(agent, *call);
        }
        if let Some(held) = self.held.get_mut(&agent) {
            held.enter(self.acts, action);
        } else {
            self.say_act(agent, self.acts, action);
        }
    }

    pub(super) fn say_act(&mut self, agent: AgentNo, number: u64, action: AgentAction) {
        let link = self.links.of_agent(agent);
        if !self.links.is_up(link) {
            return;
        }
        if let AgentAction::Accept(call) = &action
            && let Some(ringing) = self.ringing.get_mut(&agent)
            && ringing.call == *call
        {
            ringing.accepted_at.get_or_insert(self.clock.now());
        }
        let login = self.logins[agent.index()].clone();
        let request = self.requests.enter(link, Asked::Act(agent, number, action.clone()));
        self.say(link, &words::act(request, login, action));
    }

    /// A caller calls, or says again that it did.
    pub(super) fn call(&mut self, caller: CallerId, vq: VqId, priority: Priority) {
        let link = self.links.of_caller(caller);
        if !self.links.is_up(link) {
            // It finds no line, and tries again as long as it has patience.
            let after = self.clock.centre(NO_LINE);
            self.fleet.handle_not_queued(self.clock.now(), caller, Some(after));
            return;
        }
        let injected = self.injections.number_of(caller);
        let number = injected.unwrap_or_else(|| self.fleet.number_of(caller));
        let request = self.requests.enter(link, Asked::Call(caller));
        let message = words::call(request, vq, number, priority, &self.centre);
        self.say(link, &message);
    }

    pub(super) fn hang_up(&mut self, call: CallId) {
        let caller = self.fleet.caller_of(call);
        let Some(link) = caller.map(|caller| self.links.of_caller(caller)) else { return };
        if !self.links.is_up(link) {
            self.hang_ups.entry(link.0).or_default().push(call);
            return;
        }
        let request = self.requests.enter(link, Asked::HangUp(call));
        self.say(link, &words::hang_up(request, call));
    }

    fn say(&mut self, link: LinkNo, message: &monti_core::wire::AgentClientMessage) {
        match self.links.say(link, message) {
            Ok(()) => self.tally.sent += 1,
            // Its loss will be told, and what was asked be seen to then.
            Err(_) => tracing::debug!(link = link.0, "nothing goes out on a link"),
        }
    }

    /// A link is there: who it speaks for is there again.
    pub(super) fn link_up(&mut self, link: LinkNo) {
        for agent in self.agents_of(link) {
            self.fleet.handle_link_back(agent);
        }
        // Their calls are told to this link from now on, and those of whose queuing nobody knows
        // are queued once, by the same request ids.
        let callers = self.fleet.callers_on_the_line().map(|(caller, ..)| caller);
        let own = callers.filter(|caller| self.links.of_caller(*caller) == link);
        let hung_up = self.hang_ups.remove(&link.0).unwrap_or_default();
        let all = own.map(Resumed::Call).chain(hung_up.into_iter().map(Resumed::HangUp));
        for resumed in self.resuming.begin(link, all) {
            if !self.resume(resumed) {
                self.resume_next(link);
            }
        }
    }

    /// Says the next of what is to be said on a link that is back.
    pub(super) fn resume_next(&mut self, link: LinkNo) {
        while let Some(next) = self.resuming.next(link) {
            if self.resume(next) {
                return;
            }
        }
    }

    /// Answers whether there was something to say: callers go while they wait for their turn.
    fn resume(&mut self, resumed: Resumed) -> bool {
        match resumed {
            Resumed::Call(caller) => {
                let attempt = self.fleet.attempt(caller);
                attempt.map(|(vq, priority)| self.call(caller, vq, priority)).is_some()
            }
            Resumed::HangUp(call) => {
                let is_there = self.fleet.caller_of(call).is_some();
                self.hang_up(call);
                is_there
            }
        }
    }

    /// A link is lost, and with it whatever was under way on it.
    pub(super) fn link_down(&mut self, link: LinkNo) {
        self.registering.asked.remove(&link.0);
        self.registering.waiting.remove(&link.0);
        for agent in self.agents_of(link) {
            self.fleet.handle_link_lost(agent);
            self.held.remove(&agent);
            // Whether an answer came in time is told when the agent is back.
            if self.ringing.get(&agent).is_some_and(|ringing| ringing.accepted_at.is_none()) {
                self.ringing.remove(&agent);
            }
        }
        let unanswered = self.requests.take_all(link).into_iter().filter_map(|asked| match asked {
            Asked::HangUp(call) => Some(call),
            _ => None,
        });
        let unsaid = self.resuming.lose(link).filter_map(|resumed| match resumed {
            Resumed::HangUp(call) => Some(call),
            Resumed::Call(_) => None,
        });
        self.hang_ups.entry(link.0).or_default().extend(unanswered.chain(unsaid));
    }

    fn agents_of(&self, link: LinkNo) -> Vec<AgentNo> {
        self.links.agents_of(link, self.fleet.len()).collect()
    }

    /// Tries something again after so long, and a little more: not all at once.
    pub(super) fn retry(&mut self, after: Duration, again: Again) {
        let spread = after.mul_f64(rand::rng().random_range(1.0..1.5));
        self.retries.enter(Instant::now() + spread, again);
    }

    pub(super) fn try_again(&mut self, again: Again) {
        match again {
            Again::Register(agent) => self.register(agent),
            Again::Act(agent) => self.say_held(agent),
            Again::HangUp(call) => self.hang_up(call),
            Again::Call(caller) => drop(self.resume(Resumed::Call(caller))),
            Again::Unsure(call) => {
                let is_rung = self.ringing.values().any(|ringing| ringing.call == call);
                let is_talked_to = self.talking.values().any(|talking| *talking == call);
                if !is_rung && !is_talked_to {
                    // Whatever the answer is, it tells.
                    self.hang_up(call);
                }
            }
        }
    }

    /// An agent says the next of what it held back.
    pub(super) fn say_held(&mut self, agent: AgentNo) {
        let Some(held) = self.held.get_mut(&agent) else { return };
        match held.take() {
            Some((number, action)) => self.say_act(agent, number, action),
            None => drop(self.held.remove(&agent)),
        }
    }
}
