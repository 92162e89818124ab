//! The way from the driver to the wallboards.
//!
//! The driver says once a second what changed; a thread of its own makes the frame out of it, so
//! that no call waits for JSON. Watchers get the newest frame, however many they missed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::Builder,
};

use monti_core::Centre;
use tokio::sync::watch;

use super::{
    changes::TickUpdate,
    frame::TickFrame,
    publisher::Publisher,
    watcher::{View, Watcher},
};

/// Where wallboards are told of the centre, a [`TickFrame`] each second. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed {
    frames: watch::Receiver<Arc<TickFrame>>,
}

/// The driver's end.
#[derive(Debug)]
pub(super) struct FeedSender {
    updates: mpsc::Sender<TickUpdate>,
    /// Whether an update is being made into a frame.
    is_busy: Arc<AtomicBool>,
}

/// A feed without a first frame.
#[derive(Debug)]
pub(super) struct FeedStarter {
    updates: mpsc::Receiver<TickUpdate>,
    is_busy: Arc<AtomicBool>,
}

pub(super) fn channel() -> (FeedSender, FeedStarter) {
    let (sender, updates) = mpsc::channel();
    let is_busy = Arc::new(AtomicBool::new(false));
    (
        FeedSender { updates: sender, is_busy: Arc::clone(&is_busy) },
        FeedStarter { updates, is_busy },
    )
}

impl FeedStarter {
    /// Makes the first frame, and from now on one of each update, until the sender is dropped.
    pub(super) fn begin(self, centre: &Centre, first: TickUpdate) -> Feed {
        let mut publisher = Publisher::new(centre);
        let (frames, newest) = watch::channel(publisher.publish(first));
        let publish = move || {
            for update in self.updates {
                let frame = publisher.publish(update);
                self.is_busy.store(false, Ordering::Release);
                frames.send_replace(frame);
            }
        };
        Builder::new().name("frames".to_owned()).spawn(publish).expect("a thread can be made");
        Feed { frames: newest }
    }
}

impl FeedSender {
    /// Whether the update before is a frame already. One that is not yet must not be followed by
    /// another: what changes meanwhile is told later, in one update.
    pub(super) fn is_idle(&self) -> bool {
        !self.is_busy.load(Ordering::Acquire)
    }

    /// Has an update made into a frame.
    pub(super) fn tell(&self, update: TickUpdate) {
        self.is_busy.store(true, Ordering::Release);
        // A feed that is gone ended with a panic, which has ended the process.
        let _gone = self.updates.send(update);
    }
}

impl Feed {
    /// The newest frame.
    pub fn newest(&self) -> Arc<TickFrame> {
        Arc::clone(&self.frames.borrow())
    }

    /// The same feed in so many `sections`, which are told of each frame one after the other where
    /// the future runs, with a `pause` after each in which anybody watches. It ends with this feed.
    pub fn relay(
        mut self,
        sections: usize,
        mut pause: impl AsyncFnMut() + Send,
    ) -> (impl Future<Output = ()>, Vec<Self>) {
        let newest = self.newest();
        let (senders, feeds): (Vec<_>, _) = (0..sections)
            .map(|_| {
                let (frames, newest) = watch::channel(Arc::clone(&newest));
                (frames, Self { frames: newest })
            })
            .unzip();
        let relay = async move {
            while self.frames.changed().await.is_ok() {
                let frame = Arc::clone(&self.frames.borrow_and_update());
                for section in &senders {
                    section.send_replace(Arc::clone(&frame));
                    // One receiver is the feed itself.
                    if section.receiver_count() > 1 {
                        pause().await;
                    }
                }
            }
        };
        (relay, feeds)
    }

    /// Watches the centre in a certain way.
    pub fn watch(&self, view: View) -> Watcher {
        Watcher::new(self.frames.clone(), view)
    }
}
