//! Making things durable, and what to do while that is not possible.

use std::{sync::Arc, time::Instant};

use monti_core::{CallId, Engine, Timestamp};

use crate::{
    observations::Observations,
    snapshots::{Image, Snapshots},
    store::{Group, Storage, StoreError, StoreErrorKind},
};

/// The store, the group that is being gathered for it, and how well it can be written.
#[derive(Debug)]
pub(super) struct Keeping<S> {
    store: S,
    /// The number of the last group that is durable.
    seq: i64,
    /// What is to become durable next.
    pub(super) group: Group,
    room: Room,
    /// Whether the store's file is no longer where a start would look for it.
    is_gone: bool,
    /// Why the group waits: until it is durable nothing is taken in.
    stuck: Option<Stuck>,
    /// For how many seconds it has.
    stuck_seconds: u32,
    /// What is durable, once it was asked for while a group waits: the driver's engine is ahead
    /// of it.
    durable: Option<Box<Engine>>,
    snapshots: Snapshots,
}

/// After so many seconds another program's lock may as well last: what is durable is read.
const LONG_LOCK_SECONDS: u32 = 3;

/// How much room the disk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// Enough.
    Plenty,
    /// The reserve was given up: what there is is for what agents do, not for new calls.
    Reserve,
}

/// Why nothing can be made durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stuck {
    /// There is no room on the disk.
    Full,
    /// Another program holds the file's write lock.
    Locked,
}

/// What became of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is durable.
    All,
    /// It could not be written, and is kept to be tried again.
    NotYet,
}

impl<S: Storage> Keeping<S> {
    /// Goes on after group `seq`. On a disk that has no room for the reserve no new calls are
    /// taken in, as before the last run ended.
    pub(super) fn open(
        mut store: S,
        seq: i64,
        journal_depth: usize,
        observations: &Observations,
    ) -> Result<Self, StoreError> {
        let has_room = store.restore_reserve()?;
        let mut keeping = Self {
            store,
            seq,
            group: Group::default(),
            room: Room::Plenty,
            is_gone: false,
            stuck: None,
            stuck_seconds: 0,
            durable: None,
            snapshots: Snapshots::after(journal_depth),
        };
        if !has_room {
            keeping.set_room(Room::Reserve);
            keeping.tell(observations);
        }
        Ok(keeping)
    }

    /// The engine as far as it is durable, to look at while a group waits; `None` if that cannot
    /// be read, or is not worth it yet: mostly another program's lock is gone before it would be.
    pub(super) fn durable_engine(&mut self) -> Option<&Engine> {
        let is_worth_it = !self.is_locked() || self.stuck_seconds >= LONG_LOCK_SECONDS;
        if self.durable.is_none() && is_worth_it {
            match self.store.engine() {
                Ok(engine) => self.durable = Some(Box::new(engine)),
                Err(error) => tracing::error!(%error, "what is durable cannot be read"),
            }
        }
        self.durable.as_deref()
    }

    /// The queue of a call that is over, as its record names it.
    pub(super) fn recorded_vq(&self, call: CallId) -> Option<String> {
        if let Some(record) = self.group.records.iter().find(|record| record.call_id == call) {
            return Some(record.vq.clone());
        }
        self.store.recorded_vq(call).unwrap_or_else(|error| {
            tracing::error!(%error, "a call's record cannot be read");
            None
        })
    }

    /// Whether a group waits that could not be written.
    pub(super) fn is_stuck(&self) -> bool {
        self.stuck.is_some()
    }

    /// Whether it waits for another program to let go of the file: that is worth trying again at
    /// once, while a full disk is looked at each second.
    pub(super) fn is_locked(&self) -> bool {
        self.stuck == Some(Stuck::Locked)
    }

    /// Whether new calls can be taken in.
    pub(super) fn takes_calls(&self) -> bool {
        self.room == Room::Plenty && self.stuck.is_none() && !self.is_gone
    }

