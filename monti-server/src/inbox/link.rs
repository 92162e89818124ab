//! The way back to a link.

use monti_core::wire::AgentServerMessage;
use tokio::sync::mpsc::{self, error::TrySendError};

use super::INBOX_CAPACITY;
use crate::{driver::Text, socket::Shortcut};

/// The messages that may wait on the way back to a link: all answers to an inbox full of its
/// requests, and as much again of what follows from them.
pub const LINK_CAPACITY: usize = 2 * INBOX_CAPACITY;

/// The way back to a link: whatever is sent here is durable already, and heard in this order.
///
/// Bounded by [`LINK_CAPACITY`]: a link that takes nothing for so long that its way is full is
/// closed, because what it would miss cannot be made good later.
#[derive(Debug)]
pub struct LinkSender {
    /// Boxed, because ten thousand links keep room for a few messages each.
    queue: mpsc::Sender<Box<AgentServerMessage>>,
    shortcut: Option<Shortcut>,
}

/// Why a message cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSent {
    /// The link took nothing for too long.
    Full,
    /// The link is gone.
    Gone,
}

impl LinkSender {
    pub(crate) fn new(
        queue: mpsc::Sender<Box<AgentServerMessage>>,
        shortcut: Option<Shortcut>,
    ) -> Self {
        Self { queue, shortcut }
    }

    /// Writes a message to the link's socket, if nothing is to go before it; otherwise, and without
    /// a way there, has the link's task write it.
    pub(crate) fn write(&self, message: Box<AgentServerMessage>) -> Result<(), NotSent> {
        let frame = || Text::of(&*message).into_frame();
        if self.shortcut.as_ref().is_some_and(|shortcut| shortcut.write(frame)) {
            return Ok(());
        }
        self.hand_over(message)
    }

    /// Has the link's task write a message, with others that come meanwhile.
    pub(crate) fn hand_over(&self, message: Box<AgentServerMessage>) -> Result<(), NotSent> {
        self.shortcut.iter().for_each(Shortcut::wait);
        self.queue.try_send(message).map_err(|error| match error {
            TrySendError::Full(_) => NotSent::Full,
            TrySendError::Closed(_) => NotSent::Gone,
        })
    }
}

impl From<mpsc::Sender<Box<AgentServerMessage>>> for LinkSender {
    /// A way to a link that is no socket.
    fn from(queue: mpsc::Sender<Box<AgentServerMessage>>) -> Self {
        Self::new(queue, None)
    }
}
