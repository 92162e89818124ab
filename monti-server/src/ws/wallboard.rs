//! A link of a wallboard.
//!
//! What it is told in a second is the [`Watcher`]'s business. Here that is written, a second's
//! messages at once: whoever needs longer than a second for them is not told of the seconds between.

use std::{convert::Infallible, sync::Arc, time::Instant};

use axum::response::Response;
use monti_core::wire::{
    ErrorCode, ErrorMessage, Subject, WallboardClientMessage, WallboardServerMessage,
};
use tokio::select;

use super::{
    Links, allowance::Allowance, connection::Connection, ending::Ending, upgrade::Upgrade,
};
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
    let upgrade = upgrade?;
    let gallery = upgrade.links().gallery.handle().clone();
    Ok(upgrade.run(Socket::Wallboard, &gallery, Wallboard::run))
}

/// A wallboard's link at work.
struct Wallboard {
    connection: Box<Connection>,
    links: Arc<Links>,
    watcher: Watcher,
    allowance: Allowance,
}

impl Wallboard {
    async fn run(connection: Box<Connection>, links: Arc<Links>) {
        let watcher = links.gallery.seat().watch(View::default());
        let allowance = Allowance::new(links.pace.full_states);
        let mut wallboard = Self { connection, links, watcher, allowance };
        let Err(ending) = wallboard.show().await;
        wallboard.connection.close(ending).await;
    }

    async fn show(&mut self) -> Result<Infallible, Ending> {
        let welcome = WallboardServerMessage::Welcome(self.links.welcome());
        self.connection.say(&welcome).await?;
        self.show_all().await?;
        loop {
            select! {
                told = self.watcher.next() => {
                    let frames = told.ok_or(Ending::Stopping)?.into_frames();
                    self.links.gallery.note_written(frames.len());
                    self.connection.send([frames]).await?;
                }
                text = self.connection.text() => self.hear(&text?).await?,
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Result<(), Ending> {
        match WallboardClientMessage::parse(text).and_then(|message| self.take(message)) {
            Ok(()) => self.show_all().await,
            Err(error) => {
                let code = error.code;
                self.connection.refuse(*error).await?;
                self.connection.blame(code)
            }
        }
    }

    /// Takes in what a message asks for; the full state is to follow.
    fn take(&mut self, message: WallboardClientMessage) -> Result<(), Box<ErrorMessage>> {
        let subject = |request_id| Subject { request_id, ..Subject::default() };
        match message {
            WallboardClientMessage::Resync(resync) => {
                self.spend().map_err(|error| Box::new(error.about(subject(resync.request_id))))
            }
            WallboardClientMessage::Subscribe(subscribe) => {
                let subject = subject(subscribe.request_id);
                let view = View::new(subscribe, self.links.world.centre.centre());
                let spent = view.and_then(|view| self.spend().map(|()| view));
                self.watcher.set_view(spent.map_err(|error| Box::new(error.about(subject)))?);
                Ok(())
            }
        }
    }

    fn spend(&mut self) -> Result<(), Box<ErrorMessage>> {
        self.allowance.take(Instant::now()).map_err(|wait| {
            let message = "the full state was asked for too often";
            Box::new(ErrorMessage::new(ErrorCode::RateLimited, message).retry_after(wait.into()))
        })
    }

    async fn show_all(&mut self) -> Result<(), Ending> {
        let texts = self.watcher.full();
        self.connection.send(texts.into_iter().map(Text::into_frame)).await
    }
}
