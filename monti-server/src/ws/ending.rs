//! Why a link ends, and what its peer is told of that.

use std::io;

use tungstenite::{
    Error, Utf8Bytes,
    error::ProtocolError,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

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
            Self::Unreadable => (CloseCode::Protocol, "not the WebSocket protocol"),
            Self::TooLarge => (CloseCode::Size, "a message has at most 64 KiB"),
            Self::NotUtf8 => (CloseCode::Invalid, "text is UTF-8"),
            Self::Binary => (CloseCode::Unsupported, "messages are text"),
            Self::Garbage => (CloseCode::Policy, "ten malformed messages within a minute"),
            Self::Slow => (CloseCode::Policy, "nothing was taken for too long"),
            Self::Silent => (CloseCode::Policy, "two pings were not answered"),
            Self::Stopping => (CloseCode::Restart, "the server stops"),
        };
        Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) })
    }

    /// Whether nothing can be read any more, though the peer may be sending still.
    pub(super) fn leaves_unread(self) -> bool {
        matches!(self, Self::Unreadable | Self::TooLarge | Self::NotUtf8)
    }
}

impl From<Error> for Ending {
    fn from(error: Error) -> Self {
        match error {
            Error::Capacity(_) => Self::TooLarge,
            Error::Utf8(_) => Self::NotUtf8,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Broken,
            Error::Protocol(_) => Self::Unreadable,
            _ => Self::Broken,
        }
    }
}

impl From<io::Error> for Ending {
    fn from(_: io::Error) -> Self {
        Self::Broken
    }
}
