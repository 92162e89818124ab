//! One link to the server: dialled, kept, and dialled again when it is lost.

#[path = "../../../programs/jitter.rs"]
mod jitter;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::Duration,
};

use futures_util::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use monti_core::wire::{AgentServerMessage, PROTOCOL, Welcome};
use rand::RngExt as _;
use tokio::{
    select,
    sync::{Semaphore, mpsc},
    time::{self, Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, Message, Utf8Bytes,
        client::IntoClientRequest as _,
        error::ProtocolError,
        http::{Response, header},
        protocol::WebSocketConfig,
    },
};

use crate::remote::{self, ConnectError, Remote};

/// How long the server may take to answer a dial, its welcome included.
const DIAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The most that is waited before the first dial to have a link back.
const REDIAL_FIRST: Duration = Duration::from_millis(250);

/// The most that is waited before any dial.
const REDIAL_MAX: Duration = Duration::from_secs(30);

/// Between two pings.
const PING: Duration = Duration::from_secs(15);

/// A server that takes nothing for so long would answer no pings either.
const TAKEN_WITHIN: Duration = PING.saturating_mul(3);

/// A server that has missed so many pings is gone.
const MISSES_MAX: u8 = 2;

/// A link that lasted so long was a good one: the next loss is the first of a row.
const GOOD: Duration = Duration::from_secs(30);

/// Messages that are written with one flush at most.
const BATCH: usize = 64;

/// The place of a link among all of a simulator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LinkNo(pub(super) u32);

/// What happens on a link.
#[derive(Debug)]
pub(super) enum LinkEvent {
    /// It is there; what is put in goes to the server, until it is lost.
    Up(Box<Welcome>, mpsc::Sender<Utf8Bytes>),
    /// The server said something.
    Said(AgentServerMessage),
    /// The server said something that cannot be read.
    Unreadable(String),
    /// It was there, and is lost.
    Down(Loss),
    /// It could not be dialled, and will be tried again.
    Failed(String),
    /// It will not be there, however often it is tried.
    Refused(String),
}

/// Why a link was lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Loss {
    /// The server said goodbye.
    #[error("the server closed the link: {0}")]
    Closed(String),
    /// The connection broke.
    #[error("the link broke: {0}")]
    Broken(String),
    /// The server answered no pings.
    #[error("the server did not answer {MISSES_MAX} pings")]
    Silent,
    /// It was given up here: too much waited for the server to take it, or all is over.
    #[error("given up: the server takes too little")]
    GivenUp,
}

/// How links are dialled.
#[derive(Debug)]
pub(super) struct Dialling {
    pub(super) server: Remote,
    /// Messages that may wait for a link to take them.
    pub(super) outgoing: usize,
    /// How much is read at once, and kept for each link.
    pub(super) read_bytes: usize,
    /// So many links are dialled at once: each costs the server a handshake.
    pub(super) permits: Semaphore,
    /// Set at the end: then nothing is dialled any more.
    pub(super) is_over: AtomicBool,
}

type Stream = WebSocketStream<remote::Stream>;

/// Keeps a link until nobody listens to it any more.
pub(super) async fn keep(
    no: LinkNo,
    dialling: Arc<Dialling>,
    events: mpsc::Sender<(LinkNo, LinkEvent)>,
) {
    let mut failures = 0;
    loop {
        if failures > 0 {
            let dice = rand::rng().random();
            time::sleep(jitter::delay(REDIAL_FIRST, REDIAL_MAX, failures, dice)).await;
        }
        let mut up_for = None;
        let event = match dial(&dialling).await {
            Ok((stream, welcome)) => {
                let (sender, outgoing) = mpsc::channel(dialling.outgoing);
                if events.send((no, LinkEvent::Up(welcome, sender))).await.is_err() {
                    return;
                }
                let up = Instant::now();
                let loss = speak(no, stream, outgoing, &events).await;
                up_for = Some(up.elapsed());
                LinkEvent::Down(loss)
            }
            Err(failure) if failure.is_final => LinkEvent::Refused(failure.reason),
            Err(failure) => LinkEvent::Failed(failure.reason),
        };
        failures = failures_after(failures, up_for);
        let is_final = matches!(event, LinkEvent::Refused(_));
        let is_over = is_final || dialling.is_over.load(Ordering::Relaxed);
        if events.send((no, event)).await.is_err() || is_over {
            return;
        }
    }
}

