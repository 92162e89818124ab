//! A centre of any size that changes a little each second.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent};
use monti_core::{Millis, Timestamp, wire::WallboardServerMessage};
use monti_tui::{App, LinkEvent, Message, Options, update};
use ratatui::layout::Size;
use serde_json::{Value, json};

/// How many agents of a department change in a second, however many there are: what a second brings
/// is not what is measured, but what a wallboard makes of it beside all that did not change.
const CHANGES: usize = 5;

const DEPARTMENTS: [&str; 4] = ["sales", "support", "technical", "retention"];

pub(crate) struct Centre {
    pub(crate) app: App,
    agents: usize,
    tick: u64,
}

impl Centre {
    /// One of four departments, each with so many agents.
    pub(crate) fn new(agents: usize, size: Size) -> Self {
        let mut centre = Self { app: App::new(Options::default(), size), agents, tick: 0 };
        centre.tell(Message::Link(LinkEvent::Up));
        centre.hear(&welcome());
        for department in DEPARTMENTS {
            let all: Vec<_> = (0..agents).map(|number| agent(department, number, 0)).collect();
            let (timestamp, summary) = (centre.now(), summary(agents));
            centre.hear(&json!({
                "type": "department_overview", "department": department, "timestamp": timestamp,
                "tick": 0, "summary": summary, "agents": all,
            }));
            let queues: Vec<_> = (0..4).map(|place| queue(department, place)).collect();
            centre.hear(&json!({
                "type": "vq_overview", "department": department, "timestamp": timestamp,
                "tick": 0, "queues": queues, "totalWaiting": 12, "totalActive": 28,
            }));
        }
        centre
    }

    pub(crate) fn press(&mut self, key: &str) {
        for key in key.chars() {
            self.tell(Message::Input(Event::Key(KeyEvent::from(KeyCode::Char(key)))));
        }
    }

    /// A second passes, in which a few agents of each department change.
    pub(crate) fn pass_second(&mut self) {
        self.tick += 1;
        let (tick, timestamp) = (self.tick, self.now());
        self.hear(&json!({"type": "tick", "tick": tick, "timestamp": timestamp}));
        for department in DEPARTMENTS {
            let first = usize::try_from(tick).unwrap_or(0) * CHANGES;
            let changed =
                (first..first + CHANGES).map(|it| agent(department, it % self.agents, tick));
            let changed: Vec<_> = changed.collect();
            self.hear(&json!({
                "type": "department_delta", "department": department, "timestamp": timestamp,
                "tick": tick, "previousTick": tick - 1, "summary": summary(self.agents),
                "changed": changed, "removed": [], "queues": [],
            }));
        }
    }

    fn hear(&mut self, message: &Value) {
        let message = WallboardServerMessage::parse(&message.to_string());
        let message = message.unwrap_or_else(|error| panic!("{error}"));
        self.tell(Message::Link(LinkEvent::Heard(Box::new(message))));
    }

    fn tell(&mut self, message: Message) {
        update(&mut self.app, Duration::from_secs(self.tick), message);
    }

    fn now(&self) -> Timestamp {
        start() + Millis::from_secs(self.tick)
    }
}

fn start() -> Timestamp {
    Timestamp::from_millis(1_769_678_100_000)
}

fn agent(department: &str, number: usize, tick: u64) -> Value {
    let states = ["available", "on_call", "on_call", "after_call_work", "break", "on_hold"];
    let state = states[(number + usize::try_from(tick).unwrap_or(0)) % states.len()];
    let since = start() + Millis::from_secs(tick);
    let mut agent = json!({
        "agentId": format!("{department}.{number:06}"), "department": department,
        "name": format!("Agent {:04} {department}", number * 7919 % 10_007),
        "location": "Malmö", "team": "North", "state": state, "stateStart": since,
        "lastUpdate": since, "connectionStatus": "connected",
        "kpis": {
            "callsHandled": 6, "talkSeconds": 1400.0, "holdSeconds": 40.0, "acwSeconds": 135.0,
            "breakSeconds": 0.0, "loginSeconds": 4500.0, "idleSeconds": 2925.0,
            "avgHandleSeconds": 262.5, "occupancyPercent": 35.0, "ringNoAnswers": 1,
            "acwBreaches": 0, "breakBreaches": 0,
        },
    });
    if state.starts_with("on_") {
        agent["currentCallId"] = json!(format!("CALL-20260129-{:06}", number + 1));
        agent["currentVq"] = json!(format!("{department}_q{}", number % 4));
    }
    agent
}

fn summary(agents: usize) -> Value {
    json!({
        "totalAgents": agents, "stateBreakdown": {"available": agents / 2, "on_call": agents / 2},
        "breaches": 0, "occupancyPercent": 71.5, "serviceLevelPercent": 83.25,
        "callsOffered": 400, "callsAnswered": 371, "callsAbandoned": 22, "avgWaitSeconds": 14.25,
        "avgHandleSeconds": 251.125, "longestWaitSeconds": 41.0, "waitingCalls": 12,
        "activeCalls": 28,
    })
}

fn queue(department: &str, place: usize) -> Value {
    json!({
        "id": format!("{department}_q{place}"), "name": format!("Queue {place}"),
        "department": department, "waitingCalls": 3, "ringingCalls": 1, "activeCalls": 7,
        "availableAgents": 12, "oldestEnqueuedAt": start(), "longestWaitSeconds": 41.0,
        "estimatedWaitSeconds": 25.0,
        "serviceLevel": {
            "targetPercent": 80.0, "targetSeconds": 20.0, "currentPercent": 83.25,
            "callsOffered": 100, "callsAnswered": 92, "callsAnsweredInTarget": 80,
            "callsAbandoned": 5, "callsAbandonedShort": 2, "avgWaitSeconds": 14.25,
            "avgHandleSeconds": 251.125, "maxWaitSeconds": 92.0,
            "variants": {"seed": 83.25, "ignoreAbandoned": 85.0, "abandonedPositive": 86.0,
                         "answeredOnly": 87.0},
        },
    })
}

fn welcome() -> Value {
    let departments = DEPARTMENTS.map(|id| {
        let queue = |place: usize| {
            json!({
                "id": format!("{id}_q{place}"), "name": format!("Queue {place}"),
                "targetPercent": 80.0, "targetSeconds": 20.0, "shortAbandonSeconds": 5.0,
            })
        };
        let queues = [0, 1, 2, 3].map(queue);
        json!({"id": id, "name": id, "queues": queues})
    });
    json!({
        "type": "welcome", "protocol": 1, "server": "0.1.0", "serverTime": start(),
        "clockSpeed": 1.0,
        "centre": {
            "name": "Northwind Care", "timeZone": "UTC",
            "limits": {"ringTimeoutSeconds": 20.0, "graceSeconds": 30.0, "acwSeconds": 300.0,
                       "breakSeconds": 600.0},
            "colours": {"greenPercent": 80.0, "yellowPercent": 60.0},
            "departments": departments,
        },
    })
}
