//! The writer: takes letters out of the outbox, round by round, and these overlap.

use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::{
    select,
    sync::Semaphore,
    time::{interval, sleep, timeout},
};

use super::{
    BATCH_MAX, Pace, Sink,
    breaker::Breaker,
    delivery::{Delivery, Outcome},
};
use crate::{
    clock::Clock,
    observations::{Observations, OutboxFigures},
    store::{Letter, Outbox, StoreError},
};

/// The full rounds that are under way at once.
const ROUNDS: usize = 2;

/// How often is looked how much waits.
const LOOK: Duration = Duration::from_secs(1);

/// Who brings what is in an outbox to a sink.
#[expect(missing_debug_implementations, reason = "a sink is whatever takes records")]
pub struct Writer<S> {
    /// What waits.
    pub outbox: Outbox,
    /// The same, to look how much it is meanwhile.
    pub gauge: Outbox,
    /// Where it goes.
    pub sink: S,
    /// How fast.
    pub pace: Pace,
    /// The centre's time.
    pub clock: Arc<Clock>,
    /// Where is told how it goes.
    pub observations: Arc<Observations>,
}

/// Brings letters to the sink until it is told to stop, and then for a moment those that are left.
///
/// It waits for the disk, too: to be run on a thread of its own.
///
/// # Errors
/// What the outbox failed with in a way that does not pass. The process has to end: nothing is
/// known any more about what is on the disk.
pub async fn run<S: Sink>(
    writer: Writer<S>,
    stopped: impl Future<Output = ()>,
) -> Result<(), StoreError> {
    let Writer { outbox, gauge, sink, pace, clock, observations } = writer;
    let breaker = RefCell::new(Breaker::new(pace));
    let watch =
        Watch { gauge, pace, breaker: &breaker, clock: &clock, observations: &observations };
    let mut worker = Worker { outbox, sink: &sink, watch: &watch, is_down: false, fruitless: 0 };
    let outcome = select! {
        biased;
        outcome = worker.work() => outcome,
        outcome = watch.keep_looking() => outcome,
        () = stopped => Ok(()),
    };
    outcome?;
    // What it was about to do is done again, and is there once.
    let last = timeout(pace.farewell, worker.empty()).await;
    watch.look()?;
    last.unwrap_or(Ok(()))
}

struct Worker<'a, S> {
    outbox: Outbox,
    sink: &'a S,
    watch: &'a Watch<'a>,
    /// Whether the log says that the sink is gone.
    is_down: bool,
    /// How often in a row nothing got there.
    fruitless: u32,
}