    /// What keeps things from being made durable, for those who are refused because of it.
    pub(super) fn trouble(&self) -> &'static str {
        match self.stuck {
            Some(Stuck::Locked) => "another program holds the server's database",
            None if self.is_gone => "the server's database was deleted",
            Some(Stuck::Full) | None => "the server's disk is full",
        }
    }

    /// Writes the group. On a full disk the reserve is given up for it.
    pub(super) fn commit(&mut self, observations: &Observations) -> Result<Kept, StoreError> {
        if self.group.is_empty() {
            return Ok(Kept::All);
        }
        let kept = match self.write_somehow(observations) {
            Ok(()) => {
                self.snapshots.count(self.group.entries.len());
                self.group.clear();
                self.come_loose();
                Kept::All
            }
            Err(error) if error.passes() => {
                self.get_stuck(&error);
                Kept::NotYet
            }
            Err(error) => return Err(error),
        };
        self.tell(observations);
        Ok(kept)
    }

    fn write_somehow(&mut self, observations: &Observations) -> Result<(), StoreError> {
        match self.write(observations) {
            Err(error) if error.kind() == StoreErrorKind::Full => {
                let is_released = self.store.release_reserve()?;
                self.set_room(Room::Reserve);
                if is_released { self.write(observations) } else { Err(error) }
            }
            outcome => outcome,
        }
    }

    fn write(&mut self, observations: &Observations) -> Result<(), StoreError> {
        if let Some(fault) = self.group.entries.fault() {
            let error = StoreError::new(StoreErrorKind::Other, "an input cannot be encoded");
            return Err(error.because(fault.clone()));
        }
        let started = Instant::now();
        self.store.commit(self.seq + 1, &self.group)?;
        observations.committed_in(started.elapsed());
        self.seq += 1;
        Ok(())
    }

    /// What is done each second, at `now`: the reserve is restored, or a step is taken with a
    /// snapshot.
    pub(super) fn tick(
        &mut self,
        engine: &Engine,
        centre: &Arc<str>,
        now: Timestamp,
        observations: &Observations,
    ) -> Result<(), StoreError> {
        self.store.check()?;
        self.look_for_the_file(observations);
        observations.set_journal(self.snapshots.journal_depth() as u64);
        match self.room {
            _ if self.is_stuck() => {
                self.stuck_seconds += 1;
                Ok(())
            }
            Room::Reserve => {
                if self.store.restore_reserve()? {
                    self.set_room(Room::Plenty);
                    self.tell(observations);
                }
                Ok(())
            }
            Room::Plenty => self.keep_snapshot(engine, centre, now),
        }
    }

    fn keep_snapshot(
        &mut self,
        engine: &Engine,
        centre: &Arc<str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.snapshots.is_due() {
            self.snapshots.begin(self.seq, engine.now(), Arc::clone(centre), engine.snapshot());
        }
        match self.snapshots.step(&mut self.store, now) {
            Err(error) if error.passes() => {
                tracing::warn!(%error, "a snapshot has to wait");
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Writes a snapshot of the engine at once, the last thing there is to write.
    pub(super) fn finish(mut self, engine: &Engine, centre: &Arc<str>) -> Result<(), StoreError> {
        if !self.group.is_empty() {
            tracing::error!("what came last could not be kept; nobody was told of it");
            return self.store.close();
        }
        let centre = Arc::clone(centre);
        let image = Image::encode(self.seq, engine.now(), centre, &engine.snapshot())?;
        match image.write(&mut self.store) {
            // The journal is there.
            Err(error) if error.passes() => {
                tracing::warn!(%error, "no room for a last snapshot: the next start takes longer");
            }
            outcome => outcome?,
        }
        self.store.close()
    }

    fn set_room(&mut self, room: Room) {
        if room == self.room {
            return;
        }
        match room {
            Room::Plenty => tracing::info!("there is room on the disk again: calls are taken in"),
            Room::Reserve => tracing::error!("the disk is full: no new calls are taken in"),
        }
        self.room = room;
    }

    /// What is written to a file that was deleted is gone with the process.
    fn look_for_the_file(&mut self, observations: &Observations) {
        let is_gone = !self.store.has_its_file();
        if is_gone == self.is_gone {
            return;
        }
        if is_gone {
            tracing::error!("monti.db was deleted or replaced: no new calls are taken in");
        } else {
            tracing::info!("monti.db is back in its place: calls are taken in");
        }
        self.is_gone = is_gone;
        self.tell(observations);
    }

    /// The group waits, because of an error that passes.
    fn get_stuck(&mut self, error: &StoreError) {
        let (stuck, because) = match error.kind() {
            StoreErrorKind::Busy => (Stuck::Locked, "another program holds monti.db"),
            _ => (Stuck::Full, "there is no room"),
        };
        if self.stuck.replace(stuck) != Some(stuck) {
            tracing::error!(%error, "{because}: nothing can be kept, and nothing is taken in");
        }
    }

    /// No group waits any more.
    fn come_loose(&mut self) {
        if self.stuck.take().is_some() {
            tracing::info!("what had to wait is kept now");
            self.stuck_seconds = 0;
            self.durable = None;
        }
    }

    fn tell(&self, observations: &Observations) {
        observations.set_read_only(!self.takes_calls());
    }
}
