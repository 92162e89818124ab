//! Errors over HTTP as problem details, RFC 9457: the same for all programs that answer.

use axum::{
    Json,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use monti_core::wire::{ErrorCode, ErrorMessage, Problem};

/// The content type of an error.
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A request was not carried out, and changed nothing.
#[derive(Debug, Clone)]
pub struct Refusal(Problem);

impl Refusal {
    /// A refusal with the status that goes with its `code`.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        ErrorMessage::new(code, detail).into()
    }

    /// A refusal that HTTP has a status of its own for.
    pub fn with_status(status: StatusCode, code: ErrorCode, detail: &str) -> Self {
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
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (code, retry_after) = (problem.code, problem.retry_after_seconds);
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, PROBLEM);
        if let Some(delay) = retry_after {
            // Whole seconds are all that the header knows.
            headers.insert(header::RETRY_AFTER, delay.0.get().div_ceil(1_000).into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer realm=\"monti\"");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        if status == StatusCode::UPGRADE_REQUIRED {
            // RFC 9110, 15.5.22, and RFC 6455, 4.2.2.
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        response.extensions_mut().insert(code);
        response
    }
}

/// Something is there, but not for this method.
pub(super) async fn wrong_method(method: Method) -> Refusal {
    let detail = format!("this path does not know {method}; `Allow` says what it knows");
    Refusal::with_status(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::Unsupported, &detail)
}
