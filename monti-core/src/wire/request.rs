//! The bodies of REST requests. Fields that are not known are refused.

use serde::{Deserialize, Deserializer, Serialize};

use super::{agent_client::priority, parse::whole_number_or_null};
use crate::{CallId, CallerNumber, Priority, RequestId, SettableState};

/// The most calls that one request injects.
pub const INJECT_COUNT_MAX: u16 = 1_000;

/// The body of `POST /internal/calls/inject`, and of the simulator's `POST /calls/inject`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InjectRequest {
    /// The queue, such as `sales_general`.
    pub vq: String,
    /// The callers' number; withheld without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller_number: Option<CallerNumber>,
    /// How urgent they are, 0 to 9: 9 is served first.
    #[serde(default, deserialize_with = "priority")]
    pub priority: Priority,
    /// How many calls, 1 to [`INJECT_COUNT_MAX`].
    #[serde(default = "one", deserialize_with = "count")]
    pub count: u16,
    /// The same key within 24 hours means the same calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
}

fn one() -> u16 {
    1
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let allowed = 1..=INJECT_COUNT_MAX;
    let count =
        whole_number_or_null(deserializer, &format!("from 1 to {INJECT_COUNT_MAX}"), |count| {
            u16::try_from(count).ok().filter(|count| allowed.contains(count))
        });
    Ok(count?.unwrap_or_else(one))
}

/// The answer to an injection, 202.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InjectResponse {
    /// The calls, in the order of their arrival.
    pub calls: Vec<CallId>,
}

/// The body of `POST /api/agents/{agentId}/state`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StateRequest {
    /// The state that the agent is to have; during a call it takes effect after it.
    pub state: SettableState,
}
