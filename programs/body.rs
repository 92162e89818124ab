//! Reading a request's body, the same for all programs that answer: JSON of bounded length, in
//! bounded time.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use monti_core::wire::{ErrorCode, MESSAGE_BYTES_MAX, parse_body};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::refusal::Refusal;

/// A request's body, with known fields and allowed values alone.
#[derive(Debug)]
pub(super) struct Read<T>(pub(super) T);

/// The body of a request that needs none: nothing, or an empty object.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// How long a request's body may take to arrive, as an extension of the request; ten seconds
/// without one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience(pub(super) Duration);

impl Default for Patience {
    fn default() -> Self {
        Self(Duration::from_secs(10))
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Read<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let is_json = is_json(request.headers());
        let bytes = read(request).await?;
        if !bytes.is_empty() && !is_json {
            let detail = "allowed is a body of `Content-Type: application/json`";
            return Err(Refusal::new(ErrorCode::Unsupported, detail));
        }
        let text = str::from_utf8(&bytes)
            .map_err(|_| Refusal::new(ErrorCode::Malformed, "the body is not UTF-8"))?;
        Ok(Self(parse_body(text)?))
    }
}

async fn read(request: Request) -> Result<Bytes, Refusal> {
    let Patience(patience) = request.extensions().get().copied().unwrap_or_default();
    let whole = Limited::new(request.into_body(), MESSAGE_BYTES_MAX).collect();
    match timeout(patience, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = format!("allowed is a body of at most {MESSAGE_BYTES_MAX} bytes");
            Err(Refusal::new(ErrorCode::TooLarge, detail))
        }
        Ok(Err(_)) => Err(Refusal::new(ErrorCode::Malformed, "the body did not arrive whole")),
        Err(_) => Err(Refusal::with_status(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::Malformed,
            "the body took too long to arrive",
        )),
    }
}

/// Whether the content type says JSON. A browser sends that to another site only after asking, and
/// is refused then: no form of a web page gets a body in.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
