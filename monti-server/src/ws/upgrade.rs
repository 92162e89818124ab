//! How a request becomes a link.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use monti_core::wire::{ErrorCode, ErrorMessage, MESSAGE_BYTES_MAX};
use tokio::runtime::Handle;
use tungstenite::{
    handshake::derive_accept_key,
    protocol::{Role, WebSocketConfig},
};

use super::{
    Links,
    connection::{Connection, Stream},
};
use crate::{
    http::{Refusal, Seat},
    inbox::RETRY_AFTER,
    observations::Socket,
};

/// What is read at once, and kept for each link: a message of an agent is smaller.
const READ_BYTES: usize = 1024;

/// What is kept of pings, pongs and goodbyes that the peer does not take. Of the pongs that have no
/// room the newest stands for all (RFC 6455, 5.5.3); one that pings and does not read gets no more.
const UNTAKEN_BYTES: usize = 1024;

/// A request that can become a link.
pub(super) struct Upgrade {
    /// What the handshake is answered with.
    accept: HeaderValue,
    connection: OnUpgrade,
    links: Arc<Links>,
    seat: Seat,
}

impl Upgrade {
    /// The links that it becomes one of.
    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    /// Answers the request, and runs the `link` that it becomes on `runtime`.
    pub(super) fn run<F>(
        self,
        kind: Socket,
        runtime: &Handle,
        link: impl FnOnce(Box<Connection>, Arc<Links>) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { accept, connection, links, seat } = self;
        runtime.spawn(async move {
            let stream = match connection.await {
                Ok(stream) => TokioIo::new(stream),
                Err(error) => {
                    tracing::debug!(%error, "a handshake came to nothing");
                    return;
                }
            };
            let stream = Stream::from_raw_socket(stream, Role::Server, Some(limits())).await;
            let _open = (links.open.subscribe(), links.world.observations.open(kind));
            // In a box, for a task has room for every place that it is moved through.
            link(Box::new(Connection::new(stream, seat, &links)), links).await;
        });
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

/// What is kept for a link, and what its peer may send.
pub(super) fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        // Pings and goodbyes are written as they come. Messages do not come this way.
        .write_buffer_size(0)
        .max_write_buffer_size(UNTAKEN_BYTES)
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX))
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let accept = accept(parts)?;
        let connection = parts.extensions.remove::<OnUpgrade>();
        let connection = connection.ok_or_else(|| no_handshake(StatusCode::UPGRADE_REQUIRED))?;
        let links = parts.extensions.get::<Arc<Links>>().cloned();
        let seat = parts.extensions.remove::<Seat>();
        match links.zip(seat) {
            Some((links, seat)) if !links.inbox.is_stopping() => {
                Ok(Self { accept, connection, links, seat })
            }
            _ => Err(ErrorMessage::new(ErrorCode::Busy, "the server is about to stop")
                .retry_after(RETRY_AFTER)
                .into()),
        }
    }
}

/// The answer to a handshake (RFC 6455, 4.2).
///
/// # Errors
/// It is none.
fn accept(parts: &Parts) -> Result<HeaderValue, Refusal> {
    let headers = &parts.headers;
    if !names(headers, header::CONNECTION, "upgrade")
        || !names(headers, header::UPGRADE, "websocket")
        || !names(headers, header::SEC_WEBSOCKET_VERSION, "13")
    {
        return Err(no_handshake(StatusCode::UPGRADE_REQUIRED));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| is_key(key.as_bytes()));
    key.filter(|_| parts.method == Method::GET)
        .and_then(|key| HeaderValue::try_from(derive_accept_key(key.as_bytes())).ok())
        .ok_or_else(|| no_handshake(StatusCode::BAD_REQUEST))
}

/// Whether it is 16 bytes in base64, whatever they are.
fn is_key(key: &[u8]) -> bool {
    BASE64_STANDARD.decode(key).is_ok_and(|nonce| nonce.len() == 16)
}

/// Whether a header's list has `value` in it, whatever its case.
fn names(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|values| values.to_str().ok());
    values.flat_map(|values| values.split(',')).any(|one| one.trim().eq_ignore_ascii_case(value))
}

fn no_handshake(status: StatusCode) -> Refusal {
    let detail = "this path is for WebSocket clients: allowed is GET with `Connection: Upgrade`, \
                  `Upgrade: websocket`, `Sec-WebSocket-Version: 13` and a `Sec-WebSocket-Key` of \
                  16 bytes in base64";
    Refusal::with_status(status, ErrorCode::Unsupported, detail)
}
