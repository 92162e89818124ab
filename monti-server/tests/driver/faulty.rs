//! A store that fails, or makes wait, when a test says so.

use std::sync::{Arc, Mutex, mpsc};

use monti_core::Timestamp;
use monti_server::{
    snapshots::{Image, Part},
    store::{Group, Storage, Store, StoreError, StoreErrorKind},
};

/// A real store behind a switch.
pub(crate) struct Faulty {
    store: Store,
    switch: Switch,
}

/// What the store does instead of its work.
#[derive(Clone, Default)]
pub(crate) struct Switch(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The failure of every write from now on.
    failure: Option<StoreErrorKind>,
    /// Whether there is a reserve to give up, if the test says so and not the disk.
    reserve: Option<bool>,
    commits: usize,
    gate: Option<Gate>,
}

/// Tells that a commit has begun, and waits until it may go on.
struct Gate {
    begun: mpsc::Sender<()>,
    go_on: mpsc::Receiver<()>,
}

impl Switch {
    /// From now on all writes fail so, or succeed again.
    pub(crate) fn fail(&self, failure: Option<StoreErrorKind>) {
        self.0.lock().unwrap().failure = failure;
    }

    /// Whether there is a reserve; giving it up makes room.
    pub(crate) fn set_reserve(&self, there: bool) {
        self.0.lock().unwrap().reserve = Some(there);
    }

    /// How often something was committed.
    pub(crate) fn commits(&self) -> usize {
        self.0.lock().unwrap().commits
    }

    /// Lets the next commit tell that it begins, and wait.
    pub(crate) fn hold(&self) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (begun, begins) = mpsc::channel();
        let (release, go_on) = mpsc::channel();
        self.0.lock().unwrap().gate = Some(Gate { begun, go_on });
        (begins, release)
    }
}

impl Faulty {
    pub(crate) fn new(store: Store, switch: Switch) -> Self {
        Self { store, switch }
    }

    fn check(&self) -> Result<(), StoreError> {
        let failure = self.switch.0.lock().unwrap().failure;
        failure.map_or(Ok(()), |kind| Err(StoreError::new(kind, "as the test wants it")))
    }
}

impl Storage for Faulty {
    fn commit(&mut self, seq: i64, group: &Group) -> Result<(), StoreError> {
        let gate = self.switch.0.lock().unwrap().gate.take();
        if let Some(Gate { begun, go_on }) = gate {
            begun.send(()).unwrap();
            go_on.recv().unwrap();
        }
        self.check()?;
        self.switch.0.lock().unwrap().commits += 1;
        self.store.commit(seq, group)
    }

    fn write_part(&mut self, image: &Image, part: Part<'_>) -> Result<(), StoreError> {
        self.check()?;
        self.store.write_part(image, part)
    }

    fn prune(&mut self, groups_max: u32, keys_before: Timestamp) -> Result<bool, StoreError> {
        self.check()?;
        self.store.prune(groups_max, keys_before)
    }

    fn release_reserve(&mut self) -> Result<bool, StoreError> {
        let mut state = self.switch.0.lock().unwrap();
        let Some(there) = state.reserve.as_mut() else { return self.store.release_reserve() };
        if std::mem::take(there) {
            state.failure = None;
            return Ok(true);
        }
        Ok(false)
    }

    fn restore_reserve(&mut self) -> Result<bool, StoreError> {
        let state = self.switch.0.lock().unwrap();
        match state.reserve {
            None => self.store.restore_reserve(),
            Some(there) => Ok(there),
        }
    }
}
