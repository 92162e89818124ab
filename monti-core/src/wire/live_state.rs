//! REST's answer to `GET /api/snapshot`: the whole live state, one object.

use serde::{Deserialize, Serialize};

use super::{
    AgentInfo, CentreInfo, Health, Summary, VirtualQueue, history::caller_text,
    welcome::queue_names,
};
use crate::{CallId, CallPhase, CallView, Centre, LoginId, Priority, Timestamp};

/// The whole live state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveState {
    /// The centre's time.
    pub timestamp: Timestamp,
    /// What the centre consists of.
    pub centre: CentreInfo,
    /// Whether what happens can be kept.
    pub health: Health,
    /// Its departments, in the centre's order.
    pub departments: Vec<DepartmentState>,
    /// The calls that wait, ring or are answered, by id.
    pub calls: Vec<LiveCall>,
}

/// The whole of a department.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentState {
    /// The department.
    pub department: String,
    /// It in a few numbers.
    pub summary: Summary,
    /// Its agents, by `agentId`.
    pub agents: Vec<AgentInfo>,
    /// Its queues, in the centre's order.
    pub queues: Vec<VirtualQueue>,
}

/// A call that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveCall {
    /// The call.
    pub call_id: CallId,
    /// Its queue.
    pub vq: String,
    /// The queue's department.
    pub department: String,
    /// The caller's number, masked as in a [`CallRecord`](super::CallRecord); `null` if withheld.
    pub caller_number: Option<String>,
    /// How urgent it is, 0 to 9.
    pub priority: Priority,
    /// Where it is.
    pub status: LiveCallStatus,
    /// At whose phone it rings, or who answered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<LoginId>,
    /// When it arrived.
    pub enqueued_at: Timestamp,
    /// When it was offered to that agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<Timestamp>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// Since when it is on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_since: Option<Timestamp>,
    /// How often it was offered to an agent.
    pub offers: u32,
}

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveCallStatus {
    /// In its queue.
    Waiting,
    /// At an agent's phone.
    Ringing,
    /// Answered, talking or on hold.
    Active,
}

impl LiveCall {
    /// Shows `call`, with the login of the agent that its phase names; the caller's number whole
    /// only if `show_caller`.
    pub fn new(
        call: &CallView,
        agent: Option<LoginId>,
        centre: &Centre,
        show_caller: bool,
    ) -> Self {
        let (vq, department) = queue_names(call.vq, centre);
        let (status, assigned_at, answered_at, held_since) = match call.phase {
            CallPhase::Waiting => (LiveCallStatus::Waiting, None, None, None),
            CallPhase::Ringing { assigned_at, .. } => {
                (LiveCallStatus::Ringing, Some(assigned_at), None, None)
            }
            CallPhase::Active { assigned_at, answered_at, held_since, .. } => {
                (LiveCallStatus::Active, Some(assigned_at), Some(answered_at), held_since)
            }
        };
        Self {
            call_id: call.id,
            vq,
            department,
            caller_number: caller_text(call.caller, show_caller),
            priority: call.priority,
            status,
            agent_id: agent,
            enqueued_at: call.enqueued_at,
            assigned_at,
            answered_at,
            held_since,
            offers: call.offers,
        }
    }
}
