//! Agents, many to a link or one each, who take every call at once.

use std::{
    net::SocketAddr,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::{net::TcpStream, sync::watch};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tungstenite::{Message, protocol::WebSocketConfig};

use crate::{
    arrivals::{Book, handle, is_offer, register},
    link::{self, Mouth},
};

/// Agents of one link, as a phone system has them.
pub(crate) struct Gateway {
    mouth: Mouth,
    thread: JoinHandle<()>,
}

impl Gateway {
    /// Registers the agents of these numbers, who then enter into `book` what they are offered.
    pub(crate) fn open(
        address: SocketAddr,
        agents: Range<usize>,
        book: watch::Receiver<Arc<Book>>,
    ) -> Self {
        let (mut ear, mut mouth) = link::open(address, "/ws/agent");
        mouth.say_all(agents.clone().map(register));
        agents.for_each(|_| drop(ear.hear_type("registered")));
        let mut talking = mouth.again();
        let thread = thread::spawn(move || {
            while let Some(text) = ear.hear() {
                if is_offer(&text) {
                    book.borrow().assigned(&text);
                    talking.say_all(handle(&text));
                }
            }
        });
        Self { mouth, thread }
    }

    pub(crate) fn leave(self) {
        self.mouth.hang_up();
        self.thread.join().expect("no panic");
    }
}

/// A connection without room to spare.
pub(crate) async fn connect(address: SocketAddr, path: &str) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
    let request = format!("ws://{address}{path}");
    client_async_with_config(request, stream, Some(config)).await.expect("a link").0
}

/// An agent on a link of its own, from its registration, which `registered` counts, to the end.
pub(crate) async fn work(
    address: SocketAddr,
    number: usize,
    registered: Arc<AtomicUsize>,
    book: watch::Receiver<Arc<Book>>,
) {
    let mut link = connect(address, "/ws/agent").await;
    link.send(Message::text(register(number))).await.expect("the link is over");
    while let Some(Ok(message)) = link.next().await {
        let Message::Text(text) = message else { continue };
        if is_offer(&text) {
            book.borrow().assigned(&text);
            for message in handle(&text) {
                link.feed(Message::text(message)).await.expect("the link is over");
            }
            link.flush().await.expect("the link is over");
        } else if text.starts_with("{\"type\":\"registered\"") {
            registered.fetch_add(1, Ordering::Relaxed);
        }
    }
}
