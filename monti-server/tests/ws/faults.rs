//! Rows of what goes wrong that need several peers.

use std::{sync::mpsc, time::Duration};

use monti_core::{AgentState, CallPhase, Engine};
use monti_server::inbox::Request;
use serde_json::{Value, json};

use crate::{
    calls::{act, bring, log_in, register, state},
    client::Client,
    server::Server,
};

#[test]
fn f05_agents_that_all_come_back_at_once_get_each_call_once() {
    const AGENTS: usize = 200;
    let server = Server::open();
    let mut gateway = server.agents();
    let logins: Vec<_> = (0..AGENTS).map(|number| format!("sim-{number:03}")).collect();
    let links: Vec<_> = logins.chunks(20).map(|logins| (server.agents(), logins)).collect();
    let links = links.into_iter().map(|(mut link, logins)| {
        logins.iter().for_each(|login| log_in(&mut link, login));
        link
    });
    links.collect::<Vec<_>>().into_iter().for_each(drop);
    while ask(&server, |engine| available(engine) > 0) {}
    let calls: Vec<_> =
        (0..AGENTS).map(|number| bring(&mut gateway, &format!("c{number}"))).collect();

    let mut back: Vec<_> = (0..10).map(|_| server.agents()).collect();
    for (link, logins) in back.iter_mut().zip(logins.chunks(20)) {
        logins.iter().for_each(|login| link.say(&register(login)));
    }
    let mut assigned = Vec::new();
    for link in &mut back {
        let heard = (0..20).map(|_| link.hear_until("call_assign")["callId"].clone());
        assigned.extend(heard);
    }
    assigned.sort_by_key(ToString::to_string);
    assert_eq!(assigned, calls, "each call rings once, each agent has one");
}

#[test]
fn f09_a_completion_by_another_or_of_another_is_a_conflict_and_counts_nothing() {
    let server = Server::open();
    let mut client = server.agents();
    log_in(&mut client, "ada");
    let call = bring(&mut client, "c1");
    client.hear_until("call_assign");
    client.ask(&act("call_accept", "ada", &call));
    log_in(&mut client, "bob");
    let other = bring(&mut client, "c2");
    client.hear_until("call_assign");
    for (login, call) in [("bob", &call), ("ada", &other)] {
        let error = client.ask(&act("call_complete", login, call));
        assert_eq!((&error["code"], &error["callId"]), (&json!("conflict"), call), "{error}");
    }
    assert_eq!(completed(&server), 0);
    assert_eq!(client.ask(&act("call_complete", "ada", &call))["duplicate"], Value::Null);
    client.hear_until("call_ended");
    assert_eq!(client.ask(&act("call_complete", "ada", &call))["duplicate"], true);
    assert_eq!(completed(&server), 1);
}

#[test]
fn f13_of_a_caller_that_hangs_up_and_an_agent_that_accepts_the_second_hears_why() {
    let server = Server::open();
    let (mut gateway, mut agent) = (server.agents(), server.agents());
    log_in(&mut agent, "ada");
    let ring = |gateway: &mut Client, agent: &mut Client, key| {
        let call = bring(gateway, key);
        assert_eq!(agent.hear_until("call_assign")["callId"], call);
        call
    };
    let call = ring(&mut gateway, &mut agent, "c1");
    assert_eq!(gateway.ask(&json!({"type": "call_abandon", "callId": call}))["type"], "ack");
    agent.say(&act("call_accept", "ada", &call));
    let [revoked, error] = [agent.hear(), agent.hear()];
    let reason = [&revoked["type"], &revoked["reason"]];
    assert_eq!(reason, [&json!("call_revoked"), &json!("caller_abandoned")]);
    assert_eq!((&error["code"], &error["callId"]), (&json!("conflict"), &call), "{error}");

    gateway.hear_until("call_abandoned");
    let call = ring(&mut gateway, &mut agent, "c2");
    assert_eq!(agent.ask(&act("call_accept", "ada", &call))["type"], "ack");
    let error = gateway.ask(&json!({"type": "call_abandon", "callId": call}));
    assert_eq!((&error["code"], &error["callId"]), (&json!("conflict"), &call), "{error}");
}

#[test]
fn f22_when_a_simulator_dies_its_agents_are_lost_and_its_callers_stay() {
    let server = Server::open();
    let (mut simulator, mut other) = (server.agents(), server.agents());
    log_in(&mut simulator, "sim-1");
    let active = bring(&mut simulator, "c1");
    simulator.hear_until("call_assign");
    simulator.ask(&act("call_accept", "sim-1", &active));
    log_in(&mut simulator, "sim-2");
    let ringing = bring(&mut simulator, "c2");
    let waiting = bring(&mut simulator, "c3");
    drop(simulator);
    while ask(&server, |engine| engine.find_agent("sim-2").is_some_and(|it| is_online(engine, it)))
    {
    }
    let phases = ask(&server, |engine| engine.calls().map(|call| call.phase).collect::<Vec<_>>());
    assert!(matches!(phases[0], CallPhase::Active { .. }), "{phases:?}");
    assert_eq!(phases[1..], [CallPhase::Waiting; 2]);
    for (login, call) in [("ada", &ringing), ("bob", &waiting)] {
        log_in(&mut other, login);
        assert_eq!(&other.hear_until("call_assign")["callId"], call);
    }
    server.pass(Duration::from_secs(31));
    assert_eq!(ask(&server, |engine| engine.calls().count()), 2, "one agent did not come back");
}

#[test]
fn f27_a_break_asked_for_while_it_rings_comes_after_the_call() {
    let server = Server::open();
    let mut client = server.agents();
    log_in(&mut client, "ada");
    let call = bring(&mut client, "c1");
    client.hear_until("call_assign");
    for message in [
        state("ada", "break"),
        act("call_accept", "ada", &call),
        act("call_hold", "ada", &call),
        act("call_complete", "ada", &call),
    ] {
        assert_ne!(state_of(&server, "ada"), AgentState::Break);
        assert_eq!(client.ask(&message)["type"], "ack", "{message}");
    }
    assert_eq!(state_of(&server, "ada"), AgentState::Break);
}

fn is_online(engine: &Engine, agent: monti_core::AgentId) -> bool {
    engine.agent(agent).is_some_and(|agent| agent.state != AgentState::Offline)
}

fn available(engine: &Engine) -> usize {
    let departments = engine.centre().departments();
    departments.flat_map(|(id, _)| engine.agents(id)).filter(|it| it.is_routable()).count()
}

fn completed(server: &Server) -> u32 {
    ask(server, |engine| {
        let queues = engine.centre().queues();
        queues.filter_map(|(id, _)| engine.queue(id)).map(|queue| queue.today.completed).sum()
    })
}

fn state_of(server: &Server, login: &'static str) -> AgentState {
    ask(server, |engine| engine.agent(engine.find_agent(login).unwrap()).unwrap().state)
}

/// What the engine shows.
fn ask<T: Send + 'static>(
    server: &Server,
    question: impl FnOnce(&Engine) -> T + Send + 'static,
) -> T {
    let (tell, told) = mpsc::channel();
    let ask = Request::Ask(Box::new(move |engine| tell.send(question(engine)).unwrap()));
    assert!(server.inbox.try_send(ask).is_ok(), "the inbox is full");
    told.recv().unwrap()
}
