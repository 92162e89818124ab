//! The bodies of the simulator's control port.

use std::collections::BTreeMap;

use monti_core::{
    AgentState, Priority,
    wire::{
        Amount, CallsConfig, CallsConfigUpdate, CallsStats, DepartmentCalls, DepartmentCallsUpdate,
        ErrorCode, InjectRequest, RunState, ScaleRequest, SimStatus, StartRequest, parse_body,
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

/// What may be left out may be `null`.
#[test]
fn null_is_as_if_it_were_left_out() {
    assert_eq!(parse_body(r#"{"activeAgents":null}"#), Ok(StartRequest::default()));
    assert!(parse_body::<ScaleRequest>(r#"{"activeAgents":null}"#).is_err());
    let nothing = r#"{"peakHourFactor":null,"departments":null}"#;
    assert_eq!(parse_body(nothing), Ok(CallsConfigUpdate::default()));
    let calls = r#"{"callsPerMinute":null,"vqWeights":null,"priorityWeights":null}"#;
    let update: CallsConfigUpdate =
        parse_body(&format!(r#"{{"departments":{{"sales":{calls}}}}}"#)).unwrap();
    assert_eq!(update.departments["sales"], DepartmentCallsUpdate::default());
    let least = parse_body::<InjectRequest>(r#"{"vq":"a"}"#).unwrap();
    assert_eq!((least.count, least.priority), (1, priority(0)));
    let null = r#"{"vq":"a","count":null,"priority":null,"callerNumber":null,"requestId":null}"#;
    assert_eq!(parse_body(null), Ok(least));
}

#[test]
fn what_is_wrong_in_a_department_is_named_with_it() {
    for (department, code, says) in [
        (
            r#"{"callsPerMinute":-1}"#,
            ErrorCode::InvalidValue,
            "`departments.sales.callsPerMinute`: -1 is not allowed, but a number from 0 to 1000000",
        ),
        (
            r#"{"vqWeights":[1]}"#,
            ErrorCode::InvalidValue,
            "`departments.sales.vqWeights`: allowed is an object",
        ),
        (
            r#"{"priorityWeights":{"10":1}}"#,
            ErrorCode::InvalidValue,
            "`departments.sales.priorityWeights`: ",
        ),
        (
            r#"{"vqWeights":{"a":1,"b":-1}}"#,
            ErrorCode::InvalidValue,
            "`departments.sales.vqWeights.b`: -1 is not allowed, but a number from 0 to 1000000",
        ),
        (
            r#"{"vqWeights":{"a":1,"a":0}}"#,
            ErrorCode::InvalidValue,
            "`departments.sales.vqWeights`: the field `a` is there twice",
        ),
        (
            r#"{"bogus":1}"#,
            ErrorCode::Malformed,
            "unknown field `departments.sales.bogus`; known here: callsPerMinute, vqWeights, priorityWeights",
        ),
        (
            r#"{"vqWeights":null,"vqWeights":null}"#,
            ErrorCode::InvalidValue,
            "`departments.sales`: the field `vqWeights` is there twice",
        ),
        ("7", ErrorCode::InvalidValue, "`departments.sales`: allowed is an object"),
        ("null", ErrorCode::InvalidValue, "`departments.sales`: allowed is an object"),
    ] {
        let body = format!(r#"{{"departments":{{"sales":{department}}}}}"#);
        let error = parse_body::<CallsConfigUpdate>(&body).unwrap_err();
        assert_eq!(error.code, code, "{department}: {error}");
        assert!(error.message.starts_with(says), "{department}: {error}");
        assert!(!error.message.contains("struct"), "{department}: {error}");
    }
    let error = parse_body::<CallsConfigUpdate>(r#"{"departments":7}"#).unwrap_err();
    assert_eq!(error.message, "`departments`: allowed is an object");
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
