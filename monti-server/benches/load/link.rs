//! A link whose ends of reading and writing are with two threads, without a runtime in between.

use std::net::{SocketAddr, TcpStream};

use tungstenite::{Message, Utf8Bytes, WebSocket, protocol::Role};

/// What is read of a link.
pub(crate) struct Ear(WebSocket<TcpStream>);

/// What is written to it.
pub(crate) struct Mouth(WebSocket<TcpStream>);

pub(crate) fn open(address: SocketAddr, path: &str) -> (Ear, Mouth) {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let writer = stream.try_clone().expect("its other end");
    let (socket, _) = tungstenite::client(format!("ws://{address}{path}"), stream).expect("a link");
    (Ear(socket), Mouth(WebSocket::from_raw_socket(writer, Role::Client, None)))
}

impl Ear {
    /// The next message; `None` when the link is over.
    pub(crate) fn hear(&mut self) -> Option<Utf8Bytes> {
        loop {
            match self.0.read().ok()? {
                Message::Text(text) => return Some(text),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The next message of a type.
    pub(crate) fn hear_type(&mut self, kind: &str) -> Utf8Bytes {
        let begins = format!("{{\"type\":\"{kind}\"");
        loop {
            let text = self.hear().expect("the link is over");
            assert!(!text.starts_with("{\"type\":\"error\""), "{text}");
            if text.starts_with(&begins) {
                return text;
            }
        }
    }
}

impl Mouth {
    pub(crate) fn say(&mut self, text: String) {
        self.0.send(Message::text(text)).expect("the link is over");
    }

    /// Several messages in one write.
    pub(crate) fn say_all(&mut self, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            self.0.write(Message::text(text)).expect("the link is over");
        }
        self.0.flush().expect("the link is over");
    }

    /// The same end once more; no two of them may speak at once.
    pub(crate) fn again(&self) -> Self {
        let stream = self.0.get_ref().try_clone().expect("its other end");
        Self(WebSocket::from_raw_socket(stream, Role::Client, None))
    }

    /// Ends the link, for its ear too.
    pub(crate) fn hang_up(&self) {
        // It may be over already.
        let _ = self.0.get_ref().shutdown(std::net::Shutdown::Both);
    }
}

/// The text of a field that is text.
pub(crate) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}
