//! A wallboard as a third party would write it: it keeps what it is told.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::client::Client;

/// A wallboard, and what it shows.
pub(crate) struct Board {
    pub(crate) client: Client,
    pub(crate) departments: BTreeMap<String, Shown>,
    /// The last `tick` message's.
    pub(crate) tick: u64,
}

/// What is shown of a department.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shown {
    pub(crate) summary: Value,
    pub(crate) agents: BTreeMap<String, Value>,
    pub(crate) queues: Vec<Value>,
    /// The tick of what was told last.
    pub(crate) tick: u64,
}

impl Board {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, departments: BTreeMap::new(), tick: 0 }
    }

    /// Takes messages in up to the first of a type, that one included.
    pub(crate) fn hear_until(&mut self, kind: &str) -> Value {
        loop {
            let message = self.client.hear();
            self.take(&message);
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Takes in the full state of all departments and the `health` after it.
    pub(crate) fn hear_all(&mut self) {
        self.hear_until("health");
    }

    fn take(&mut self, message: &Value) {
        let tick = message["tick"].as_u64().unwrap_or_default();
        match message["type"].as_str().unwrap() {
            "department_overview" => {
                let shown = self.shown(message);
                shown.agents.clear();
                shown.take_agents(&message["agents"]);
                shown.summary = summary(message);
                shown.tick = tick;
            }
            "vq_overview" => self.shown(message).queues = queues(message),
            "department_delta" => {
                assert_eq!(self.tick, tick, "a delta comes after its tick");
                let shown = self.shown(message);
                // What was told in full since holds what it told, too.
                assert!(message["previousTick"].as_u64().unwrap() <= shown.tick, "{message}");
                shown.take_delta(message);
                shown.tick = tick;
            }
            "tick" => {
                assert_eq!(tick, self.tick.max(tick - 1) + 1, "ticks in their order");
                self.tick = tick;
            }
            "activity" | "health" => {}
            other => panic!("{other}"),
        }
    }

    fn shown(&mut self, message: &Value) -> &mut Shown {
        let department = message["department"].as_str().unwrap().to_owned();
        self.departments.entry(department).or_default()
    }
}

impl Shown {
    fn take_agents(&mut self, agents: &Value) {
        for agent in agents.as_array().unwrap() {
            self.agents.insert(agent["agentId"].as_str().unwrap().to_owned(), agent.clone());
        }
    }

    fn take_delta(&mut self, delta: &Value) {
        self.summary = summary(delta);
        self.take_agents(&delta["changed"]);
        for removed in delta["removed"].as_array().unwrap() {
            assert!(self.agents.remove(removed.as_str().unwrap()).is_some(), "{delta}");
        }
        for queue in queues(delta) {
            let known = self.queues.iter_mut().find(|known| known["id"] == queue["id"]);
            *known.expect("a queue of the department") = queue;
        }
    }
}

fn queues(message: &Value) -> Vec<Value> {
    let queues = message["queues"].as_array().unwrap().iter();
    queues.map(|queue| without(queue, &["longestWaitSeconds"])).collect()
}

/// A department in numbers, but for those that run with the clock.
fn summary(message: &Value) -> Value {
    without(&message["summary"], &["longestWaitSeconds", "occupancyPercent"])
}

fn without(object: &Value, keys: &[&str]) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().retain(|key, _| !keys.contains(&key.as_str()));
    object
}
