//! The links that are open, and which agent speaks over which.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use monti_core::{AgentId, CallId, RequestId, Session, wire::AgentServerMessage};
use tokio::sync::mpsc::error::TrySendError;

use crate::inbox::{Grant, LinkId, LinkSender};

/// The links that are open, and the agents' places at them.
#[derive(Debug, Default)]
pub(super) struct Links {
    open: BTreeMap<LinkId, Link>,
    /// By [`AgentId::index`].
    seats: Vec<Option<Seat>>,
    /// Closed while it could not be made durable that their agents are lost.
    postponed: BTreeSet<LinkId>,
    /// The calls that were repeated while nothing could be made durable, each with the request that
    /// it came under and the link that repeated it last.
    pub(super) repeats: BTreeMap<CallId, (RequestId, LinkId)>,
}

#[derive(Debug)]
struct Link {
    /// `None` once it took nothing for too long, or its session is gone.
    sender: Option<LinkSender>,
    grant: Arc<Grant>,
    /// The indices of its agents.
    agents: BTreeSet<usize>,
}

/// Where an agent speaks from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) agent: AgentId,
    pub(super) session: Session,
    pub(super) link: LinkId,
}

impl Links {
    pub(super) fn open(&mut self, link: LinkId, sender: LinkSender, grant: Arc<Grant>) {
        self.open.insert(link, Link { sender: Some(sender), grant, agents: BTreeSet::new() });
    }

    /// Forgets a link. Answers the agents that spoke over it.
    pub(super) fn close(&mut self, link: LinkId) -> Vec<(AgentId, Session)> {
        let agents = self.open.remove(&link).map(|link| link.agents).unwrap_or_default();
        let seats = agents.into_iter().filter_map(|index| self.seats.get_mut(index)?.take());
        seats.map(|seat| (seat.agent, seat.session)).collect()
    }

    /// Closes a link as far as it can be while nothing can be made durable: its agents stay.
    pub(super) fn postpone(&mut self, link: LinkId) {
        match self.open.get_mut(&link) {
            Some(entry) if !entry.agents.is_empty() => {
                entry.sender = None;
                self.postponed.insert(link);
            }
            _ => drop(self.open.remove(&link)),
        }
    }

    /// The links that are to be closed still.
    pub(super) fn take_postponed(&mut self) -> BTreeSet<LinkId> {
        std::mem::take(&mut self.postponed)
    }

    /// Whether a link was not closed.
    pub(super) fn is_open(&self, link: LinkId) -> bool {
        self.open.contains_key(&link) && !self.postponed.contains(&link)
    }

    /// What a link may do; `None` of one that is not open.
    pub(super) fn grant(&self, link: LinkId) -> Option<&Arc<Grant>> {
        self.open.get(&link).map(|link| &link.grant)
    }

    /// Where an agent speaks from, if from anywhere.
    pub(super) fn seat(&self, agent: AgentId) -> Option<Seat> {
        self.seats.get(agent.index()).copied().flatten().filter(|seat| seat.agent == agent)
    }

    /// An agent speaks from here from now on. Answers the link that it spoke over before.
    pub(super) fn take_seat(&mut self, seat: Seat) -> Option<LinkId> {
        let before = self.leave_seat(seat.agent);
        let index = seat.agent.index();
        if self.seats.len() <= index {
            self.seats.resize(index + 1, None);
        }
        self.seats[index] = Some(seat);
        if let Some(link) = self.open.get_mut(&seat.link) {
            link.agents.insert(index);
        }
        before
    }

    /// An agent speaks from nowhere any more. Answers the link that it spoke over.
    pub(super) fn leave_seat(&mut self, agent: AgentId) -> Option<LinkId> {
        let seat = self.seats.get_mut(agent.index())?.take()?;
        if let Some(link) = self.open.get_mut(&seat.link) {
            link.agents.remove(&agent.index());
        }
        Some(seat.link)
    }

    /// Sends what is durable. A link whose way is full is closed: its sender is dropped.
    pub(super) fn send(&mut self, link: LinkId, message: Box<AgentServerMessage>) {
        let Some(link_entry) = self.open.get_mut(&link) else { return };
        let Some(sender) = &link_entry.sender else { return };
        match sender.try_send(message) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                tracing::warn!(link = link.0, "a link took nothing for too long and is closed");
                link_entry.sender = None;
            }
            Err(TrySendError::Closed(_)) => link_entry.sender = None,
        }
    }
}
