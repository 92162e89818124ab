//! Rules 13 to 18: what agents do, ask for and are taken to do.

use monti_core::{
    AgentAction, AgentState, BreachKind, CallStatus, Conflict, Input, Registration, Rejection,
    Reply, SettableState,
};

use crate::{
    centres::{one_queue, two_and_one},
    desk::{D1, Desk, MILLI, Q0, conflict, mins, registration, secs},
};

/// `ann` is on a call.
fn on_a_call() -> (Desk, monti_core::CallId) {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.heard();
    (desk, call)
}

#[test]
fn a_state_asked_for_during_a_call_takes_effect_after_it() {
    for state in [SettableState::Available, SettableState::Lunch, SettableState::Offline] {
        let (mut desk, call) = on_a_call();
        desk.asks("ann", SettableState::Meeting);
        desk.asks("ann", state);
        assert_eq!(desk.agent("ann").state, AgentState::OnCall);
        assert_eq!(desk.agent("ann").pending, Some(state.into()), "the newest counts");
        desk.complete("ann", call);
        assert_eq!(desk.agent("ann").state, state.into(), "in place of after-call work");
        assert_eq!(desk.agent("ann").pending, None);
        assert!(desk.heard().contains(&"1 is recorded".to_owned()), "and the call is final");
    }
}

#[test]
fn a_state_asked_for_while_ringing_stands_in_for_available_and_not_responding() {
    let ends: [fn(&mut Desk, monti_core::CallId); 3] = [
        |desk, call| desk.does("ann", AgentAction::Reject(call)),
        |desk, call| assert_eq!(desk.hang_up(call), Ok(Reply::Done)),
        |desk, _| desk.pass(secs(20)),
    ];
    for end in ends {
        let mut desk = Desk::open(one_queue());
        desk.log_in("ann");
        let call = desk.call(Q0);
        desk.asks("ann", SettableState::Training);
        end(&mut desk, call);
        assert_eq!(desk.agent("ann").state, AgentState::Training);
    }
}

#[test]
fn agents_that_are_known_at_one_time_have_places_of_their_own() {
    let mut desk = Desk::open(one_queue());
    let places = ["ann", "bob", "cay"].map(|login| {
        desk.log_in(login);
        desk.id(login).index()
    });
    assert_eq!(places, [0, 1, 2]);
}

#[test]
fn a_supervisors_end_of_a_call_is_a_repeat_only_for_the_agent_that_had_it() {
    for is_answered in [false, true] {
        let mut desk = Desk::open(one_queue());
        desk.log_in("ann");
        let call = desk.call(Q0);
        if is_answered {
            desk.accept("ann", call);
        }
        desk.log_in("bob");
        let end = |agent| Input::EndCall { call, agent };
        let (ann, bob) = (Some(desk.id("ann")), Some(desk.id("bob")));
        assert_eq!(desk.give(end(bob)), conflict(Conflict::NotYours));
        assert_eq!(desk.give(end(ann)), Ok(Reply::Done));
        assert_eq!(desk.give(end(ann)), Ok(Reply::Duplicate));
        assert_eq!(desk.give(end(None)), Ok(Reply::Duplicate));
        assert_eq!(desk.give(end(bob)), conflict(Conflict::NotYours));
    }
}

#[test]
fn a_supervisor_asks_for_states_as_an_agent_does() {
    let (mut desk, call) = on_a_call();
    let agent = desk.id("ann");
    let state = SettableState::Break;
    assert_eq!(desk.give(Input::SetState { agent, state }), Ok(Reply::Done));
    assert_eq!(desk.agent("ann").pending, Some(AgentState::Break));
    assert_eq!(desk.give(Input::LogOut { agent }), Ok(Reply::Done));
    assert_eq!(desk.heard(), [""; 0], "nothing happens before the call's end");
    desk.complete("ann", call);
    assert_eq!(desk.heard(), ["1 ends: Completed", "1 is recorded", "ann is out: Supervisor"]);
}

#[test]
fn a_supervisors_logout_outlives_a_new_session_and_the_agents_own_does_not() {
    for by_supervisor in [false, true] {
        let (mut desk, call) = on_a_call();
        let agent = desk.id("ann");
        match by_supervisor {
            true => assert_eq!(desk.give(Input::LogOut { agent }), Ok(Reply::Done)),
            false => desk.does("ann", AgentAction::Unregister),
        }
        desk.lose_link("ann");
        desk.log_in("ann");
        assert_eq!(desk.agent("ann").pending.is_some(), by_supervisor);
        desk.complete("ann", call);
        let is_out = desk.agent("ann").state == AgentState::Offline;
        assert_eq!(is_out, by_supervisor);
        let told = desk.heard().contains(&"ann is out: Supervisor".to_owned());
        assert_eq!(told, by_supervisor);
    }
}