/// How many tries have failed in a row when there were so many before this one, whose link was up for
/// so long; `None` if it never was, however long that took.
fn failures_after(before: u32, up_for: Option<Duration>) -> u32 {
    if up_for.is_some_and(|time| time > GOOD) { 1 } else { before.saturating_add(1) }
}

/// Why a link could not be dialled.
struct Failure {
    reason: String,
    is_final: bool,
}

impl Failure {
    fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_final: false }
    }

    fn last(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_final: true }
    }

    /// What a server means that answers without opening the link.
    fn answered(response: &Response<Option<Vec<u8>>>, has_token: bool) -> Self {
        let status = response.status();
        let body = response.body().as_deref().unwrap_or_default();
        let detail = serde_json::from_slice::<monti_core::wire::Problem>(body);
        let detail = detail.map(|problem| problem.detail).unwrap_or_default();
        match status.as_u16() {
            401 if has_token => Self::last(format!("{status}: it does not accept the token")),
            401 => Self::last(format!("{status}: --token-file or MONTI_TOKEN is needed")),
            400..500 if status.as_u16() != 429 => Self::last(format!("{status}: {detail}")),
            _ => Self::passing(format!("{status}: {detail}")),
        }
    }
}

impl From<tungstenite::Error> for Failure {
    fn from(error: tungstenite::Error) -> Self {
        Self::passing(error.to_string())
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        match &error {
            ConnectError::NotTls { .. } | ConnectError::NotHttp { .. } => {
                Self::last(error.to_string())
            }
            // A certificate that is not trusted today will not be in a second. What breaks off may
            // have done so for another reason.
            ConnectError::Insecure { source, .. }
                if matches!(source.kind(), io::ErrorKind::InvalidData | io::ErrorKind::Other) =>
            {
                Self::last(error.to_string())
            }
            _ => Self::passing(error.to_string()),
        }
    }
}

async fn dial(dialling: &Dialling) -> Result<(Stream, Box<Welcome>), Failure> {
    let _permit = dialling.permits.acquire().await;
    let dialled = timeout(DIAL_TIMEOUT, async {
        let mut stream = open(dialling).await?;
        let welcome = welcome(&mut stream).await?;
        Ok((stream, welcome))
    });
    dialled.await.unwrap_or_else(|_| {
        Err(Failure::passing(format!("no welcome within {} s", DIAL_TIMEOUT.as_secs())))
    })
}

async fn open(dialling: &Dialling) -> Result<Stream, Failure> {
    let server = &dialling.server;
    let address = server.address().authority();
    let mut request = format!("ws://{address}/ws/agent").into_client_request()?;
    let token = server.authorization().map_err(ConnectError::from)?;
    let has_token = token.is_some();
    if let Some(token) = token {
        request.headers_mut().insert(header::AUTHORIZATION, token);
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(dialling.read_bytes)
        // Messages of a batch gather here; their flush empties it.
        .write_buffer_size(dialling.read_bytes);
    let stream = server.connect().await?;
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((stream, _)) => Ok(stream),
        Err(tungstenite::Error::Protocol(ProtocolError::HttparseError(_))) => {
            Err(server.not_http().into())
        }
        Err(tungstenite::Error::Http(response)) => Err(Failure::answered(&response, has_token)),
        Err(error) => Err(error.into()),
    }
}

