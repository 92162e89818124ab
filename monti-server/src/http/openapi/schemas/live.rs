//! The live state: departments, agents and calls.

use serde_json::Value;

use super::{
    Named,
    shape::{
        count, label, list, map_of, moment, object, one_of, or_null, percent, reference, seconds,
        text,
    },
};

pub(super) fn all() -> Vec<Named> {
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
