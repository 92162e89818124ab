//! One replication: an engine and a fleet in virtual time.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use monti_core::{
    AgentId, CallId, CallPhase, CallStatus, Conflict, Engine, Event, Input, Millis, OutputRef,
    Priority, Rejection, Reply, Session, Timestamp, VqId, wire::RevokeReason,
};

use super::observation::{Observation, Observer, Quarters};
use crate::{Action, AgentNo, Calendar, CallerId, Deed, Dice, Fleet, Refusal, Scenario};

/// An engine and a fleet that talk to each other without a wire.
pub(crate) struct Play {
    scenario: Arc<Scenario>,
    calendar: Calendar,
    engine: Engine,
    fleet: Fleet,
    /// Of each agent of the fleet, by its number.
    sessions: Vec<Option<(AgentId, Session)>>,
    /// The number of the agent at each place of the engine's table.
    agents: Vec<AgentNo>,
    now: Timestamp,
    /// Calls whose record has not been written.
    live: u64,
    observer: Observer,
    /// What the engine says, kept for a test.
    #[cfg(test)]
    watch: Option<Vec<monti_core::Output>>,
}

impl Play {
    /// The centre before its first moment.
    pub(crate) fn new(scenario: &Arc<Scenario>, replication: u32) -> Self {
        let calendar = scenario.calendar();
        let now = scenario.opens_at;
        let today = calendar.business_day(now);
        let dice = Dice::new(scenario.seed, replication);
        let mut play = Self {
            engine: Engine::new(scenario.centre.clone(), now, today),
            fleet: Fleet::new(Arc::clone(scenario), dice, "", now, scenario.closes_at),
            sessions: Vec::new(),
            agents: Vec::new(),
            now,
            live: 0,
            observer: Observer::new(scenario, today),
            calendar,
            scenario: Arc::clone(scenario),
            #[cfg(test)]
            watch: None,
        };
        play.hear();
        play.settle();
        play
    }

    /// Plays it to its end and answers what was seen. `passed` is told every time that has been
    /// played.
    pub(crate) fn run(mut self, passed: &dyn Fn(Millis)) -> (Observation, Quarters) {
        while self.step(passed) {}
        while self.observer.next_mark() < Timestamp::MAX {
            passed(self.observer.mark(&self.engine));
        }
        for call in self.engine.calls() {
            self.observer.left(&call);
        }
        self.observer.finish()
    }

    /// Plays the next moment in which something happens. The answer is whether there was one.
    fn step(&mut self, passed: &dyn Fn(Millis)) -> bool {
        let engine = self.engine.poll_timeout();
        let Some(next) = self.next(engine) else { return false };
        while self.observer.next_mark() <= next {
            passed(self.observer.mark(&self.engine));
        }
        self.now = next;
        // What is due by itself goes before what people do in the same moment.
        if engine.is_some_and(|due| due <= next) {
            self.engine.handle_timeout(next);
            self.hear();
            self.settle();
        }
        self.fleet.handle_timeout(next);
        self.settle();
        true
    }

    /// The moment at which something happens next, in the `engine` or among people; `None` at the end:
    /// when nobody can call any more and all calls are over, or are such as nobody will ever answer.
    fn next(&self, engine: Option<Timestamp>) -> Option<Timestamp> {
        let people = self.fleet.poll_timeout();
        let is_over = self.now >= self.scenario.closes_at && self.live == 0;
        let is_stuck = || {
            let moves = |phase| matches!(phase, CallPhase::Ringing { .. });
            people.is_none() && !self.engine.calls().any(|call| moves(call.phase))
        };
        match people {
            _ if is_over || is_stuck() => None,
            Some(people) => Some(engine.map_or(people, |engine| engine.min(people))),
            None => engine,
        }
    }

    /// Lets people do what they do, until there is nothing left to do.
    fn settle(&mut self) {
        while let Some(action) = self.fleet.poll_output() {
            self.carry_out(action);
            self.hear();
        }
    }

