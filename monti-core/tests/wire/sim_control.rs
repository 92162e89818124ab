//! The bodies of the simulator's control port.

use std::collections::BTreeMap;

use monti_core::{
    AgentState, Priority,
    wire::{
        Amount, CallsConfig, CallsConfigUpdate, CallsStats, DepartmentCalls, DepartmentCallsUpdate,
        RunState, ScaleRequest, SimStatus, StartRequest, parse_body,
    },
};

use crate::golden::{assert_golden, at, read};

/// The golden files of this module.
pub(crate) const BODIES: &[&str] = &[
    "sim_calls_config",
    "sim_calls_config_update",
    "sim_calls_stats",
    "sim_scale_request",
    "sim_start_request",
    "sim_status",
];

#[test]
fn the_status() {
    let status = SimStatus {
        state: RunState::Running,
        started_at: Some(at("08:00:00.000")),
        seed: 42,
        active_agents: 120,
        connected_agents: 118,
        state_breakdown: [(AgentState::Available, 30), (AgentState::OnCall, 88)].into(),
    };
    assert_golden("sim_status", &status);
}

#[test]
fn what_became_of_the_callers() {
    let stats = CallsStats {
        calls_made: 1_300,
        calls_queued: 1_284,
        calls_refused: 16,
        calls_abandoned: 60,
        calls_ended: 1_120,
        live_calls: 104,
    };
    assert_golden("sim_calls_stats", &stats);
}

#[test]
fn how_callers_call() {
    let sales = DepartmentCalls {
        calls_per_minute: amount(12.5),
        vq_weights: weights(),
        priority_weights: [(priority(0), amount(8.0)), (priority(5), amount(2.0))].into(),
    };
    let config = CallsConfig {
        peak_hour_factor: amount(1.5),
        departments: [("sales".to_owned(), sales)].into(),
    };
    assert_golden("sim_calls_config", &config);
}

#[test]
fn a_change_names_only_what_changes() {
    let sales = DepartmentCallsUpdate {
        calls_per_minute: None,
        vq_weights: Some(weights()),
        priority_weights: Some([(priority(9), amount(1.0))].into()),
    };
    let update = CallsConfigUpdate {
        peak_hour_factor: Some(amount(2.0)),
        departments: [("sales".to_owned(), sales)].into(),
    };
    assert_golden("sim_calls_config_update", &update);
    assert_eq!(parse_body(&read("sim_calls_config_update")), Ok(update));
    assert_eq!(parse_body("{}"), Ok(CallsConfigUpdate::default()));
}

#[test]
fn starting_and_scaling() {
    let start = StartRequest { active_agents: Some(120) };
    assert_golden("sim_start_request", &start);
    assert_eq!(parse_body(&read("sim_start_request")), Ok(start));
    assert_eq!(parse_body(" \r\n"), Ok(StartRequest::default()));

    let scale = ScaleRequest { active_agents: 0 };
    assert_golden("sim_scale_request", &scale);
    assert_eq!(parse_body(&read("sim_scale_request")), Ok(scale));
}

#[test]
fn an_amount_is_the_number_that_was_given() {
    for number in [0.0, 0.5, Amount::MAX] {
        assert_eq!(amount(number).get().to_bits(), number.to_bits());
    }
}

fn weights() -> BTreeMap<String, Amount> {
    [("sales_general".to_owned(), amount(3.0)), ("sales_upsell".to_owned(), amount(0.5))].into()
}

fn amount(number: f64) -> Amount {
    Amount::try_from(number).unwrap()
}

fn priority(level: u8) -> Priority {
    Priority::new(level).unwrap()
}
