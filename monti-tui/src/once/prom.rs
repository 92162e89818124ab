//! For Prometheus' textfile collector: the text exposition format. A figure without a value is no
//! sample.

use std::fmt::Write as _;

use monti_core::wire::{LiveState, Seconds, VirtualQueue};

use crate::scrub;

/// A gauge of a queue: its name, what it is, and its value.
type Gauge = (&'static str, &'static str, fn(&VirtualQueue) -> Option<f64>);

const GAUGES: [Gauge; 9] = [
    ("waiting_calls", "Calls waiting.", |it| Some(it.waiting_calls.into())),
    ("ringing_calls", "Calls ringing.", |it| Some(it.ringing_calls.into())),
    ("active_calls", "Calls answered, talking or on hold.", |it| Some(it.active_calls.into())),
    ("available_agents", "Agents that could take a call at once.", |it| {
        Some(it.available_agents.into())
    }),
    ("longest_wait_seconds", "How long the oldest call has waited.", |it| {
        it.longest_wait_seconds.map(|Seconds(wait)| wait.as_secs_f64())
    }),
    ("service_level_percent", "Today's service level, 0 to 100.", |it| {
        it.service_level.current_percent
    }),
    ("calls_offered", "Calls that arrived today.", |it| {
        Some(it.service_level.calls_offered.into())
    }),
    ("calls_answered", "Those of them that were answered.", |it| {
        Some(it.service_level.calls_answered.into())
    }),
    ("calls_abandoned", "Those of them that ended without an answer.", |it| {
        Some(it.service_level.calls_abandoned.into())
    }),
];

pub(super) fn text(state: &LiveState) -> String {
    let mut text = String::new();
    for (name, help, value) in GAUGES {
        head(&mut text, name, help);
        for queue in state.departments.iter().flat_map(|department| &department.queues) {
            let (department, vq) = (escaped(&queue.department), escaped(&queue.id));
            if let Some(value) = value(queue) {
                let labels = format!("{{department=\"{department}\",vq=\"{vq}\"}}");
                let _ = writeln!(text, "monti_board_{name}{labels} {value}");
            }
        }
    }
    agents(&mut text, state);
    breaches(&mut text, state);
    text
}

fn head(text: &mut String, name: &str, help: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "# HELP monti_board_{name} {help}\n# TYPE monti_board_{name} gauge");
}

fn agents(text: &mut String, state: &LiveState) {
    head(text, "agents", "Agents in a state.");
    for department in &state.departments {
        let name = escaped(&department.department);
        for (agent_state, count) in &department.summary.state_breakdown {
            let labels = format!("{{department=\"{name}\",state=\"{}\"}}", agent_state.as_str());
            let _ = writeln!(text, "monti_board_agents{labels} {count}");
        }
    }
}

fn breaches(text: &mut String, state: &LiveState) {
    head(text, "breaches", "Agents past a limit.");
    for department in &state.departments {
        let (name, count) = (escaped(&department.department), department.summary.breaches);
        let _ = writeln!(text, "monti_board_breaches{{department=\"{name}\"}} {count}");
    }
}

fn escaped(label: &str) -> String {
    scrub::text(label).replace('\\', "\\\\").replace('"', "\\\"")
}
