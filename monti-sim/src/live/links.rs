//! All links together: which of them speaks for whom.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use monti_core::wire::AgentClientMessage;
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::timeout,
};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{
    Connections,
    link::{self, Dialling, LinkEvent, LinkNo},
};
use crate::{AgentNo, CallerId, remote::Remote};

/// Messages that may wait for all links together: room for every message of ten thousand agents
/// that come back at once. A link that is further behind is given up and dialled again.
const OUTGOING: u32 = 64 * 1024;

/// The same for a single link, however many there are.
const OUTGOING_MIN: u32 = 64;

/// Events that may wait to be heard; links read on only when there is room.
const EVENTS: usize = 16 * 1024;

/// So many links are dialled at once.
const DIALS: usize = 64;

/// The most links that are opened: more ports than that no machine has for one server.
pub const LINKS_MAX: u32 = 60_000;

/// How long the links may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(2);

/// The links, up or not.
pub(super) struct Links {
    connections: Connections,
    dialling: Arc<Dialling>,
    sender: mpsc::Sender<(LinkNo, LinkEvent)>,
    events: mpsc::Receiver<(LinkNo, LinkEvent)>,
    /// Of each link the way to it, while it is up.
    ways: Vec<Option<mpsc::Sender<Utf8Bytes>>>,
    tasks: JoinSet<()>,
}

/// A message that did not go out: the link is not up, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotSaid;

impl Links {
    /// The first link, which is dialled at once; more follow with [`Self::open_for`].
    pub(super) fn new(server: Remote, connections: Connections, agents_hint: u32) -> Self {
        let count = connections.count(agents_hint);
        let (sender, events) = mpsc::channel(EVENTS);
        let dialling = Arc::new(Dialling {
            server,
            outgoing: (OUTGOING / count).max(OUTGOING_MIN) as usize,
            read_bytes: if count > 16 { 4 * 1024 } else { 64 * 1024 },
            permits: Semaphore::new(DIALS),
            is_over: AtomicBool::new(false),
        });
        let mut links =
            Self { connections, dialling, sender, events, ways: Vec::new(), tasks: JoinSet::new() };
        links.open(1);
        links
    }

    /// Opens the links that so many agents need.
    pub(super) fn open_for(&mut self, agents: u32) {
        self.open(self.connections.count(agents));
    }

    fn open(&mut self, count: u32) {
        let first = self.count();
        for no in (first..count).map(LinkNo) {
            self.ways.push(None);
            self.tasks.spawn(link::keep(no, Arc::clone(&self.dialling), self.sender.clone()));
        }
    }

    fn count(&self) -> u32 {
        u32::try_from(self.ways.len()).unwrap_or(u32::MAX)
    }

    /// How many are up.
    pub(super) fn up(&self) -> usize {
        self.ways.iter().filter(|way| way.is_some()).count()
    }

    /// How many there are to be.
    pub(super) fn len(&self) -> usize {
        self.ways.len()
    }

    /// The link that speaks for an agent.
    pub(super) fn of_agent(&self, agent: AgentNo) -> LinkNo {
        LinkNo(agent.0 % self.count())
    }

    /// The agents, of so many, that a link speaks for.
    pub(super) fn agents_of(
        &self,
        link: LinkNo,
        agents: u32,
    ) -> impl Iterator<Item = AgentNo> + use<> {
        (link.0..agents).step_by(self.count().max(1) as usize).map(AgentNo)
    }

    /// The link that speaks for a caller.
    pub(super) fn of_caller(&self, caller: CallerId) -> LinkNo {
        let place = caller.serial() % u64::from(self.count());
        LinkNo(u32::try_from(place).unwrap_or_default())
    }

    /// Whether a link is up.
    pub(super) fn is_up(&self, LinkNo(no): LinkNo) -> bool {
        self.ways[no as usize].is_some()
    }

    /// A link is there.
    pub(super) fn set_up(&mut self, LinkNo(no): LinkNo, way: mpsc::Sender<Utf8Bytes>) {
        self.ways[no as usize] = Some(way);
    }

    /// A link is lost.
    pub(super) fn set_down(&mut self, LinkNo(no): LinkNo) {
        self.ways[no as usize] = None;
    }

    /// Says something on a link. One that takes nothing while so much waits for it is given up:
    /// its loss will be told.
    pub(super) fn say(
        &mut self,
        LinkNo(no): LinkNo,
        message: &AgentClientMessage,
    ) -> Result<(), NotSaid> {
        let way = &mut self.ways[no as usize];
        let text = serde_json::to_string(message).map_err(|error| {
            tracing::error!(%error, "a message cannot be written");
            NotSaid
        })?;
        match way.as_ref().map(|way| way.try_send(text.into())) {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => {
                *way = None;
                Err(NotSaid)
            }
            None => Err(NotSaid),
        }
    }

    /// Waits for events, and takes up to `max` that are there.
    pub(super) async fn hear(&mut self, batch: &mut Vec<(LinkNo, LinkEvent)>, max: usize) {
        // There is a sender here, so that the way never ends.
        self.events.recv_many(batch, max).await;
    }

    /// Says goodbye on all links.
    pub(super) async fn close(mut self) {
        self.dialling.is_over.store(true, Ordering::Relaxed);
        self.ways.clear();
        let goodbyes = async {
            loop {
                tokio::select! {
                    task = self.tasks.join_next() => if task.is_none() { return },
                    // What is said now is not heard, but must not keep a link from its goodbye.
                    _ = self.events.recv() => {}
                }
            }
        };
        // Who does not answer is not waited for.
        let _late = timeout(FAREWELL, goodbyes).await;
    }
}

impl Connections {
    /// How many links so many agents need. At least one: the calls need a link, too.
    fn count(self, agents: u32) -> u32 {
        match self {
            Self::Count(count) => count.get(),
            Self::PerAgent => agents.max(1),
        }
        .min(LINKS_MAX)
    }
}
