//! What the server sends over the agent link, `/ws/agent`.

use std::ops::Not;

use serde::{Deserialize, Serialize};

use super::{ErrorMessage, Seconds, Subject, Welcome, parse::messages, welcome::queue_names};
use crate::{
    AgentState, Assignment, CallId, CallStatus, CallerNumber, Centre, LoginId, LogoutReason,
    Millis, Priority, RequestId, Session, Timestamp,
};

messages! {
    /// A message from the server to a client of the agent link.
    pub enum AgentServerMessage {
        /// The first message on every link.
        "welcome" => Welcome(Welcome),
        /// Answers `register`.
        "registered" => Registered(Registered),
        /// Answers what was done and needs no other answer.
        "ack" => Ack(Ack),
        /// Answers `incoming_call`.
        "call_queued" => CallQueued(CallQueued),
        /// An agent's phone is to ring.
        "call_assign" => CallAssign(CallAssign),
        /// An agent's phone is to stop ringing.
        "call_revoked" => CallRevoked(CallRevoked),
        /// A call was abandoned; to the link that brought it.
        "call_abandoned" => CallAbandoned(CallAbandoned),
        /// A call ended; to the link that brought it.
        "call_ended" => CallEnded(CallEnded),
        /// A supervisor ended an agent's call.
        "force_end_call" => ForceEndCall(ForceEndCall),
        /// An agent was logged out without having asked for it.
        "force_logout" => ForceLogout(ForceLogout),
        /// A message was not carried out.
        "error" => Error(ErrorMessage),
    }
}

/// `registered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    /// The request's key, if it had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Who logged in.
    pub agent_id: LoginId,
    /// Grows with each registration.
    pub session: Session,
    /// The agent's state, which need not be the one asked for.
    pub state: AgentState,
    /// The call that it has still: ringing, answered or on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumed_call_id: Option<CallId>,
}

/// `ack`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ack {
    /// What was done, by the names that the request gave.
    #[serde(flatten)]
    pub subject: Subject,
    /// Whether it had been done before. Left out if not.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub duplicate: bool,
}

/// `call_queued`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallQueued {
    /// The request's key.
    pub request_id: RequestId,
    /// The call's identity from now on.
    pub call_id: CallId,
    /// Its queue.
    pub vq: String,
    /// The place in its queue, 1 = next; 0 for a repeat whose call waits no longer.
    pub position: u32,
    /// How long the wait will be; `null` if that cannot be told.
    pub estimated_wait_seconds: Option<Seconds>,
    /// Whether the key had brought this call already. Left out if not.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub duplicate: bool,
}

/// `call_assign`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallAssign {
    /// Whose phone rings.
    pub agent_id: LoginId,
    /// The call.
    pub call_id: CallId,
    /// Its queue.
    pub vq: String,
    /// The queue's department.
    pub department: String,
    /// The caller's number; `null` if withheld.
    pub caller_number: Option<CallerNumber>,
    /// How urgent it is, 0 to 9.
    pub priority: Priority,
    /// When the caller arrived.
    pub enqueued_at: Timestamp,
    /// How long the caller had waited when the phone began to ring.
    pub wait_seconds: Seconds,
    /// How long the phone rings from now on before the call goes back to its place.
    pub ring_timeout_seconds: Seconds,
}

impl CallAssign {
    /// Tells `agent`, whose login the engine knows, of the call offered to it, whose phone rings
    /// for as long as [`Engine::rings_for`](crate::Engine::rings_for) says.
    pub fn new(
        assignment: &Assignment,
        agent: LoginId,
        centre: &Centre,
        rings_for: Millis,
    ) -> Self {
        let (vq, department) = queue_names(assignment.vq, centre);
        Self {
            agent_id: agent,
            call_id: assignment.call,
            vq,
            department,
            caller_number: assignment.caller,
            priority: assignment.priority,
            enqueued_at: assignment.enqueued_at,
            wait_seconds: assignment.waited.into(),
            ring_timeout_seconds: rings_for.into(),
        }
    }
}

/// `call_revoked`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRevoked {
    /// Whose phone stops ringing.
    pub agent_id: LoginId,
    /// The call that rang.
    pub call_id: CallId,
    /// Why.
    pub reason: RevokeReason,
}

/// Why a phone stops ringing, as far as its agent is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// The caller hung up.
    CallerAbandoned,
    /// Nobody answered in time.
    RingTimeout,
    /// Something else came before the answer: a registration over another link, at which the phone
    /// rings on, one without the call's queue, or a supervisor who ended the call.
    Superseded,
}

impl RevokeReason {
    /// What an agent is told of the engine's reason; `None` if it knows, or cannot be told.
    pub const fn told(reason: crate::RevokeReason) -> Option<Self> {
        match reason {
            crate::RevokeReason::Rejected
            | crate::RevokeReason::LinkLost
            | crate::RevokeReason::Restarted => None,
            crate::RevokeReason::CallerAbandoned => Some(Self::CallerAbandoned),
            crate::RevokeReason::RingTimeout => Some(Self::RingTimeout),
            crate::RevokeReason::Moved | crate::RevokeReason::EndedBySupervisor => {
                Some(Self::Superseded)
            }
        }
    }
}

/// `call_abandoned`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallAbandoned {
    /// The call.
    pub call_id: CallId,
    /// How long the caller had waited, ringing included.
    pub wait_seconds: Seconds,
}

/// `call_ended`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallEnded {
    /// The call.
    pub call_id: CallId,
    /// How it ended.
    pub outcome: CallStatus,
}

/// `force_end_call`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForceEndCall {
    /// Whose call.
    pub agent_id: LoginId,
    /// The call.
    pub call_id: CallId,
}

/// `force_logout`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForceLogout {
    /// Who is offline now.
    pub agent_id: LoginId,
    /// Why.
    pub reason: LogoutReason,
}