impl<S: Sink> Worker<'_, S> {
    async fn work(&mut self) -> Result<(), StoreError> {
        loop {
            // Many in one request cost less than each alone.
            if self.stretch().await? < BATCH_MAX {
                sleep(self.watch.pace.poll).await;
            }
        }
    }

    /// Works until nothing is left or the sink is gone.
    async fn empty(&mut self) -> Result<(), StoreError> {
        while self.watch.breaker.borrow().lets_through(Instant::now()) && self.stretch().await? > 0
        {
        }
        Ok(())
    }

    /// Brings the oldest letters to the sink, and those that follow them, as long as all goes well
    /// and something is under way. Answers how many there were.
    ///
    /// Rounds overlap: while one of them is read or settled another is on its way. Requests that are
    /// in trouble hold up no letters that are written meanwhile, unless each of as many rounds as
    /// requests may be under way has such a one, or each of two full rounds.
    async fn stretch(&mut self) -> Result<usize, StoreError> {
        let &Watch { pace, breaker, .. } = self.watch;
        let wait = breaker.borrow().wait(Instant::now());
        sleep(wait).await;
        let (sink, slots) = (self.sink, Semaphore::new(pace.in_flight_max));
        let is_probe = breaker.borrow().is_open();
        let held_max = if is_probe { BATCH_MAX } else { ROUNDS * pace.round_max };
        let mut rounds = FuturesUnordered::new();
        let (mut held, mut count, mut last, mut settled) = (0, 0, 0, 0);
        // Whether more is to be brought, and whether all that there is was read.
        let (mut goes_on, mut is_all) = (true, false);
        loop {
            while goes_on && !is_all && held < held_max && rounds.len() < pace.in_flight_max {
                let limit = pace.round_max.min(held_max - held);
                let letters = self.read(last, limit)?;
                is_all = letters.len() < limit;
                // One probe tells as much as many.
                goes_on = !is_probe;
                let Some(newest) = letters.last() else { break };
                last = newest.id;
                held += letters.len();
                count += letters.len();
                let delivery = Delivery::new(sink, pace, breaker, &slots);
                rounds.push(async move { (letters.len(), delivery.run(&letters).await) });
            }
            let round = select! {
                biased;
                round = rounds.next() => round,
                // What was written meanwhile waits for nobody.
                () = sleep(pace.poll), if goes_on => {
                    is_all = false;
                    continue;
                }
            };
            let Some((sent, outcome)) = round else { break };
            self.settle(&outcome).await?;
            self.tell(&outcome)?;
            let done = outcome.delivered.len() + outcome.refused.len();
            // What did not get there is older than what would follow.
            goes_on &= done == sent;
            settled += done;
            held -= sent;
        }
        if count > 0 && settled == 0 {
            sleep(pace.resend.before(self.fruitless)).await;
            self.fruitless = self.fruitless.saturating_add(1);
        } else {
            self.fruitless = 0;
        }
        Ok(count)
    }

    /// The oldest letters after number `last`; none if the file is locked.
    fn read(&self, last: i64, limit: usize) -> Result<Vec<Letter>, StoreError> {
        match self.outbox.oldest_after(last, limit) {
            Err(error) if error.passes() => Ok(Vec::new()),
            letters => letters,
        }
    }

    async fn settle(&mut self, outcome: &Outcome) -> Result<(), StoreError> {
        let Outcome { delivered, refused, .. } = outcome;
        if delivered.is_empty() && refused.is_empty() {
            return Ok(());
        }
        loop {
            match self.outbox.settle(delivered, refused, self.watch.clock.now()) {
                Err(error) if error.passes() => sleep(self.watch.pace.poll).await,
                settled => return settled,
            }
        }
    }

    fn tell(&mut self, outcome: &Outcome) -> Result<(), StoreError> {
        let Watch { breaker, observations, .. } = self.watch;
        observations.delivered(outcome.sent, outcome.resent);
        let is_down = breaker.borrow().is_open();
        // Of two rounds the other may have opened the breaker: that one knows why.
        let is_known = !is_down || outcome.failure.is_some();
        if is_down == self.is_down || !is_known {
            return Ok(());
        }
        self.is_down = is_down;
        let records = self.watch.look()?;
        match &outcome.failure {
            Some(error) if is_down => tracing::error!(
                %error, records, "records cannot be brought to their store, and wait on the disk"
            ),
            _ => tracing::info!(records, "records are brought to their store again"),
        }
        Ok(())
    }
}

/// Looks how much waits.
struct Watch<'a> {
    gauge: Outbox,
    pace: Pace,
    breaker: &'a RefCell<Breaker>,
    clock: &'a Clock,
    observations: &'a Observations,
}

impl Watch<'_> {
    async fn keep_looking(&self) -> Result<(), StoreError> {
        let mut seconds = interval(LOOK);
        loop {
            seconds.tick().await;
            self.look()?;
        }
    }

    /// Tells how much waits, and for how long the oldest of it has. Answers the first.
    fn look(&self) -> Result<u64, StoreError> {
        let backlog = match self.gauge.backlog() {
            Err(error) if error.passes() => return Ok(self.observations.outbox().records),
            backlog => backlog?,
        };
        let oldest = backlog.oldest_at.map(|at| self.clock.now().since(at)).unwrap_or_default();
        let lag_max = self.pace.lag_max.as_secs_f64() * self.clock.speed();
        let is_gone = self.breaker.borrow().is_open();
        self.observations.set_outbox(OutboxFigures {
            records: backlog.records,
            oldest,
            dead_letters: backlog.dead_letters,
            lags: is_gone || oldest.as_secs_f64() > lag_max,
            is_gone,
        });
        Ok(backlog.records)
    }
}

#[cfg(test)]
mod tests;
