//! The link to the server, `/ws`: what it tells, and whether it can tell anything.
//!
//! One task holds the link for as long as the program runs. It never gives up: a wall is looked at
//! by people who cannot restart it. What it hears goes on as it comes; a reader that is slow slows
//! the server down, which then tells the newest state and no backlog.

#[path = "../../programs/jitter.rs"]
mod jitter;

use std::{borrow::Cow, sync::Arc, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::header::AUTHORIZATION;
use monti_core::wire::{
    ErrorCode, PROTOCOL, Resync, Subscribe, WallboardClientMessage, WallboardServerMessage,
};
use tokio::{
    select,
    sync::mpsc,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, Message,
        client::IntoClientRequest as _,
        error::ProtocolError,
        http::StatusCode,
        protocol::{CloseFrame, WebSocketConfig, frame::coding::CloseCode},
    },
};

use crate::{
    LinkEvent, Message as AppMessage,
    remote::{ConnectError, Remote, Stream, TokenError},
    scrub,
};

/// The server tells something each second; a link that is silent for so long is dead.
const SILENCE_MAX: Duration = Duration::from_secs(15);

/// The most that is waited before the first attempt to have a link back.
const RETRY_FIRST: Duration = Duration::from_millis(500);

/// The most that is waited before any: a wall is back within so long of its server.
const RETRY_MAX: Duration = Duration::from_secs(30);

/// How long the server may take to open the link once it is connected.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest message that is taken: the agents of a department with some 200,000 of them.
const MESSAGE_BYTES_MAX: usize = 256 << 20;

/// How a link is run.
#[derive(Debug)]
pub struct Link {
    /// Whom to talk to.
    pub remote: Arc<Remote>,
    /// What to ask for when it is open.
    pub subscribe: Subscribe,
    /// Whenever something comes here, the full state is asked for again.
    pub resyncs: mpsc::Receiver<()>,
    /// Where what happens is told.
    pub messages: mpsc::Sender<AppMessage>,
}

/// The delay before the next attempt after `failures` failed ones; `dice` is from 0 to 1.
pub(crate) fn backoff(failures: u32, dice: f64) -> Duration {
    jitter::delay(RETRY_FIRST, RETRY_MAX, failures, dice)
}

/// Why a link ended, in words for people.
#[derive(Debug, thiserror::Error)]
enum Ending {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("the server wants a token: give one with --token-file or MONTI_TOKEN")]
    NoToken,
    #[error("the server does not accept the token")]
    WrongToken,
    #[error("the token does not allow to watch")]
    Forbidden,
    #[error("{0} is no MONTI server: it answered {1}")]
    NoServer(String, StatusCode),
    /// It, or a proxy before it, has no room, no time, or no server behind it for now.
    #[error("the server answered {0}")]
    Unready(StatusCode),
    #[error("the server did not open the link within {} s", OPEN_TIMEOUT.as_secs())]
    NotOpened,
    #[error("the server says nothing any more")]
    Silent,
    #[error("the server stops")]
    Stopping,
    #[error("the server ended the link{}", reason(.0.as_ref()))]
    Closed(Option<CloseFrame>),
    #[error("the server speaks protocol {0}; this program speaks {PROTOCOL}")]
    Foreign(u64),
    #[error("what the server says cannot be read: {0}")]
    Unreadable(String),
    #[error("the connection broke: {0}")]
    Broken(#[from] tungstenite::Error),
    /// Nobody listens any more: the program ends.
    #[error("nobody listens")]
    Unheard,
}

impl Link {
    /// Holds the link until nobody listens to it any more. `dice` gives numbers from 0 to 1.
    pub async fn run(mut self, mut dice: impl FnMut() -> f64) {
        let mut failures = 0;
        loop {
            let ending = self.live_once(&mut failures).await;
            failures += 1;
            let retry_after = backoff(failures, dice());
            let reason = match ending {
                Ending::Unheard => return,
                other => scrub::text(&other.to_string()),
            };
            tracing::warn!(reason, ?retry_after, "no link");
            let down = LinkEvent::Down { reason, retry_after };
            if self.tell(down).await.is_err() {
                return;
            }
            sleep(retry_after).await;
        }
    }

    /// A link's life: how it ended.
    async fn live_once(&mut self, failures: &mut u32) -> Ending {
        let result = async {
            self.tell(LinkEvent::Connecting).await?;
            let mut socket = self.open().await?;
            self.tell(LinkEvent::Up).await?;
            let subscribe = WallboardClientMessage::Subscribe(self.subscribe.clone());
            send(&mut socket, &subscribe).await?;
            // Only what was asked for while this link is up concerns it.
            while self.resyncs.try_recv().is_ok() {}
            // Only what is heard puts this off: what is asked says nothing about the other end.
            let mut silent_at = Instant::now() + SILENCE_MAX;
            loop {
                select! {
                    heard = timeout_at(silent_at, socket.next()) => {
                        let message = heard.map_err(|_| Ending::Silent)?;
                        let message = message.ok_or(Ending::Closed(None))??;
                        if let Some(message) = read(message)? {
                            // A server that only answers and then ends the link is no success.
                            if !matches!(message, WallboardServerMessage::Welcome(_)) {
                                *failures = 0;
                            }
                            self.tell(LinkEvent::Heard(Box::new(message))).await?;
                        }
                        silent_at = Instant::now() + SILENCE_MAX;
                    }
                    Some(()) = self.resyncs.recv() => {
                        let resync = WallboardClientMessage::Resync(Resync::default());
                        send(&mut socket, &resync).await?;
                    }
                }
            }
        };
        let never: Result<std::convert::Infallible, Ending> = result.await;
        let Err(ending) = never;
        ending
    }

