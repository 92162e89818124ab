//! What the outside asks of the driver, and the way there.
//!
//! The way is bounded in two steps: new calls, injections and questions are refused when it is
//! three quarters full, so that there is room left for what agents do with the calls that are there
//! already. What is refused is answered `busy`; what was taken in is never dropped.

mod grant;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc as std_mpsc,
    },
    time::{Duration, Instant},
};

use monti_core::{
    CallId, Engine, LoginId, Millis, SettableState, Timestamp,
    wire::{AgentClientMessage, AgentServerMessage, ErrorCode, ErrorMessage, InjectRequest},
};
use tokio::sync::{mpsc, oneshot};

pub use self::grant::{Grant, Role};

/// The requests that may wait for the driver: room for the registrations of ten thousand agents
/// that come back in the same second, and less than a second's work.
pub const INBOX_CAPACITY: usize = 16_384;

/// The messages that may wait on the way back to a link: all answers to an inbox full of its
/// requests, and as much again of what follows from them.
pub const LINK_CAPACITY: usize = 2 * INBOX_CAPACITY;

/// When it is worth asking again after `busy`: a full inbox is worked off in less.
const RETRY_AFTER: Millis = Millis::from_secs(1);

/// A link of agents or of a simulator. Numbers are never used twice, restarts included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

/// The way back to a link: whatever is sent here is durable already.
///
/// Bounded by [`LINK_CAPACITY`]: a link that takes nothing for so long that its way is full is closed, because what it
/// would miss cannot be made good later. Boxed, because ten thousand links keep room for a few
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
        /// The message, already checked to be well-formed.
        message: AgentClientMessage,
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
        /// The agent that has it, `None` for a call that waits.
        login: Option<LoginId>,
        /// The answer, after it is durable.
        answer: oneshot::Sender<Result<(), ErrorMessage>>,
    },
    /// A question to the engine, answered after a commit. Must be quick: everything waits for it.
    /// What it is told is durable. It is dropped unasked while nothing can be made durable: the
    /// asker notices by its own channel.
    Ask(Box<dyn FnOnce(&Engine) + Send>),
}

impl Request {
    /// The inputs that it becomes, roughly: what it takes of the inbox's room.
    fn weight(&self) -> usize {
        match self {
            Self::Inject { request, .. } => usize::from(request.count),
            _ => 1,
        }
    }

