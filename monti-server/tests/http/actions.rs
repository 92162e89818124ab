//! What supervisors do.

use std::thread;

use monti_core::{AgentState, CallPhase};
use monti_server::inbox::Request;
use serde_json::json;

use crate::world::World;

#[test]
fn calls_are_injected_into_a_queue() {
    let world = World::open();
    let body =
        json!({ "vq": "sales_upsell", "callerNumber": "+4930123", "priority": 9, "count": 3 });
    let answer = world.anyone().post("/internal/calls/inject", &body.to_string());
    assert_eq!(answer.status, 202, "{}", answer.body);
    let ids = ["CALL-20260129-000001", "CALL-20260129-000002", "CALL-20260129-000003"];
    assert_eq!(answer.json(), json!({ "calls": ids }));
    let calls: Vec<_> = world.engine().calls().collect();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[0].priority.get(), 9);
    assert_eq!(calls[0].caller.unwrap().to_string(), "+4930123");
}

#[test]
fn an_agents_state_is_set() {
    let world = World::open();
    let agent = world.log_in("ada");
    let answer = world.anyone().post("/api/agents/ada/state", r#"{"state":"training"}"#);
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(world.engine().agent(agent).unwrap().state, AgentState::Training);
}

#[test]
fn an_agent_is_logged_out_after_its_call() {
    let world = World::open();
    let agent = world.log_in("ada");
    let call = world.call();
    assert_eq!(world.anyone().send("POST", "/api/agents/ada/logout", &[], "").status, 204);
    assert_eq!(world.engine().agent(agent).unwrap().pending, Some(AgentState::Offline));
    assert_eq!(world.anyone().post(&format!("/api/agents/ada/calls/{call}/end"), "").status, 204);
    assert_eq!(world.engine().agent(agent).unwrap().state, AgentState::Offline);
    assert_eq!(world.engine().call(call), None);
}

#[test]
fn only_the_agent_that_has_a_call_has_it_ended() {
    let world = World::open();
    world.log_in("ada");
    let call = world.call();
    world.log_in("bea");
    let end = |path: &str| world.anyone().post(path, "{}");
    let answer = end(&format!("/api/agents/bea/calls/{call}/end"));
    assert_eq!((answer.status, answer.problem().as_str()), (409, "conflict"));
    assert!(matches!(world.engine().call(call).unwrap().phase, CallPhase::Active { .. }));
    let answer = end("/api/agents/cid/calls/CALL-20260129-000001/end");
    assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown_agent"));
    let answer = end("/api/agents/ada/calls/CALL-20260129-000009/end");
    assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown_call"));
}

#[test]
fn a_call_that_waits_is_ended() {
    let world = World::open();
    let call = world.call();
    let path = format!("/internal/calls/{call}/end");
    assert_eq!(world.anyone().post(&path, "").status, 204);
    assert_eq!(world.engine().call(call), None);
    assert_eq!(world.anyone().post(&path, "").status, 204, "a repeat is no error");
}

#[test]
fn what_there_is_no_room_for_is_answered_busy() {
    let world = World::open();
    let engine = world.engine();
    // The driver waits for the engine with the first question: the inbox fills up.
    let ask = || world.inbox.try_send(Request::Ask(Box::new(|_| ()))).is_ok();
    assert!(ask());
    while world.inbox.depth() > 0 {
        thread::yield_now();
    }
    while ask() {}
    let answer = world.anyone().get("/internal/calls/stats");
    assert_eq!((answer.status, answer.problem().as_str()), (503, "busy"));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.json()["retryAfterSeconds"], 1.0);
    drop(engine);
}
