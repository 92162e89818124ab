//! Reading a request's body: JSON, with known fields and allowed values alone.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use monti_core::wire::{ErrorCode, MESSAGE_BYTES_MAX, parse_body};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::{PATIENCE, refusal::Refusal};

/// A request's body.
#[derive(Debug)]
pub(super) struct Read<T>(pub(super) T);

/// The body of a request that needs none: nothing, or an empty object.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Read<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let is_json = is_json(request.headers());
        let body = timeout(PATIENCE, Bytes::from_request(request, state)).await;
        let body = body.map_err(|_| {
            let (status, detail) =
                (StatusCode::REQUEST_TIMEOUT, "the body took too long to arrive");
            Refusal::with_status(status, ErrorCode::Malformed, detail)
        })?;
        let body = body.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let detail = format!("allowed is a body of at most {MESSAGE_BYTES_MAX} bytes");
                return Refusal::new(ErrorCode::TooLarge, &detail);
            }
            Refusal::new(ErrorCode::Malformed, "the body did not arrive whole")
        })?;
        if !body.is_empty() && !is_json {
            let detail = "allowed is a body of `Content-Type: application/json`";
            return Err(Refusal::new(ErrorCode::Unsupported, detail));
        }
        let text = str::from_utf8(&body)
            .map_err(|_| Refusal::new(ErrorCode::Malformed, "the body is not UTF-8"))?;
        Ok(Self(parse_body(text)?))
    }
}

/// Whether the content type says JSON. A browser sends that to another site only after asking, and
/// is refused then: a web page cannot start anything by a form.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
