//! Rules 5 to 10: who is offered which call.

use monti_core::{AgentAction, AgentState, Registration, RevokeReason, SettableState, VqId};

use crate::{
    centres::{head_start, one_queue, two_and_one},
    desk::{D1, Desk, Q0, Q1, Q2, mins, registration, secs},
};

fn serving(login: &str, queues: &[VqId]) -> Registration {
    Registration { queues: Some(queues.to_vec()), ..registration(login) }
}

#[test]
fn a_call_goes_to_the_agent_that_is_idle_longest() {
    let mut desk = Desk::open(one_queue());
    for login in ["zoe", "ann", "bob"] {
        desk.log_in(login);
        desk.pass(secs(1));
    }
    desk.heard();
    desk.call(Q0);
    desk.call(Q0);
    assert_eq!(desk.heard(), ["1 waits", "1 rings at zoe", "2 waits", "2 rings at ann"]);
}

#[test]
fn of_agents_idle_equally_long_the_smaller_login_is_first() {
    let mut desk = Desk::open(one_queue());
    for login in ["bob", "zoe", "ann"] {
        desk.log_in(login);
    }
    desk.heard();
    desk.call(Q0);
    desk.call(Q0);
    assert_eq!(desk.heard(), ["1 waits", "1 rings at ann", "2 waits", "2 rings at bob"]);
}

#[test]
fn an_agent_gets_the_most_urgent_call_then_the_oldest_over_all_its_queues() {
    let mut desk = Desk::open(two_and_one());
    for (vq, priority) in [(Q1, 0), (Q0, 0), (Q0, 9), (Q1, 5), (Q1, 9)] {
        desk.urgent_call(vq, priority);
        desk.pass(secs(1));
    }
    let all = ["ann", "bob", "cat", "dan", "eve"];
    desk.heard();
    for login in all {
        desk.log_in(login);
    }
    let rings: Vec<_> =
        desk.heard().into_iter().filter(|sentence| sentence.contains("rings")).collect();
    let expected =
        all.iter().zip([3, 5, 4, 1, 2]).map(|(who, call)| format!("{call} rings at {who}"));
    assert_eq!(rings, expected.collect::<Vec<_>>());
}

#[test]
fn a_head_start_is_worth_its_seconds_and_no_more() {
    for (later, first) in [(29, 2), (31, 1)] {
        let mut desk = Desk::open(head_start());
        desk.urgent_call(Q0, 0);
        desk.pass(secs(later));
        desk.urgent_call(Q1, 1);
        desk.heard();
        desk.log_in("ann");
        assert_eq!(desk.heard(), ["ann is in".to_owned(), format!("{first} rings at ann")]);
    }
}

#[test]
fn an_agent_is_offered_nothing_that_it_does_not_serve() {
    let mut desk = Desk::open(two_and_one());
    desk.register(serving("ann", &[Q0]));
    desk.register(serving("bob", &[]));
    desk.register(Registration { department: D1, ..registration("cat") });
    desk.heard();
    desk.call(Q1);
    desk.call(Q2);
    desk.call(Q0);
    let heard = ["1 waits", "2 waits", "2 rings at cat", "3 waits", "3 rings at ann"];
    assert_eq!(desk.heard(), heard);
    assert_eq!(desk.agent("bob").state, AgentState::Available);
}

#[test]
fn an_agent_that_answers_automatically_has_the_call_at_once() {
    let mut desk = Desk::open(one_queue());
    desk.register(Registration { auto_answer: true, ..registration("ann") });
    desk.heard();
    desk.call(Q0);
    assert_eq!(desk.heard(), ["1 waits", "1 rings at ann", "ann takes 1"]);
    assert_eq!(desk.agent("ann").state, AgentState::OnCall);
}

#[test]
fn a_phone_that_rings_is_answered_when_its_agent_begins_to_answer_automatically() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.call(Q0);
    desk.heard();
    let back = desk.register(Registration { auto_answer: true, ..registration("ann") });
    assert_eq!((back.state, back.resumed.is_some()), (AgentState::OnCall, true));
    assert_eq!(desk.heard().last().unwrap(), "ann takes 1");
}