    async fn open(&self) -> Result<WebSocketStream<Stream>, Ending> {
        let address = self.remote.address();
        let authorization = self.remote.authorization()?;
        let has_token = authorization.is_some();
        let mut request = format!("ws://{}/ws", address.authority()).into_client_request()?;
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        let stream = self.remote.connect().await?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let opening = client_async_with_config(request, stream, Some(config));
        match timeout(OPEN_TIMEOUT, opening).await.map_err(|_| Ending::NotOpened)? {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::Error::Http(response)) => Err(match response.status() {
                StatusCode::UNAUTHORIZED if has_token => Ending::WrongToken,
                StatusCode::UNAUTHORIZED => Ending::NoToken,
                StatusCode::FORBIDDEN => Ending::Forbidden,
                status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                    Ending::Unready(status)
                }
                status => Ending::NoServer(address.to_string(), status),
            }),
            Err(tungstenite::Error::Protocol(ProtocolError::HttparseError(_))) => {
                Err(self.remote.not_http().into())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn tell(&self, event: LinkEvent) -> Result<(), Ending> {
        self.messages.send(AppMessage::Link(event)).await.map_err(|_| Ending::Unheard)
    }
}

async fn send(
    socket: &mut WebSocketStream<Stream>,
    message: &WallboardClientMessage,
) -> Result<(), Ending> {
    let text = serde_json::to_string(message).map_err(|it| Ending::Unreadable(it.to_string()))?;
    Ok(socket.send(Message::text(text)).await?)
}

/// What a message says; `None` if it is none of the protocol's, or one that is not known here.
fn read(message: Message) -> Result<Option<WallboardServerMessage>, Ending> {
    let text = match message {
        Message::Text(text) => text,
        Message::Close(Some(CloseFrame { code: CloseCode::Restart | CloseCode::Away, .. })) => {
            return Err(Ending::Stopping);
        }
        Message::Close(frame) => return Err(Ending::Closed(frame)),
        Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
            return Ok(None);
        }
    };
    if let Some(delta) = delta(&text) {
        return Ok(Some(delta));
    }
    match WallboardServerMessage::parse(&text) {
        Ok(message) => Ok(Some(message)),
        // A newer server says more than is known here.
        Err(error) if error.code == ErrorCode::Unsupported => Ok(None),
        // Part of the state would be missing, and nobody could tell.
        Err(error) => Err(match protocol(&text) {
            Some(protocol) if protocol != u64::from(PROTOCOL) => Ending::Foreign(protocol),
            _ => Ending::Unreadable(error.message),
        }),
    }
}

/// The protocol that a welcome tells, whatever else is in it.
fn protocol(text: &str) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Greeting {
        r#type: String,
        protocol: u64,
    }
    let greeting: Greeting = serde_json::from_str(text).ok()?;
    (greeting.r#type == "welcome").then_some(greeting.protocol)
}

/// A delta, which is most of what is told, read in one go: only what is wrong with a message takes a
/// second look at its fields.
fn delta(text: &str) -> Option<WallboardServerMessage> {
    let is_delta = text.starts_with(r#"{"type":"department_delta","#);
    let delta = is_delta.then(|| serde_json::from_str(text).ok()).flatten()?;
    Some(WallboardServerMessage::DepartmentDelta(delta))
}

fn reason(frame: Option<&CloseFrame>) -> Cow<'static, str> {
    match frame {
        Some(frame) if !frame.reason.is_empty() => format!(": {}", frame.reason.as_str()).into(),
        Some(frame) => format!(" ({})", frame.code).into(),
        None => "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delta_is_read_as_any_message_is() {
        let told = r#"{"type":"department_delta","department":"sales",
            "timestamp":"2026-01-29T09:15:00.250Z","tick":7,"previousTick":6,"summary":{
            "totalAgents":1,"stateBreakdown":{"available":1},"breaches":0,"occupancyPercent":null,
            "serviceLevelPercent":83.25,"callsOffered":4,"callsAnswered":3,"callsAbandoned":0,
            "avgWaitSeconds":14.25,"avgHandleSeconds":null,"longestWaitSeconds":null,
            "waitingCalls":1,"activeCalls":0},"changed":[{"agentId":"ada","name":"Ada",
            "department":"sales","location":null,"team":null,"state":"available",
            "stateStart":"2026-01-29T09:15:00.000Z","lastUpdate":"2026-01-29T09:15:00.000Z",
            "connectionStatus":"connected","kpis":{"callsHandled":0,"talkSeconds":0,
            "holdSeconds":0,"acwSeconds":0,"breakSeconds":0,"loginSeconds":0,"idleSeconds":0,
            "avgHandleSeconds":null,"occupancyPercent":null,"ringNoAnswers":0,"acwBreaches":0,
            "breakBreaches":0}}],"removed":["bob"],"queues":[],"news":true}"#;
        let read = delta(told);
        assert!(read.is_some());
        assert_eq!(read, WallboardServerMessage::parse(told).ok());
        // What it is not is left to the other way, which says what is wrong.
        for wrong in [told.replace("\"tick\":7,", ""), told.replace("department_delta", "tick")] {
            assert_eq!(delta(&wrong), None);
        }
    }
}
