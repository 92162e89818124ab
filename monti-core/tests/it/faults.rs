//! What goes wrong: the rows of `docs/faults.md` that are the engine's to bear, each under its number.

mod restarts;

use monti_core::{
    AgentAction, AgentState, Assignment, CallId, CallStatus, Conflict, Engine, Input, Priority,
    Rejection, Reply, SettableState, VqId,
};

use crate::{
    centres::{hours, one_queue},
    desk::{Desk, MILLI, Q0, conflict, mins, registration, secs},
};

#[test]
fn f1_nobody_answers_and_the_call_goes_back_to_its_place_and_to_another() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.urgent_call(Q0, 5);
    desk.pass(secs(1));
    desk.urgent_call(Q0, 5);
    desk.urgent_call(Q0, 9);
    desk.heard();
    desk.pass(secs(19));
    assert_eq!(desk.heard(), ["1 stops at ann: RingTimeout"]);
    assert_eq!(desk.agent("ann").state, AgentState::NotResponding);
    assert_eq!(desk.agent("ann").figures.ring_no_answers, 1);
    desk.pass(secs(1) + MILLI);
    desk.heard();
    for login in ["bob", "cat", "dan"] {
        desk.log_in(login);
    }
    let heard = desk.heard();
    let rings: Vec<_> = heard.iter().filter(|told| told.contains("rings")).collect();
    let order = ["3 rings at bob", "1 rings at cat", "2 rings at dan"];
    assert_eq!(rings, order, "by priority, arrival and id, as if it had never rung");
    let call = CallId { day: desk.engine().today().day, number: 1 };
    desk.accept("cat", call);
    assert_eq!(desk.queue(Q0).today.avg_wait(), Some(secs(21) + MILLI), "its wait ran on");
    assert_eq!(desk.queue(Q0).today.answered_in_target, 0);
}

#[test]
fn f1_a_link_drops_while_ringing_and_the_agent_is_offline_at_once() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.log_in("bob");
    desk.call(Q0);
    desk.heard();
    desk.lose_link("ann");
    let heard = ["1 stops at ann: LinkLost", "1 rings at bob", "ann is out: LinkLost"];
    assert_eq!(desk.heard(), heard);
    assert_eq!(desk.agent("ann").figures.ring_no_answers, 0, "without blame");
}

#[test]
fn f1_whose_link_dropped_is_not_offered_the_call_again_while_others_are_free() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.log_in("bob");
    desk.lose_link("ann");
    desk.log_in("ann");
    desk.pass(secs(1));
    desk.log_in("cat");
    desk.heard();
    desk.does("bob", AgentAction::Reject(call));
    assert_eq!(desk.heard(), ["1 stops at bob: Rejected", "1 rings at cat"], "ann is idle longer");
    desk.does("cat", AgentAction::Reject(call));
    assert_eq!(desk.heard(), ["1 stops at cat: Rejected", "1 rings at ann"], "nobody else is free");
}

#[test]
fn f1_a_link_of_many_drops_and_no_call_goes_from_one_of_them_to_another() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob", "cat"] {
        desk.log_in(login);
        desk.pass(secs(1));
    }
    desk.call(Q0);
    desk.heard();
    let agents = ["ann", "bob"].map(|who| (desk.id(who), desk.session(who))).to_vec();
    desk.give(Input::LinkLost { agents }).unwrap();
    let heard = ["1 stops at ann: LinkLost", "1 rings at cat", "ann is out: LinkLost"];
    assert_eq!(desk.heard(), heard);
}

/// `ann` is on a call, and her link is lost.
fn lost_in_a_call() -> (Desk, CallId) {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.pass(secs(10));
    desk.lose_link("ann");
    desk.heard();
    (desk, call)
}

#[test]
fn f2_an_agent_back_within_the_grace_resumes_its_call() {
    let (mut desk, call) = lost_in_a_call();
    desk.pass(secs(30) - MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::OnCall);
    let again = desk.register(registration("ann"));
    assert_eq!((again.state, again.resumed), (AgentState::OnCall, Some(call)));
    desk.pass(mins(5));
    desk.complete("ann", call);
    assert_eq!(desk.queue(Q0).today.completed, 1);
}

#[test]
fn f2_after_the_grace_the_call_ends_as_agent_lost_with_one_record() {
    let (mut desk, call) = lost_in_a_call();
    desk.pass(secs(30));
    let heard = desk.heard();
    assert_eq!(heard, ["1 ends: AgentLost", "1 is recorded", "ann is out: LinkLost"]);
    let today = desk.queue(Q0).today;
    assert_eq!((today.answered, today.agent_lost, today.completed), (1, 1, 0));
    let late = AgentAction::Complete { call, outcome: None };
    let refused = conflict(Conflict::Ended(CallStatus::AgentLost));
    assert_eq!(desk.tries("ann", late), refused);
    desk.pass(hours(1));
    assert_eq!(desk.heard(), [""; 0]);
}

