//! Reading a request's body: JSON, of bounded length, in bounded time.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::{BodyExt as _, Limited};
use monti_core::wire::{ErrorCode, MESSAGE_BYTES_MAX, parse_body};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::{Limits, Refusal, Services};

/// A request's body, with known fields and allowed values alone.
#[derive(Debug)]
pub(super) struct Read<T>(pub(super) T);

/// The body of a request that needs none: nothing, or an empty object.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

impl<T: DeserializeOwned> FromRequest<Arc<Services>> for Read<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Arc<Services>) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let limits = parts.extensions.get::<Limits>().copied().unwrap_or_default();
        let bytes = read(body, limits.handshake).await?;
        if !bytes.is_empty() && !is_json(&parts.headers) {
            let detail = "allowed is a body of `Content-Type: application/json`";
            return Err(Refusal::new(ErrorCode::Unsupported, detail));
        }
        let text = str::from_utf8(&bytes)
            .map_err(|_| Refusal::new(ErrorCode::Malformed, "the body is not UTF-8"))?;
        Ok(Self(parse_body(text)?))
    }
}

async fn read(body: Body, patience: Duration) -> Result<Bytes, Refusal> {
    let whole = Limited::new(body, MESSAGE_BYTES_MAX).collect();
    match timeout(patience, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
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

/// Whether the content type says JSON. A browser sends that to another site only after asking,
/// and is refused then: a web page cannot inject calls by a form.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
