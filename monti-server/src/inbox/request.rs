//! What can be asked of the driver.

use std::{sync::Arc, time::Instant};

use monti_core::{
    CallId, Engine, LoginId, SettableState,
    wire::{AgentClientMessage, AgentServerMessage, ErrorMessage, InjectRequest},
};
use tokio::sync::{mpsc, oneshot};

use super::{Grant, INBOX_CAPACITY};

/// The messages that may wait on the way back to a link: all answers to an inbox full of its
/// requests, and twice as much of what follows from them, as of callers who hang up.
pub const LINK_CAPACITY: usize = 3 * INBOX_CAPACITY;

/// A link of agents or of a simulator. Numbers are never used twice, restarts included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

/// The way back to a link: whatever is sent here is durable already.
///
/// Bounded by [`LINK_CAPACITY`]: a link that takes nothing for so long that its way is full is
/// closed, because what it would miss cannot be made good later. Boxed, because ten thousand links keep room for a few
/// messages each.
pub type LinkSender = mpsc::Sender<Box<AgentServerMessage>>;

/// Something that is asked of the driver.
#[expect(missing_debug_implementations, reason = "a question is a closure")]
pub enum Request {
    /// A link is there; before any message of it.
    LinkOpened {
        /// Its number.
        link: LinkId,
        /// The way back. The driver drops it when the link is to be closed: because it took
        /// nothing for too long, or because the server stops.
        sender: LinkSender,
        /// What it may do.
        grant: Arc<Grant>,
    },
    /// A message came over a link.
    LinkMessage {
        /// The link.
        link: LinkId,
        /// The message, or why what came is none: its answer comes in its turn.
        message: Result<AgentClientMessage, Box<ErrorMessage>>,
    },
    /// A link is gone; after all messages of it.
    LinkClosed {
        /// The link.
        link: LinkId,
    },
    /// Calls are to be put into a queue. Answers their ids, in order.
    Inject {
        /// What calls.
        request: InjectRequest,
        /// The answer, after they are durable.
        answer: oneshot::Sender<Result<Vec<CallId>, ErrorMessage>>,
    },
    /// A supervisor sets an agent's state, or logs it out with `offline`.
    SetState {
        /// Whose.
        login: LoginId,
        /// The state to have, at once or after the call.
        state: SettableState,
        /// The answer, after it is durable.
        answer: oneshot::Sender<Result<(), ErrorMessage>>,
    },
    /// A supervisor ends a call.
    EndCall {
        /// The call.
        call: CallId,
        /// The agent that must have it for this to be done; `None` ends it wherever it is.
        login: Option<LoginId>,
        /// The answer, after it is durable.
        answer: oneshot::Sender<Result<(), ErrorMessage>>,
    },
    /// A question to the engine, answered after a commit. Must be quick: everything waits for it.
    /// What it is told is durable: while nothing can be made durable it is asked of the engine as
    /// it was before. If that cannot be read it is dropped unasked: the asker notices by its own
    /// channel.
    Ask(Box<dyn FnOnce(&Engine) + Send>),
}

impl Request {
    /// The inputs that it becomes, roughly: what it takes of the inbox's room.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Inject { request, .. } => usize::from(request.count),
            _ => 1,
        }
    }

    /// Which part of the capacity it may fill, in quarters.
    pub(super) fn quarters(&self) -> Quarters {
        match self {
            // There are never more of these than there are links.
            Self::LinkOpened { .. } | Self::LinkClosed { .. } => Quarters::Unbounded,
            // Garbage must not take the room that agents have for what they do.
            Self::LinkMessage {
                message: Ok(AgentClientMessage::IncomingCall(_)) | Err(_), ..
            }
            | Self::Inject { .. }
            | Self::Ask(_) => Quarters::Three,
            Self::LinkMessage { .. } | Self::SetState { .. } | Self::EndCall { .. } => {
                Quarters::Four
            }
        }
    }
}

/// A part of the inbox's capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quarters {
    Three,
    Four,
    Unbounded,
}

/// A request, and when it was put into the inbox.
pub struct Arrival {
    /// What is asked.
    pub request: Request,
    /// When, for the latency that is measured.
    pub at: Instant,
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrival").field("at", &self.at).finish_non_exhaustive()
    }
}

/// A request that the inbox did not take, with the answer to it.
#[expect(missing_debug_implementations, reason = "a question is a closure")]
pub struct Refused {
    /// The request, to be answered.
    pub request: Request,
    /// `busy`, about what the request was about.
    pub error: ErrorMessage,
}
