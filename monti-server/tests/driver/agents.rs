//! Agents: their registrations, links lost and found, and who may speak for whom.

use std::time::Duration;

use monti_core::AgentState;
use monti_server::inbox::{Request, Role};
use serde_json::json;

use crate::{
    SECOND,
    floor::{Floor, act, incoming, register, says},
};

/// F1, a link that drops while it rings.
#[test]
fn a_call_that_rang_at_a_lost_link_goes_back_to_its_place() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let first = floor.call(&mut callers, "first");
    floor.pass(SECOND);
    let second = floor.call(&mut callers, "second");
    assert_eq!(agents.heard_types(), ["call_assign"]);
    floor.close(agents);
    assert_eq!(floor.state("sim-1"), AgentState::Offline);

    let mut others = floor.link();
    floor.say(&others, register("sim-2"));
    let heard = others.heard();
    assert_eq!(heard[1]["callId"], json!(first));
    assert_eq!(heard[1]["waitSeconds"], 1.0);
    floor.say(&others, register("sim-3"));
    assert_eq!(others.heard()[1]["callId"], json!(second));
}

/// F1, nobody answers.
#[test]
fn a_phone_rings_for_twenty_seconds_and_then_its_agent_does_not_respond() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    floor.pass(Duration::from_millis(19_999));
    assert_eq!(agents.heard_types(), ["call_assign"]);
    floor.pass(Duration::from_millis(2));
    let revoked = agents.heard_one();
    assert_eq!(revoked["reason"], "ring_timeout");
    assert_eq!(revoked["callId"], json!(call));
    assert_eq!(floor.state("sim-1"), AgentState::NotResponding);
}

/// F2.
#[test]
fn a_call_outlives_its_agents_link_by_the_grace() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=2);
    let calls = ["one", "two"].map(|key| floor.call(&mut callers, key));
    for (login, call) in ["sim-1", "sim-2"].into_iter().zip(calls) {
        floor.say(&agents, act("call_accept", login, call));
    }
    floor.close(agents);
    floor.pass(29 * SECOND);
    let mut back = floor.link();
    let registered = floor.ask(&mut back, register("sim-1"));
    assert_eq!(registered["resumedCallId"], json!(calls[0]));
    assert_eq!(registered["state"], "on_call");
    assert!(callers.heard().is_empty());
    floor.pass(2 * SECOND);
    let ended = callers.heard_one();
    assert_eq!((&ended["callId"], &ended["outcome"]), (&json!(calls[1]), &json!("agent_lost")));
    assert_eq!(floor.state("sim-1"), AgentState::OnCall);
    assert_eq!(floor.state("sim-2"), AgentState::Offline);
}

/// F3.
#[test]
fn the_newest_registration_wins_and_takes_the_ringing_phone_along() {
    let mut floor = Floor::new();
    let (mut callers, mut old) = (floor.link(), floor.link());
    floor.staff(&mut old, 1..=1);
    let call = floor.call(&mut callers, "call");
    assert_eq!(old.heard_types(), ["call_assign"]);

    let mut new = floor.link();
    floor.say(&new, register("sim-1"));
    assert_eq!(new.heard_types(), ["registered", "call_assign"]);
    let heard = old.heard();
    assert_eq!(heard[0]["code"], "superseded");
    assert_eq!(heard[0]["agentId"], "sim-1");
    assert_eq!(
        (&heard[1]["type"], &heard[1]["reason"]),
        (&json!("call_revoked"), &json!("superseded"))
    );

    let late = floor.ask(&mut old, act("call_accept", "sim-1", call));
    assert_eq!(late["code"], "superseded");
    assert_eq!(floor.state("sim-1"), AgentState::Ringing);
    // That the older link goes changes nothing either.
    floor.close(old);
    assert_eq!(floor.ask(&mut new, act("call_accept", "sim-1", call))["type"], "ack");
}

#[test]
fn a_link_that_lost_its_agent_to_one_that_is_gone_has_to_register_it_again() {
    let mut floor = Floor::new();
    let (mut callers, mut old, new) = (floor.link(), floor.link(), floor.link());
    floor.staff(&mut old, 1..=1);
    let call = floor.call(&mut callers, "call");
    old.heard();
    floor.ask(&mut old, act("call_accept", "sim-1", call));
    floor.say(&new, register("sim-1"));
    floor.close(new);
    old.heard();
    let late = floor.ask(&mut old, act("call_complete", "sim-1", call));
    assert_eq!(late["code"], "unknown_agent");
    assert_eq!(floor.ask(&mut old, register("sim-1"))["resumedCallId"], json!(call));
}

#[test]
fn registering_again_over_the_same_link_is_no_news_to_it() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=1);
    assert_eq!(floor.ask(&mut agents, register("sim-1"))["session"], 2);
}

