//! A link of one agent or of thousands.

use std::{convert::Infallible, sync::Arc};

use axum::response::Response;
use monti_core::wire::{AgentClientMessage, AgentServerMessage, ErrorCode, ErrorMessage};
use tokio::{runtime::Handle, select, sync::mpsc};

use super::{Links, connection::Connection, ending::Ending, upgrade::Upgrade};
use crate::{
    driver::Text,
    http::{AnyRole, Refusal},
    inbox::{Grant, Inbox, LinkId, Refused, Request, Role},
    observations::Socket,
};

/// `/ws/agent`, for those who speak for agents.
pub(super) async fn open(
    AnyRole(grant): AnyRole,
    upgrade: Result<Upgrade, Refusal>,
) -> Result<Response, Refusal> {
    let (Role::Agent | Role::Simulator | Role::Admin) = grant.role else {
        let detail = format!("a {} speaks for no agents", grant.role);
        return Err(Refusal::new(ErrorCode::Forbidden, detail));
    };
    let link = |connection, links| AgentLink::run(connection, links, grant);
    Ok(upgrade?.run(Socket::Agents, &Handle::current(), link))
}

/// The answers that are written at once: as many as go into one system call.
const ANSWERS_AT_ONCE: usize = 64;

/// A link at work.
struct AgentLink {
    connection: Box<Connection>,
    place: Place,
    answers: mpsc::Receiver<Box<AgentServerMessage>>,
}

impl AgentLink {
    async fn run(connection: Box<Connection>, links: Arc<Links>, grant: Arc<Grant>) {
        let (place, answers) = Place::take(&links, grant);
        let mut link = Self { connection, place, answers };
        let Err(ending) = link.speak(&links).await;
        // Its agents are lost from now on, not only after the goodbyes.
        drop(link.place);
        link.connection.close(ending).await;
    }

    async fn speak(&mut self, links: &Links) -> Result<Infallible, Ending> {
        self.connection.say(&AgentServerMessage::Welcome(links.welcome())).await?;
        loop {
            select! {
                // Answers first: a peer that asks for more than it takes is not listened to.
                biased;
                answer = self.answers.recv() => match answer {
                    Some(answer) => self.tell(&answer).await?,
                    // The driver let the link go.
                    None if self.place.inbox.is_stopping() => return Err(Ending::Stopping),
                    None => return Err(Ending::Slow),
                },
                text = self.connection.text() => self.hear(&text?).await?,
            }
        }
    }

    /// Writes an answer, and those that wait behind it, at once: each write alone would wake up the
    /// peer.
    async fn tell(&mut self, answer: &AgentServerMessage) -> Result<(), Ending> {
        let mut frames = vec![Text::of(answer).into_frame()];
        while frames.len() < ANSWERS_AT_ONCE {
            let Ok(answer) = self.answers.try_recv() else { break };
            frames.push(Text::of(&answer).into_frame());
        }
        self.connection.send(frames).await
    }

    /// Hands in what came, be it a message or none: answers come in the order of what they answer.
    /// Only what there is no room for is answered at once, and what ends the link.
    async fn hear(&mut self, text: &str) -> Result<(), Ending> {
        let message = AgentClientMessage::parse(text);
        if let Err(error) = &message
            && let Err(ending) = self.connection.blame(error.code)
        {
            self.connection.refuse((**error).clone()).await?;
            return Err(ending);
        }
        match self.place.hand_in(message) {
            Ok(()) => Ok(()),
            Err(refused) => self.connection.refuse(refused.error).await,
        }
    }
}

/// A link's place with the driver, which hears of it whichever way the link ends.
struct Place {
    link: LinkId,
    inbox: Inbox,
}

impl Place {
    fn take(links: &Links, grant: Arc<Grant>) -> (Self, mpsc::Receiver<Box<AgentServerMessage>>) {
        let (sender, answers) = mpsc::channel(links.pace.answers);
        let inbox = links.inbox.clone();
        let link = inbox.next_link();
        // Without a driver the sender is gone, which ends the link.
        let _stopped = inbox.try_send(Request::LinkOpened { link, sender, grant });
        (Self { link, inbox }, answers)
    }

    fn hand_in(
        &self,
        message: Result<AgentClientMessage, Box<ErrorMessage>>,
    ) -> Result<(), Box<Refused>> {
        self.inbox.try_send(Request::LinkMessage { link: self.link, message })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A driver that is gone has let its links go already.
        let _stopped = self.inbox.try_send(Request::LinkClosed { link: self.link });
    }
}
