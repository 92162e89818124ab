//! What a link of either kind is written to and read from.

use std::{pin::pin, sync::Arc, time::Instant};

use axum::{
    body::Bytes,
    extract::ws::{Message, WebSocket},
};
use monti_core::wire::{AgentServerMessage, ErrorCode, ErrorMessage};
use serde::Serialize;
use tokio::{
    select,
    time::{self, Interval, MissedTickBehavior, timeout},
};

use super::{Links, Pace, ending::Ending, faults::Faults, liveness::Liveness};
use crate::{driver::Text, http::Seat, observations::Observations};

/// A WebSocket whose peer is pinged, has to keep to the limits, and is told why it ends.
pub(super) struct Connection {
    stream: WebSocket,
    seat: Seat,
    pace: Pace,
    pings: Interval,
    liveness: Liveness,
    faults: Faults,
    observations: Arc<Observations>,
}

impl Connection {
    pub(super) fn new(stream: WebSocket, seat: Seat, links: &Links) -> Self {
        let pace = links.pace;
        let mut pings = time::interval_at(time::Instant::now() + pace.ping, pace.ping);
        // After a time without a chance to ask, the peer gets all of its time to answer.
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            stream,
            seat,
            pace,
            pings,
            liveness: Liveness::default(),
            faults: Faults::default(),
            observations: Arc::clone(&links.world.observations),
        }
    }

    /// Waits for the next message, and keeps the peer's company until it comes.
    ///
    /// Nothing is lost if this is dropped while it waits.
    pub(super) async fn text(&mut self) -> Result<Text, Ending> {
        loop {
            select! {
                message = self.stream.recv() => {
                    let message = message.ok_or(Ending::Broken)??;
                    self.liveness.heard();
                    match message {
                        Message::Text(text) => return Ok(text),
                        Message::Binary(_) => return Err(Ending::Binary),
                        Message::Close(_) => return Err(Ending::Left),
                        Message::Ping(_) | Message::Pong(_) => {}
                    }
                }
                _ = self.pings.tick() => {
                    if !self.liveness.ping() {
                        return Err(Ending::Silent);
                    }
                    self.write(Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }

    /// Writes a message as it is sent to many.
    pub(super) async fn send(&mut self, text: Text) -> Result<(), Ending> {
        self.write(Message::Text(text)).await
    }

    /// Writes a message to this peer alone.
    pub(super) async fn say(&mut self, message: &impl Serialize) -> Result<(), Ending> {
        match serde_json::to_string(message) {
            Ok(text) => self.send(text.into()).await,
            Err(error) => {
                tracing::error!(%error, "a message cannot be written");
                Ok(())
            }
        }
    }

    /// Tells the peer that its message changed nothing, and why. Too much garbage ends the link.
    pub(super) async fn refuse(&mut self, error: ErrorMessage) -> Result<(), Ending> {
        let code = error.code;
        self.observations.refused(code);
        // It reads the same over both kinds of links.
        self.say(&AgentServerMessage::Error(error)).await?;
        if code == ErrorCode::Malformed && self.faults.add(Instant::now()) {
            return Err(Ending::Garbage);
        }
        Ok(())
    }

    /// Tells the peer why the link ends, and waits for its goodbye, which may be long in coming.
    pub(super) async fn close(mut self, ending: Ending) {
        tracing::debug!(?ending, "a link ends");
        let farewell = async {
            if let Some(frame) = ending.close_frame()
                && self.stream.send(Message::Close(Some(frame))).await.is_err()
            {
                return;
            }
            // The goodbyes go out while the next message is waited for.
            while let Some(Ok(_)) = self.stream.recv().await {}
            if ending.leaves_unread() {
                // Closing now would reset the connection, and what was just sent could be lost.
                std::future::pending::<()>().await;
            }
        };
        // A peer that does not answer is not waited for any longer.
        let _late = timeout(self.pace.farewell, farewell).await;
    }

    async fn write(&mut self, message: Message) -> Result<(), Ending> {
        let begun = Instant::now();
        let mut sent = pin!(self.stream.send(message));
        loop {
            // A long message may take as long as it likes, if only its peer goes on taking it.
            let idle = begun.elapsed().min(self.seat.taken().idle());
            match timeout(self.pace.take.saturating_sub(idle), sent.as_mut()).await {
                Ok(sent) => return sent.map_err(Ending::from),
                Err(_) if idle >= self.pace.take => return Err(Ending::Slow),
                Err(_) => {}
            }
        }
    }
}