#[test]
fn a_supervisors_logout_stays_one_when_the_agent_logs_out_too() {
    let (mut desk, call) = on_a_call();
    let agent = desk.id("ann");
    assert_eq!(desk.give(Input::LogOut { agent }), Ok(Reply::Done));
    desk.does("ann", AgentAction::Unregister);
    desk.lose_link("ann");
    desk.log_in("ann");
    desk.complete("ann", call);
    assert!(desk.heard().contains(&"ann is out: Supervisor".to_owned()));
}

#[test]
fn asking_for_the_state_one_has_changes_nothing() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let since = desk.now;
    desk.pass(mins(5));
    desk.asks("ann", SettableState::Available);
    assert_eq!(desk.agent("ann").state_start, since);
    desk.log_in("ann");
    assert_eq!(desk.agent("ann").state_start, since, "nor does registering for it");
}

#[test]
fn what_was_done_already_is_a_duplicate() {
    let (mut desk, call) = on_a_call();
    let complete = AgentAction::Complete { call, outcome: None };
    for action in
        [AgentAction::Accept(call), AgentAction::Hold(call), AgentAction::Unhold(call), complete]
    {
        if !matches!(action, AgentAction::Accept(_)) {
            desk.does("ann", action.clone());
        }
        assert_eq!(desk.tries("ann", action.clone()), Ok(Reply::Duplicate), "{action:?}");
    }
    desk.asks("ann", SettableState::Break);
    let waiting = desk.call(Q0);
    assert_eq!(desk.hang_up(waiting), Ok(Reply::Done));
    assert_eq!(desk.hang_up(waiting), Ok(Reply::Duplicate));
}

#[test]
fn completing_a_call_that_a_supervisor_ended_is_no_repeat() {
    let (mut desk, call) = on_a_call();
    assert_eq!(desk.give(Input::EndCall { call, agent: None }), Ok(Reply::Done));
    assert_eq!(desk.agent("ann").state, AgentState::AfterCallWork);
    let complete = AgentAction::Complete { call, outcome: None };
    let ended = Conflict::Ended(CallStatus::EndedBySupervisor);
    assert_eq!(desk.tries("ann", complete), conflict(ended));
}

#[test]
fn what_cannot_be_done_is_refused_with_the_reason() {
    let (mut desk, call) = on_a_call();
    desk.log_in("bob");
    let complete = |call| AgentAction::Complete { call, outcome: None };
    assert_eq!(desk.tries("bob", complete(call)), conflict(Conflict::NotYours));
    assert_eq!(desk.tries("bob", AgentAction::Accept(call)), conflict(Conflict::NotYours));
    assert_eq!(desk.hang_up(call), conflict(Conflict::Answered));
    let ringing = desk.call(Q0);
    let refused = Err(Rejection::InvalidState(AgentState::Ringing));
    assert_eq!(desk.tries("bob", complete(ringing)), refused);
    assert_eq!(desk.tries("bob", AgentAction::Hold(ringing)), refused);
    desk.does("ann", AgentAction::Unregister);
    desk.complete("ann", call);
    let away = AgentAction::SetState(SettableState::Break);
    assert_eq!(desk.tries("ann", away), Err(Rejection::InvalidState(AgentState::Offline)));
}

#[test]
fn after_call_work_ends_with_the_next_state_and_the_call_is_final_with_it() {
    let (mut desk, call) = on_a_call();
    desk.pass(secs(60));
    desk.complete("ann", call);
    desk.pass(secs(25));
    assert_eq!(desk.heard(), ["1 ends: Completed"], "nothing is final yet");
    desk.asks("ann", SettableState::Available);
    let records = desk.records();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].talk, records[0].after_call), (secs(60), secs(25)));
}

#[test]
fn a_registration_without_a_call_takes_the_state_it_asks_for() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let again = desk.register(Registration { state: SettableState::Break, ..registration("ann") });
    assert_eq!((again.state, again.resumed), (AgentState::Break, None));
    assert_eq!(desk.heard(), ["ann is in", "ann's session 1 is superseded"]);
}

