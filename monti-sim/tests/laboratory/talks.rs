//! A call's talk, whichever of several links tells of it first.

use std::{path::Path, sync::Arc};

use monti_core::{
    AgentState, CallId, CallStatus, Day, Millis, SettableState, Timestamp, wire::RevokeReason,
};
use monti_sim::{Action, AgentNo, CallerId, Deed, Dice, Fleet, Refusal, Scenario};

const CALL: CallId = CallId { day: Day::MAX, number: 1 };

/// What tells of a call that is answered.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    /// That the call is in its queue, then that an agent has it.
    QueuedFirst,
    /// The other way round.
    AnsweredFirst,
    /// That an agent has it, and never that it is one of the fleet's callers'.
    AnsweredOnly,
}

/// One agent, and whoever calls it first.
struct Centre {
    fleet: Fleet,
    agent: AgentNo,
    caller: CallerId,
    now: Timestamp,
}

impl Centre {
    fn new(behaviour: &str) -> Self {
        let text = format!(
            "start = 2026-01-29T08:00:00\nduration = \"10h\"\n\
             staff = [{{ department = \"sales\", agents = 1 }}]\n\
             [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 20\n\
             [behaviour]\n{behaviour}"
        );
        let scenario = Scenario::parse(&text, Path::new("")).unwrap();
        let (now, closes_at) = (scenario.opens_at, scenario.closes_at);
        let mut fleet = Fleet::new(Arc::new(scenario), Dice::new(1, 0), "", now, closes_at);
        let Some(Action::Register(agent)) = fleet.poll_output() else {
            panic!("the agent comes when the centre opens");
        };
        fleet.handle_registered(now, agent, AgentState::Available, None);
        loop {
            let now = fleet.poll_timeout().unwrap();
            fleet.handle_timeout(now);
            if let Some(Action::Call { caller, .. }) = fleet.poll_output() {
                return Self { fleet, agent, caller, now };
            }
        }
    }

    fn tell(&mut self, told: Told) {
        let (now, agent) = (self.now, self.agent);
        if told == Told::QueuedFirst {
            self.fleet.handle_queued(self.caller, CALL);
        }
        self.fleet.handle_answered(now, agent, CALL);
        assert_eq!(self.fleet.poll_output(), None);
        if told == Told::AnsweredFirst {
            self.fleet.handle_queued(self.caller, CALL);
        }
    }

    /// The agent's link is lost and back, and it is `now` before the agent is logged in again.
    fn come_back(&mut self, now: Timestamp) {
        self.fleet.handle_link_lost(self.agent);
        self.fleet.handle_link_back(self.agent);
        assert_eq!(self.fleet.poll_output(), Some(Action::Register(self.agent)));
        self.now = now;
        self.fleet.handle_timeout(now);
        while let Some(action) = self.fleet.poll_output() {
            assert!(!matches!(action, Action::Act(..)), "{action:?}");
        }
    }

    /// Lets time pass until the agent does `deed`, and answers when that is.
    fn when(&mut self, deed: Deed) -> Timestamp {
        loop {
            while let Some(action) = self.fleet.poll_output() {
                assert_ne!(action, Action::HangUp(CALL), "nobody hangs up on who answered");
                if action == Action::Act(self.agent, deed) {
                    return self.now;
                }
            }
            self.now = self.fleet.poll_timeout().unwrap();
            self.fleet.handle_timeout(self.now);
        }
    }
}

/// When the talk ends, and when the work after it does.
fn talk(behaviour: &str, told: Told) -> (Timestamp, Timestamp) {
    let mut centre = Centre::new(behaviour);
    centre.tell(told);
    let completed = centre.when(Deed::Complete(CALL));
    centre.fleet.handle_ended(centre.now, CALL, CallStatus::Completed);
    (completed, centre.when(Deed::SetState(SettableState::Available)))
}

const TALK: &str = "talk = { exponential = { mean = \"4m\" } }\n\
    after_call = { exponential = { mean = \"1m\" } }\n";

const BREAKS: &str = "breaks = { share = 1, max = \"10m\", every = { constant = \"30m\" } }\n";

#[test]
fn a_call_is_talked_to_for_as_long_as_it_needs_whichever_link_tells_of_it_first() {
    for hold in ["", "hold = { share = 1, time = { exponential = { mean = \"1m\" } } }\n"] {
        let behaviour = format!("{TALK}{hold}");
        let (queued, answered) =
            (talk(&behaviour, Told::QueuedFirst), talk(&behaviour, Told::AnsweredFirst));
        assert_eq!(queued, answered, "{hold}");
        // Somebody else's call is another, but takes nothing from those of these callers.
        assert_ne!(queued.0, talk(&behaviour, Told::AnsweredOnly).0, "{hold}");
    }
}

