//! Why a link ends, and what its peer is told of that.

use axum::extract::ws::{CloseFrame, Utf8Bytes, close_code};
use tungstenite::{Error, error::ProtocolError};

/// 1012, "service restart": the peer may come back in a moment.
const RESTART: u16 = 1012;

/// Why a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The peer said goodbye.
    Left,
    /// The connection broke.
    Broken,
    /// The peer does not keep to the WebSocket protocol.
    Unreadable,
    /// A message was longer than allowed.
    TooLarge,
    /// A message was not UTF-8.
    NotUtf8,
    /// A message was not text.
    Binary,
    /// Too many messages were malformed.
    Garbage,
    /// The peer took nothing for too long.
    Slow,
    /// The peer answered no pings.
    Silent,
    /// The server stops.
    Stopping,
}

impl Ending {
    /// What the peer is told; nothing if it cannot hear it any more or knows.
    pub(super) fn close_frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Left | Self::Broken => return None,
            Self::Unreadable => (close_code::PROTOCOL, "not the WebSocket protocol"),
            Self::TooLarge => (close_code::SIZE, "a message has at most 64 KiB"),
            Self::NotUtf8 => (close_code::INVALID, "text is UTF-8"),
            Self::Binary => (close_code::UNSUPPORTED, "messages are text"),
            Self::Garbage => (close_code::POLICY, "ten malformed messages within a minute"),
            Self::Slow => (close_code::POLICY, "nothing was taken for too long"),
            Self::Silent => (close_code::POLICY, "two pings were not answered"),
            Self::Stopping => (RESTART, "the server stops"),
        };
        Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) })
    }

    /// Whether nothing can be read any more, though the peer may be sending still.
    pub(super) fn leaves_unread(self) -> bool {
        matches!(self, Self::Unreadable | Self::TooLarge | Self::NotUtf8)
    }
}

impl From<axum::Error> for Ending {
    fn from(error: axum::Error) -> Self {
        match error.into_inner().downcast::<Error>().map(|error| *error) {
            Ok(Error::Capacity(_)) => Self::TooLarge,
            Ok(Error::Utf8(_)) => Self::NotUtf8,
            Ok(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Self::Broken,
            Ok(Error::Protocol(_)) => Self::Unreadable,
            Ok(_) | Err(_) => Self::Broken,
        }
    }
}
