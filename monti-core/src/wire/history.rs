//! What is kept: REST's answers about agents' days and about calls that are over.

use serde::{Deserialize, Serialize};

use super::{
    Seconds,
    welcome::{department_name, queue_names},
};
use crate::{
    AgentDay, CallId, CallStatus, CallerNumber, Centre, Day, Label, LoginId, Priority, Timestamp,
};

/// The answer to `GET /api/agents/{agentId}/history`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentHistory {
    /// Whose.
    pub agent_id: LoginId,
    /// The days that there are, newest first, today's included.
    pub days: Vec<AgentDailyStats>,
    /// Whether the store of records could not be read: then just what this server keeps itself is
    /// there. Left out if it could.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}

/// An agent's figures of one business date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentDailyStats {
    /// The date.
    pub date: Day,
    /// Answered calls that ended on it.
    pub calls_handled: u32,
    /// Time talking.
    pub talk_seconds: Seconds,
    /// After-call work.
    pub acw_seconds: Seconds,
    /// Time with a caller on hold.
    pub hold_seconds: Seconds,
    /// Time on a break.
    pub break_seconds: Seconds,
    /// Time logged in.
    pub login_seconds: Seconds,
    /// The share of the time open to calls that went into calls, 0 to 100; `null` of none.
    pub occupancy_percent: Option<f64>,
    /// After-call work that lasted longer than allowed.
    pub acw_breaches: u32,
    /// Breaks that lasted longer than allowed.
    pub break_breaches: u32,
    /// Calls that rang until the ring timeout.
    pub ring_no_answers: u32,
}

impl AgentDailyStats {
    /// Shows an agent's day.
    pub fn new(day: &AgentDay) -> Self {
        let figures = &day.figures;
        Self {
            date: day.day,
            calls_handled: figures.calls_handled,
            talk_seconds: figures.talk.into(),
            acw_seconds: figures.after_call.into(),
            hold_seconds: figures.hold.into(),
            break_seconds: figures.break_time.into(),
            login_seconds: figures.login.into(),
            occupancy_percent: figures.occupancy_percent(),
            acw_breaches: figures.after_call_breaches,
            break_breaches: figures.break_breaches,
            ring_no_answers: figures.ring_no_answers,
        }
    }
}

/// The answer to `GET /api/calls`: a page of a date's calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallsPage {
    /// The business date on which the calls arrived.
    pub date: Day,
    /// The calls that are over, by id.
    pub calls: Vec<CallRecord>,
    /// What to ask for the next page with; left out on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Whether the store of records could not be read: then just what this server keeps itself is
    /// there. Left out if it could.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}

/// A call that is over.
///
/// `waitSeconds + ringSeconds + talkSeconds + holdSeconds` is the time from `enqueuedAt` to
/// `endedAt`, to the millisecond; the after-call work follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    /// The call.
    pub call_id: CallId,
    /// The business date on which it arrived.
    pub date: Day,
    /// The queue it waited in.
    pub vq: String,
    /// The queue's department.
    pub department: String,
    /// The caller's number, all but its last three digits masked with `*` for those who may not
    /// see it whole; `null` if withheld.
    pub caller_number: Option<String>,
    /// How urgent it was, 0 to 9.
    pub priority: Priority,
    /// How it ended.
    pub status: CallStatus,
    /// What came of it, in the agent's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Label>,
    /// Who answered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<LoginId>,
    /// When it arrived.
    pub enqueued_at: Timestamp,
    /// When it was last offered to an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<Timestamp>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// When caller and agent parted.
    pub ended_at: Timestamp,
    /// Time in the queue, ringing not included.
    pub wait_seconds: Seconds,
    /// Time ringing, at all the agents it was offered to.
    pub ring_seconds: Seconds,
    /// Time talking.
    pub talk_seconds: Seconds,
    /// Time on hold.
    pub hold_seconds: Seconds,
    /// After-call work.
    pub acw_seconds: Seconds,
    /// Whether it was answered within its queue's target, ringing included.
    pub answered_in_target: bool,
    /// How often it was offered to an agent.
    pub offers: u32,
}

impl CallRecord {
    /// Shows `record`, the caller's number whole only if `show_caller`.
    pub fn new(record: &crate::CallRecord, centre: &Centre, show_caller: bool) -> Self {
        Self {
            call_id: record.id,
            date: record.id.day,
            vq: queue_names(record.vq, centre).0,
            department: department_name(record.department, centre),
            caller_number: caller_text(record.caller, show_caller),
            priority: record.priority,
            status: record.status,
            outcome: record.outcome.clone(),
            agent_id: record.agent.clone(),
            enqueued_at: record.enqueued_at,
            assigned_at: record.assigned_at,
            answered_at: record.answered_at,
            ended_at: record.ended_at,
            wait_seconds: record.wait.into(),
            ring_seconds: record.ring.into(),
            talk_seconds: record.talk.into(),
            hold_seconds: record.hold.into(),
            acw_seconds: record.after_call.into(),
            answered_in_target: record.answered_in_target,
            offers: record.offers,
        }
    }
}

/// A caller's number for those who may see it whole, or masked.
pub(super) fn caller_text(caller: Option<CallerNumber>, show: bool) -> Option<String> {
    caller.map(|number| if show { number.to_string() } else { number.masked() })
}
