//! The driver: the one owner of the engine and its store.
//!
//! It takes requests out of the [inbox](crate::inbox), stamps each with the clock, gives it to the
//! engine, and writes all that a group of them led to in one transaction. Only then are replies and
//! outputs delivered and questions answered: nothing is visible before it is durable. It runs on a
//! thread of its own, without locks around the engine; [`run`] is that thread's loop, and a test
//! can take the turns one by one.
//!
//! Once a second of real time it tells the [`Feed`] what changed, for the wallboards.

mod activity;
mod changes;
mod deliveries;
mod feed;
mod frame;
mod injections;
mod keeping;
mod links;
mod outputs;
mod publisher;
mod replies;
mod requests;
mod resume;
mod standstill;
mod text;
mod tick;
mod watcher;

use std::{sync::Arc, time::Duration};

use monti_core::{AgentId, Engine, Input, Millis, Rejection, Reply, Timestamp};

pub(crate) use self::changes::queues_of;
use self::{
    changes::Changes,
    deliveries::Deliveries,
    feed::FeedSender,
    injections::Injections,
    keeping::{Keeping, Kept},
    links::Links,
};
pub use self::{
    feed::Feed,
    frame::{DepartmentFrame, TickFrame},
    text::{Text, Told},
    watcher::{View, Watcher},
};
use crate::{
    centre_file::CentreFile,
    clock::{Clock, business_day},
    inbox::{Arrival, LinkId, Outlet},
    observations::Observations,
    recovery::Recovered,
    store::{Storage, StoreError},
};

/// The requests that become durable together: enough that a commit costs each of them little, few
/// enough that the first of them waits only milliseconds for the others.
pub const GROUP_MAX: usize = 512;

/// How often the wallboards are told, in real time.
const TICK: Duration = Duration::from_secs(1);

/// No date is shorter, whatever a time zone does to its clocks.
const SHORTEST_DATE: Millis = Millis::from_secs(20 * 60 * 60);

/// How soon a commit is tried again that another program's lock held up, beside the time that the
/// store itself waits for it.
const LOCK_RETRY: Duration = Duration::from_millis(25);

/// What a driver lives in.
#[derive(Debug, Clone)]
pub struct World {
    /// The centre, as it is configured now.
    pub centre: CentreFile,
    /// The centre's time.
    pub clock: Arc<Clock>,
    /// Where it tells how it is doing.
    pub observations: Arc<Observations>,
}

/// The owner of an engine and of the store that it is kept in.
#[expect(missing_debug_implementations, reason = "questions are closures")]
pub struct Driver<S> {
    engine: Engine,
    keeping: Keeping<S>,
    world: World,
    links: Links,
    /// The agent that has just registered over another link, and the one that it left.
    leaving: Option<(AgentId, LinkId)>,
    deliveries: Deliveries,
    injections: Injections,
    changes: Changes,
    feed: FeedSender,
    tick: u64,
    /// The time that the journal was last told, by an input or for its own sake.
    entry_at: Timestamp,
    /// When the next tick is due, by the monotonic clock.
    next_tick: Duration,
    /// When requests were last taken in, by the monotonic clock.
    heard_at: Duration,
}

/// Runs the driver until the inbox is told to stop and is empty, or all its senders are gone; then
/// [shuts it down](Driver::shut_down).
///
/// # Errors
/// What the store failed with in a way that does not pass. The process has to end: what was not
/// delivered yet may or may not be durable, and the next start finds out.
pub fn run<S: Storage>(mut driver: Driver<S>, outlet: &Outlet) -> Result<(), StoreError> {
    let mut batch = Vec::with_capacity(GROUP_MAX);
    while outlet.receive(&mut batch, GROUP_MAX, driver.patience()) {
        driver.turn(batch.drain(..))?;
    }
    driver.shut_down()
}

impl<S: Storage> Driver<S> {
    /// A driver that goes on from what was `recovered`, and what it tells the wallboards.
    ///
    /// The world's clock must not be behind the engine's: start it with
    /// [`Engine::now`](monti_core::Engine::now) as its earliest moment.
    ///
    /// # Errors
    /// If what happened since the last run cannot be written to the store.
    pub fn open(store: S, recovered: Recovered, world: World) -> Result<(Self, Feed), StoreError> {
        let Recovered { engine, seq, journal_depth, injections } = recovered;
        let departments = engine.centre().departments().len();
        let (feed_sender, feed_starter) = feed::channel();
        let mut driver = Self {
            entry_at: engine.now(),
            engine,
            keeping: Keeping::open(store, seq, journal_depth, &world.observations)?,
            links: Links::default(),
            leaving: None,
            deliveries: Deliveries::default(),
            injections: Injections::new(injections),
            changes: Changes::everything(departments),
            feed: feed_sender,
            tick: 0,
            next_tick: world.clock.monotonic() + TICK,
            heard_at: world.clock.monotonic(),
            world,
        };
        driver.resume()?;
        let first = driver.changes_until(driver.world.clock.now());
        let feed = feed_starter.begin(driver.engine.centre(), first);
        driver.world.observations.set_accepting(true);
        Ok((driver, feed))
    }

