//! A peer that hides nothing: it says what it is told to, and shows what it hears.

use std::{
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use serde_json::Value;
use tungstenite::{
    Error, Message, Utf8Bytes, WebSocket,
    client::IntoClientRequest as _,
    handshake::HandshakeError,
    http::{HeaderValue, header},
};

/// A test that fails must not hang, even if the server pings its peers.
const PATIENCE: Duration = Duration::from_secs(20);

/// A peer's end of a link.
pub(crate) struct Client {
    socket: WebSocket<TcpStream>,
}

impl Client {
    /// # Errors
    /// The status with which the link was refused.
    pub(crate) fn open(address: SocketAddr, path: &str, token: Option<&str>) -> Result<Self, u16> {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        if let Some(token) = token {
            let bearer = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(HandshakeError::Failure(Error::Http(response))) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string()));
    }

    pub(crate) fn send(&mut self, message: Message) {
        self.socket.send(message).unwrap();
    }

    /// Writes while the server may have ended the link already.
    pub(crate) fn try_send(&mut self, message: Message) -> Result<(), Error> {
        self.socket.send(message)
    }

    /// Says something and hears the next message.
    pub(crate) fn ask(&mut self, message: &Value) -> Value {
        self.say(message);
        self.hear()
    }

    /// The next message.
    pub(crate) fn hear(&mut self) -> Value {
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < PATIENCE, "nothing is said");
            match self.hear_anything() {
                Message::Text(text) => return json(&text),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next message of a type, whatever comes before it.
    pub(crate) fn hear_until(&mut self, kind: &str) -> Value {
        loop {
            let message = self.hear();
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// The next frame's worth, pings included.
    pub(crate) fn hear_anything(&mut self) -> Message {
        self.socket.read().unwrap()
    }

    /// Hears whatever comes until the server says goodbye, and with which code it does.
    pub(crate) fn hear_goodbye(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.hear_anything() {
                return frame.expect("a reason").code.into();
            }
        }
    }

    /// Says goodbye, and hears the server's.
    pub(crate) fn leave(mut self) {
        self.socket.close(None).unwrap();
        while self.socket.read().is_ok() {}
    }

    /// The connection, for what a peer must not do.
    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        self.socket.get_mut()
    }
}

fn json(text: &Utf8Bytes) -> Value {
    serde_json::from_str(text).unwrap()
}
