//! What runs over the wallboard link, `/ws`, in both directions.

use serde::{Deserialize, Deserializer, Serialize};

use super::{AgentInfo, ErrorMessage, Seconds, Summary, VirtualQueue, Welcome, parse::messages};
use crate::{CallId, LoginId, RequestId, Timestamp};

messages! {
    /// A message from a wallboard to the server. A wallboard need not say anything.
    pub enum WallboardClientMessage {
        /// Chooses what is shown, and how.
        "subscribe" => Subscribe(Subscribe),
        /// Asks for the full state again, in delta mode.
        "resync" => Resync(Resync),
    }
}

messages! {
    /// A message from the server to a wallboard.
    pub enum WallboardServerMessage {
        /// The first message on every link.
        "welcome" => Welcome(Welcome),
        /// The whole of a department's agents.
        "department_overview" => DepartmentOverview(DepartmentOverview),
        /// A second passed.
        "tick" => Tick(Tick),
        /// What changed in a department.
        "department_delta" => DepartmentDelta(DepartmentDelta),
        /// The whole of a department's queues.
        "vq_overview" => VqOverview(VqOverview),
        /// What happened since the last tick.
        "activity" => Activity(Activity),
        /// Whether what happens can be kept.
        "health" => Health(Health),
        /// A message was not carried out.
        "error" => Error(ErrorMessage),
    }
}

/// `subscribe`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscribe {
    /// Echoed in an `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The departments to show, such as `sales`; without them all of the centre's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departments: Option<Vec<String>>,
    /// How to show them.
    pub mode: Mode,
    /// Whether agents are shown one by one; if not their lists are empty.
    #[serde(default = "shown", deserialize_with = "bool_or_shown")]
    pub agents: bool,
}

fn bool_or_shown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_else(shown))
}

fn shown() -> bool {
    true
}

/// How departments are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The full state each second.
    Full,
    /// The full state once, then what changed.
    Delta,
}

/// `resync`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resync {
    /// Echoed in an `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
}

/// `department_overview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentOverview {
    /// The department.
    pub department: String,
    /// The centre's time.
    pub timestamp: Timestamp,
    /// The second that this belongs to; grows by one each real second.
    pub tick: u64,
    /// The department in a few numbers.
    pub summary: Summary,
    /// Its agents, by `agentId`.
    pub agents: Vec<AgentInfo>,
}

/// `tick`: in delta mode also the sign of life when nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tick {
    /// The centre's time.
    pub timestamp: Timestamp,
    /// Grows by one each real second.
    pub tick: u64,
}

/// `department_delta`: what changed since [`Self::previous_tick`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentDelta {
    /// The department.
    pub department: String,
    /// The centre's time.
    pub timestamp: Timestamp,
    /// The second that this belongs to.
    pub tick: u64,
    /// The tick of the state that this changes: what the department was last told in.
    pub previous_tick: u64,
    /// The department in a few numbers.
    pub summary: Summary,
    /// The agents that changed or came, whole.
    pub changed: Vec<AgentInfo>,
    /// The agents that left the department.
    pub removed: Vec<LoginId>,
    /// The queues that changed, whole.
    pub queues: Vec<VirtualQueue>,
}

/// `vq_overview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VqOverview {
    /// The department.
    pub department: String,
    /// The centre's time.
    pub timestamp: Timestamp,
    /// The second that this belongs to.
    pub tick: u64,
    /// Its queues, in the centre's order.
    pub queues: Vec<VirtualQueue>,
    /// Calls that wait in them.
    pub total_waiting: u32,
    /// Calls answered in them, talking or on hold.
    pub total_active: u32,
}

/// The most events in one [`Activity`].
pub const ACTIVITY_EVENTS_MAX: usize = 200;

/// `activity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// The centre's time.
    pub timestamp: Timestamp,
    /// The second that this belongs to.
    pub tick: u64,
    /// What happened since the last tick, newest last; at most [`ACTIVITY_EVENTS_MAX`].
    pub events: Vec<ActivityEvent>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityEvent {
    /// What.
    pub kind: ActivityKind,
    /// To which call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<CallId>,
    /// To which agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<LoginId>,
    /// In which queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vq: Option<String>,
    /// In which department.
    pub department: String,
    /// How long what ended or was reached had lasted: the wait, the ringing, the call, the breach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<Seconds>,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// A call arrived.
    Queued,
    /// A call was offered to an agent.
    Assigned,
    /// An agent answered.
    Accepted,
    /// A call ended, by its agent or by a supervisor.
    Completed,
    /// A caller hung up before an answer.
    Abandoned,
    /// An agent sent a call back.
    Rejected,
    /// Nobody answered in time.
    RingTimeout,
    /// A call ended because its agent was lost.
    AgentLost,
    /// After-call work or a break lasts longer than allowed.
    Breach,
    /// It is over.
    BreachCleared,
    /// An agent logged in.
    Login,
    /// An agent went offline.
    Logout,
}

/// `health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The centre's time.
    pub timestamp: Timestamp,
    /// Whether what happens can be kept.
    pub persistence: Persistence,
    /// Records that wait for their store, left out when `ok`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backlog_records: Option<u64>,
    /// How long the oldest of them has waited, left out when `ok`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backlog_oldest_seconds: Option<Seconds>,
}

/// Whether what happens can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    /// It is.
    Ok,
    /// It is, here; the store of records lags behind.
    Degraded,
    /// It cannot be: no new calls are accepted.
    ReadOnly,
}

impl Persistence {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Degraded, Self::ReadOnly];

    /// Its name in the protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::ReadOnly => "read_only",
        }
    }
}