#[test]
fn f3_the_newest_registration_wins_and_the_older_ones_messages_change_nothing() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    let (agent, old) = (desk.id("ann"), desk.session("ann"));
    desk.log_in("ann");
    desk.heard();
    for action in [
        AgentAction::Accept(call),
        AgentAction::Reject(call),
        AgentAction::SetState(SettableState::Break),
        AgentAction::Unregister,
    ] {
        let late = Input::Agent { agent, session: old, action };
        assert_eq!(desk.give(late), Err(Rejection::Superseded));
    }
    assert_eq!(desk.give(Input::LinkLost { agents: vec![(agent, old)] }), Ok(Reply::Done));
    assert_eq!(desk.heard(), [""; 0]);
    desk.accept("ann", call);
}

#[test]
fn f9_a_completion_repeated_or_by_the_wrong_agent_changes_no_figure() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.log_in("bob");
    let other = desk.call(Q0);
    let complete = |call| AgentAction::Complete { call, outcome: None };
    assert_eq!(desk.tries("bob", complete(call)), conflict(Conflict::NotYours), "the wrong agent");
    assert_eq!(desk.tries("ann", complete(other)), conflict(Conflict::NotYours), "another call");
    desk.complete("ann", call);
    let figures = (desk.queue(Q0), desk.agent("ann").figures);
    assert_eq!(desk.tries("ann", complete(call)), Ok(Reply::Duplicate));
    let ended = conflict(Conflict::Ended(CallStatus::Completed));
    assert_eq!(desk.tries("bob", complete(call)), ended);
    assert_eq!((desk.queue(Q0), desk.agent("ann").figures), figures);
}

#[test]
fn f10_what_ends_an_unknown_call_is_refused_and_recorded_nowhere() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = CallId { day: desk.engine().today().day, number: 7 };
    let unknown = Err(Rejection::UnknownCall(call));
    assert_eq!(desk.tries("ann", AgentAction::Complete { call, outcome: None }), unknown);
    assert_eq!(desk.hang_up(call), unknown);
    assert_eq!(desk.give(Input::EndCall { call, agent: None }), unknown);
    assert_eq!(desk.heard(), ["ann is in"]);
}

#[test]
fn f11_a_call_for_an_unknown_queue_is_not_offered() {
    let mut desk = Desk::open(one_queue());
    let (vq, priority) = (VqId(1), Priority::default());
    let call = Input::Call { vq, priority, caller: None, request: None, origin: None };
    assert_eq!(desk.give(call), Err(Rejection::UnknownVq(vq)));
    assert_eq!(desk.queue(Q0).today.offered, 0);
    assert_eq!(desk.call(Q0).number, 1, "nor does it use up a number");
}

#[test]
fn f12_a_call_asked_for_twice_is_one_call() {
    let mut desk = Desk::open(one_queue());
    let request = Some("once".parse().unwrap());
    let call =
        Input::Call { vq: Q0, priority: Priority::default(), caller: None, request, origin: None };
    let replies = [(); 2].map(|()| match desk.give(call.clone()) {
        Ok(Reply::Queued(queued)) => (queued.call, queued.duplicate),
        refused => panic!("{refused:?}"),
    });
    assert_eq!(replies, [(replies[0].0, false), (replies[0].0, true)]);
    assert_eq!(desk.heard(), ["1 waits"]);
}

#[test]
fn f13_a_caller_hangs_up_as_the_agent_accepts_and_the_loser_hears_why() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.heard();
    desk.hang_up(call).unwrap();
    let heard = ["1 stops at ann: CallerAbandoned", "1 is abandoned", "1 is recorded"];
    assert_eq!(desk.heard(), heard);
    let gone = conflict(Conflict::Ended(CallStatus::Abandoned));
    assert_eq!(desk.tries("ann", AgentAction::Accept(call)), gone);

    let call = desk.call(Q0);
    desk.accept("ann", call);
    assert_eq!(desk.hang_up(call), conflict(Conflict::Answered));
}

#[test]
fn f14_the_clock_steps_back_and_nothing_is_negative() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.pass(secs(5));
    let before = desk.engine().now();
    desk.now = before - hours(2);
    desk.accept("ann", call);
    assert_eq!(desk.engine().now(), before, "the engine's clock never runs backwards");
    desk.complete("ann", call);
    desk.asks("ann", SettableState::Available);
    let record = desk.records().pop().unwrap();
    let times = [record.wait, record.ring, record.talk, record.hold, record.after_call];
    assert_eq!(times, [0, 5, 0, 0, 0].map(secs));
}

