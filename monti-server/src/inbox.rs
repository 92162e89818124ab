//! What the outside asks of the driver, and the way there.
//!
//! The way is bounded in two steps: new calls, injections and questions are refused when it is
//! three quarters full, so that there is room left for what agents do with the calls that are there
//! already. What is refused is answered `busy`; what was taken in is never dropped.

mod grant;
mod request;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc as std_mpsc,
    },
    time::{Duration, Instant},
};

use monti_core::{
    Millis, Timestamp,
    wire::{ErrorCode, ErrorMessage, Seconds},
};

use self::request::Quarters;
pub use self::{
    grant::{Grant, Role},
    request::{Arrival, LINK_CAPACITY, LinkId, LinkSender, Refused, Request},
};

/// The requests that may wait for the driver: room for the registrations of ten thousand agents
/// that come back in the same second, and less than a second's work.
pub const INBOX_CAPACITY: usize = 16_384;

/// When it is worth asking again after `busy`: a full inbox is worked off in less.
pub(crate) const RETRY_AFTER: Seconds = Seconds(Millis::from_secs(1));

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

/// How many links there may be for each millisecond of a run without a later one repeating a
/// number: more than any server brings.
const LINKS_PER_MS: u64 = 1_000;

/// An inbox for `capacity` requests, whose links are numbered from the moment `now` on: a later
/// start repeats none of them, however soon it is.
pub fn inbox(capacity: usize, now: Timestamp) -> (Inbox, Outlet) {
    let (sender, receiver) = std_mpsc::channel();
    let shared = Arc::new(Shared {
        capacity,
        depth: AtomicUsize::new(0),
        is_stopping: AtomicBool::new(false),
        next_link: AtomicU64::new(
            now.since(Timestamp::from_millis(0)).get().saturating_mul(LINKS_PER_MS),
        ),
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
    let error = ErrorMessage::new(ErrorCode::Busy, why).retry_after(RETRY_AFTER);
    let error = match &request {
        Request::LinkMessage { message: Ok(message), .. } => error.about(message.subject()),
        Request::LinkMessage { message: Err(error), .. } => (**error).clone(),
        _ => error,
    };
    Box::new(Refused { request, error })
}

#[cfg(test)]
mod tests {
    use monti_core::SettableState;
    use tokio::sync::oneshot;

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
        let garbage = ErrorMessage::new(ErrorCode::Unsupported, "unknown type");
        let message = Err(Box::new(garbage.clone()));
        let refused = inbox.try_send(Request::LinkMessage { link, message });
        assert_eq!(
            refused.err().map(|refused| refused.error),
            Some(garbage),
            "what is wrong with it"
        );
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

    /// All its peers come at once, and it dies four seconds after its start.
    #[test]
    fn a_start_soon_after_another_repeats_no_number_of_a_link() {
        let at = |millis| inbox(8, Timestamp::from_millis(millis)).0;
        let (first, second) = (at(1_769_678_100_000), at(1_769_678_104_000));
        let last = (0..100_000).map(|_| first.next_link()).max();
        assert!(last < Some(second.next_link()), "{last:?}");
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