/// The first message on a link is the server's.
async fn welcome(stream: &mut Stream) -> Result<Box<Welcome>, Failure> {
    while let Some(message) = stream.next().await {
        match message? {
            Message::Text(text) => {
                return match AgentServerMessage::parse(&text) {
                    Ok(AgentServerMessage::Welcome(welcome)) if welcome.protocol == PROTOCOL => {
                        Ok(Box::new(welcome))
                    }
                    Ok(AgentServerMessage::Welcome(welcome)) => Err(Failure::last(format!(
                        "the server speaks protocol {}, this is {PROTOCOL}",
                        welcome.protocol
                    ))),
                    Ok(other) => {
                        Err(Failure::last(format!("`{}` before `welcome`", other.type_name())))
                    }
                    Err(error) => Err(Failure::last(error.to_string())),
                };
            }
            Message::Close(_) => break,
            _ => {}
        }
    }
    Err(Failure::passing("the server closed the link"))
}

/// Reads and writes until either ends. They must not wait for each other: the server listens only
/// to those who listen.
async fn speak(
    no: LinkNo,
    stream: Stream,
    outgoing: mpsc::Receiver<Utf8Bytes>,
    events: &mpsc::Sender<(LinkNo, LinkEvent)>,
) -> Loss {
    let misses = AtomicU8::new(0);
    let (sink, source) = stream.split();
    select! {
        loss = read(no, source, events, &misses) => loss,
        loss = write(sink, outgoing, &misses) => loss,
    }
}

async fn read(
    no: LinkNo,
    mut source: SplitStream<Stream>,
    events: &mpsc::Sender<(LinkNo, LinkEvent)>,
    misses: &AtomicU8,
) -> Loss {
    while let Some(message) = source.next().await {
        misses.store(0, Ordering::Relaxed);
        let event = match message {
            Ok(Message::Text(text)) => match AgentServerMessage::parse(&text) {
                Ok(message) => LinkEvent::Said(message),
                Err(error) => LinkEvent::Unreadable(error.to_string()),
            },
            Ok(Message::Close(frame)) => {
                let reason = frame.map(|it| format!("{} {}", u16::from(it.code), it.reason));
                return Loss::Closed(reason.unwrap_or_else(|| "without a reason".to_owned()));
            }
            Ok(_) => continue,
            Err(error) => return Loss::Broken(error.to_string()),
        };
        if events.send((no, event)).await.is_err() {
            return Loss::GivenUp;
        }
    }
    Loss::Broken("the connection ended".to_owned())
}

async fn write(
    mut sink: SplitSink<Stream, Message>,
    mut outgoing: mpsc::Receiver<Utf8Bytes>,
    misses: &AtomicU8,
) -> Loss {
    let mut batch = Vec::with_capacity(BATCH);
    let mut pings = time::interval_at(Instant::now() + PING, PING);
    loop {
        let written = select! {
            taken = outgoing.recv_many(&mut batch, BATCH) => {
                if taken == 0 {
                    // A goodbye that cannot be said is none the less one.
                    let _ = timeout(Duration::from_secs(1), sink.close()).await;
                    return Loss::GivenUp;
                }
                timeout(TAKEN_WITHIN, write_all(&mut sink, &mut batch)).await
            }
            _ = pings.tick() => {
                if misses.fetch_add(1, Ordering::Relaxed) >= MISSES_MAX {
                    return Loss::Silent;
                }
                let ping = Message::Ping(tungstenite::Bytes::new());
                timeout(TAKEN_WITHIN, sink.send(ping)).await
            }
        };
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Loss::Broken(error.to_string()),
            Err(_) => return Loss::Silent,
        }
    }
}

async fn write_all(
    sink: &mut SplitSink<Stream, Message>,
    batch: &mut Vec<Utf8Bytes>,
) -> Result<(), tungstenite::Error> {
    for text in batch.drain(..) {
        sink.feed(Message::Text(text)).await?;
    }
    sink.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_that_was_up_for_long_begins_a_new_row_of_failures() {
        assert_eq!(failures_after(7, Some(GOOD * 2)), 1);
        assert_eq!(failures_after(7, Some(GOOD / 2)), 8);
        // A dial that waited for its turn, or for a server that says nothing.
        assert_eq!(failures_after(7, None), 8);
    }
}
