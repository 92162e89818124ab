//! The protocol: every message and body of MONTI's contract, version [`PROTOCOL`], as a type.
//!
//! Server, simulator and wallboard share these types, so each of them is both written and read.
//! One JSON object is one value; `type` is snake_case, all other keys are camelCase.
//!
//! - **Directions.** [`AgentClientMessage`] and [`AgentServerMessage`] run over the agent link,
//!   [`WallboardClientMessage`] and [`WallboardServerMessage`] over the wallboard link. What is
//!   read from a peer goes through their `parse`, whose error says what is wrong and what is
//!   allowed, and is the answer itself: an [`ErrorMessage`].
//! - **Strictness.** In messages, keys that are not known are ignored: a newer peer may send them.
//!   In the bodies of REST and simulator-control requests, read with [`parse_body`], they are
//!   refused: a misspelt key must not be a silent default.
//! - **Times** are [`Timestamp`](crate::Timestamp)s, durations are [`Seconds`] and end in
//!   `Seconds`, percentages are 0 to 100 and end in `Percent`.
//! - **No value.** A figure that has no value yet is `null`. A key marked `?` in the contract is
//!   left out when there is nothing to say, and reads the same as `null`.
//! - **Identifiers** of agents, calls and requests are checked when read. Departments and queues
//!   stay text: which there are depends on the centre.

mod agent_client;
mod agent_info;
mod agent_server;
mod error;
mod history;
mod live_state;
mod optional_text;
mod parse;
mod problem;
mod request;
mod seconds;
mod sim_control;
mod stats;
mod summary;
mod virtual_queue;
mod wallboard;
mod welcome;

pub use self::{
    agent_client::{
        AgentClientMessage, CallAbandon, CallAction, CallComplete, IncomingCall, Register,
        StateChange, Unregister,
    },
    agent_info::{AgentInfo, AgentKpis, ConnectionStatus},
    agent_server::{
        Ack, AgentServerMessage, CallAbandoned, CallAssign, CallEnded, CallQueued, CallRevoked,
        ForceEndCall, ForceLogout, Registered, RevokeReason,
    },
    error::{ErrorCode, ErrorMessage, Subject},
    history::{AgentDailyStats, AgentHistory, CallRecord, CallsPage},
    live_state::{DepartmentState, LiveCall, LiveCallStatus, LiveState},
    parse::parse_body,
    problem::Problem,
    request::{INJECT_COUNT_MAX, InjectRequest, InjectResponse, StateRequest},
    seconds::Seconds,
    sim_control::{
        AGENTS_MAX, Amount, CallsConfig, CallsConfigUpdate, CallsStats, DepartmentCalls,
        DepartmentCallsUpdate, InvalidAmount, RunState, ScaleRequest, SimStatus, StartRequest,
    },
    stats::{CallCounts, CallStats, Interval, QueueCallStats, QueueIntervals},
    summary::Summary,
    virtual_queue::{ServiceLevel, VirtualQueue},
    wallboard::{
        ACTIVITY_EVENTS_MAX, Activity, ActivityEvent, ActivityKind, DepartmentDelta,
        DepartmentOverview, Health, Mode, Persistence, Resync, Subscribe, Tick, VqOverview,
        WallboardClientMessage, WallboardServerMessage,
    },
    welcome::{CentreInfo, ColourThresholds, DepartmentInfo, Limits, QueueInfo, Welcome},
};

/// The protocol's version, in [`Welcome`].
pub const PROTOCOL: u32 = 1;

/// The most bytes that a message from a client, and a frame of it, may have.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024;
