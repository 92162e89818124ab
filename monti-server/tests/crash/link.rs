//! A peer's end of a link that may break at any moment.

use std::{
    io,
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use tungstenite::{Error, Message, Utf8Bytes, WebSocket, client::IntoClientRequest as _};

/// How long a link is listened to before its peer does something by itself again.
pub(crate) const BEAT: Duration = Duration::from_millis(20);

/// How long a server that hangs is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A link; dead once anything failed.
pub(crate) struct Link {
    socket: WebSocket<TcpStream>,
    is_dead: bool,
}

impl Link {
    /// A link to a server, unless that is dead or about to be.
    pub(crate) fn open(address: SocketAddr, path: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_nodelay(true).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let request = format!("ws://{address}{path}").into_client_request().unwrap();
        let (socket, _) = tungstenite::client(request, stream).ok()?;
        socket.get_ref().set_read_timeout(Some(BEAT)).ok()?;
        Some(Self { socket, is_dead: false })
    }

    /// What the server said, if it does so within a beat.
    pub(crate) fn hear(&mut self) -> Option<Utf8Bytes> {
        match self.socket.read() {
            Ok(Message::Text(text)) => Some(text),
            Ok(Message::Close(_)) => {
                self.is_dead = true;
                None
            }
            Ok(_) => None,
            Err(Error::Io(error)) if is_silence(&error) => None,
            Err(_) => {
                self.is_dead = true;
                None
            }
        }
    }

    pub(crate) fn say(&mut self, message: &serde_json::Value) {
        let said = self.socket.send(Message::text(message.to_string()));
        self.is_dead |= said.is_err();
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead
    }
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