#[test]
fn who_is_talked_to_before_the_call_was_said_to_be_queued_does_not_hang_up() {
    let behaviour = format!("{TALK}patience = {{ constant = \"1s\" }}\n");
    for told in [Told::QueuedFirst, Told::AnsweredFirst] {
        talk(&behaviour, told);
    }
}

/// The first caller hung up as the agent answered, and the refusal came when the next rang already.
#[test]
fn what_is_refused_of_one_call_does_not_keep_the_agent_from_answering_the_next() {
    let next = CallId { number: 2, ..CALL };
    let mut centre = Centre::new(&format!("{TALK}answer = {{ constant = \"3s\" }}\n"));
    let agent = centre.agent;
    centre.fleet.handle_queued(centre.caller, CALL);
    centre.fleet.handle_assigned(centre.now, agent, CALL);
    centre.when(Deed::Accept(CALL));
    centre.fleet.handle_revoked(centre.now, agent, CALL, RevokeReason::CallerAbandoned);
    centre.fleet.handle_assigned(centre.now, agent, next);
    centre.fleet.handle_refused(centre.now, agent, Refusal::Call(CALL));
    centre.when(Deed::Accept(next));
}

/// The centre would not take it for the agent: it is logged out there, or at another link still.
#[test]
fn a_call_that_would_end_before_its_agent_is_logged_in_again_ends_when_it_is() {
    let mut centre = Centre::new(TALK);
    centre.tell(Told::QueuedFirst);
    let now = centre.now + Millis::from_secs(60 * 60);
    centre.come_back(now);
    centre.fleet.handle_registered(now, centre.agent, AgentState::OnCall, Some(CALL));
    assert_eq!(centre.when(Deed::Complete(CALL)), now);
}

/// It has asked for the state that it was in before.
#[test]
fn a_lunch_that_would_begin_before_its_agent_is_logged_in_again_begins_when_it_is() {
    let lunch = "lunch = { from = \"12:00\", until = \"12:30\", time = { constant = \"30m\" } }\n";
    let mut centre = Centre::new(&format!("{TALK}{lunch}"));
    let now = "2026-01-29T12:31:00Z".parse().unwrap();
    centre.come_back(now);
    centre.fleet.handle_registered(now, centre.agent, AgentState::Available, None);
    assert_eq!(centre.when(Deed::SetState(SettableState::Lunch)), now);
}

/// Its break's beginning and the call crossed, or a supervisor had it available: it is not told.
#[test]
fn an_agent_whose_break_a_call_cut_short_has_another_one_later() {
    let rest = Deed::SetState(SettableState::Break);
    for (answer, after_call) in [("0s", "0s"), ("0s", "1m"), ("3s", "0s"), ("3s", "1m")] {
        let mut centre = Centre::new(&format!(
            "{BREAKS}talk = {{ constant = \"4m\" }}\nanswer = {{ constant = \"{answer}\" }}\n\
             after_call = {{ constant = \"{after_call}\" }}\n"
        ));
        let agent = centre.agent;
        let first = centre.when(rest);
        centre.fleet.handle_assigned(first, agent, CALL);
        if answer != "0s" {
            centre.when(Deed::Accept(CALL));
        }
        centre.fleet.handle_answered(centre.now, agent, CALL);
        centre.when(Deed::Complete(CALL));
        assert_eq!(centre.when(rest), first + Millis::from_secs(30 * 60), "{answer} {after_call}");
    }
}

#[test]
fn an_agent_who_is_available_when_it_is_logged_in_again_has_another_break_later() {
    let mut centre = Centre::new(&format!("{TALK}{BREAKS}"));
    let rest = Deed::SetState(SettableState::Break);
    let now = centre.when(rest);
    centre.come_back(now);
    centre.fleet.handle_registered(now, centre.agent, AgentState::Available, None);
    assert_eq!(centre.when(rest), now + Millis::from_secs(30 * 60));
}

#[test]
fn a_call_whose_answer_was_not_heard_is_talked_to_and_ends() {
    let mut centre = Centre::new(&format!("{TALK}answer = {{ constant = \"3s\" }}\n"));
    centre.fleet.handle_queued(centre.caller, CALL);
    centre.fleet.handle_assigned(centre.now, centre.agent, CALL);
    centre.when(Deed::Accept(CALL));
    centre.fleet.handle_link_lost(centre.agent);
    centre.fleet.handle_link_back(centre.agent);
    let (now, agent) = (centre.now, centre.agent);
    centre.fleet.handle_registered(now, agent, AgentState::OnCall, Some(CALL));
    let completed = centre.when(Deed::Complete(CALL));
    assert!(completed > now);
}
