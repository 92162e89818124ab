//! The writer: takes letters out of the outbox, round by round.

use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    select,
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
    store::{Outbox, StoreError},
};

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
    /// Rounds in a row in which nothing got there.
    fruitless: u32,
}

impl<S: Sink> Worker<'_, S> {
    async fn work(&mut self) -> Result<(), StoreError> {
        loop {
            // Many in one request cost less than each alone.
            if self.round().await? < BATCH_MAX {
                sleep(self.watch.pace.poll).await;
            }
        }
    }

    /// Works until nothing is left or the sink is gone.
    async fn empty(&mut self) -> Result<(), StoreError> {
        while self.watch.breaker.borrow().lets_through(Instant::now()) && self.round().await? > 0 {}
        Ok(())
    }

    /// Brings the oldest letters to the sink. Answers how many there were.
    async fn round(&mut self) -> Result<usize, StoreError> {
        let Watch { pace, breaker, .. } = self.watch;
        let wait = breaker.borrow().wait(Instant::now());
        sleep(wait).await;
        let is_probe = breaker.borrow().is_open();
        let letters = match self.outbox.oldest(if is_probe { BATCH_MAX } else { pace.round_max }) {
            Err(error) if error.passes() => return Ok(0),
            letters => letters?,
        };
        if letters.is_empty() {
            return Ok(0);
        }
        let outcome = RefCell::default();
        let delivery = Delivery { sink: self.sink, pace: *pace, breaker, outcome };
        let outcome = delivery.run(&letters).await;
        self.settle(&outcome).await?;
        self.tell(&outcome)?;
        if outcome.delivered.is_empty() && outcome.refused.is_empty() {
            sleep(pace.resend.before(self.fruitless)).await;
            self.fruitless = self.fruitless.saturating_add(1);
        } else {
            self.fruitless = 0;
        }
        Ok(letters.len())
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
        observations.delivered(outcome.delivered.len() as u64, outcome.resent);
        let is_down = breaker.borrow().is_open();
        if is_down == self.is_down {
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
