//! For spreadsheets: RFC 4180, a line a queue. A figure without a value is an empty field.

use monti_core::wire::{LiveState, Seconds, VirtualQueue};

use crate::scrub;

const HEAD: &str = "timestamp,department,vq,waitingCalls,ringingCalls,activeCalls,availableAgents,\
                    longestWaitSeconds,serviceLevelPercent,targetPercent,targetSeconds,\
                    callsOffered,callsAnswered,callsAbandoned,avgWaitSeconds,avgHandleSeconds";

pub(super) fn text(state: &LiveState) -> String {
    let mut text = format!("{HEAD}\r\n");
    for queue in state.departments.iter().flat_map(|department| &department.queues) {
        text.push_str(&format!("{},{}\r\n", state.timestamp, fields(queue).join(",")));
    }
    text
}

fn fields(queue: &VirtualQueue) -> [String; 15] {
    let level = &queue.service_level;
    let seconds = |value: Option<Seconds>| number(value.map(|Seconds(it)| it.as_secs_f64()));
    [
        quoted(&queue.department),
        quoted(&queue.id),
        queue.waiting_calls.to_string(),
        queue.ringing_calls.to_string(),
        queue.active_calls.to_string(),
        queue.available_agents.to_string(),
        seconds(queue.longest_wait_seconds),
        number(level.current_percent),
        number(Some(level.target_percent)),
        seconds(Some(level.target_seconds)),
        level.calls_offered.to_string(),
        level.calls_answered.to_string(),
        level.calls_abandoned.to_string(),
        seconds(level.avg_wait_seconds),
        seconds(level.avg_handle_seconds),
    ]
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn quoted(field: &str) -> String {
    let field = scrub::text(field);
    if field.contains([',', '"']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}
