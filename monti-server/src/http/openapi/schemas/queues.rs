//! Queues: now, today, and today in intervals.

use serde_json::Value;

use super::{
    Named,
    shape::{
        bool, count, label, list, moment, number, object, or_null, percent, reference, seconds,
        text, whole,
    },
};

pub(super) fn all() -> Vec<Named> {
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
        ("VirtualQueue", queue()),
        ("ServiceLevel", service_level()),
        ("ServiceLevels", service_levels()),
    ]
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
