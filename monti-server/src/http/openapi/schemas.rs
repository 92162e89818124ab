//! What the bodies look like, as JSON Schema.
//!
//! The wire's types live in a crate without OpenAPI, so a table describes each here, with `?` at
//! keys that may be left out, as the contract marks them. A test holds the tables against the
//! wire's golden files, key by key.

mod centre;
mod live;
mod past;
mod queues;
mod shape;

use monti_core::{
    AgentState, CallStatus, SettableState, TEXT_CHARS_MAX,
    wire::{ErrorCode, INJECT_COUNT_MAX, Persistence},
};
use serde_json::{Map, Value, json};

use self::shape::{
    bool, count, list, object, one_of, or_null, reference, seconds, strict, text, whole,
};

/// A schema and its name.
type Named = (&'static str, Value);

/// All schemas, by name.
pub(super) fn all() -> Value {
    let described =
        [values(), past::all(), queues::all(), centre::all(), live::all(), requests(), operation()];
    let named = described.into_iter().flatten().map(|(name, schema)| (name.to_owned(), schema));
    Value::Object(Map::from_iter(named))
}

/// Values with a form of their own.
fn values() -> Vec<Named> {
    let identifier = format!("^[A-Za-z0-9._-]{{1,{TEXT_CHARS_MAX}}}$");
    vec![
        ("AgentId", json!({ "type": "string", "pattern": identifier })),
        ("CallId", json!({ "type": "string", "pattern": "^CALL-[0-9]{8}-[0-9]{6,}$" })),
        ("Date", json!({ "type": "string", "format": "date" })),
        ("Priority", whole(0, 9)),
        ("AgentState", one_of(AgentState::ALL.map(AgentState::as_str))),
        ("SettableState", one_of(SettableState::ALL.map(|it| AgentState::from(it).as_str()))),
        ("CallStatus", one_of(CallStatus::ALL.map(CallStatus::as_str))),
        ("Persistence", one_of(Persistence::ALL.map(Persistence::as_str))),
        ("ErrorCode", one_of(ErrorCode::ALL.map(ErrorCode::as_str))),
    ]
}

/// What is sent to the server, and its answers to that.
fn requests() -> Vec<Named> {
    let caller = json!({ "type": "string", "pattern": r"^\+?[0-9]{3,15}$" });
    vec![
        (
            "InjectRequest",
            strict([
                ("vq", text()),
                ("callerNumber?", or_null(caller)),
                ("priority?", or_null(reference("Priority"))),
                ("count?", or_null(whole(1, INJECT_COUNT_MAX.into()))),
                ("requestId?", or_null(reference("AgentId"))),
            ]),
        ),
        ("InjectResponse", object([("calls", list(reference("CallId")))])),
        ("StateRequest", strict([("state", reference("SettableState"))])),
        (
            "Problem",
            object([
                ("type", text()),
                ("title", text()),
                ("status", whole(400, 599)),
                ("detail", text()),
                ("code", reference("ErrorCode")),
                ("retryAfterSeconds?", seconds()),
            ]),
        ),
    ]
}

/// What operators ask.
fn operation() -> Vec<Named> {
    vec![(
        "Condition",
        object([
            ("status", one_of(["ok", "degraded", "read_only", "stalled"])),
            ("persistence", reference("Persistence")),
            ("heartbeatAgeSeconds", seconds()),
            ("acceptingCalls", bool()),
            ("backlogRecords?", count()),
            ("backlogOldestSeconds?", seconds()),
        ]),
    )]
}
