//! The links: `/ws/agent` for agents and whoever speaks for many, `/ws` for wallboards.
//!
//! A link is one task, a wallboard's on a thread that they have for themselves. It reads only when
//! it has nothing to write, so that a peer that takes nothing is not listened to either, and what is
//! kept for it is bounded: by [`Pace::answers`] for agents, by one second's state for wallboards. What both kinds of links have in common is their
//! connection: pings, limits, refusals, and how they end.

mod agent;
mod allowance;
mod connection;
mod ending;
mod faults;
mod gallery;
mod liveness;
mod unsent;
mod upgrade;
mod wallboard;

use std::{io, sync::Arc, time::Duration};

use axum::{Extension, Router, routing::get};
use monti_core::wire::Welcome;
use tokio::sync::watch;

use self::gallery::Gallery;
use crate::{
    driver::{Feed, World},
    http::Services,
    inbox::{Inbox, LINK_CAPACITY},
};

/// What links need of the server.
#[derive(Debug)]
pub struct Links {
    world: World,
    inbox: Inbox,
    gallery: Gallery,
    pace: Pace,
    /// Each link that is open has a receiver.
    open: watch::Sender<()>,
}

/// For how long links wait, and for how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two pings. A peer that answers neither of two is gone when the third is due.
    pub ping: Duration,
    /// For a peer to take anything at all of a message. One that does not is closed.
    pub take: Duration,
    /// For a peer to hear why its link ends and to say goodbye. With [`Self::take`] shorter than
    /// [`Limits::write`](crate::http::Limits::write), after which a connection just ends.
    pub farewell: Duration,
    /// Full states that a wallboard may ask for at once; later twice a second.
    pub full_states: u32,
    /// Durable messages that may wait for a link of agents to take them; a link that is further
    /// behind is closed.
    pub answers: usize,
}

impl Default for Pace {
    /// 15 s, 10 s, 4 s, 20 full states, and what follows from an inbox that a single link filled.
    fn default() -> Self {
        Self {
            ping: Duration::from_secs(15),
            take: Duration::from_secs(10),
            farewell: Duration::from_secs(4),
            full_states: allowance::BURST,
            answers: LINK_CAPACITY,
        }
    }
}

impl Links {
    /// Links to the driver behind `inbox`, which fills `feed` and lives in `world`.
    ///
    /// # Errors
    /// The system has no thread for the wallboards.
    pub fn new(inbox: Inbox, feed: Feed, world: World, pace: Pace) -> io::Result<Self> {
        let (gallery, open) = (Gallery::open(feed)?, watch::Sender::new(()));
        Ok(Self { world, inbox, gallery, pace, open })
    }

    /// Waits until no link is open. They end by themselves once the driver has shut down; those
    /// whose peers take nothing do so only after a while.
    pub async fn closed(&self) {
        self.open.closed().await;
    }

    /// What every peer is told first.
    fn welcome(&self) -> Welcome {
        let (clock, centre) = (&self.world.clock, self.world.centre.centre());
        Welcome::new(env!("CARGO_PKG_VERSION"), clock.now(), clock.speed(), centre)
    }
}

/// The routes of the links.
pub fn router(links: Arc<Links>) -> Router<Arc<Services>> {
    Router::new()
        .route("/ws/agent", get(agent::open))
        .route("/ws", get(wallboard::open))
        .layer(Extension(links))
}