#[test]
fn a_phone_stops_where_it_rang_when_its_agent_registers_elsewhere_without_the_queue() {
    let mut floor = Floor::new();
    let (mut callers, mut old, mut new) = (floor.link(), floor.link(), floor.link());
    floor.staff(&mut old, 1..=1);
    floor.call(&mut callers, "call");
    old.heard();
    let mut registration = register("sim-1");
    registration["queues"] = json!(["sales_upsell"]);
    assert_eq!(floor.ask(&mut new, registration)["type"], "registered");
    assert_eq!(old.heard_types(), ["error", "call_revoked"]);
}

/// F5.
#[test]
fn nobody_is_routed_to_before_it_registered_again() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=100);
    floor.close(agents);
    let mut callers = floor.link();
    let keys: Vec<_> = (0..50).map(|number| format!("call-{number}")).collect();
    for key in &keys {
        floor.call(&mut callers, key);
    }
    let back = floor.link();
    let all = (1..=100).map(|number| says(&back, register(&format!("sim-{number}"))));
    floor.turn(all);
    let mut back = back;
    let heard = back.heard();
    let mut assigned: Vec<_> = heard.iter().filter(|it| it["type"] == "call_assign").collect();
    assert_eq!((heard.len(), assigned.len()), (150, 50));
    assigned.sort_by_key(|it| it["callId"].to_string());
    assigned.dedup_by_key(|it| it["callId"].clone());
    assert_eq!(assigned.len(), 50);
}

/// F27.
#[test]
fn a_break_asked_for_while_ringing_comes_after_the_call() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    agents.heard();
    let pause = json!({"type": "state_change", "agentId": "sim-1", "state": "break"});
    assert_eq!(floor.ask(&mut agents, pause)["type"], "ack");
    floor.ask(&mut agents, act("call_accept", "sim-1", call));
    assert_eq!(floor.state("sim-1"), AgentState::OnCall);
    floor.ask(&mut agents, act("call_complete", "sim-1", call));
    assert_eq!(floor.state("sim-1"), AgentState::Break);
}

#[test]
fn a_supervisor_logs_out_and_ends_calls_and_the_agent_is_told() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    floor.say(&agents, act("call_accept", "sim-1", call));
    agents.heard();
    let login: monti_core::LoginId = "sim-1".parse().unwrap();
    let ended =
        floor.answer(|answer| Request::EndCall { call, login: Some(login.clone()), answer });
    assert_eq!(ended, Ok(()));
    assert_eq!(agents.heard_one()["type"], "force_end_call");
    assert_eq!(callers.heard_one()["outcome"], "ended_by_supervisor");
    let state = monti_core::SettableState::Offline;
    let out = floor.answer(|answer| Request::SetState { login, state, answer });
    assert_eq!(out, Ok(()));
    assert_eq!(agents.heard_one()["type"], "force_logout");

    let login = "nobody".parse().unwrap();
    let unknown = floor.answer(|answer| Request::SetState { login, state, answer });
    assert_eq!(unknown.unwrap_err().code, monti_core::wire::ErrorCode::UnknownAgent);
}

#[test]
fn a_token_speaks_for_its_own_agents_only() {
    let mut floor = Floor::new();
    let mut agent = floor.link_of(Role::Agent, Some("sim-1"), 10);
    let mut simulator = floor.link_of(Role::Simulator, Some("sim-"), 10);
    let mut viewer = floor.link_of(Role::Viewer, None, 10);
    assert_eq!(floor.ask(&mut agent, register("sim-10"))["code"], "forbidden");
    assert_eq!(floor.ask(&mut agent, incoming("call"))["code"], "forbidden");
    assert_eq!(floor.ask(&mut agent, register("sim-1"))["type"], "registered");
    assert_eq!(floor.ask(&mut simulator, register("ada"))["code"], "forbidden");
    assert_eq!(floor.ask(&mut simulator, register("sim-2"))["type"], "registered");
    assert_eq!(floor.ask(&mut viewer, register("sim-3"))["code"], "forbidden");
    // Neither may one speak for an agent that is there over another link.
    let pause = json!({"type": "state_change", "agentId": "sim-2", "state": "break"});
    assert_eq!(floor.ask(&mut agent, pause)["code"], "forbidden");
}

#[test]
fn who_is_not_registered_is_told_so() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    let pause = json!({"type": "state_change", "agentId": "sim-1", "state": "break",
        "requestId": "r1"});
    let error = floor.ask(&mut agents, pause);
    assert_eq!((&error["code"], &error["requestId"]), (&json!("unknown_agent"), &json!("r1")));
    let mut wrong = register("sim-1");
    wrong["queues"] = json!(["support_tier_1"]);
    let error = floor.ask(&mut agents, wrong.clone());
    assert_eq!(error["code"], "unknown_vq");
    assert!(error["message"].as_str().unwrap().contains("support_tier_1"), "{error}");
    wrong["department"] = json!("ladies_wear");
    assert_eq!(floor.ask(&mut agents, wrong)["code"], "unknown_department");
}
