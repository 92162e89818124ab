//! A store that fails, or makes wait, when a test says so.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
};

use monti_core::{CallId, Engine, Timestamp};
use monti_server::{
    snapshots::{Image, Part},
    store::{Group, Storage, Store, StoreError, StoreErrorKind},
};

/// What a write takes of the disk at most.
const PAGES: u64 = 64 << 10;

/// What the reserve of a test takes of it.
const RESERVE: u64 = 64 << 10;

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
    /// Whether what fails was written all the same.
    is_late: bool,
    /// The folder of the data and the most bytes that may be in it.
    quota: Option<(PathBuf, u64)>,
    /// Whether there is a reserve to give up, if the test says so and not the disk.
    reserve: Option<bool>,
    commits: usize,
    failures: usize,
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
        let mut state = self.0.lock().unwrap();
        (state.failure, state.is_late) = (failure, false);
    }

    /// From now on all that is written is there, and the disk says that it failed.
    pub(crate) fn fail_late(&self, failure: StoreErrorKind) {
        let mut state = self.0.lock().unwrap();
        (state.failure, state.is_late) = (Some(failure), true);
    }

    /// From now on there is room for so many bytes more in `folder`.
    pub(crate) fn leave_room(&self, folder: &Path, bytes: u64) {
        self.0.lock().unwrap().quota = Some((folder.to_owned(), used(folder) + bytes));
    }

    /// From now on there is room for everything.
    pub(crate) fn make_room(&self) {
        self.0.lock().unwrap().quota = None;
    }

    /// Whether there is a reserve; giving it up makes room.
    pub(crate) fn set_reserve(&self, there: bool) {
        self.0.lock().unwrap().reserve = Some(there);
    }

    /// How often something was committed.
    pub(crate) fn commits(&self) -> usize {
        self.0.lock().unwrap().commits
    }

    /// How often a write failed.
    pub(crate) fn failures(&self) -> usize {
        self.0.lock().unwrap().failures
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

    /// Does something, unless it is to fail.
    fn write<T>(
        &mut self,
        write: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (failure, is_late) = {
            let mut state = self.switch.0.lock().unwrap();
            let is_full = || state.room() < PAGES;
            let failure = state.failure.or_else(|| is_full().then_some(StoreErrorKind::Full));
            state.failures += usize::from(failure.is_some());
            (failure, state.is_late)
        };
        let Some(kind) = failure else { return write(&mut self.store) };
        if is_late {
            write(&mut self.store)?;
        }
        Err(StoreError::new(kind, "as the test wants it"))
    }
}

impl State {
    /// The bytes that there is room for.
    fn room(&self) -> u64 {
        let Some((folder, bytes)) = &self.quota else { return u64::MAX };
        bytes.saturating_sub(used(folder))
    }
}

/// The bytes in a folder.
fn used(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata());
    files.map(|file| file.map_or(0, |file| file.len())).sum()
}

impl Storage for Faulty {
    fn commit(&mut self, seq: i64, group: &Group) -> Result<(), StoreError> {
        let gate = self.switch.0.lock().unwrap().gate.take();
        if let Some(Gate { begun, go_on }) = gate {
            begun.send(()).unwrap();
            go_on.recv().unwrap();
        }
        self.write(|store| store.commit(seq, group))?;
        self.switch.0.lock().unwrap().commits += 1;
        Ok(())
    }

    fn write_part(&mut self, image: &Image, part: Part<'_>) -> Result<(), StoreError> {
        self.write(|store| store.write_part(image, part))
    }

    fn prune(&mut self, groups_max: u32, keys_before: Timestamp) -> Result<bool, StoreError> {
        self.write(|store| store.prune(groups_max, keys_before))
    }

    fn close(self) -> Result<(), StoreError> {
        self.store.close()
    }

    fn check(&self) -> Result<(), StoreError> {
        self.store.check()
    }

    fn has_its_file(&self) -> bool {
        self.store.has_its_file()
    }

    fn engine(&self) -> Result<Engine, StoreError> {
        self.store.engine()
    }

    fn recorded_vq(&self, call: CallId) -> Result<Option<String>, StoreError> {
        self.store.recorded_vq(call)
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
            None if state.room() < RESERVE => Ok(false),
            None => self.store.restore_reserve(),
            Some(there) => Ok(there),
        }
    }
}
