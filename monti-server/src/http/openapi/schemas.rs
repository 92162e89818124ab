//! What the bodies look like, as JSON Schema.
//!
//! The wire's types live in a crate without OpenAPI, so a table describes each here, with `?` at
//! keys that may be left out, as the contract marks them. A test holds the tables against the
//! wire's golden files, key by key.

mod shape;

use monti_core::{
    AgentState, TEXT_CHARS_MAX,
    wire::{ErrorCode, INJECT_COUNT_MAX},
};
use serde_json::{Map, Value, json};

use self::shape::{
    bool, count, label, list, map_of, moment, number, object, one_of, or_null, percent, reference,
    seconds, strict, text, whole,
};

/// A schema and its name.
type Named = (&'static str, Value);

/// All schemas, by name.
pub(super) fn all() -> Value {
    let described = [values(), history(), queues(), centre(), live(), requests(), operation()];
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
        (
            "SettableState",
            one_of([
                "offline",
                "available",
                "after_call_work",
                "break",
                "lunch",
                "training",
                "meeting",
            ]),
        ),
        ("CallStatus", one_of(["completed", "abandoned", "agent_lost", "ended_by_supervisor"])),
        ("Persistence", one_of(["ok", "degraded", "read_only"])),
        ("ErrorCode", one_of(ErrorCode::ALL.map(ErrorCode::as_str))),
    ]
}

/// What is kept.
fn history() -> Vec<Named> {
    vec![
        (
            "AgentHistory",
            object([
                ("agentId", reference("AgentId")),
                ("days", list(reference("AgentDailyStats"))),
            ]),
        ),
        (
            "AgentDailyStats",
            object([
                ("date", reference("Date")),
                ("callsHandled", count()),
                ("talkSeconds", seconds()),
                ("acwSeconds", seconds()),
                ("holdSeconds", seconds()),
                ("breakSeconds", seconds()),
                ("loginSeconds", seconds()),
                ("occupancyPercent", or_null(percent())),
                ("acwBreaches", count()),
                ("breakBreaches", count()),
                ("ringNoAnswers", count()),
            ]),
        ),
        (
            "CallsPage",
            object([
                ("date", reference("Date")),
                ("calls", list(reference("CallRecord"))),
                ("cursor?", text()),
            ]),
        ),
        (
            "CallRecord",
            object([
                ("callId", reference("CallId")),
                ("date", reference("Date")),
                ("vq", text()),
                ("department", text()),
                ("callerNumber", or_null(text())),
                ("priority", reference("Priority")),
                ("status", reference("CallStatus")),
                ("outcome?", label()),
                ("agentId?", reference("AgentId")),
                ("enqueuedAt", moment()),
                ("assignedAt?", moment()),
                ("answeredAt?", moment()),
                ("endedAt", moment()),
                ("waitSeconds", seconds()),
                ("ringSeconds", seconds()),
                ("talkSeconds", seconds()),
                ("holdSeconds", seconds()),
                ("acwSeconds", seconds()),
                ("answeredInTarget", bool()),
                ("offers", count()),
            ]),
        ),
    ]
}

/// Queues, today.
fn queues() -> Vec<Named> {
    let counts = || {
        [
            ("callsOffered", count()),
            ("waitingCalls", count()),
            ("ringingCalls", count()),
            ("activeCalls", count()),
            ("callsCompleted", count()),
            ("callsAbandoned", count()),
            ("callsAgentLost", count()),
            ("conserved", bool()),
            ("earlierCalls", count()),
        ]
    };
    vec![
        (
            "QueueIntervals",
            object([
                ("vq", text()),
                ("minutes", whole(15, 1440)),
                ("intervals", list(reference("Interval"))),
            ]),
        ),
        (
            "Interval",
            object([
                ("startsAt", moment()),
                ("callsOffered", count()),
                ("callsAnswered", count()),
                ("callsAbandoned", count()),
                ("serviceLevelPercent", or_null(percent())),
                ("avgWaitSeconds", or_null(seconds())),
                ("avgHandleSeconds", or_null(seconds())),
                ("staffedAgents", number()),
            ]),
        ),
        (
            "CallStats",
            object([
                ("timestamp", moment()),
                ("date", reference("Date")),
                ("queues", list(reference("QueueCallStats"))),
                ("total", reference("CallCounts")),
            ]),
        ),
        (
            "QueueCallStats",
            object([("vq", text()), ("department", text())].into_iter().chain(counts())),
        ),
        ("CallCounts", object(counts())),
    ]
}

/// What the centre consists of.
fn centre() -> Vec<Named> {
    vec![
        (
            "CentreInfo",
            object([
                ("name", label()),
                ("timeZone", text()),
                ("limits", reference("Limits")),
                ("colours", reference("ColourThresholds")),
                ("departments", list(reference("DepartmentInfo"))),
            ]),
        ),
        (
            "Limits",
            object([
                ("ringTimeoutSeconds", seconds()),
                ("graceSeconds", seconds()),
                ("acwSeconds", seconds()),
                ("breakSeconds", seconds()),
            ]),
        ),
        ("ColourThresholds", object([("greenPercent", percent()), ("yellowPercent", percent())])),
        (
            "DepartmentInfo",
            object([("id", text()), ("name", label()), ("queues", list(reference("QueueInfo")))]),
        ),
        (
            "QueueInfo",
            object([
                ("id", text()),
                ("name", label()),
                ("targetPercent", percent()),
                ("targetSeconds", seconds()),
                ("shortAbandonSeconds", seconds()),
            ]),
        ),
    ]
}

