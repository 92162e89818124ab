//! What is kept.

use super::{
    Named,
    shape::{bool, count, label, list, moment, object, or_null, percent, reference, seconds, text},
};

pub(super) fn all() -> Vec<Named> {
    vec![
        (
            "AgentHistory",
            object([
                ("agentId", reference("AgentId")),
                ("days", list(reference("AgentDailyStats"))),
                ("partial?", bool()),
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
                ("partial?", bool()),
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
