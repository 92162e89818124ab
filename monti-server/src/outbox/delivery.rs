//! Delivering a round of letters, and what becomes of each of them.

use std::{cell::RefCell, collections::BTreeMap, time::Instant};

use futures_util::{StreamExt as _, stream};
use tokio::{sync::Semaphore, time::sleep};

use super::{BATCH_MAX, Pace, Sink, SinkError, SinkErrorKind, breaker::Breaker};
use crate::store::{Letter, LetterKind};

/// What became of a round. Letters that are in neither list wait on.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The numbers of those that are there now, in order; also of an agent's day's versions that a
    /// newer one made needless.
    pub(super) delivered: Vec<i64>,
    /// How many of them were sent.
    pub(super) sent: u64,
    /// The numbers of those that the sink will never take, with its reasons.
    pub(super) refused: Vec<(i64, String)>,
    /// How many were sent once more.
    pub(super) resent: u64,
    /// The last failure.
    pub(super) failure: Option<SinkError>,
}

/// A round of letters on their way.
pub(super) struct Delivery<'a, S> {
    sink: &'a S,
    pace: Pace,
    breaker: &'a RefCell<Breaker>,
    /// One for each request that may be under way, of all rounds.
    slots: &'a Semaphore,
    outcome: RefCell<Outcome>,
}

/// What became of a request, in the end.
enum Sent {
    /// The sink has all of it.
    All,
    /// Something of it the sink will never take.
    Refused(SinkError),
    /// Not all of it got there this time.
    NotNow,
}

impl<'a, S: Sink> Delivery<'a, S> {
    pub(super) fn new(
        sink: &'a S,
        pace: Pace,
        breaker: &'a RefCell<Breaker>,
        slots: &'a Semaphore,
    ) -> Self {
        Self { sink, pace, breaker, slots, outcome: RefCell::default() }
    }

    /// Delivers the letters, several requests at a time.
    pub(super) async fn run(self, letters: &[Letter]) -> Outcome {
        let of_kind = |kind| letters.iter().filter(move |letter| letter.kind == kind);
        let calls: Vec<_> = of_kind(LetterKind::Call).collect();
        // Of each day the newest version says all that those before it do.
        let mut newest: BTreeMap<&str, &Letter> = BTreeMap::new();
        for day in of_kind(LetterKind::AgentDay) {
            let known = newest.entry(&day.key).or_insert(day);
            if known.ver <= day.ver {
                *known = day;
            }
        }
        let days: Vec<_> = newest.values().copied().collect();
        let requests = calls.chunks(BATCH_MAX).chain(days.chunks(1));
        // One probe tells as much as many.
        let at_once = if self.breaker.borrow().is_open() { 1 } else { self.pace.in_flight_max };
        let deliveries = requests.map(|request| self.deliver(request.to_vec()));
        stream::iter(deliveries).buffer_unordered(at_once).collect::<()>().await;
        let mut outcome = self.outcome.into_inner();
        let is_there = |day: &Letter| outcome.delivered.contains(&newest[&*day.key].id);
        let superseded = of_kind(LetterKind::AgentDay).filter(|day| is_there(day));
        let superseded: Vec<_> = superseded.map(|day| day.id).collect();
        outcome.delivered.extend(superseded);
        outcome.delivered.sort_unstable();
        outcome.delivered.dedup();
        outcome
    }

    /// Delivers a request's letters; refused, it is split until who is to blame stands alone.
    async fn deliver(&self, letters: Vec<&Letter>) {
        // It is never closed.
        let Ok(_slot) = self.slots.acquire().await else { return };
        let mut parts = vec![letters];
        while let Some(mut part) = parts.pop() {
            match self.send(&mut part).await {
                Sent::All => {}
                Sent::NotNow => return,
                Sent::Refused(reason) if part.len() == 1 => self.set_aside(part[0], &reason).await,
                Sent::Refused(_) => {
                    let half = part.split_off(part.len() / 2);
                    parts.extend([half, part]);
                }
            }
        }
    }

    /// Sends letters until the sink has them all; those that it has leave `letters`.
    async fn send(&self, letters: &mut Vec<&Letter>) -> Sent {
        for attempt in 0..self.pace.attempts_max {
            if attempt > 0 {
                sleep(self.pace.resend.before(attempt - 1)).await;
            }
            if !self.breaker.borrow().lets_through(Instant::now()) {
                return Sent::NotNow;
            }
            if attempt > 0 {
                self.outcome.borrow_mut().resent += letters.len() as u64;
            }
            let error = match self.request(letters).await {
                Ok(untaken) => {
                    self.breaker.borrow_mut().succeeded();
                    self.take_off(letters, &untaken);
                    if letters.is_empty() {
                        return Sent::All;
                    }
                    continue;
                }
                Err(error) => error,
            };
            match error.kind() {
                SinkErrorKind::Refused => return Sent::Refused(error),
                SinkErrorKind::Throttled => self.breaker.borrow_mut().succeeded(),
                SinkErrorKind::Unavailable | SinkErrorKind::Unfit => self.fail(error),
            }
        }
        Sent::NotNow
    }

    /// One request. Answers the numbers of the letters that the sink did not take.
    async fn request(&self, letters: &[&Letter]) -> Result<Vec<i64>, SinkError> {
        match letters {
            [day] if day.kind == LetterKind::AgentDay => {
                self.sink.deliver_day(day).await.map(|()| Vec::new())
            }
            calls => self.sink.deliver_calls(calls).await,
        }
    }

    fn take_off(&self, letters: &mut Vec<&Letter>, untaken: &[i64]) {
        let mut outcome = self.outcome.borrow_mut();
        letters.retain(|letter| {
            let is_taken = !untaken.contains(&letter.id);
            if is_taken {
                outcome.delivered.push(letter.id);
                outcome.sent += 1;
            }
            !is_taken
        });
    }

    /// Sets a letter aside for ever, unless the sink refuses everything.
    async fn set_aside(&self, letter: &Letter, reason: &SinkError) {
        match self.sink.check().await {
            Ok(()) => {
                tracing::error!(
                    kind = letter.kind.as_str(), key = %letter.key, %reason,
                    "a record is refused for ever, and set aside"
                );
                self.breaker.borrow_mut().succeeded();
                self.outcome.borrow_mut().refused.push((letter.id, reason.to_string()));
            }
            Err(error) => self.fail(error),
        }
    }

    fn fail(&self, error: SinkError) {
        let mut breaker = self.breaker.borrow_mut();
        let is_open = match error.kind() {
            SinkErrorKind::Unfit => breaker.trip(Instant::now()),
            _ => breaker.failed(Instant::now()),
        };
        if is_open {
            tracing::debug!(%error, "the breaker is open");
        }
        self.outcome.borrow_mut().failure = Some(error);
    }
}
