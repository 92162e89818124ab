//! The thread of the wallboards.
//!
//! All of them are told in the same moment of each second, and that is a lot to write. On a thread
//! of their own no agent's message waits behind them, and one after the other costs less than by
//! turns on all cores. However many there are, they take one core at most: who comes too late in a
//! second is told the newest.

use std::{io, thread};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

use crate::driver::Feed;

/// Where wallboards' links run, until this is dropped.
#[derive(Debug)]
pub(super) struct Gallery {
    handle: Handle,
    feed: Feed,
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
        // Told to this thread once and handed on here, a second wakes all links without a detour.
        let (relay, feed) = feed.relay();
        thread::Builder::new().name("wallboards".to_owned()).spawn(move || {
            runtime.spawn(relay);
            // An error says that it was dropped.
            let _dropped = runtime.block_on(closed);
        })?;
        Ok(Self { handle, feed, _open: open })
    }

    /// Where the links run.
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// What wallboards are told, as it is told on this thread.
    pub(super) fn feed(&self) -> &Feed {
        &self.feed
    }
}
