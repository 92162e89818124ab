//! Agents and callers: a link that carries all of them, as a gateway's does.

use std::{
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// A test that fails must not hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// A link of agents and callers.
pub(crate) struct Floor {
    socket: WebSocket<TcpStream>,
}

impl Floor {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(format!("ws://{address}/ws/agent"), stream).unwrap();
        let mut floor = Self { socket };
        floor.hear("welcome");
        floor
    }

    /// Logs an agent in, in a state.
    pub(crate) fn register(&mut self, agent: &str, department: &str, name: &str, state: &str) {
        self.say(&json!({"type": "register", "agentId": agent, "department": department,
            "name": name, "state": state}));
        self.hear("registered");
    }

    /// An agent asks for a state.
    pub(crate) fn set_state(&mut self, agent: &str, state: &str) {
        self.say(&json!({"type": "state_change", "agentId": agent, "state": state}));
        self.hear("ack");
    }

    /// An agent answers the call that rings at it; gives the call.
    pub(crate) fn answer(&mut self, agent: &str) -> String {
        let call = self.hear("call_assign")["callId"].as_str().unwrap().to_owned();
        self.say(&json!({"type": "call_accept", "agentId": agent, "callId": call}));
        self.hear("ack");
        call
    }

    /// An agent ends its call, and is in after-call work.
    pub(crate) fn complete(&mut self, agent: &str, call: &str) {
        self.say(&json!({"type": "call_complete", "agentId": agent, "callId": call}));
        self.hear("ack");
    }

    /// A caller comes to a queue; gives the call.
    pub(crate) fn call(&mut self, vq: &str, key: &str) -> String {
        self.say(&json!({"type": "incoming_call", "requestId": key, "vq": vq}));
        self.hear("call_queued")["callId"].as_str().unwrap().to_owned()
    }

    fn say(&mut self, message: &Value) {
        self.socket.send(Message::text(message.to_string())).unwrap();
    }

    /// The next message of a type; others are passed over.
    pub(crate) fn hear(&mut self, kind: &str) -> Value {
        loop {
            if let Message::Text(text) = self.socket.read().unwrap() {
                let message: Value = serde_json::from_str(&text).unwrap();
                assert_ne!(message["type"], "error", "{message}");
                if message["type"] == kind {
                    return message;
                }
            }
        }
    }
}
