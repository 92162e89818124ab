//! A link of a wallboard.
//!
//! What it is told in a second is the [`Watcher`]'s business. Here that is written, one message at
//! a time: whoever needs longer than a second for it is not told of the seconds between.

use std::{convert::Infallible, sync::Arc};

use axum::response::Response;
use monti_core::wire::{
    ErrorMessage, Subject, Subscribe, WallboardClientMessage, WallboardServerMessage,
};
use tokio::select;

use super::{Links, connection::Connection, ending::Ending, upgrade::Upgrade};
use crate::{
    driver::{Text, View, Watcher},
    http::{Refusal, Viewer},
    observations::Socket,
};

/// `/ws`, for all who may look.
pub(super) async fn open(
    Viewer(_): Viewer,
    upgrade: Result<Upgrade, Refusal>,
) -> Result<Response, Refusal> {
    Ok(upgrade?.run(Socket::Wallboard, Wallboard::run))
}

/// A wallboard's link at work.
struct Wallboard {
    connection: Box<Connection>,
    links: Arc<Links>,
    watcher: Watcher,
}

impl Wallboard {
    async fn run(connection: Box<Connection>, links: Arc<Links>) {
        let watcher = links.feed.watch(View::default());
        let mut wallboard = Self { connection, links, watcher };
        let Err(ending) = wallboard.show().await;
        wallboard.connection.close(ending).await;
    }

    async fn show(&mut self) -> Result<Infallible, Ending> {
        let welcome = WallboardServerMessage::Welcome(self.links.welcome());
        self.connection.say(&welcome).await?;
        self.show_all().await?;
        loop {
            select! {
                texts = self.watcher.next() => self.send(texts.ok_or(Ending::Stopping)?).await?,
                text = self.connection.text() => self.hear(&text?).await?,
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Result<(), Ending> {
        match WallboardClientMessage::parse(text) {
            Ok(WallboardClientMessage::Resync(_)) => self.show_all().await,
            Ok(WallboardClientMessage::Subscribe(subscribe)) => match self.view(subscribe) {
                Ok(view) => {
                    self.watcher.set_view(view);
                    self.show_all().await
                }
                Err(error) => self.connection.refuse(*error).await,
            },
            Err(error) => self.connection.refuse(*error).await,
        }
    }

    fn view(&self, subscribe: Subscribe) -> Result<View, Box<ErrorMessage>> {
        let subject = Subject { request_id: subscribe.request_id, ..Subject::default() };
        let view = View::new(subscribe, self.links.world.centre.centre());
        view.map_err(|error| Box::new(error.about(subject)))
    }

    async fn show_all(&mut self) -> Result<(), Ending> {
        let texts = self.watcher.full();
        self.send(texts).await
    }

    async fn send(&mut self, texts: Vec<Text>) -> Result<(), Ending> {
        for text in texts {
            self.connection.send(text).await?;
        }
        Ok(())
    }
}
