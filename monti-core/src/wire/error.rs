//! What a peer is told when something cannot be carried out.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Seconds;
use crate::{CallId, LoginId, Rejection, RequestId};

/// Why a message or a request could not be carried out. It changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// It is no JSON object, or its fields are not the right ones.
    Malformed,
    /// Its `type`, or its form, is not known here.
    Unsupported,
    /// It came without a valid token.
    Unauthorized,
    /// Its token does not allow it.
    Forbidden,
    /// No such agent is registered over a link, or known today. One that is offline but known today
    /// is refused with [`Self::InvalidState`].
    UnknownAgent,
    /// There is no such call, or it arrived longer than 24 hours ago and is over.
    UnknownCall,
    /// The centre, or the agent's department, has no such virtual queue.
    UnknownVq,
    /// The centre has no such department.
    UnknownDepartment,
    /// A field has a value that is never allowed.
    InvalidValue,
    /// The agent's state does not allow it.
    InvalidState,
    /// Something else happened to the call first.
    Conflict,
    /// The agent has registered again since; only its newest registration counts.
    Superseded,
    /// There is too much to do; again after `retryAfterSeconds`.
    Busy,
    /// Nothing new can be made durable, so nothing new is accepted.
    ReadOnly,
    /// It is longer than allowed.
    TooLarge,
    /// It came too soon after too many others.
    RateLimited,
}

impl ErrorCode {
    /// All codes, in the contract's order.
    pub const ALL: [Self; 16] = [
        Self::Malformed,
        Self::Unsupported,
        Self::Unauthorized,
        Self::Forbidden,
        Self::UnknownAgent,
        Self::UnknownCall,
        Self::UnknownVq,
        Self::UnknownDepartment,
        Self::InvalidValue,
        Self::InvalidState,
        Self::Conflict,
        Self::Superseded,
        Self::Busy,
        Self::ReadOnly,
        Self::TooLarge,
        Self::RateLimited,
    ];

    /// The code as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::UnknownAgent => "unknown_agent",
            Self::UnknownCall => "unknown_call",
            Self::UnknownVq => "unknown_vq",
            Self::UnknownDepartment => "unknown_department",
            Self::InvalidValue => "invalid_value",
            Self::InvalidState => "invalid_state",
            Self::Conflict => "conflict",
            Self::Superseded => "superseded",
            Self::Busy => "busy",
            Self::ReadOnly => "read_only",
            Self::TooLarge => "too_large",
            Self::RateLimited => "rate_limited",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<&Rejection> for ErrorCode {
    fn from(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::UnknownAgent => Self::UnknownAgent,
            Rejection::UnknownCall(_) => Self::UnknownCall,
            Rejection::UnknownVq(_) => Self::UnknownVq,
            Rejection::UnknownDepartment(_) => Self::UnknownDepartment,
            Rejection::InvalidValue(_) => Self::InvalidValue,
            Rejection::InvalidState(_) => Self::InvalidState,
            Rejection::Conflict(_) => Self::Conflict,
            Rejection::Superseded => Self::Superseded,
        }
    }
}

/// Which request, agent and call an answer is about; each is left out if there was none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// The request, if it carried a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<LoginId>,
    /// The call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<CallId>,
}

/// `error`, from the server over either link: a message was not carried out and changed nothing.
///
/// It is this crate's error for text that cannot be read, too: ready to be sent as the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{code}: {message}")]
#[serde(rename_all = "camelCase")]
pub struct ErrorMessage {
    /// Why, for programs.
    pub code: ErrorCode,
    /// Why, for people: what is wrong and, where that helps, what is allowed.
    pub message: String,
    /// What it is about, as far as that could be read.
    #[serde(flatten)]
    pub subject: Subject,
    /// With `busy` and `rate_limited`: when it is worth trying again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<Seconds>,
}

impl ErrorMessage {
    /// An error about nothing in particular.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let (message, subject) = (message.into(), Subject::default());
        Self { code, message, subject, retry_after_seconds: None }
    }

    /// The same error about `subject`.
    #[must_use]
    pub fn about(self, subject: Subject) -> Self {
        Self { subject, ..self }
    }

    /// The same error with an advice when to try again.
    #[must_use]
    pub fn retry_after(self, delay: Seconds) -> Self {
        Self { retry_after_seconds: Some(delay), ..self }
    }
}

impl From<&Rejection> for ErrorMessage {
    fn from(rejection: &Rejection) -> Self {
        Self::new(rejection.into(), rejection.to_string())
    }
}
