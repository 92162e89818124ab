//! Why the engine refused an input. A refusal changes nothing.

use serde::{Deserialize, Serialize};

use crate::{AgentState, CallId, CallStatus, DepartmentId, VqId};

/// Why an [`Input`](crate::Input) was refused; nothing was changed by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Rejection {
    /// There is no such agent, or there is none any more. One that went offline is known until
    /// the end of the date: of it [`Self::InvalidState`] is said.
    #[error("no such agent is known today")]
    UnknownAgent,
    /// There is no such call, or it arrived longer than 24 hours ago and is over.
    #[error("there is no call {0}")]
    UnknownCall(CallId),
    /// The centre has no such queue, or the agent's department has not.
    #[error("there is no virtual queue number {}", .0.0)]
    UnknownVq(VqId),
    /// The centre has no such department.
    #[error("there is no department number {}", .0.0)]
    UnknownDepartment(DepartmentId),
    /// A value that is never allowed here.
    #[error("{0}")]
    InvalidValue(InvalidValue),
    /// The agent's state does not allow it.
    #[error("not possible while {}", .0.as_str())]
    InvalidState(AgentState),
    /// Something else happened to the call first.
    #[error("{0}")]
    Conflict(Conflict),
    /// The agent has registered again; its older sessions have no say.
    #[error("the agent has registered again since, and only its newest session counts")]
    Superseded,
}

/// A value that is never allowed where it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidValue {
    /// A registration asked for the state offline.
    #[error("an agent cannot register as offline")]
    RegisteredOffline,
    /// A business date that has passed already.
    #[error("a business date cannot come again")]
    PastDay,
    /// A business date whose end is not after its beginning, or more than two days after it, or
    /// past already.
    #[error("a business date ends after it starts and after now, and within 48 hours")]
    DayBounds,
}

/// What happened to the call first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Conflict {
    /// It has ended.
    #[error("the call has ended: {}", .0.as_str())]
    Ended(CallStatus),
    /// It has been answered.
    #[error("the call has been answered")]
    Answered,
    /// It is with another agent, or back in its queue.
    #[error("the call is not this agent's")]
    NotYours,
}
