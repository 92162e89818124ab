//! Injected calls and their keys.

use monti_core::{
    AgentState, CallId,
    wire::{ErrorCode, ErrorMessage, InjectRequest, parse_body},
};
use monti_server::inbox::Request;
use serde_json::{Value, json};

use crate::{
    SECOND,
    floor::{Floor, act, incoming, register, rows},
};

#[test]
fn the_same_key_is_the_same_calls_restarts_included() {
    let key = "k".repeat(64);
    let body = json!({"vq": "sales_general", "count": 1_000, "requestId": key});
    let mut floor = Floor::new();
    let calls = inject(&mut floor, &body).unwrap();
    assert_eq!(calls.len(), 1_000);
    assert!(calls.is_sorted());
    assert_eq!(inject(&mut floor, &body).unwrap(), calls);
    let mut floor = floor.crash(SECOND);
    assert_eq!(inject(&mut floor, &body).unwrap(), calls);
    let mut floor = floor.restart(SECOND);
    assert_eq!(inject(&mut floor, &body).unwrap(), calls);
    assert_eq!(floor.driver.engine().calls().count(), 1_000);
}

#[test]
fn nobody_hangs_up_for_a_call_that_was_put_in() {
    let mut floor = Floor::new();
    let (mut callers, agents) = (floor.link(), floor.link());
    let call = inject(&mut floor, &json!({"vq": "sales_general"})).unwrap()[0];
    let abandon = json!({"type": "call_abandon", "callId": call});
    let said = floor.ask(&mut callers, abandon.clone());
    assert_eq!(said["code"], "conflict");
    assert!(said["message"].as_str().unwrap().contains("a supervisor can end it"), "{said}");
    floor.say(&agents, register("sim-1"));
    assert_eq!(floor.state("sim-1"), AgentState::Ringing);
    assert_eq!(floor.ask(&mut callers, abandon)["code"], "conflict", "nor while it rings");
    let ended = floor.answer(|answer| Request::EndCall { call, login: None, answer });
    assert_eq!(ended, Ok(()));
}

#[test]
fn a_clients_key_and_an_injections_are_two() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let call = floor.ask(&mut callers, incoming("key"));
    let body = json!({"vq": "sales_general", "requestId": "key"});
    let injected = inject(&mut floor, &body).unwrap();
    assert_ne!(json!(injected[0]), call["callId"]);
    assert_eq!(floor.ask(&mut callers, incoming("key"))["callId"], call["callId"]);
}

#[test]
fn a_key_is_forgotten_after_a_day() {
    let mut floor = Floor::new();
    let body = json!({"vq": "sales_general", "requestId": "key"});
    let calls = inject(&mut floor, &body).unwrap();
    floor.machine.pass(23 * 3_600 * SECOND);
    floor.turn([]);
    assert_eq!(inject(&mut floor, &body).unwrap(), calls);
    floor.machine.pass(2 * 3_600 * SECOND);
    floor.turn([]);
    assert_ne!(inject(&mut floor, &body).unwrap(), calls);
}

#[test]
fn without_a_key_calls_are_new_and_nobody_answers_for_their_callers() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=1);
    let body = json!({"vq": "sales_general", "callerNumber": "+4930123456"});
    let first = inject(&mut floor, &body).unwrap();
    assert_ne!(inject(&mut floor, &body).unwrap(), first);
    assert_eq!(agents.heard_one()["callerNumber"], "+4930123456");
    floor.say(&agents, act("call_accept", "sim-1", first[0]));
    floor.say(&agents, act("call_complete", "sim-1", first[0]));
    assert_eq!(agents.heard_types(), ["ack", "ack"]);
    assert_eq!(rows(&floor.path(), "SELECT count(*) FROM injection"), 0);
}

#[test]
fn calls_for_an_unknown_queue_are_refused() {
    let mut floor = Floor::new();
    let error = inject(&mut floor, &json!({"vq": "nothing", "count": 3})).unwrap_err();
    assert_eq!(error.code, ErrorCode::UnknownVq);
    assert_eq!(floor.driver.engine().calls().count(), 0);
}

fn inject(floor: &mut Floor, body: &Value) -> Result<Vec<CallId>, Box<ErrorMessage>> {
    let request: InjectRequest = parse_body(&body.to_string()).unwrap();
    floor.answer(|answer| Request::Inject { request, answer })
}