#[test]
fn f14_a_standstill_blames_nobody_and_waits_run_on() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob"] {
        desk.log_in(login);
    }
    let calls = [desk.call(Q0), desk.call(Q0)];
    desk.accept("ann", calls[0]);
    desk.pass(secs(2));
    desk.lose_link("ann");
    desk.pass(secs(3));
    desk.heard();
    let since = desk.now;
    desk.now = since + mins(2);
    assert_eq!(desk.give(Input::Standstill { since }), Ok(Reply::Done));
    assert_eq!(desk.heard(), ["2 misses its target"], "time ran on");
    let restored = Engine::restore(one_queue(), desk.engine().snapshot()).unwrap();
    assert_eq!(restored.poll_timeout(), desk.engine().poll_timeout(), "kept with the state");
    // What is left of the ringing, and of the grace.
    desk.pass(secs(15) - MILLI);
    assert_eq!(desk.agent("bob").state, AgentState::Ringing);
    desk.pass(MILLI);
    assert_eq!(desk.agent("bob").state, AgentState::NotResponding);
    desk.pass(secs(12) - MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::OnCall);
    desk.pass(MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::Offline);
    // What begins later is not put off.
    desk.log_in("cat");
    desk.pass(secs(20));
    assert_eq!(desk.agent("cat").state, AgentState::NotResponding);
}

#[test]
fn f14_a_phone_rings_out_as_long_however_often_all_stood_still_and_was_restarted() {
    let mut desk = Desk::open(one_queue());
    let (call, enqueued_at, waited) = (desk.call(Q0), desk.now, secs(3));
    desk.pass(waited);
    desk.log_in("ann");
    let (agent, priority) = (desk.id("ann"), Priority::default());
    let assignment =
        Assignment { agent, call, vq: Q0, caller: None, priority, enqueued_at, waited };
    let kept = |desk: &Desk| {
        let restored = Engine::restore(one_queue(), desk.engine().snapshot()).unwrap();
        assert_eq!(restored.poll_timeout(), desk.engine().poll_timeout());
        let kept = serde_json::to_value(desk.engine().snapshot()).unwrap();
        kept["standstills"].as_array().unwrap().len()
    };
    let still = |desk: &mut Desk| {
        let since = desk.now;
        desk.now = since + mins(2);
        desk.give(Input::Standstill { since }).unwrap();
    };
    for left in [15, 10, 5].map(secs) {
        desk.pass(secs(5));
        still(&mut desk);
        kept(&desk);
        assert_eq!(desk.engine().rings_for(&assignment), left);
    }
    desk.pass(secs(5) - MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::Ringing);
    desk.pass(MILLI);
    assert_eq!(desk.agent("ann").state, AgentState::NotResponding);
    desk.pass(mins(1));
    desk.asks("ann", SettableState::Available);
    still(&mut desk);
    assert_eq!(kept(&desk), 1, "what puts nothing off any more is forgotten");
}

#[test]
fn f14_the_machine_slept_and_does_not_live_through_the_past() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob"] {
        desk.log_in(login);
    }
    desk.call(Q0);
    desk.heard();
    desk.sleep(hours(3));
    let heard = ["1 misses its target", "1 stops at ann: RingTimeout", "1 rings at bob"];
    assert_eq!(desk.heard(), heard, "one timeout, not one for each that fits into the sleep");
    desk.pass(secs(20) - MILLI);
    assert_eq!(desk.heard(), [""; 0], "bob's phone has all its time, from now on");
}

#[test]
fn f22_a_simulator_dies_with_its_agents_and_its_callers_stay() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob", "cat"] {
        desk.log_in(login);
    }
    let talking = desk.call(Q0);
    desk.accept("ann", talking);
    desk.call(Q0);
    desk.call(Q0);
    desk.call(Q0);
    desk.heard();
    let agents = ["ann", "bob", "cat"].map(|who| (desk.id(who), desk.session(who))).to_vec();
    desk.give(Input::LinkLost { agents }).unwrap();
    desk.pass(secs(30));
    assert!(desk.heard().contains(&"1 ends: AgentLost".to_owned()));
    assert_eq!(desk.queue(Q0).live.waiting, 3);
    desk.pass(mins(60));
    desk.log_in("dan");
    assert_eq!(desk.heard().last().unwrap(), "2 rings at dan", "until they are routed");
}

#[test]
fn f27_a_break_asked_for_while_ringing_or_talking_comes_after_the_call() {
    for during_the_call in [false, true] {
        let mut desk = Desk::open(one_queue());
        desk.log_in("ann");
        let call = desk.call(Q0);
        if during_the_call {
            desk.accept("ann", call);
            desk.asks("ann", SettableState::Break);
        } else {
            desk.asks("ann", SettableState::Break);
            desk.accept("ann", call);
        }
        assert_eq!(desk.agent("ann").pending, Some(AgentState::Break));
        desk.complete("ann", call);
        assert_eq!(desk.agent("ann").state, AgentState::Break);
    }
}
