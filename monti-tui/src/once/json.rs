//! For programs: one object, in the protocol's own words.

use monti_core::{
    BreachKind, LoginId, Timestamp,
    wire::{Health, LiveState, Seconds, Summary, VirtualQueue},
};
use serde::Serialize;

use super::past_limits;
use crate::scrub::{self, Names};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    timestamp: Timestamp,
    centre: &'a str,
    health: &'a Health,
    departments: Vec<Department<'a>>,
    breaches: Vec<Breach<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Department<'a> {
    department: &'a str,
    summary: &'a Summary,
    queues: &'a [VirtualQueue],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Breach<'a> {
    /// Often it is the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_id: Option<&'a LoginId>,
    name: String,
    department: &'a str,
    breach: Option<BreachKind>,
    state_seconds: Seconds,
}

pub(super) fn text(state: &LiveState, names: Names) -> String {
    let departments = state.departments.iter().map(|it| Department {
        department: &it.department,
        summary: &it.summary,
        queues: &it.queues,
    });
    let breaches = past_limits(state).map(|agent| Breach {
        agent_id: (names == Names::Whole).then_some(&agent.agent_id),
        name: names.shown(&agent.name),
        department: &agent.department,
        breach: agent.breach,
        state_seconds: Seconds(state.timestamp.since(agent.state_start)),
    });
    let state = State {
        timestamp: state.timestamp,
        centre: &state.centre.name,
        health: &state.health,
        departments: departments.collect(),
        breaches: breaches.collect(),
    };
    let mut text = escaped(&serde_json::to_string_pretty(&state).unwrap_or_default());
    text.push('\n');
    text
}

/// JSON in which what could act on a terminal is escaped. Outside of strings JSON has no such
/// character but the newline.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || !scrub::is_harmful(character) {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text
}