#[test]
fn a_registration_with_a_call_keeps_call_and_state() {
    let (mut desk, call) = on_a_call();
    desk.does("ann", AgentAction::Hold(call));
    let again = desk.register(Registration { state: SettableState::Break, ..registration("ann") });
    assert_eq!((again.state, again.resumed), (AgentState::OnHold, Some(call)));
    desk.complete("ann", call);
    assert_eq!(desk.agent("ann").state, AgentState::AfterCallWork);
}

#[test]
fn a_ringing_phone_rings_on_at_the_new_link_no_longer_than_before() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.pass(secs(15));
    desk.heard();
    let again = desk.register(registration("ann"));
    assert_eq!(again.resumed, Some(call));
    assert_eq!(desk.heard(), ["ann's session 1 is superseded", "1 rings on at ann"]);
    desk.pass(secs(5));
    assert_eq!(desk.heard(), ["1 stops at ann: RingTimeout"]);
}

#[test]
fn an_agent_talks_on_while_it_moves_to_another_department() {
    let mut desk = Desk::open(two_and_one());
    desk.log_in("ann");
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.heard();
    desk.register(Registration { department: D1, ..registration("ann") });
    assert_eq!(desk.heard(), ["ann's session 1 is superseded", "ann left department 0"]);
    assert_eq!(desk.agent("ann").call.map(|call| call.id), Some(call));
}

#[test]
fn a_name_that_is_not_told_is_kept_and_is_the_login_at_first() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    assert_eq!(desk.agent("ann").name.as_str(), "ann");
    let name = Some("Ann Arbor".parse().unwrap());
    desk.register(Registration { name, ..registration("ann") });
    desk.log_in("ann");
    assert_eq!(desk.agent("ann").name.as_str(), "Ann Arbor");
}

#[test]
fn a_registration_that_cannot_be_is_refused() {
    let mut desk = Desk::open(two_and_one());
    let d9 = monti_core::DepartmentId(9);
    let (foreign, nowhere) = (monti_core::VqId(2), monti_core::VqId(9));
    let queues = |vq| Some(vec![vq]);
    for (wrong, rejection) in [
        (Registration { department: d9, ..registration("ann") }, Rejection::UnknownDepartment(d9)),
        (
            Registration { queues: queues(foreign), ..registration("ann") },
            Rejection::UnknownVq(foreign),
        ),
        (
            Registration { queues: queues(nowhere), ..registration("ann") },
            Rejection::UnknownVq(nowhere),
        ),
        (
            Registration { state: SettableState::Offline, ..registration("ann") },
            Rejection::InvalidValue(monti_core::InvalidValue::RegisteredOffline),
        ),
    ] {
        assert_eq!(desk.give(Input::Register(Box::new(wrong))), Err(rejection));
    }
    assert_eq!(desk.engine().find_agent("ann"), None);
}

#[test]
fn a_limit_is_passed_in_the_first_millisecond_after_it_and_counted_once() {
    for (state, limit, kind) in [
        (SettableState::AfterCallWork, mins(5), BreachKind::AfterCallWork),
        (SettableState::Break, mins(10), BreachKind::Break),
    ] {
        let mut desk = Desk::open(one_queue());
        desk.register(Registration { state, ..registration("ann") });
        desk.pass(limit);
        assert_eq!(desk.agent("ann").breach, None, "at the limit it is not passed");
        desk.pass(MILLI);
        assert_eq!(desk.agent("ann").breach, Some(kind));
        desk.pass(mins(30));
        let figures = desk.agent("ann").figures;
        assert_eq!(figures.after_call_breaches + figures.break_breaches, 1);
        desk.asks("ann", SettableState::Available);
        assert_eq!(desk.agent("ann").breach, None);
        let heard = desk.heard();
        let expected = [
            "ann is in".to_owned(),
            format!("ann is past a limit: {kind:?}"),
            format!("ann is past no limit: {kind:?}"),
        ];
        assert_eq!(heard, expected);
    }
}

#[test]
fn lunch_training_and_meetings_have_no_limit() {
    for state in [SettableState::Lunch, SettableState::Training, SettableState::Meeting] {
        let mut desk = Desk::open(one_queue());
        desk.register(Registration { state, ..registration("ann") });
        desk.pass(mins(240));
        assert_eq!(desk.heard(), ["ann is in"]);
    }
}