    /// Tells those whom it concerns what the engine says.
    fn hear(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            #[cfg(test)]
            self.watch.iter_mut().for_each(|watch| watch.push(output.to_owned()));
            match output {
                OutputRef::Event(Event::DayBegan { .. }) => self.begin_day(),
                OutputRef::Event(event) => tell(&mut self.fleet, &self.agents, self.now, event),
                OutputRef::Record(record) => {
                    self.live -= 1;
                    self.observer.record(record);
                }
                OutputRef::AgentDay(_) | OutputRef::AgentLeft(_) => {}
            }
        }
    }

    fn begin_day(&mut self) {
        let today = self.calendar.business_day(self.now);
        let bounds = self.engine.handle_input(self.now, Input::BusinessDay(today));
        bounds.unwrap_or_else(|rejection| panic!("{today:?} is refused: {rejection}"));
        self.observer.day_began(today);
    }

    /// Does to the engine what somebody of the fleet does.
    fn carry_out(&mut self, action: Action) {
        match action {
            Action::Act(agent, deed) => self.act(agent, deed),
            Action::Call { caller, vq, priority } => self.call(caller, vq, priority),
            Action::HangUp(call) => self.hang_up(call),
            Action::Register(agent) => self.register(agent),
            Action::GiveUp(_) => {}
        }
    }

    fn act(&mut self, no: AgentNo, deed: Deed) {
        let Some(Some((agent, session))) = self.sessions.get(no.index()).copied() else { return };
        let action = deed.into();
        let reply = self.engine.handle_input(self.now, Input::Agent { agent, session, action });
        if let Err(rejection) = reply {
            let refusal = match rejection {
                Rejection::Superseded => Some(Refusal::Superseded),
                Rejection::UnknownAgent => Some(Refusal::NotLoggedIn),
                _ => Refusal::of_impossible(&deed.into()),
            };
            if let Some(refusal) = refusal {
                self.fleet.handle_refused(self.now, no, refusal);
            }
        }
    }

    fn call(&mut self, caller: CallerId, vq: VqId, priority: Priority) {
        let input = Input::Call { vq, priority, caller: None, request: None, origin: None };
        match self.engine.handle_input(self.now, input) {
            Ok(Reply::Queued(queued)) => {
                self.live += 1;
                self.fleet.handle_queued(caller, queued.call);
            }
            reply => panic!("a call for a queue of the centre is taken, not {reply:?}"),
        }
    }

    fn hang_up(&mut self, call: CallId) {
        match self.engine.handle_input(self.now, Input::Abandon { call }) {
            // Answered in the same moment.
            Ok(_) | Err(Rejection::Conflict(Conflict::Answered)) => {}
            Err(rejection) => panic!("{call} waits and can be given up, not: {rejection}"),
        }
    }

    fn register(&mut self, no: AgentNo) {
        let registration = Box::new(self.fleet.nameless_registration(no));
        let reply = self.engine.handle_input(self.now, Input::Register(registration));
        let Ok(Reply::Registered(registered)) = reply else {
            panic!("an agent of the centre can log in, not {reply:?}");
        };
        let (place, agent) = (no.index(), registered.agent.index());
        self.sessions.resize(self.sessions.len().max(place + 1), None);
        self.sessions[place] = Some((registered.agent, registered.session));
        self.agents.resize(self.agents.len().max(agent + 1), no);
        self.agents[agent] = no;
        self.fleet.handle_registered(self.now, no, registered.state, registered.resumed);
    }
}

/// Tells the fleet what the engine says. `agents` has the number of the agent at each place of the
/// engine's table.
fn tell(fleet: &mut Fleet, agents: &[AgentNo], now: Timestamp, event: &Event) {
    match event {
        Event::Assigned(assignment) | Event::CarriedOver(assignment) => {
            fleet.handle_assigned(now, agents[assignment.agent.index()], assignment.call);
        }
        Event::Accepted { agent, call, .. } => {
            fleet.handle_answered(now, agents[agent.index()], *call);
        }
        Event::Revoked { agent, call, reason, .. } => {
            if let Some(reason) = RevokeReason::told(*reason) {
                fleet.handle_revoked(now, agents[agent.index()], *call, reason);
            }
        }
        Event::Abandoned { call, .. } => fleet.handle_ended(now, *call, CallStatus::Abandoned),
        Event::Ended { call, status, .. } => fleet.handle_ended(now, *call, *status),
        // What an agent did itself, and what nobody does here.
        _ => {}
    }
}
