//! The fleet on a server's links: callers and agents that live in the server's time.
//!
//! [`connect`] dials the server and learns its centre and its clock; [`Session::cast`] puts a
//! fleet on the links. One task owns the fleet; each link is a task that carries messages and
//! nothing else. Links that are lost are dialled again, with jitter, and their agents come back to
//! the calls that they had.

mod clock;
mod conductor;
mod link;
mod links;
mod mirror;
mod requests;
mod retries;
mod tally;
mod words;

use std::{num::NonZeroU32, sync::Arc};

use monti_core::{Centre, Millis, Timestamp, file::FileError, wire::Seconds};
use tokio::sync::{mpsc, watch};

pub(crate) use self::conductor::{Conductor, Question};
use self::{clock::CentreClock, link::LinkEvent, links::Links};
pub use self::{
    links::LINKS_MAX,
    tally::{Progress, Tally},
};
use crate::{
    Fleet, OtherCentre,
    remote::{Address, Remote},
};

/// When it is worth trying again what could not be done.
pub(crate) const RETRY_AFTER: Seconds = Seconds(Millis::from_secs(1));

/// Questions that may wait for the conductor: people and scrapers ask few.
const QUESTIONS: usize = 64;

/// Over how many connections a simulator speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connections {
    /// So many, shared by all agents.
    Count(NonZeroU32),
    /// One for each agent.
    PerAgent,
}

/// Where the server is, and how to get in.
#[derive(Debug)]
pub struct Target {
    /// The server, and what it lets in.
    pub server: Remote,
    /// Over how many connections.
    pub connections: Connections,
    /// How many agents there are going to be, as far as that is known.
    pub agents: u32,
}

/// Why there was nothing to play, or no more.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The server does not let this simulator in, or speaks another language.
    #[error("{server} refuses: {reason}")]
    Refused {
        /// The server.
        server: Address,
        /// What it says.
        reason: String,
    },
    /// The server's centre makes no sense.
    #[error("the server's centre: {0}")]
    Centre(#[from] FileError),
    /// The server was started again with another centre.
    #[error(transparent)]
    OtherCentre(#[from] OtherCentre),
}

/// A server that was reached.
pub struct Session {
    server: Address,
    centre: Centre,
    clock: watch::Sender<CentreClock>,
    links: Links,
}

/// Dials the server until it answers.
///
/// # Errors
/// It does not let this simulator in.
pub async fn connect(target: Target) -> Result<Session, LiveError> {
    let Target { server: remote, connections, agents } = target;
    let server = remote.address().clone();
    let mut links = Links::new(remote, connections, agents);
    let (mut batch, mut told) = (Vec::new(), None);
    loop {
        links.hear(&mut batch, 1).await;
        for (link, event) in batch.drain(..) {
            match event {
                LinkEvent::Up(welcome, way) => {
                    let centre = mirror::centre(&welcome.centre)?;
                    links.set_up(link, way);
                    let clock = watch::Sender::new(CentreClock::new(&welcome));
                    return Ok(Session { server, centre, clock, links });
                }
                LinkEvent::Refused(reason) => return Err(LiveError::Refused { server, reason }),
                // A log that is to show only what matters shows why nothing happens, once.
                LinkEvent::Failed(reason) if told.as_ref() != Some(&reason) => {
                    tracing::warn!(%server, reason, "cannot be reached yet; trying again");
                    told = Some(reason);
                }
                LinkEvent::Failed(reason) => {
                    tracing::info!(%server, reason, "cannot be reached yet; trying again");
                }
                LinkEvent::Said(_) | LinkEvent::Unreadable(_) | LinkEvent::Down(_) => {}
            }
        }
    }
}

impl Session {
    /// The server's centre, as far as it tells.
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// The centre's time.
    pub fn now(&self) -> Timestamp {
        self.clock.borrow().now()
    }

    /// How many seconds of the centre's time pass in a real one.
    pub fn clock_speed(&self) -> f64 {
        self.clock.borrow().speed()
    }

    /// Ends when it is `moment` in the centre, as its server says that time goes by then; never at the
    /// end of all time.
    pub fn until(&self, moment: Timestamp) -> impl Future<Output = ()> + use<> {
        clock::until(self.clock.subscribe(), moment)
    }

    /// A fleet of this centre on its way to the links.
    pub fn cast(self, fleet: Fleet) -> Play {
        let Self { server, centre, clock, links } = self;
        let conductor = Conductor::new(fleet, server, Arc::new(centre), clock, links);
        let (questions, asked) = mpsc::channel(QUESTIONS);
        let progress = watch::Sender::new(conductor.progress());
        Play { conductor, questions, asked, progress }
    }
}

/// A fleet that can be asked, and will play.
pub struct Play {
    conductor: Conductor,
    questions: mpsc::Sender<Question>,
    asked: mpsc::Receiver<Question>,
    progress: watch::Sender<Progress>,
}

impl Play {
    /// How it is doing, each second.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// The way to ask it.
    pub(crate) fn questions(&self) -> mpsc::Sender<Question> {
        self.questions.clone()
    }

    /// Plays until `over`.
    ///
    /// # Errors
    /// The server does not let this simulator in any more, or has become another centre.
    pub async fn run(self, over: impl Future<Output = ()>) -> Result<Tally, LiveError> {
        let Self { conductor, questions: _questions, asked, progress } = self;
        conductor.run(asked, progress, over).await
    }
}
