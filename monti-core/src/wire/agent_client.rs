//! What agents, simulators and gateways send over the agent link, `/ws/agent`.

use serde::{Deserialize, Deserializer, Serialize};

use super::{
    Subject, optional_text,
    parse::{messages, whole_number_or_null},
};
use crate::{CallId, CallerNumber, Label, LoginId, Priority, RequestId, SettableState};

messages! {
    /// A message from a client to the server over the agent link. Each names the agent that it
    /// speaks for: one link may carry thousands.
    pub enum AgentClientMessage {
        /// Logs an agent in, or in again; answered with `registered`.
        "register" => Register(Register),
        /// Logs an agent out, after its call if it has one.
        "unregister" => Unregister(Unregister),
        /// Asks for a state; during a call it takes effect after it.
        "state_change" => StateChange(StateChange),
        /// Answers the call that rings.
        "call_accept" => CallAccept(CallAction),
        /// Sends the call that rings back to its place; the agent stays available.
        "call_reject" => CallReject(CallAction),
        /// Puts the caller on hold.
        "call_hold" => CallHold(CallAction),
        /// Takes the caller off hold.
        "call_unhold" => CallUnhold(CallAction),
        /// Ends the call; the agent's after-call work begins.
        "call_complete" => CallComplete(CallComplete),
        /// A caller asks for an agent; answered with `call_queued`. Simulators and gateways only.
        "incoming_call" => IncomingCall(IncomingCall),
        /// The caller hung up, waiting or ringing. Simulators and gateways only.
        "call_abandon" => CallAbandon(CallAbandon),
    }
}

/// `register`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Register {
    /// Echoed in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Who logs in. The newest registration of an id wins.
    pub agent_id: LoginId,
    /// The department whose calls the agent takes, such as `sales`.
    pub department: String,
    /// The agent's name; without it the one known is kept, or is the id.
    #[serde(
        default,
        deserialize_with = "optional_text::name",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<Label>,
    /// Where it works; without it the place known is kept.
    #[serde(
        default,
        deserialize_with = "optional_text::name",
        skip_serializing_if = "Option::is_none"
    )]
    pub location: Option<Label>,
    /// The team it belongs to; without it the one known is kept.
    #[serde(
        default,
        deserialize_with = "optional_text::name",
        skip_serializing_if = "Option::is_none"
    )]
    pub team: Option<Label>,
    /// The state it begins in, unless it has a call still.
    #[serde(default = "available", deserialize_with = "state_or_available")]
    pub state: SettableState,
    /// The queues it serves, such as `sales_general`; without them all of the department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queues: Option<Vec<String>>,
    /// Whether its calls are answered as soon as they are assigned.
    #[serde(default, deserialize_with = "bool_or_false")]
    pub auto_answer: bool,
    /// The call that the agent believes it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_call_id: Option<CallId>,
}

fn available() -> SettableState {
    SettableState::Available
}

fn state_or_available<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SettableState, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_else(available))
}

fn bool_or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `unregister`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unregister {
    /// Echoed in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Who logs out.
    pub agent_id: LoginId,
}

/// `state_change`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StateChange {
    /// Echoed in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Whose state.
    pub agent_id: LoginId,
    /// The state asked for.
    pub state: SettableState,
    /// Why, in the agent's words.
    #[serde(
        default,
        deserialize_with = "optional_text::free_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub reason: Option<Label>,
}

/// `call_accept`, `call_reject`, `call_hold` or `call_unhold`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallAction {
    /// Echoed in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Who has the call.
    pub agent_id: LoginId,
    /// The call.
    pub call_id: CallId,
}

/// `call_complete`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallComplete {
    /// Echoed in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Who has the call.
    pub agent_id: LoginId,
    /// The call.
    pub call_id: CallId,
    /// What came of it, in the agent's words.
    #[serde(
        default,
        deserialize_with = "optional_text::free_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub outcome: Option<Label>,
}

/// `incoming_call`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IncomingCall {
    /// The same key within 24 hours means the same call.
    pub request_id: RequestId,
    /// The queue that the caller chose, such as `sales_general`.
    pub vq: String,
    /// The caller's number; withheld without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller_number: Option<CallerNumber>,
    /// How urgent it is, 0 to 9: 9 is served first.
    #[serde(default, deserialize_with = "priority")]
    pub priority: Priority,
}

/// Reads a [`Priority`], for which `null` is the regular one, and tells what is allowed, whatever
/// else was there.
pub(super) fn priority<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Priority, D::Error> {
    let make = |level| u8::try_from(level).ok().and_then(Priority::new);
    let priority = whole_number_or_null(deserializer, "from 0 to 9; 9 is served first", make);
    Ok(priority?.unwrap_or_default())
}

/// `call_abandon`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallAbandon {
    /// Echoed in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The call.
    pub call_id: CallId,
}

impl AgentClientMessage {
    /// What the answer to it echoes.
    pub fn subject(&self) -> Subject {
        let (request_id, agent_id, call_id) = match self {
            Self::Register(it) => (it.request_id, Some(&it.agent_id), None),
            Self::Unregister(it) => (it.request_id, Some(&it.agent_id), None),
            Self::StateChange(it) => (it.request_id, Some(&it.agent_id), None),
            Self::CallAccept(it)
            | Self::CallReject(it)
            | Self::CallHold(it)
            | Self::CallUnhold(it) => (it.request_id, Some(&it.agent_id), Some(it.call_id)),
            Self::CallComplete(it) => (it.request_id, Some(&it.agent_id), Some(it.call_id)),
            Self::IncomingCall(it) => (Some(it.request_id), None, None),
            Self::CallAbandon(it) => (it.request_id, None, Some(it.call_id)),
        };
        Subject { request_id, agent_id: agent_id.cloned(), call_id }
    }
}
