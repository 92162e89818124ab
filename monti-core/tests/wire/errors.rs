//! The error codes, and what becomes of the engine's refusals.

use monti_core::{
    AgentState, CallStatus, Conflict, DepartmentId, InvalidValue, Rejection, VqId,
    wire::{ErrorCode, ErrorMessage, Problem},
};
use serde_json::Value;

use crate::golden::call;

#[test]
fn the_codes_are_the_contracts() {
    let written = ErrorCode::ALL.map(|code| serde_json::to_value(code).unwrap());
    let codes = [
        "malformed",
        "unsupported",
        "unauthorized",
        "forbidden",
        "unknown_agent",
        "unknown_call",
        "unknown_vq",
        "unknown_department",
        "invalid_value",
        "invalid_state",
        "conflict",
        "superseded",
        "busy",
        "read_only",
        "too_large",
        "rate_limited",
    ];
    assert_eq!(written, codes.map(Value::from));
    assert_eq!(ErrorCode::ALL.map(ErrorCode::as_str), codes);
}

#[test]
fn a_problem_has_the_status_of_its_code() {
    let statuses = ErrorCode::ALL.map(|code| Problem::from(ErrorMessage::new(code, "")).status);
    let expected = [400, 415, 401, 403, 404, 404, 404, 404, 422, 409, 409, 409, 503, 503, 413, 429];
    assert_eq!(statuses, expected);
}

#[test]
fn each_of_the_engines_refusals_has_its_code() {
    for (rejection, code, says) in [
        (Rejection::UnknownAgent, ErrorCode::UnknownAgent, "no such agent"),
        (Rejection::UnknownCall(call(7)), ErrorCode::UnknownCall, "CALL-20260129-000007"),
        (Rejection::UnknownVq(VqId(99)), ErrorCode::UnknownVq, "99"),
        (Rejection::UnknownDepartment(DepartmentId(9)), ErrorCode::UnknownDepartment, "9"),
        (
            Rejection::InvalidValue(InvalidValue::RegisteredOffline),
            ErrorCode::InvalidValue,
            "offline",
        ),
        (Rejection::InvalidState(AgentState::Lunch), ErrorCode::InvalidState, "lunch"),
        (Rejection::Conflict(Conflict::Ended(CallStatus::Completed)), ErrorCode::Conflict, "ended"),
        (Rejection::Superseded, ErrorCode::Superseded, "newest session"),
    ] {
        let error = ErrorMessage::from(&rejection);
        assert_eq!(error.code, code);
        assert!(error.message.contains(says), "{error}");
    }
}
