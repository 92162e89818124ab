//! What a link of either kind is written to and read from.

use std::{
    future::poll_fn,
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use monti_core::wire::{AgentServerMessage, ErrorCode, ErrorMessage};
use serde::Serialize;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    select,
    time::{self, Interval, MissedTickBehavior, timeout},
};
use tokio_tungstenite::WebSocketStream;
use tungstenite::{Message, Utf8Bytes};

use super::{Links, Pace, ending::Ending, faults::Faults, liveness::Liveness, unsent::Unsent};
use crate::{driver::Text, http::Seat, observations::Observations};

/// A WebSocket whose peer is pinged, has to keep to the limits, and is told why it ends.
///
/// The library reads, and writes pings, pongs and goodbyes. Messages are in their frames already
/// and go past it, many in one write and without a copy: it would copy each of them for each
/// wallboard, and keep room for the longest.
pub(super) struct Connection {
    stream: Stream,
    /// Goes before anything else that is written.
    unsent: Unsent,
    seat: Seat,
    pace: Pace,
    pings: Interval,
    liveness: Liveness,
    faults: Faults,
    observations: Arc<Observations>,
}

/// For a peer that was told why its link ends to send on, or to end the connection too.
const LINGER: Duration = Duration::from_secs(1);

/// What a link runs over.
pub(super) type Stream = WebSocketStream<TokioIo<Upgraded>>;

