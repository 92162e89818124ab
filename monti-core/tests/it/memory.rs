//! Rule 24: how long requests and calls are remembered, and what is never used twice.

use monti_core::{
    AgentAction, CallId, Conflict, Engine, Input, Origin, Priority, Queued, Rejection, Reply,
    RequestId, SettableState,
};

use crate::{
    centres::{hours, one_queue, two_and_one},
    desk::{Desk, MILLI, Q0, Q1, conflict, secs},
};

fn request(desk: &mut Desk, key: &str, origin: Option<Origin>) -> Queued {
    let request: RequestId = key.parse().unwrap();
    let input = Input::Call {
        vq: Q0,
        priority: Priority::default(),
        caller: None,
        request: Some(request),
        origin,
    };
    match desk.give(input) {
        Ok(Reply::Queued(queued)) => queued,
        refused => panic!("{key} is refused: {refused:?}"),
    }
}

#[test]
fn a_request_is_remembered_for_24_hours_after_its_call_arrived() {
    for (later, repeats) in [(hours(24), true), (hours(24) + MILLI, false)] {
        let mut desk = Desk::open(one_queue());
        let first = request(&mut desk, "a", None);
        desk.hang_up(first.call).unwrap();
        desk.pass(later);
        let again = request(&mut desk, "a", None);
        assert_eq!(again.duplicate, repeats, "{later:?}");
        assert_eq!(again.call == first.call, repeats);
    }
}

#[test]
fn of_the_requests_of_many_days_just_those_of_the_last_24_hours_are_remembered() {
    let mut desk = Desk::open(one_queue());
    let key = |hour: u64| format!("r{hour}");
    for hour in 0..75 {
        let first = request(&mut desk, &key(hour), None);
        assert!(!first.duplicate, "{}", key(hour));
        desk.hang_up(first.call).unwrap();
        for earlier in 0..=hour {
            let request = key(earlier).parse().unwrap();
            let known = desk.engine().repeated(&request, desk.now).is_some();
            assert_eq!(known, hour - earlier <= 24, "{} at hour {hour}", key(earlier));
        }
        desk.pass(hours(1));
    }
}

#[test]
fn a_repeat_tells_the_calls_place_now() {
    let mut desk = Desk::open(one_queue());
    let ahead = desk.call(Q0);
    let first = request(&mut desk, "a", None);
    assert_eq!((first.position, first.duplicate), (2, false));
    desk.hang_up(ahead).unwrap();
    let again = request(&mut desk, "a", None);
    assert_eq!((again.call, again.position, again.duplicate), (first.call, 1, true));
    desk.hang_up(first.call).unwrap();
    let again = request(&mut desk, "a", None);
    assert_eq!((again.call, again.position, again.duplicate), (first.call, 0, true));
    assert_eq!(desk.queue(Q0).today.offered, 2, "a repeat is not offered again");
}

#[test]
fn a_repeat_brings_the_calls_origin_up_to_date() {
    let mut desk = Desk::open(one_queue());
    let call = request(&mut desk, "a", Some(Origin(1))).call;
    request(&mut desk, "a", Some(Origin(2)));
    assert_eq!(desk.engine().call(call).unwrap().origin, Some(Origin(2)));
}

#[test]
fn a_call_that_is_over_is_unknown_after_24_hours_whether_or_not_others_called_since() {
    let mut desk = Desk::open(one_queue());
    let call = desk.call(Q0);
    desk.pass(secs(9));
    desk.give(Input::EndCall { call, agent: None }).unwrap();
    let ended = Conflict::Ended(monti_core::CallStatus::EndedBySupervisor);
    desk.pass(hours(24) - secs(9) - MILLI);
    assert_eq!(desk.hang_up(call), conflict(ended));
    desk.pass(MILLI + MILLI);
    assert_eq!(desk.hang_up(call), Err(Rejection::UnknownCall(call)));
}

#[test]
fn a_call_that_lives_is_known_however_old_it_is() {
    let mut desk = Desk::open(one_queue());
    let call = desk.call(Q0);
    desk.pass(hours(100));
    desk.log_in("ann");
    desk.accept("ann", call);
    assert_eq!(desk.agent("ann").call.map(|call| call.id), Some(call));
}

#[test]
fn a_completion_is_a_repeat_while_there_is_after_call_work_however_old_the_call_is() {
    let mut desk = Desk::open(one_queue());
    let call = desk.call(Q0);
    desk.pass(hours(25));
    desk.log_in("ann");
    desk.accept("ann", call);
    desk.complete("ann", call);
    let complete = AgentAction::Complete { call, outcome: None };
    assert_eq!(desk.tries("ann", complete.clone()), Ok(Reply::Duplicate));
    desk.asks("ann", SettableState::Available);
    assert_eq!(desk.tries("ann", complete), Err(Rejection::UnknownCall(call)));
}

#[test]
fn the_queue_of_a_call_is_known_until_its_record_is_written() {
    let mut desk = Desk::open(two_and_one());
    let gone = desk.call(Q0);
    let call = desk.call(Q1);
    assert_eq!(desk.engine().queue_of(gone), Some(Q0), "it waits");
    desk.hang_up(gone).unwrap();
    assert_eq!(desk.engine().queue_of(gone), None, "it hung up");
    desk.log_in("ann");
    assert_eq!(desk.engine().queue_of(call), Some(Q1), "it rings");
    desk.accept("ann", call);
    assert_eq!(desk.engine().queue_of(call), Some(Q1), "it is answered");
    desk.complete("ann", call);
    assert_eq!(desk.engine().queue_of(call), Some(Q1), "after-call work is done for it");
    let next = desk.call(Q0);
    desk.asks("ann", SettableState::Available);
    assert_eq!(desk.engine().queue_of(call), None, "its record is written");
    assert_eq!(desk.engine().queue_of(next), Some(Q0), "the same agent has another");
}

#[test]
fn no_id_is_used_twice_not_even_after_a_restart() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    let first = desk.call(Q0);
    let mut engine = Engine::restore(one_queue(), desk.engine().snapshot()).unwrap();
    assert_eq!(engine.handle_input(desk.now, Input::Restart), Ok(Reply::Done));
    let call = Input::Call {
        vq: Q0,
        priority: Priority::default(),
        caller: None,
        request: None,
        origin: None,
    };
    let Ok(Reply::Queued(queued)) = engine.handle_input(desk.now, call) else {
        panic!("a call after a restart is accepted")
    };
    assert_eq!(queued.call, CallId { number: first.number + 1, ..first });
}
