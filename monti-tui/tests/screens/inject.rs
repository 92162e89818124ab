//! Calls put into a queue, each once.

use std::time::Duration;

use monti_core::wire::{ErrorCode, InjectRequest, InjectResponse};
use monti_tui::{Answer, Message, Refusal, Setup};

use crate::{
    floor,
    wall::{Wall, lost, refused},
};

#[test]
fn an_injected_call_is_told_by_its_id_and_a_repeat_of_the_same_has_the_same_key() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("right down i").shows("Sales Enterprise").shows("+1");
    wall.press("enter").shows("waiting for the answer");
    let first = wall.injected();
    assert_eq!(first.vq, "sales_enterprise");
    // Nothing is sent twice while the answer is awaited.
    wall.press("enter");
    assert_eq!(wall.questions(), []);
    wall.answer(Answer::Inject { request: first.clone(), result: Err(lost()) });
    wall.shows("sent again it counts once");
    wall.press("enter");
    let second = wall.injected();
    assert_eq!(second, first);
    let calls = vec!["CALL-20260129-000042".parse().unwrap()];
    wall.answer(Answer::Inject { request: second, result: Ok(InjectResponse { calls }) });
    wall.shows("CALL-20260129-000042 is in Enterprise").shows_no("Put a call into a queue");
    wall.press("I");
    let third = wall.injected();
    assert_eq!((&third.vq, third.caller_number), (&first.vq, first.caller_number));
    assert_ne!(third.request_id, first.request_id);
}

#[test]
fn a_repeat_whose_answer_was_lost_is_sent_again_under_its_key() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i enter");
    let first = wall.injected();
    let calls = vec!["CALL-20260129-000042".parse().unwrap()];
    wall.answer(Answer::Inject { request: first.clone(), result: Ok(InjectResponse { calls }) });
    wall.press("I");
    let second = wall.injected();
    assert_ne!(second.request_id, first.request_id);
    wall.answer(Answer::Inject { request: second.clone(), result: Err(lost()) });
    wall.shows("calls may have been put in").shows_no("no call was put in");
    wall.press("I");
    assert_eq!(wall.injected(), second);
    // Who does not look at a request does not know what became of it.
    for code in [
        ErrorCode::Busy,
        ErrorCode::ReadOnly,
        ErrorCode::RateLimited,
        ErrorCode::Unauthorized,
        ErrorCode::Forbidden,
    ] {
        let refused = Err(refused(code, "not at this moment"));
        wall.answer(Answer::Inject { request: second.clone(), result: refused });
        wall.shows("calls may have been put in: not at this moment").shows_no("no call was put in");
        wall.press("I");
        assert_eq!(wall.injected(), second, "{code:?}");
    }
    let refused = refused(ErrorCode::UnknownVq, "there is no such queue");
    wall.answer(Answer::Inject { request: second.clone(), result: Err(refused) });
    wall.shows("no call was put in: there is no such queue");
    wall.press("I");
    assert_ne!(wall.injected().request_id, second.request_id);
}

#[test]
fn a_form_that_is_left_after_its_answer_was_lost_is_sent_again_under_its_key() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i enter");
    let first = wall.injected();
    wall.answer(Answer::Inject { request: first.clone(), result: Err(lost()) });
    wall.press("esc I");
    assert_eq!(wall.injected(), first);
    // That the server could not be asked does not say that it has not done it.
    let unasked = Err(Refusal::unasked("cannot reach it"));
    wall.answer(Answer::Inject { request: first.clone(), result: unasked });
    wall.shows("calls may have been put in: cannot reach it");
    wall.press("I");
    assert_eq!(wall.injected(), first);
    let calls = vec!["CALL-20260129-000042".parse().unwrap()];
    let put_in = Ok(InjectResponse { calls });
    wall.answer(Answer::Inject { request: first.clone(), result: put_in });
    wall.press("I");
    assert_ne!(wall.injected().request_id, first.request_id);
}

#[test]
fn another_request_has_another_key_and_a_wrong_one_is_not_sent() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i enter");
    let first = wall.injected();
    let busy = refused(ErrorCode::Busy, "busy");
    wall.answer(Answer::Inject { request: first.clone(), result: Err(busy) });
    wall.press("right enter");
    let second = wall.injected();
    assert_ne!((second.vq, second.request_id), (first.vq, first.request_id));
    wall.press("esc i down ctrl-u").write("12").press("enter");
    wall.shows("3 to 15 digits");
    wall.press("ctrl-u down ctrl-u").write("10").press("enter").shows("allowed is 0 to 9");
    wall.press("ctrl-u").write("9").press("down ctrl-u").write("1001").press("enter");
    wall.shows("allowed is 1 to 1000");
    assert_eq!(wall.questions(), []);
    wall.press("ctrl-u").write("20").press("enter");
    let request = wall.injected();
    assert_eq!((request.caller_number, request.count), (None, 20));
}

#[test]
fn what_is_pasted_into_a_request_makes_it_another_one() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i down enter");
    let first = wall.injected();
    // While it is on its way nothing is written into it.
    wall.paste("77");
    wall.answer(Answer::Inject { request: first.clone(), result: Err(lost()) });
    wall.shows("sent again it counts once");
    wall.press("backspace").paste("9").shows_no("sent again it counts once");
    wall.press("enter");
    let second = wall.injected();
    let number = |request: &InjectRequest| request.caller_number.unwrap().to_string();
    let first_number = number(&first);
    assert_eq!(number(&second), format!("{}9", &first_number[..first_number.len() - 1]));
    assert_ne!(second.request_id, first.request_id);
}

#[test]
fn nothing_is_asked_of_a_server_that_is_not_there_nor_from_the_past() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("space i").shows("this is the past").shows_no("Put a call");
    wall.press("space");
    let retry_after = Duration::from_secs(3);
    let down = monti_tui::LinkEvent::Down { reason: "gone".to_owned(), retry_after };
    wall.tell(Message::Link(down));
    wall.press("i").shows("there is no connection").shows_no("Put a call");
    assert_eq!(wall.questions(), []);
}

#[test]
fn another_centre_has_nothing_of_the_one_before() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i enter");
    let request = wall.injected();
    let calls = vec!["CALL-20260129-000042".parse().unwrap()];
    wall.answer(Answer::Inject { request, result: Ok(InjectResponse { calls }) });
    let mut welcome = floor::welcome();
    welcome["centre"]["name"] = "Another".into();
    wall.hear(&welcome);
    wall.hear_all(0, floor::ten);
    wall.press("I").shows("Put a call into a queue");
    assert_eq!(wall.questions(), []);
}

#[test]
fn what_is_written_takes_the_place_of_what_was_proposed_and_not_of_what_was_written() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i down down down").write("3").press("down up").write("0");
    wall.press("up").write("9").press("up").write("+46").write("123456").press("enter");
    let request = wall.injected();
    assert_eq!((request.count, request.priority), (30, monti_core::Priority::try_from(9).unwrap()));
    assert_eq!(request.caller_number.unwrap().to_string(), "+46123456");
}

#[test]
fn nothing_is_put_into_a_recording_and_that_is_what_is_said() {
    let mut wall = Wall::calm(120, 40, Setup { recording: true, ..Setup::default() });
    wall.press("i").shows("this is a recording").shows_no("no connection");
    wall.tell(Message::Link(monti_tui::LinkEvent::Ended(monti_tui::End::Over)));
    wall.press("i").shows("this is a recording").shows_no("no connection");
    assert_eq!(wall.questions(), []);
}