#[test]
fn a_rejected_call_goes_to_another_and_the_agent_gets_the_next() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.log_in("bob");
    desk.heard();
    desk.does("ann", AgentAction::Reject(call));
    assert_eq!(desk.heard(), ["1 stops at ann: Rejected", "1 rings at bob"]);
    desk.call(Q0);
    assert_eq!(desk.heard(), ["2 waits", "2 rings at ann"]);
}

#[test]
fn an_agent_that_rejects_is_offered_the_same_call_again_if_nobody_else_is_free() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.heard();
    desk.does("ann", AgentAction::Reject(call));
    assert_eq!(desk.heard(), ["1 stops at ann: Rejected", "1 rings at ann"]);
    assert_eq!(desk.engine().call(call).unwrap().offers, 2);
}

#[test]
fn when_all_have_refused_the_oldest_refusal_is_asked_again() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob", "cat"] {
        desk.log_in(login);
        desk.pass(secs(1));
    }
    let call = desk.call(Q0);
    for (who, next) in [("ann", "bob"), ("bob", "cat"), ("cat", "ann"), ("ann", "bob")] {
        desk.heard();
        desk.does(who, AgentAction::Reject(call));
        let stops = format!("1 stops at {who}: Rejected");
        assert_eq!(desk.heard(), [stops, format!("1 rings at {next}")]);
        desk.pass(secs(1));
    }
}

/// `ann` is idle longest, has a call end in some way before an answer, and is available at once.
fn whose_turn_is_it_after(interruption: impl Fn(&mut Desk)) -> String {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.pass(secs(1));
    desk.log_in("bob");
    desk.pass(secs(1));
    interruption(&mut desk);
    assert_eq!(desk.agent("ann").state, AgentState::Available);
    desk.heard();
    desk.call(Q0);
    desk.heard().pop().expect("a phone rings")
}

#[test]
fn a_caller_that_hangs_up_takes_nobodys_turn() {
    let last = whose_turn_is_it_after(|desk| {
        let call = desk.call(Q0);
        desk.hang_up(call).unwrap();
    });
    assert!(last.ends_with("rings at ann"), "{last}");
}

#[test]
fn rejecting_takes_nobodys_turn() {
    let last = whose_turn_is_it_after(|desk| {
        let call = desk.call(Q0);
        desk.does("ann", AgentAction::Reject(call));
        desk.hang_up(call).unwrap();
    });
    assert!(last.ends_with("rings at ann"), "{last}");
}

#[test]
fn a_link_lost_and_found_while_available_takes_nobodys_turn() {
    let last = whose_turn_is_it_after(|desk| {
        desk.lose_link("ann");
        desk.pass(secs(5));
        desk.log_in("ann");
    });
    assert!(last.ends_with("rings at ann"), "{last}");
}

#[test]
fn a_call_or_a_break_ends_the_turn() {
    let after_a_call = whose_turn_is_it_after(|desk| {
        let call = desk.call(Q0);
        desk.accept("ann", call);
        desk.complete("ann", call);
        desk.asks("ann", SettableState::Available);
    });
    let after_a_break = whose_turn_is_it_after(|desk| {
        desk.asks("ann", SettableState::Break);
        desk.asks("ann", SettableState::Available);
    });
    for last in [after_a_call, after_a_break] {
        assert!(last.ends_with("rings at bob"), "{last}");
    }
}

#[test]
fn an_agent_that_begins_to_serve_a_queue_takes_its_waiting_call() {
    let mut desk = Desk::open(two_and_one());
    desk.register(serving("ann", &[Q0]));
    desk.call(Q1);
    desk.pass(mins(1));
    desk.heard();
    desk.register(serving("ann", &[Q0, Q1]));
    assert_eq!(desk.heard(), ["ann's session 1 is superseded", "1 rings at ann"]);
}

#[test]
fn a_phone_stops_when_its_agent_moves_and_the_call_goes_back() {
    let mut desk = Desk::open(two_and_one());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.log_in("bob");
    desk.call(Q2);
    desk.heard();
    desk.register(Registration { department: D1, ..registration("ann") });
    let heard = desk.heard();
    let stops = format!("1 stops at ann: {:?}", RevokeReason::Moved);
    for sentence in ["ann left department 0", stops.as_str(), "1 rings at bob", "2 rings at ann"] {
        assert!(heard.iter().any(|told| told == sentence), "{sentence}: {heard:?}");
    }
    assert_eq!(desk.agent("bob").call.map(|call| call.id), Some(call));
}
