//! Many agents on one link.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    calls::{log_in, state},
    server::Server,
};

const AGENTS: usize = 300;

#[test]
fn three_thousand_state_changes_of_three_hundred_agents_over_one_link() {
    let server = Server::open();
    let mut client = server.agents();
    let login = |number: usize| format!("sim-{number:03}");
    (0..AGENTS).for_each(|number| log_in(&mut client, &login(number)));
    let states = ["break", "lunch", "training", "meeting", "available"];
    for change in 0..3_000 {
        let mut message = state(&login(change % AGENTS), states[change / AGENTS % states.len()]);
        message["requestId"] = json!(format!("r{change}"));
        client.say(&message);
    }
    let mut answers = BTreeMap::new();
    for change in 0..3_000 {
        let ack = client.hear();
        assert_eq!(
            (&ack["type"], &ack["requestId"]),
            (&json!("ack"), &json!(format!("r{change}")))
        );
        *answers.entry(ack["agentId"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    assert_eq!(answers.len(), AGENTS);
    assert!(answers.values().all(|count| *count == 10));
}
