//! The bodies of the simulator's control port. Fields that a request should not have are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::parse::{whole_number, whole_number_or_null};
use crate::{AgentState, Priority, Timestamp};

/// The most agents that a simulator is asked to play.
pub const AGENTS_MAX: u32 = 1_000_000;

/// The answer to `GET /status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimStatus {
    /// Whether it runs.
    pub state: RunState,
    /// Since when it does; left out when stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// What its dice were seeded with.
    pub seed: u64,
    /// How many agents it is to play.
    pub active_agents: u32,
    /// How many of them are logged in over a link that is there.
    pub connected_agents: u32,
    /// The number of its agents in each state.
    pub state_breakdown: BTreeMap<AgentState, u32>,
}

/// Whether a simulator runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Agents work and callers call.
    Running,
    /// Neither.
    Stopped,
}

/// The answer to `GET /calls/stats`: the simulator's callers since it was started.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallsStats {
    /// Calls that were made.
    pub calls_made: u64,
    /// Those of them that the server has taken.
    pub calls_queued: u64,
    /// Those that it refused.
    pub calls_refused: u64,
    /// Callers that hung up before an answer.
    pub calls_abandoned: u64,
    /// Calls that ended in another way.
    pub calls_ended: u64,
    /// Callers on the line now, or in search of one.
    pub live_calls: u64,
}

/// The body of `POST /start`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartRequest {
    /// How many agents to play, 0 to [`AGENTS_MAX`]; without it as many as configured.
    #[serde(default, deserialize_with = "some_agents", skip_serializing_if = "Option::is_none")]
    pub active_agents: Option<u32>,
}

/// The body of `POST /scale`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleRequest {
    /// How many agents to play from now on, 0 to [`AGENTS_MAX`].
    #[serde(deserialize_with = "agents")]
    pub active_agents: u32,
}

fn agents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole_number(deserializer, &format!("from 0 to {AGENTS_MAX}"), to_agents)
}

fn some_agents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    whole_number_or_null(deserializer, &format!("from 0 to {AGENTS_MAX}"), to_agents)
}

fn to_agents(count: u64) -> Option<u32> {
    u32::try_from(count).ok().filter(|count| *count <= AGENTS_MAX)
}

/// A factor, a rate or a weight: finite, from 0 to [`Amount::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Amount(f64);

impl Amount {
    /// The largest amount.
    pub const MAX: f64 = 1_000_000.0;

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A number that is no [`Amount`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is not allowed, but a number from 0 to {max}", max = Amount::MAX)]
pub struct InvalidAmount(f64);

impl TryFrom<f64> for Amount {
    type Error = InvalidAmount;

    fn try_from(number: f64) -> Result<Self, InvalidAmount> {
        (0.0..=Self::MAX).contains(&number).then_some(Self(number)).ok_or(InvalidAmount(number))
    }
}

impl From<Amount> for f64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

/// The answer to `GET /calls/config`, and to a `PUT` that was carried out: how callers call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallsConfig {
    /// What the calls per minute are multiplied with in peak hours.
    pub peak_hour_factor: Amount,
    /// Each department's callers, by its id.
    pub departments: BTreeMap<String, DepartmentCalls>,
}

/// How a department's callers call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentCalls {
    /// Calls per minute of the centre's time, outside of peak hours.
    pub calls_per_minute: Amount,
    /// How the calls are shared among the queues, by their ids; not in percent.
    pub vq_weights: BTreeMap<String, Amount>,
    /// How they are shared among the priorities, `"0"` to `"9"`; not in percent.
    pub priority_weights: BTreeMap<Priority, Amount>,
}

/// The body of `PUT /calls/config`: what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallsConfigUpdate {
    /// See [`CallsConfig::peak_hour_factor`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_hour_factor: Option<Amount>,
    /// The departments in which something changes.
    #[serde(default, deserialize_with = "departments", skip_serializing_if = "BTreeMap::is_empty")]
    pub departments: BTreeMap<String, DepartmentCallsUpdate>,
}

fn departments<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, DepartmentCallsUpdate>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What changes in a department; the weights that are given replace all that there were.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DepartmentCallsUpdate {
    /// See [`DepartmentCalls::calls_per_minute`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls_per_minute: Option<Amount>,
    /// See [`DepartmentCalls::vq_weights`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vq_weights: Option<BTreeMap<String, Amount>>,
    /// See [`DepartmentCalls::priority_weights`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_weights: Option<BTreeMap<Priority, Amount>>,
}
