//! The way to the terminal: a thread that writes.
//!
//! A terminal may take nothing for as long as it likes: a stopped tmux, a line over SSH that hangs.
//! Then the thread waits, and nobody else: what is told is taken in, keys and signals count, and no
//! frame is drawn until the terminal takes something again, so that nothing piles up.

use std::{
    fs::File,
    io::{self, Write},
    os::fd::{AsFd as _, BorrowedFd},
    sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    termios::{QueueSelector, tcflush},
};

/// The most bytes that wait beside a frame; what is said beyond it is not worth waiting for.
const WAITING_MAX: usize = 64 << 10;

static OUTLET: LazyLock<Outlet> = LazyLock::new(Outlet::open);

/// What goes to the terminal.
struct Outlet {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What the thread is to write next.
    waiting: Vec<u8>,
    is_writing: bool,
    /// Why nothing can be written any more.
    fault: Option<io::ErrorKind>,
    /// Who wants to know when all is written.
    when_free: Option<Box<dyn FnOnce() + Send>>,
}

/// Writes through the thread.
#[derive(Debug)]
pub(super) struct Out;

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        OUTLET.put(bytes)?;
        Ok(bytes.len())
    }

    /// What is written goes out by itself.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes something that is not missed if the terminal takes nothing.
pub(super) fn say(bytes: &[u8]) -> io::Result<()> {
    if OUTLET.state().waiting.len() > WAITING_MAX {
        return Ok(());
    }
    OUTLET.put(bytes)
}

/// Whether the terminal has taken all that was written.
pub(super) fn is_free() -> bool {
    OUTLET.state().is_free()
}

/// Calls `told` once the terminal has taken all that was written: at once if it has.
pub(super) fn when_free(told: impl FnOnce() + Send + 'static) {
    let mut state = OUTLET.state();
    if state.is_free() {
        drop(state);
        told();
    } else {
        state.when_free = Some(Box::new(told));
    }
}

/// Waits until the terminal has taken all that was written, but no longer than twice `patience`:
/// after the first what it has not taken is given up, so that what comes last has a chance.
pub(super) fn drain(patience: Duration) {
    if !OUTLET.wait(patience) {
        let _ = tcflush(rustix::stdio::stdout(), QueueSelector::OFlush);
        OUTLET.wait(patience);
    }
}

impl Outlet {
    fn open() -> Self {
        let writer = thread::Builder::new().name("terminal".to_owned());
        let fault = writer.spawn(|| OUTLET.write_all()).err().map(|error| error.kind());
        let state = Mutex::new(State { fault, ..State::default() });
        Self { state, changed: Condvar::new() }
    }

    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        match state.fault {
            Some(kind) => Err(kind.into()),
            None => {
                state.waiting.extend_from_slice(bytes);
                self.changed.notify_all();
                Ok(())
            }
        }
    }

    /// Whether all is written within that time.
    fn wait(&self, patience: Duration) -> bool {
        let is_busy = |state: &mut State| !state.is_free();
        let waited = self.changed.wait_timeout_while(self.state(), patience, is_busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// The thread: writes what waits, until it cannot.
    fn write_all(&self) {
        let out = rustix::stdio::stdout().try_clone_to_owned().map(File::from);
        loop {
            let has_nothing = |state: &mut State| state.waiting.is_empty();
            let state = self.changed.wait_while(self.state(), has_nothing);
            let mut state = state.unwrap_or_else(PoisonError::into_inner);
            let bytes = std::mem::take(&mut state.waiting);
            state.is_writing = true;
            drop(state);
            let written = match &out {
                Ok(out) => write(out, &bytes),
                Err(error) => Err(error.kind().into()),
            };
            let mut state = self.state();
            state.is_writing = false;
            if let Err(error) = written {
                state.fault = Some(error.kind());
                state.waiting.clear();
            }
            let has_ended = state.fault.is_some();
            let told = if state.waiting.is_empty() { state.when_free.take() } else { None };
            drop(state);
            self.changed.notify_all();
            if let Some(told) = told {
                told();
            }
            if has_ended {
                return;
            }
        }
    }

    /// A panic elsewhere leaves nothing half done here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_free(&self) -> bool {
        self.fault.is_some() || self.waiting.is_empty() && !self.is_writing
    }
}

/// Writes all, also to a terminal that somebody made one that does not wait.
fn write(mut out: &File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match out.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => until_takes(out.as_fd())?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn until_takes(out: BorrowedFd<'_>) -> io::Result<()> {
    poll(&mut [PollFd::from_borrowed_fd(out, PollFlags::OUT)], None)?;
    Ok(())
}