impl Connection {
    pub(super) fn new(stream: Stream, seat: Seat, links: &Links) -> Self {
        let pace = links.pace;
        let mut pings = time::interval_at(time::Instant::now() + pace.ping, pace.ping);
        // After a time without a chance to ask, the peer gets all of its time to answer.
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            stream,
            unsent: Unsent::default(),
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
    pub(super) async fn text(&mut self) -> Result<Utf8Bytes, Ending> {
        loop {
            select! {
                message = self.stream.next() => {
                    let message = message.ok_or(Ending::Broken)??;
                    self.liveness.heard();
                    match message {
                        Message::Text(text) => return Ok(text),
                        Message::Binary(_) => return Err(Ending::Binary),
                        Message::Close(_) => return Err(Ending::Left),
                        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
                    }
                }
                _ = self.pings.tick() => {
                    if !self.liveness.ping() {
                        return Err(Ending::Silent);
                    }
                    self.ping().await?;
                }
            }
        }
    }

    /// Writes messages in their frames, all of them at once.
    pub(super) async fn send(
        &mut self,
        frames: impl IntoIterator<Item = Bytes>,
    ) -> Result<(), Ending> {
        self.unsent.extend(frames);
        let sent = write_out(&mut self.stream, &mut self.unsent);
        patiently(sent, &self.seat, self.pace).await
    }

    /// Writes a message to this peer alone.
    pub(super) async fn say(&mut self, message: &impl Serialize) -> Result<(), Ending> {
        self.send([Text::of(message).into_frame()]).await
    }

    async fn ping(&mut self) -> Result<(), Ending> {
        patiently(ping(&mut self.stream), &self.seat, self.pace).await
    }

    /// Tells the peer that its message changed nothing, and why.
    pub(super) async fn refuse(&mut self, error: ErrorMessage) -> Result<(), Ending> {
        self.observations.refused(error.code);
        // It reads the same over both kinds of links.
        self.say(&AgentServerMessage::Error(error)).await
    }

    /// Notes what was wrong with a message. Too much garbage ends the link.
    pub(super) fn blame(&mut self, code: ErrorCode) -> Result<(), Ending> {
        let is_too_much = code == ErrorCode::Malformed && self.faults.add(Instant::now());
        if is_too_much { Err(Ending::Garbage) } else { Ok(()) }
    }

    /// Tells the peer why the link ends, and waits for its goodbye, which may be long in coming.
    pub(super) async fn close(mut self, ending: Ending) {
        tracing::debug!(?ending, "a link ends");
        let farewell = async {
            if let Some(frame) = ending.close_frame() {
                let unsent = write_out(&mut self.stream, &mut self.unsent).await;
                if unsent.is_err() || self.stream.send(Message::Close(Some(frame))).await.is_err() {
                    return;
                }
            }
            if !ending.leaves_unread() {
                // The goodbyes go out while the next message is waited for.
                while let Some(Ok(_)) = self.stream.next().await {}
            }
            linger(self.stream.get_mut()).await;
        };
        // A peer that does not answer is not waited for any longer.
        let _late = timeout(self.pace.farewell, farewell).await;
    }
}

/// Asks a peer whether it is there, once it has taken the pongs that are on their way: they may
/// leave no room.
async fn ping(
    stream: &mut WebSocketStream<impl AsyncRead + AsyncWrite + Unpin>,
) -> Result<(), Ending> {
    stream.flush().await?;
    Ok(stream.send(Message::Ping(Bytes::new())).await?)
}

/// Writes what is on its way to a peer, all of it.
async fn write_out(
    stream: &mut WebSocketStream<impl AsyncRead + AsyncWrite + Unpin>,
    unsent: &mut Unsent,
) -> Result<(), Ending> {
    // A pong that is half out must not have a message in its middle.
    stream.flush().await?;
    unsent.write_to(stream.get_mut()).await?;
    // TLS keeps what its connection does not take at once.
    Ok(stream.get_mut().flush().await?)
}

/// Ends the connection for writing, and reads until the peer has done so too. Closing at once would
/// reset it while the peer is sending still, and it could lose what it was told last.
async fn linger(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    // One that cannot be ended is over.
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut unread = [0; 1024];
    while let Ok(Ok(1..)) = timeout(LINGER, stream.read(&mut unread)).await {}
}

/// Waits for something to be sent. A long message may take as long as it likes, if only its peer
/// goes on taking it.
async fn patiently(
    sent: impl Future<Output = Result<(), Ending>>,
    seat: &Seat,
    pace: Pace,
) -> Result<(), Ending> {
    let mut sent = pin!(sent);
    // Mostly the peer takes it at once, and nothing has to be timed.
    if let Poll::Ready(sent) = poll_fn(|context| Poll::Ready(sent.as_mut().poll(context))).await {
        return sent;
    }
    let begun = Instant::now();
    loop {
        let idle = begun.elapsed().min(seat.taken().idle());
        match timeout(pace.take.saturating_sub(idle), sent.as_mut()).await {
            Ok(sent) => return sent,
            Err(_) if idle >= pace.take => return Err(Ending::Slow),
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::{Either, select};
    use tokio::{
        io::{BufStream, DuplexStream, duplex},
        join,
    };
    use tungstenite::protocol::Role;

    use super::*;
    use crate::ws::upgrade::limits;

    type End = WebSocketStream<DuplexStream>;

    /// Both ends of a link over a pipe that holds a pong or two.
    async fn link() -> (End, End) {
        let (near, far) = duplex(256);
        join!(
            WebSocketStream::from_raw_socket(near, Role::Server, Some(limits())),
            WebSocketStream::from_raw_socket(far, Role::Client, None),
        )
    }

    /// A peer pings and takes no pong.
    async fn ping_without_reading(near: &mut End, far: &mut End, pings: &[Bytes]) {
        for ping in pings.iter().cloned().map(Message::Ping) {
            let (sent, heard) = join!(far.send(ping.clone()), near.next());
            sent.unwrap();
            assert_eq!(heard.unwrap().unwrap(), ping);
        }
    }

    #[tokio::test]
    async fn pongs_that_nobody_takes_are_not_kept() {
        let (mut near, mut far) = link().await;
        let pings: Vec<_> = (0..1_000).map(|it| Bytes::from(format!("{it:0125}"))).collect();
        ping_without_reading(&mut near, &mut far, &pings).await;
        let mut pongs = Vec::new();
        while pongs.last() != pings.last() {
            let Either::Left((heard, _)) = select(far.next(), near.next()).await else { break };
            let Message::Pong(pong) = heard.unwrap().unwrap() else { break };
            pongs.push(pong);
        }
        assert_eq!(pongs.last(), pings.last());
        assert!(pongs.len() < 20, "{}", pongs.len());
    }

    /// That it takes nothing is no broken connection.
    #[tokio::test]
    async fn a_peer_that_takes_no_pongs_is_waited_for_and_pinged() {
        let (mut near, mut far) = link().await;
        // Not even a ping has room behind their pongs.
        ping_without_reading(&mut near, &mut far, &vec![Bytes::new(); 1_000]).await;
        let mut pinged = pin!(ping(&mut near));
        let first = poll_fn(|context| Poll::Ready(pinged.as_mut().poll(context))).await;
        assert!(first.is_pending(), "{first:?}");
        let heard = async { while !matches!(far.next().await, Some(Ok(Message::Ping(_)))) {} };
        let (pinged, ()) = join!(pinged, heard);
        pinged.unwrap();
    }

    #[tokio::test]
    async fn nothing_of_a_message_is_kept_back_by_what_is_below() {
        let (near, mut far) = duplex(64);
        let mut stream =
            WebSocketStream::from_raw_socket(BufStream::new(near), Role::Server, None).await;
        let mut unsent = Unsent::default();
        unsent.extend(["one", "two"].map(Bytes::from));
        write_out(&mut stream, &mut unsent).await.unwrap();
        drop(stream);
        let mut taken = String::new();
        far.read_to_string(&mut taken).await.unwrap();
        assert_eq!(taken, "onetwo");
    }
}
