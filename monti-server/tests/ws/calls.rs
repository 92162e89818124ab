//! What peers say, for all tests.

use serde_json::{Value, json};

use crate::client::Client;

pub(crate) fn register(login: &str) -> Value {
    json!({"type": "register", "agentId": login, "department": "sales"})
}

pub(crate) fn incoming(key: &str) -> Value {
    json!({"type": "incoming_call", "requestId": key, "vq": "sales_general"})
}

pub(crate) fn state(login: &str, state: &str) -> Value {
    json!({"type": "state_change", "agentId": login, "state": state})
}

/// What an agent does with a call.
pub(crate) fn act(what: &str, login: &str, call: &Value) -> Value {
    json!({"type": what, "agentId": login, "callId": call})
}

/// Brings a call, and answers its id.
pub(crate) fn bring(client: &mut Client, key: &str) -> Value {
    client.say(&incoming(key));
    client.hear_until("call_queued")["callId"].clone()
}

/// Logs an agent of Sales in, who then is available.
pub(crate) fn log_in(client: &mut Client, login: &str) {
    let registered = client.ask(&register(login));
    assert_eq!(registered["type"], "registered", "{registered}");
}
