//! What the driver does each second of real time.

use std::sync::Arc;

use monti_core::{Millis, Timestamp};

use super::{Driver, TICK, changes::TickUpdate};
use crate::store::{Storage, StoreError};

/// For how long the journal is told of no moment at most, in the centre's time, unless a tick takes
/// longer: after a crash it is known until when all was well, and a centre that is ahead of its
/// machine goes back by no more.
const SILENCE_MAX: Millis = Millis::from_secs(10);

impl<S: Storage> Driver<S> {
    /// What is done each second of real time.
    pub(super) fn tick(&mut self) -> Result<(), StoreError> {
        let clock = Arc::clone(&self.world.clock);
        self.next_tick += TICK;
        if self.next_tick <= clock.monotonic() {
            // Seconds that were missed are not made up for.
            self.next_tick = clock.monotonic() + TICK;
        }
        if let Some(step_ms) = clock.wall_step_ms() {
            tracing::warn!(step_ms, "the wall clock was set; the centre's time runs on evenly");
        }
        if self.keeping.is_stuck() {
            // Perhaps there is room again.
            self.catch_up()?;
        }
        if !self.keeping.is_stuck() {
            self.pulse();
            self.commit()?;
        }
        let now = clock.now();
        self.keeping.tick(&self.engine, self.world.centre.text(), now, &self.world.observations)?;
        self.injections.forget(now);
        if self.feed.is_idle() {
            self.tick += 1;
            let update = self.changes_until(now);
            self.feed.tell(update);
        }
        Ok(())
    }

    /// Tells the journal the time, if at the next tick it had been told of none for too long.
    fn pulse(&mut self) {
        let (now, tick) = (self.world.clock.now(), self.world.clock.centre(TICK));
        if now.since(self.entry_at) + tick > SILENCE_MAX {
            self.time_out(now);
        }
    }

    /// What changed since the last tick. While nothing can be made durable, nothing did.
    pub(super) fn changes_until(&mut self, now: Timestamp) -> TickUpdate {
        let departments = if self.keeping.is_stuck() {
            Vec::new()
        } else {
            self.changes.take_departments(&self.engine, now)
        };
        TickUpdate {
            tick: self.tick,
            timestamp: now,
            activity: self.changes.take_activity(&self.engine, self.keeping.is_stuck()),
            departments,
            health: self.world.observations.health(now),
        }
    }
}
