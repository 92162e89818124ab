//! How a request becomes a link.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{StatusCode, request::Parts},
    response::Response,
};
use monti_core::{
    Millis,
    wire::{ErrorCode, ErrorMessage, MESSAGE_BYTES_MAX, Seconds},
};

use super::{Links, connection::Connection};
use crate::{
    http::{Refusal, Seat},
    observations::Socket,
};

/// What is read at once, and kept for each link: a message of an agent is smaller.
const READ_BYTES: usize = 4 * 1024;

/// When another server may answer.
const RETRY_AFTER: Seconds = Seconds(Millis::from_secs(1));

/// A request that can become a link.
pub(super) struct Upgrade {
    handshake: WebSocketUpgrade,
    links: Arc<Links>,
    seat: Seat,
}

impl Upgrade {
    /// Answers the request, and runs the `link` that it becomes.
    pub(super) fn run<F>(
        self,
        kind: Socket,
        link: impl FnOnce(Box<Connection>, Arc<Links>) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { handshake, links, seat } = self;
        let handshake = handshake
            .read_buffer_size(READ_BYTES)
            // Messages are written as they come: there is never more than one to be kept.
            .write_buffer_size(0)
            .max_message_size(MESSAGE_BYTES_MAX)
            .max_frame_size(MESSAGE_BYTES_MAX);
        handshake.on_upgrade(move |stream| async move {
            let _open = (links.open.subscribe(), links.world.observations.open(kind));
            // In a box, for a task has room for every place that it is moved through.
            link(Box::new(Connection::new(stream, seat, &links)), links).await;
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let handshake = WebSocketUpgrade::from_request_parts(parts, state).await;
        let handshake = handshake.map_err(|rejection| refusal(&rejection))?;
        let links = parts.extensions.get::<Arc<Links>>().cloned();
        let seat = parts.extensions.remove::<Seat>();
        match links.zip(seat) {
            Some((links, seat)) if !links.inbox.is_stopping() => {
                Ok(Self { handshake, links, seat })
            }
            _ => Err(ErrorMessage::new(ErrorCode::Busy, "the server is about to stop")
                .retry_after(RETRY_AFTER)
                .into()),
        }
    }
}

fn refusal(rejection: &WebSocketUpgradeRejection) -> Refusal {
    let status = match rejection {
        WebSocketUpgradeRejection::ConnectionNotUpgradable(_)
        | WebSocketUpgradeRejection::InvalidConnectionHeader(_)
        | WebSocketUpgradeRejection::InvalidUpgradeHeader(_) => StatusCode::UPGRADE_REQUIRED,
        _ => StatusCode::BAD_REQUEST,
    };
    let detail = format!("this path is for WebSocket clients: {}", rejection.body_text());
    Refusal::with_status(status, ErrorCode::Unsupported, &detail)
}
