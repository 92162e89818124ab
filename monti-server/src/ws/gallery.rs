//! The thread of the wallboards.
//!
//! All of them are to be told each second, and that can be a lot to write: two hundred full states
//! of four hundred agents are forty megabytes. On a thread of their own no agent's message waits
//! behind them, and one after the other costs less than by turns on all cores. However many there
//! are, they take one core at most: who comes too late in a second is told the newest.
//!
//! Nor are they told in one moment. They sit in sections, and after each half megabyte the thread
//! rests: else the machine would do nothing else for as long as all that takes, and each second
//! the calls of that time would wait.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
    task::yield_now,
    time::sleep,
};

use crate::driver::Feed;

/// The parts of a gallery that are told one after the other.
const SECTIONS: usize = 64;

/// What is written before the thread rests.
const BURST_BYTES: usize = 512 << 10;

/// How long it rests: all sections together, less than half a second.
const REST: Duration = Duration::from_millis(5);

/// Where wallboards' links run, until this is dropped.
#[derive(Debug)]
pub(super) struct Gallery {
    handle: Handle,
    sections: Vec<Feed>,
    /// Wallboards that have come.
    seated: AtomicUsize,
    /// What was written since the thread rested last.
    written: Arc<AtomicUsize>,
    _open: oneshot::Sender<()>,
}

impl Gallery {
    /// A gallery for what is told by `feed`.
    ///
    /// # Errors
    /// The system has no thread for it.
    pub(super) fn open(feed: Feed) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (open, closed) = oneshot::channel();
        let written = Arc::new(AtomicUsize::new(0));
        let writing = Arc::clone(&written);
        // Told to this thread once and handed on here, a second wakes all links without a detour.
        let (relay, sections) = feed.relay(SECTIONS, async move || {
            // Those who were just told write now.
            yield_now().await;
            if writing.load(Ordering::Relaxed) >= BURST_BYTES {
                writing.store(0, Ordering::Relaxed);
                sleep(REST).await;
            }
        });
        thread::Builder::new().name("wallboards".to_owned()).spawn(move || {
            runtime.spawn(relay);
            // An error says that it was dropped.
            let _dropped = runtime.block_on(closed);
        })?;
        Ok(Self { handle, sections, seated: AtomicUsize::new(0), written, _open: open })
    }

    /// Where the links run.
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// What the next wallboard is told, as it is told on this thread.
    pub(super) fn seat(&self) -> &Feed {
        &self.sections[self.seated.fetch_add(1, Ordering::Relaxed) % SECTIONS]
    }

    /// So much is written to a wallboard.
    pub(super) fn note_written(&self, bytes: usize) {
        self.written.fetch_add(bytes, Ordering::Relaxed);
    }
}
