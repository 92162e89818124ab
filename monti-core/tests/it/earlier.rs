//! What went wrong in an earlier system of this design, and in the field at large.

use monti_core::{AgentAction, AgentState, ServiceLevels, SettableState};

use crate::{
    centres::{NAMES, hours, numbered, one_queue, two_and_one},
    desk::{Desk, Q0, Q1, mins, secs},
};

#[test]
fn a_service_level_with_nothing_offered_is_no_number() {
    let mut desk = Desk::open(one_queue());
    let none = ServiceLevels::default();
    assert_eq!(none.seed, None);
    assert_eq!(desk.queue(Q0).service_levels(), none);
    desk.call(Q0);
    assert_eq!(desk.queue(Q0).service_levels(), none, "nor before a fate is decided");
    desk.pass(secs(21));
    assert_eq!(desk.queue(Q0).service_levels().seed, Some(0.0));
}

#[test]
fn callers_hang_up() {
    let mut desk = Desk::open(one_queue());
    let calls = [(); 3].map(|()| desk.call(Q0));
    desk.hang_up(calls[1]).unwrap();
    desk.log_in("ann");
    assert_eq!(desk.queue(Q0).today.abandoned, 1);
    assert!(desk.heard().contains(&"1 rings at ann".to_owned()));
}

#[test]
fn an_agent_has_one_call_however_many_arrive_before_it_says_anything() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.heard();
    for _ in 0..3 {
        desk.call(Q0);
    }
    assert_eq!(desk.heard(), ["1 waits", "1 rings at ann", "2 waits", "3 waits"]);
}

#[test]
fn a_call_is_not_active_for_ever_when_its_agent_vanishes() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.lose_link("ann");
    desk.pass(mins(1));
    assert_eq!((desk.queue(Q0).live.active, desk.queue(Q0).today.agent_lost), (0, 1));
    assert_eq!(desk.agent("ann").state, AgentState::Offline, "nor is the agent");
}

#[test]
fn the_first_queue_does_not_starve_the_rest() {
    let mut desk = Desk::open(two_and_one());
    desk.log_in("ann");
    desk.asks("ann", SettableState::Break);
    let served: Vec<_> = [Q0, Q1, Q0, Q1].map(|vq| (desk.call(vq), desk.pass(secs(1))).0).to_vec();
    desk.asks("ann", SettableState::Available);
    for expected in served {
        assert_eq!(desk.agent("ann").call.map(|call| call.id), Some(expected));
        desk.accept("ann", expected);
        desk.complete("ann", expected);
        desk.asks("ann", SettableState::Available);
    }
}

#[test]
fn priority_is_not_ignored() {
    let mut desk = Desk::open(one_queue());
    for priority in 0..=9 {
        desk.urgent_call(Q0, priority);
    }
    desk.heard();
    desk.log_in("ann");
    desk.log_in("bob");
    assert_eq!(desk.heard(), ["ann is in", "10 rings at ann", "bob is in", "9 rings at bob"]);
}

#[test]
fn figures_begin_anew_at_midnight_and_the_days_are_written() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.complete("ann", call);
    desk.pass(hours(15));
    assert_eq!(desk.queue(Q0).today.offered, 0);
    assert_eq!(desk.agent("ann").figures.calls_handled, 0);
    let days = desk.days();
    assert_eq!(days.len(), 1);
    assert_eq!(days[0].figures.calls_handled, 1);
}

#[test]
fn a_call_is_never_offered_to_two_agents_at_once() {
    let mut desk = Desk::open(one_queue());
    for login in ["ann", "bob"] {
        desk.log_in(login);
    }
    desk.heard();
    let call = desk.call(Q0);
    assert_eq!(desk.heard(), ["1 waits", "1 rings at ann"]);
    desk.does("ann", AgentAction::Reject(call));
    assert_eq!(desk.heard(), ["1 stops at ann: Rejected", "1 rings at bob"]);
    assert_eq!(desk.agent("ann").call, None);
}

#[test]
fn completed_calls_are_counted_once() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.complete("ann", call);
    desk.tries("ann", AgentAction::Complete { call, outcome: None }).unwrap();
    desk.asks("ann", SettableState::Available);
    assert_eq!((desk.queue(Q0).today.completed, desk.queue(Q0).today.handled), (1, 1));
    assert_eq!(desk.agent("ann").figures.calls_handled, 1);
}

#[test]
fn after_call_work_shows_and_counts() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.complete("ann", call);
    assert_eq!(desk.agent("ann").state, AgentState::AfterCallWork);
    desk.pass(secs(40));
    desk.asks("ann", SettableState::Available);
    assert_eq!(desk.queue(Q0).today.avg_handle(), Some(secs(40)));
}

#[test]
fn each_queue_has_a_target_of_its_own() {
    let differing = NAMES.iter().position(|name| *name == "differing targets").unwrap();
    let mut desk = Desk::open(numbered(differing));
    let queues: Vec<_> =
        desk.engine().centre().queues().map(|(vq, queue)| (vq, queue.target)).collect();
    for (vq, _) in &queues {
        desk.call(*vq);
    }
    desk.pass(secs(30));
    for (vq, target) in queues {
        assert_eq!(desk.queue(vq).live.overdue, u32::from(target < secs(30)), "{vq:?}");
    }
}
