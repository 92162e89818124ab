//! The agent link's messages, both ways.

use std::{collections::BTreeSet, time::Duration};

use monti_core::{
    SettableState,
    wire::{AgentClientMessage, AgentServerMessage},
};
use monti_server::inbox::Request;
use serde_json::{Value, json};

use crate::{
    calls::{act, bring, incoming, log_in, register, state},
    client::Client,
    server::{Server, Wish},
};

#[test]
fn the_server_speaks_first() {
    let server = Server::open();
    let welcome = server.connect("/ws/agent", None).unwrap().hear();
    assert_eq!(welcome["type"], "welcome");
    assert_eq!(welcome["protocol"], 1);
    assert_eq!(welcome["serverTime"], "2026-01-29T09:00:00.000Z");
    assert_eq!(welcome["clockSpeed"], 1.0);
    assert_eq!(welcome["centre"]["departments"][0]["queues"][0]["id"], "sales_general");
}

#[test]
fn answers_come_in_the_order_of_what_they_answer_whatever_is_wrong_with_it() {
    let server = Server::open();
    let mut client = server.connect("/ws/agent", None).unwrap();
    client.hear();
    log_in(&mut client, "ada");
    let mut said = vec![state("ada", "break"), state("ada", "bogus"), json!({"type": "nonsense"})];
    said.extend([state("ada", "lunch"), state("ada", "ringing"), state("ada", "available")]);
    for (number, message) in said.iter_mut().enumerate() {
        message["requestId"] = json!(format!("r-{number}"));
        client.say(message);
    }
    let heard: Vec<_> = said.iter().map(|_| client.hear()["requestId"].clone()).collect();
    assert_eq!(heard, ["r-0", "r-1", "r-2", "r-3", "r-4", "r-5"]);
}

/// A script: what is said, and all that is heard then.
struct Script<'s> {
    server: &'s Server,
    client: Client,
    said: BTreeSet<String>,
    heard: BTreeSet<String>,
}

impl Script<'_> {
    /// Says a message, if it is one, and hears messages of which each has what is `expected`.
    fn step<const N: usize>(&mut self, message: Value, expected: [Value; N]) -> [Value; N] {
        if let Some(kind) = message["type"].as_str() {
            self.said.insert(kind.to_owned());
            self.client.say(&message);
        }
        let heard = expected.map(|expected| {
            let heard = self.client.hear();
            for (key, value) in expected.as_object().unwrap() {
                assert_eq!(&heard[key], value, "{message} was answered {heard}");
            }
            self.heard.insert(heard["type"].as_str().unwrap().to_owned());
            heard
        });
        self.server.settle();
        heard
    }

    fn call(&mut self, key: &str) -> Value {
        let expected = [
            json!({"type": "call_queued", "requestId": key, "vq": "sales_general", "position": 1}),
            json!({"type": "call_assign", "agentId": "ada", "vq": "sales_general",
                   "department": "sales", "callerNumber": null, "priority": 0,
                   "enqueuedAt": "2026-01-29T09:00:00.000Z", "waitSeconds": 0.0,
                   "ringTimeoutSeconds": 20.0}),
        ];
        let [queued, _] = self.step(incoming(key), expected);
        queued["callId"].clone()
    }
}