    /// Takes in requests in their order, does what is due, writes all of it, and delivers.
    ///
    /// # Errors
    /// As for [`run`].
    pub fn turn(&mut self, arrivals: impl IntoIterator<Item = Arrival>) -> Result<(), StoreError> {
        self.world.observations.beat();
        if self.keeping.is_locked() {
            self.catch_up()?;
        }
        if self.keeping.is_stuck() {
            arrivals.into_iter().for_each(|arrival| self.refuse(arrival.request));
            self.deliveries.deliver_refusals(&mut self.links);
        } else {
            self.hear_again();
            arrivals.into_iter().for_each(|arrival| self.take(arrival));
            self.advance();
            self.commit()?;
        }
        if self.world.clock.monotonic() >= self.next_tick {
            self.tick()?;
        }
        Ok(())
    }

    /// For how long there is nothing to do unless something is asked, in real time.
    pub fn patience(&self) -> Duration {
        let clock = &self.world.clock;
        let tick = self.next_tick.saturating_sub(clock.monotonic());
        if self.keeping.is_locked() {
            return tick.min(LOCK_RETRY);
        }
        // While nothing can be made durable the engine's time stands still.
        let timeout = self.engine.poll_timeout().filter(|_| !self.keeping.is_stuck());
        timeout.map_or(tick, |at| clock.until(at).min(tick))
    }

    /// Writes what is left, and a snapshot that the next start goes on from; then closes all links
    /// by dropping their senders.
    ///
    /// # Errors
    /// As for [`run`].
    pub fn shut_down(mut self) -> Result<(), StoreError> {
        self.world.observations.set_accepting(false);
        if !self.keeping.is_stuck() {
            self.time_out(self.world.clock.now());
        }
        self.turn([])?;
        let text = self.world.centre.text();
        self.keeping.finish(&self.engine, text)
    }

    /// The engine, to look at. What it shows is durable between two turns, unless nothing can be
    /// made durable.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The number of the last tick that the feed was told of; its frame may still be in the making.
    pub fn last_tick(&self) -> u64 {
        self.tick
    }

    /// Writes the group, and delivers what waited for that.
    fn commit(&mut self) -> Result<(), StoreError> {
        match self.keeping.commit(&self.world.observations)? {
            Kept::All => {
                self.redirect_ends();
                self.deliveries.deliver(&mut self.links, &self.engine, &self.world.observations);
            }
            Kept::NotYet => {
                let questions = self.deliveries.take_questions();
                questions.into_iter().for_each(|question| self.answer(question));
            }
        }
        Ok(())
    }

    /// Tries once more to write the group that waits, and does what had to wait with it.
    fn catch_up(&mut self) -> Result<(), StoreError> {
        self.commit()?;
        if !self.keeping.is_stuck() {
            self.hear_again();
            self.do_postponed();
        }
        Ok(())
    }

    /// Does what is due by now, and answers when that is.
    fn advance(&mut self) -> Timestamp {
        let now = self.world.clock.now();
        if self.engine.poll_timeout().is_some_and(|due| due <= now) {
            self.time_out(now);
        }
        now
    }

    /// Does what is due by `at`, and tells the engine of the date that began with it.
    fn time_out(&mut self, at: Timestamp) {
        // A machine that slept through more than one midnight goes from date to date: how long the
        // next one is the engine has to be told before it can end it.
        while self.engine.today().ends_at + SHORTEST_DATE <= at {
            self.time_out_at(self.engine.today().ends_at);
        }
        self.time_out_at(at);
    }

    fn time_out_at(&mut self, at: Timestamp) {
        let today = self.engine.today().day;
        self.entry_at = at;
        self.keeping.group.note(at, None);
        self.engine.handle_timeout(at);
        self.take_outputs();
        if self.engine.today().day != today {
            self.tell_day(at);
        }
    }

    /// Tells the engine the bounds of the date at `now`, unless it has them right.
    fn tell_day(&mut self, now: Timestamp) {
        let today = self.engine.today();
        let day = business_day(self.world.centre.zone(), now, Some(today.day));
        if (day.day, day.ends_at) == (today.day, today.ends_at) {
            return;
        }
        if let Err(rejection) = self.apply_at(now, Input::BusinessDay(day)) {
            tracing::warn!(%rejection, date = %day.day, "the engine refused a business date");
        }
        self.take_outputs();
    }

    /// Gives the engine an input, now. Its outputs are to be taken after the reply.
    fn apply(&mut self, input: Input) -> Result<Reply, Rejection> {
        let now = self.advance();
        self.apply_at(now, input)
    }

    /// Gives the engine an input at a moment by which all was done that was due.
    fn apply_at(&mut self, now: Timestamp, input: Input) -> Result<Reply, Rejection> {
        self.keeping.group.note(now, Some(&input));
        let outcome = self.engine.handle_input(now, input);
        if self.changed_nothing(&outcome) {
            self.keeping.group.entries.take_back();
        } else {
            self.entry_at = now;
        }
        outcome
    }

    /// Whether an input led to nothing that is to be kept.
    fn changed_nothing(&self, outcome: &Result<Reply, Rejection>) -> bool {
        match outcome {
            Err(_) | Ok(Reply::Duplicate) => true,
            // Only a call that is not over can have another link from now on.
            Ok(Reply::Queued(queued)) => {
                queued.duplicate && self.engine.queue_of(queued.call).is_none()
            }
            Ok(Reply::Registered(_) | Reply::Done) => false,
        }
    }
}