/// The live state.
fn live() -> Vec<Named> {
    vec![
        (
            "LiveState",
            object([
                ("timestamp", moment()),
                ("centre", reference("CentreInfo")),
                ("health", reference("Health")),
                ("departments", list(reference("DepartmentState"))),
                ("calls", list(reference("LiveCall"))),
            ]),
        ),
        (
            "Health",
            object([
                ("timestamp", moment()),
                ("persistence", reference("Persistence")),
                ("backlogRecords?", count()),
                ("backlogOldestSeconds?", seconds()),
            ]),
        ),
        (
            "DepartmentState",
            object([
                ("department", text()),
                ("summary", reference("Summary")),
                ("agents", list(reference("AgentInfo"))),
                ("queues", list(reference("VirtualQueue"))),
            ]),
        ),
        (
            "Summary",
            object([
                ("totalAgents", count()),
                ("stateBreakdown", map_of("AgentState", count())),
                ("breaches", count()),
                ("occupancyPercent", or_null(percent())),
                ("serviceLevelPercent", or_null(percent())),
                ("callsOffered", count()),
                ("callsAnswered", count()),
                ("callsAbandoned", count()),
                ("avgWaitSeconds", or_null(seconds())),
                ("avgHandleSeconds", or_null(seconds())),
                ("longestWaitSeconds", or_null(seconds())),
                ("waitingCalls", count()),
                ("activeCalls", count()),
            ]),
        ),
        ("AgentInfo", agent()),
        ("AgentKpis", agent_kpis()),
        ("VirtualQueue", queue()),
        ("ServiceLevel", service_level()),
        ("ServiceLevels", service_levels()),
        (
            "LiveCall",
            object([
                ("callId", reference("CallId")),
                ("vq", text()),
                ("department", text()),
                ("callerNumber", or_null(text())),
                ("priority", reference("Priority")),
                ("status", one_of(["waiting", "ringing", "active"])),
                ("agentId?", reference("AgentId")),
                ("enqueuedAt", moment()),
                ("assignedAt?", moment()),
                ("answeredAt?", moment()),
                ("heldSince?", moment()),
                ("offers", count()),
            ]),
        ),
    ]
}

fn agent() -> Value {
    object([
        ("agentId", reference("AgentId")),
        ("name", label()),
        ("department", text()),
        ("location", or_null(label())),
        ("team", or_null(label())),
        ("state", reference("AgentState")),
        ("pendingState?", reference("AgentState")),
        ("stateStart", moment()),
        ("lastUpdate", moment()),
        ("connectionStatus", one_of(["connected", "lost"])),
        ("currentCallId?", reference("CallId")),
        ("currentVq?", text()),
        ("callStartTime?", moment()),
        ("acwStartTime?", moment()),
        ("breakStartTime?", moment()),
        ("breach?", one_of(["acw", "break"])),
        ("kpis", reference("AgentKpis")),
    ])
}

fn agent_kpis() -> Value {
    object([
        ("callsHandled", count()),
        ("talkSeconds", seconds()),
        ("holdSeconds", seconds()),
        ("acwSeconds", seconds()),
        ("breakSeconds", seconds()),
        ("loginSeconds", seconds()),
        ("idleSeconds", seconds()),
        ("avgHandleSeconds", or_null(seconds())),
        ("occupancyPercent", or_null(percent())),
        ("ringNoAnswers", count()),
        ("acwBreaches", count()),
        ("breakBreaches", count()),
    ])
}

fn queue() -> Value {
    object([
        ("id", text()),
        ("name", label()),
        ("department", text()),
        ("waitingCalls", count()),
        ("ringingCalls", count()),
        ("activeCalls", count()),
        ("availableAgents", count()),
        ("oldestEnqueuedAt", or_null(moment())),
        ("longestWaitSeconds", or_null(seconds())),
        ("estimatedWaitSeconds", or_null(seconds())),
        ("serviceLevel", reference("ServiceLevel")),
    ])
}

fn service_level() -> Value {
    object([
        ("targetPercent", percent()),
        ("targetSeconds", seconds()),
        ("currentPercent", or_null(percent())),
        ("callsOffered", count()),
        ("callsAnswered", count()),
        ("callsAnsweredInTarget", count()),
        ("callsAbandoned", count()),
        ("callsAbandonedShort", count()),
        ("avgWaitSeconds", or_null(seconds())),
        ("avgHandleSeconds", or_null(seconds())),
        ("maxWaitSeconds", or_null(seconds())),
        ("variants", reference("ServiceLevels")),
    ])
}

fn service_levels() -> Value {
    object([
        ("seed", or_null(percent())),
        ("ignoreAbandoned", or_null(percent())),
        ("abandonedPositive", or_null(percent())),
        ("answeredOnly", or_null(percent())),
    ])
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
                ("priority?", reference("Priority")),
                ("count?", whole(1, INJECT_COUNT_MAX.into())),
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
        ]),
    )]
}