#[test]
fn every_message_of_the_agent_link() {
    let server = Server::open();
    let client = server.connect("/ws/agent", None).unwrap();
    let (said, heard) = Default::default();
    let mut script = Script { server: &server, client, said, heard };
    script.step(json!({}), [json!({"type": "welcome"})]);
    let registered = json!({"type": "registered", "agentId": "ada", "state": "available"});
    script.step(register("ada"), [registered]);

    let call = script.call("c1");
    let ack = json!({"type": "ack", "agentId": "ada", "callId": call});
    for what in ["call_accept", "call_hold", "call_unhold"] {
        script.step(act(what, "ada", &call), [ack.clone()]);
    }
    let ended = json!({"type": "call_ended", "callId": call, "outcome": "completed"});
    script.step(act("call_complete", "ada", &call), [ack, ended]);
    let again = json!({"type": "ack", "callId": call, "duplicate": true});
    script.step(act("call_complete", "ada", &call), [again]);
    script.step(state("ada", "available"), [json!({"type": "ack", "agentId": "ada"})]);

    let call = script.call("c2");
    let ack = json!({"type": "ack", "callId": call});
    let offered_again = json!({"type": "call_assign", "callId": call});
    script.step(act("call_reject", "ada", &call), [ack.clone(), offered_again]);
    let revoked = json!({"type": "call_revoked", "agentId": "ada", "callId": call,
                         "reason": "caller_abandoned"});
    let abandoned = json!({"type": "call_abandoned", "callId": call, "waitSeconds": 0.0});
    let abandon = json!({"type": "call_abandon", "callId": call});
    let ended = json!({"type": "call_ended", "callId": call, "outcome": "abandoned"});
    script.step(abandon, [ack, revoked, abandoned, ended]);

    let call = script.call("c3");
    script.step(act("call_accept", "ada", &call), [json!({"type": "ack"})]);
    server.supervise(|answer| Request::EndCall {
        call: call.as_str().unwrap().parse().unwrap(),
        login: Some("ada".parse().unwrap()),
        answer,
    });
    let forced = json!({"type": "force_end_call", "agentId": "ada", "callId": call});
    let ended = json!({"type": "call_ended", "callId": call, "outcome": "ended_by_supervisor"});
    script.step(json!({}), [ended, forced]);
    server.supervise(|answer| Request::SetState {
        login: "ada".parse().unwrap(),
        state: SettableState::Offline,
        answer,
    });
    script.step(json!({}), [json!({"type": "force_logout", "agentId": "ada"})]);
    script.step(register("ada"), [json!({"type": "registered"})]);
    let unregister = json!({"type": "unregister", "agentId": "ada", "requestId": "r1"});
    script.step(unregister, [json!({"type": "ack", "agentId": "ada", "requestId": "r1"})]);
    let unknown = json!({"type": "error", "code": "unknown_agent", "agentId": "bob"});
    script.step(state("bob", "break"), [unknown]);

    let all = |types: &[&str]| types.iter().map(|kind| (*kind).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(script.said, all(AgentClientMessage::TYPES));
    assert_eq!(script.heard, all(AgentServerMessage::TYPES));
}

#[test]
fn what_cannot_be_carried_out_is_answered_with_why() {
    let server = Server::open();
    let mut client = server.agents();
    log_in(&mut client, "ada");
    let waiting = bring(&mut client, "c1");
    client.hear_until("call_assign");
    for (message, code) in [
        (json!({"type": "dance", "requestId": "r1"}), "unsupported"),
        (json!({"type": "state_change", "agentId": "ada", "requestId": "r1"}), "malformed"),
        (
            json!({"type": "state_change", "agentId": "ada", "state": "ringing", "requestId": "r1"}),
            "invalid_value",
        ),
        (json!({"type": "incoming_call", "requestId": "r1", "vq": "sales_x"}), "unknown_vq"),
        (
            json!({"type": "register", "agentId": "b", "department": "x", "requestId": "r1"}),
            "unknown_department",
        ),
        (
            json!({"type": "call_abandon", "callId": "CALL-20260129-000099", "requestId": "r1"}),
            "unknown_call",
        ),
        (
            json!({"type": "call_hold", "agentId": "ada", "callId": waiting, "requestId": "r1"}),
            "invalid_state",
        ),
    ] {
        let error = client.ask(&message);
        assert_eq!(error["type"], "error", "{message}");
        assert_eq!((&error["code"], &error["requestId"]), (&json!(code), &json!("r1")), "{error}");
    }
}

#[test]
fn unknown_keys_are_ignored() {
    let server = Server::open();
    let mut client = server.agents();
    let mut message = register("ada");
    message["shoeSize"] = json!({"left": 41});
    assert_eq!(client.ask(&message)["type"], "registered");
}

#[test]
fn the_same_request_is_the_same_call() {
    let server = Server::open();
    let mut client = server.agents();
    let first = client.ask(&incoming("c1"));
    assert_eq!(first["duplicate"], Value::Null);
    let again = server.agents().ask(&incoming("c1"));
    assert_eq!((&again["callId"], &again["duplicate"]), (&first["callId"], &json!(true)));
    assert_ne!(client.ask(&incoming("c2"))["callId"], first["callId"]);
}

#[test]
fn the_newest_link_of_an_agent_wins() {
    let server = Server::open();
    let (mut old, mut new) = (server.agents(), server.agents());
    let first = old.ask(&register("ada"));
    let call = bring(&mut new, "c1");
    assert_eq!(old.hear()["type"], "call_assign");
    assert_eq!(old.ask(&act("call_accept", "ada", &call))["type"], "ack");

    let second = new.ask(&register("ada"));
    assert_eq!(second["resumedCallId"], call);
    assert!(second["session"].as_u64() > first["session"].as_u64());
    let superseded = old.hear();
    assert_eq!(
        (&superseded["code"], &superseded["agentId"]),
        (&json!("superseded"), &json!("ada"))
    );

    let late = old.ask(&act("call_complete", "ada", &call));
    assert_eq!(late["code"], "superseded");
    drop(old);
    assert_eq!(new.ask(&act("call_hold", "ada", &call))["type"], "ack");
}

#[test]
fn a_phone_that_rings_at_a_lost_link_rings_elsewhere() {
    let server = Server::open();
    let (mut lost, mut other) = (server.agents(), server.agents());
    log_in(&mut lost, "ada");
    let call = bring(&mut other, "c1");
    assert_eq!(lost.hear()["callId"], call);
    log_in(&mut other, "bob");
    drop(lost);
    let assigned = other.hear();
    assert_eq!((&assigned["agentId"], &assigned["callId"]), (&json!("bob"), &call));
}

#[test]
fn a_call_outlives_its_link_for_a_while() {
    let server = Server::open();
    let mut gateway = server.agents();
    let mut lost = server.agents();
    log_in(&mut lost, "ada");
    let call = bring(&mut gateway, "c1");
    lost.hear_until("call_assign");
    lost.ask(&act("call_accept", "ada", &call));
    lost.leave();
    server.settle();

    server.pass(Duration::from_secs(29));
    let mut back = server.agents();
    assert_eq!(back.ask(&register("ada"))["resumedCallId"], call);
    back.leave();
    server.settle();
    server.pass(Duration::from_secs(31));
    let ended = gateway.hear();
    assert_eq!((&ended["callId"], &ended["outcome"]), (&call, &json!("agent_lost")));
}

#[test]
fn a_phone_stops_ringing_in_time() {
    let server = Server::open();
    let mut client = server.agents();
    log_in(&mut client, "ada");
    let call = bring(&mut client, "c1");
    client.hear_until("call_assign");
    server.pass(Duration::from_secs(21));
    let revoked = client.hear();
    assert_eq!((&revoked["callId"], &revoked["reason"]), (&call, &json!("ring_timeout")));
}

#[test]
fn a_full_inbox_is_busy_and_agents_go_before_new_calls() {
    let server = Server::of(Wish { inbox: 8, ..Wish::default() });
    let mut client = server.agents();
    log_in(&mut client, "ada");
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (began, has_begun) = std::sync::mpsc::channel();
    let hold = Request::Ask(Box::new(move |_| {
        began.send(()).unwrap();
        let _ = held.recv();
    }));
    assert!(server.inbox.try_send(hold).is_ok());
    has_begun.recv().unwrap();

    (0..7).for_each(|number| client.say(&incoming(&format!("c{number}"))));
    let busy = client.hear();
    assert_eq!((&busy["code"], &busy["requestId"]), (&json!("busy"), &json!("c6")), "{busy}");
    assert!(busy["retryAfterSeconds"].as_f64().unwrap() > 0.0);
    (0..3).for_each(|_| client.say(&state("ada", "break")));
    assert_eq!(client.hear()["code"], "busy");
    drop(release);
    let calls = (0..6).map(|_| client.hear_until("call_queued"));
    assert_eq!(calls.last().unwrap()["requestId"], "c5");
    assert_eq!(client.hear_until("ack")["agentId"], "ada");
}
