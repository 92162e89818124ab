//! Errors as problem details, RFC 9457.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use monti_core::wire::{ErrorCode, ErrorMessage, Problem};

/// A request was not carried out, and changed nothing.
#[derive(Debug)]
pub(super) struct Refusal(Problem);

impl Refusal {
    /// A refusal with the status that goes with its `code`.
    pub(super) fn new(code: ErrorCode, detail: &str) -> Self {
        ErrorMessage::new(code, detail).into()
    }

    /// A refusal that HTTP has a status of its own for.
    pub(super) fn with_status(status: StatusCode, code: ErrorCode, detail: &str) -> Self {
        let Self(problem) = Self::new(code, detail);
        let title = status.canonical_reason().unwrap_or_default().to_owned();
        Self(Problem { status: status.as_u16(), title, ..problem })
    }
}

impl From<ErrorMessage> for Refusal {
    fn from(error: ErrorMessage) -> Self {
        Self(error.into())
    }
}

impl From<Box<ErrorMessage>> for Refusal {
    fn from(error: Box<ErrorMessage>) -> Self {
        (*error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status = StatusCode::from_u16(problem.status);
        let retry_after = problem.retry_after_seconds;
        let mut response =
            (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(problem)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(delay) = retry_after {
            // Whole seconds are all that the header knows.
            headers.insert(header::RETRY_AFTER, delay.0.get().div_ceil(1_000).into());
        }
        response
    }
}
