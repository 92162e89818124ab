//! Errors of REST and simulator control: problem details, RFC 9457.

use serde::{Deserialize, Serialize};

use super::{ErrorCode, ErrorMessage, Seconds};

/// The body of an HTTP error, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The kind of problem as a URI. Always `about:blank`: [`Self::code`] tells the kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the status means in HTTP.
    pub title: String,
    /// The HTTP status, 400 to 599.
    pub status: u16,
    /// What is wrong and, where that helps, what is allowed.
    pub detail: String,
    /// The same codes as on the links.
    pub code: ErrorCode,
    /// With `busy` and `rate_limited`: when it is worth trying again, as `Retry-After` says too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<Seconds>,
}

impl From<ErrorMessage> for Problem {
    fn from(error: ErrorMessage) -> Self {
        let (status, title) = error.code.http_status();
        Self {
            kind: "about:blank".to_owned(),
            title: title.to_owned(),
            status,
            detail: error.message,
            code: error.code,
            retry_after_seconds: error.retry_after_seconds,
        }
    }
}

impl ErrorCode {
    /// The HTTP status that goes with it, and what that means in HTTP.
    pub const fn http_status(self) -> (u16, &'static str) {
        match self {
            Self::Malformed => (400, "Bad Request"),
            Self::Unauthorized => (401, "Unauthorized"),
            Self::Forbidden => (403, "Forbidden"),
            Self::UnknownAgent | Self::UnknownCall | Self::UnknownVq | Self::UnknownDepartment => {
                (404, "Not Found")
            }
            Self::InvalidState | Self::Conflict | Self::Superseded => (409, "Conflict"),
            Self::TooLarge => (413, "Content Too Large"),
            Self::Unsupported => (415, "Unsupported Media Type"),
            Self::InvalidValue => (422, "Unprocessable Content"),
            Self::RateLimited => (429, "Too Many Requests"),
            Self::Busy | Self::ReadOnly => (503, "Service Unavailable"),
        }
    }
}
