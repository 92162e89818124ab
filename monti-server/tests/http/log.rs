//! The log: what happened, never who called and never a token.

use std::fs;

use monti_server::inbox::Role;

use crate::{client::Client, world::World};

#[test]
fn no_callers_number_and_no_token_gets_into_the_log() {
    let world = World::with_tokens();
    let secrets = Role::ALL.map(|role| world.with(role).token.unwrap());
    let supervisor = world.with(Role::Supervisor);
    let body = r#"{"vq":"sales_general","callerNumber":"+4930987654"}"#;
    assert_eq!(supervisor.post("/internal/calls/inject", body).status, 202);
    assert_eq!(supervisor.post("/internal/calls/inject", &body.replace("vq", "qv")).status, 400);
    supervisor.get("/api/snapshot").ok();
    for secret in &secrets {
        let client = Client { token: Some(secret.clone()), ..world.anyone() };
        client.get("/api/calls");
        client.get(&format!("/api/snapshot?token={secret}&caller=%2B4930987654"));
        client.get(&format!("/nowhere/{secret}/4930987654"));
        client.send("POST", "/internal/calls/inject", &[("x-caller", "+4930987654")], secret);
    }
    let log = world.log.text();
    assert!(log.contains("/internal/calls/inject"), "{log}");
    assert!(!log.contains("4930987654"), "{log}");
    assert!(!secrets.iter().any(|secret| log.contains(secret)), "{log}");
}

/// It is tried with each request.
#[test]
fn that_the_tokens_cannot_be_read_is_told_once_for_each_change() {
    let world = World::with_tokens();
    let told = || world.log.text().matches("the old ones stay").count();
    for (changes, text) in (1..).zip(["damaged", "damaged otherwise"]) {
        fs::write(world.tokens(), text).unwrap();
        for _ in 0..3 {
            world.with(Role::Supervisor).get("/api/calls").ok();
        }
        assert_eq!(told(), changes);
    }
}