    /// Which part of the capacity it may fill, in quarters.
    fn quarters(&self) -> Quarters {
        match self {
            // There are never more of these than there are links.
            Self::LinkOpened { .. } | Self::LinkClosed { .. } => Quarters::Unbounded,
            Self::LinkMessage { message: AgentClientMessage::IncomingCall(_), .. }
            | Self::Inject { .. }
            | Self::Ask(_) => Quarters::Three,
            Self::LinkMessage { .. } | Self::SetState { .. } | Self::EndCall { .. } => {
                Quarters::Four
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quarters {
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

/// The way to the driver. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// Nothing at all only wakes the driver up.
    sender: std_mpsc::Sender<Option<Arrival>>,
    shared: Arc<Shared>,
}

/// The driver's end of the way.
#[derive(Debug)]
pub struct Outlet {
    receiver: std_mpsc::Receiver<Option<Arrival>>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    capacity: usize,
    depth: AtomicUsize,
    is_stopping: AtomicBool,
    next_link: AtomicU64,
}

/// An inbox for `capacity` requests, whose links are numbered from the milliseconds of `now` on:
/// no server brings a thousand links a second for so long that a later start would repeat one.
pub fn inbox(capacity: usize, now: Timestamp) -> (Inbox, Outlet) {
    let (sender, receiver) = std_mpsc::channel();
    let shared = Arc::new(Shared {
        capacity,
        depth: AtomicUsize::new(0),
        is_stopping: AtomicBool::new(false),
        next_link: AtomicU64::new(now.since(Timestamp::from_millis(0)).get()),
    });
    (Inbox { sender, shared: Arc::clone(&shared) }, Outlet { receiver, shared })
}

impl Inbox {
    /// A number for a link that was never used before.
    pub fn next_link(&self) -> LinkId {
        LinkId(self.shared.next_link.fetch_add(1, Ordering::Relaxed))
    }

    /// Asks something of the driver, without waiting.
    ///
    /// # Errors
    /// The request itself, with what to answer, if there is no room for it or the server stops.
    pub fn try_send(&self, request: Request) -> Result<(), Box<Refused>> {
        let quarters = request.quarters();
        if self.is_stopping() && quarters != Quarters::Unbounded {
            return Err(refused(request, "the server is about to stop"));
        }
        let weight = request.weight();
        if !self.shared.take_room(weight, quarters) {
            return Err(refused(request, "there is too much to do"));
        }
        let arrival = Arrival { request, at: Instant::now() };
        match self.sender.send(Some(arrival)) {
            Err(std_mpsc::SendError(Some(arrival))) => {
                Err(refused(arrival.request, "the server has stopped"))
            }
            Ok(()) | Err(std_mpsc::SendError(None)) => Ok(()),
        }
    }

    /// Begins to stop: nothing is taken in any more; the driver ends after what it has.
    pub fn stop(&self) {
        self.shared.is_stopping.store(true, Ordering::Release);
        // A driver that is gone need not be woken.
        let _gone = self.sender.send(None);
    }

    /// Whether the server is about to stop, or has.
    pub fn is_stopping(&self) -> bool {
        self.shared.is_stopping.load(Ordering::Acquire)
    }

    /// How much waits for the driver.
    pub fn depth(&self) -> usize {
        self.shared.depth.load(Ordering::Relaxed)
    }
}

impl Outlet {
    /// Puts all that waits into `batch`, up to `max` requests; waits up to `patience` for the
    /// first. Answers whether more can come: not once the server stops and nothing is left.
    pub fn receive(&self, batch: &mut Vec<Arrival>, max: usize, patience: Duration) -> bool {
        let mut next = self.receiver.try_recv().ok();
        if next.is_none() && !self.is_stopping() {
            next = match self.receiver.recv_timeout(patience) {
                Ok(item) => Some(item),
                Err(std_mpsc::RecvTimeoutError::Timeout) => return true,
                Err(std_mpsc::RecvTimeoutError::Disconnected) => return false,
            };
        }
        let was_empty = next.is_none();
        while let Some(item) = next {
            if let Some(arrival) = item {
                self.shared.give_room(arrival.request.weight());
                batch.push(arrival);
            }
            next = if batch.len() < max { self.receiver.try_recv().ok() } else { None };
        }
        !(was_empty && self.is_stopping())
    }

    /// Whether the server is about to stop.
    pub fn is_stopping(&self) -> bool {
        self.shared.is_stopping.load(Ordering::Acquire)
    }

    /// How much waits.
    pub fn depth(&self) -> usize {
        self.shared.depth.load(Ordering::Relaxed)
    }
}

impl Shared {
    /// Takes room if the request's part of the capacity is not full. A large request may go over
    /// it: it would never fit otherwise.
    fn take_room(&self, weight: usize, quarters: Quarters) -> bool {
        let bound = match quarters {
            Quarters::Three => self.capacity / 4 * 3,
            Quarters::Four => self.capacity,
            Quarters::Unbounded => usize::MAX,
        };
        let take = |depth: usize| (depth < bound).then(|| depth.saturating_add(weight));
        self.depth.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn give_room(&self, weight: usize) {
        self.depth.fetch_sub(weight, Ordering::Relaxed);
    }
}

fn refused(request: Request, why: &str) -> Box<Refused> {
    let error = ErrorMessage::new(ErrorCode::Busy, why).retry_after(RETRY_AFTER.into());
    let error = match &request {
        Request::LinkMessage { message, .. } => error.about(message.subject()),
        _ => error,
    };
    Box::new(Refused { request, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_agents_when_there_is_none_for_calls() {
        let (inbox, outlet) = inbox(8, Timestamp::from_millis(0));
        let ask = || inbox.try_send(Request::Ask(Box::new(|_| ())));
        let link = LinkId(1);
        let set_state = || {
            let (answer, _) = oneshot::channel();
            let login = "ada".parse().unwrap();
            inbox.try_send(Request::SetState { login, state: SettableState::Break, answer })
        };
        assert_eq!((0..10).filter(|_| ask().is_ok()).count(), 6);
        assert_eq!((0..10).filter(|_| set_state().is_ok()).count(), 2);
        assert!(inbox.try_send(Request::LinkClosed { link }).is_ok());
        let error = ask().err().map(|refused| refused.error).unwrap();
        assert_eq!(error.code, ErrorCode::Busy);
        assert!(error.retry_after_seconds.is_some());

        let mut batch = Vec::new();
        assert!(outlet.receive(&mut batch, 5, Duration::ZERO));
        assert_eq!((batch.len(), inbox.depth()), (5, 4));
        assert!(ask().is_ok());
    }

    #[test]
    fn stopping_lets_out_all_that_is_in() {
        let (inbox, outlet) = inbox(8, Timestamp::from_millis(0));
        let link = inbox.next_link();
        inbox.try_send(Request::LinkClosed { link }).map_err(|_| "no room").unwrap();
        inbox.stop();
        assert!(inbox.try_send(Request::Ask(Box::new(|_| ()))).is_err());
        let mut batch = Vec::new();
        assert!(outlet.receive(&mut batch, 8, Duration::MAX));
        assert_eq!(batch.len(), 1);
        assert!(!outlet.receive(&mut batch, 8, Duration::MAX));
    }
}
