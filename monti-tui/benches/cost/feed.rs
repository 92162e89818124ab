//! A server's side of the wallboard link, as steady as a clock: one update a second.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use monti_core::wire::WallboardServerMessage;
use tungstenite::{Message, WebSocket};

use crate::floor::Floor;

/// A feed of so many agents.
pub(crate) struct Feed {
    pub(crate) address: SocketAddr,
    /// When each second was told.
    pub(crate) told: mpsc::Receiver<Instant>,
}

impl Feed {
    /// A feed in which so many agents of each department change in a second.
    pub(crate) fn start(agents: usize, changes: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let (sender, told) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                thread::spawn(move || tell(stream, agents, changes, &sender));
            }
        });
        Self { address, told }
    }
}

/// Tells all that is asked for, until nobody listens.
fn tell(
    stream: TcpStream,
    agents: usize,
    changes: usize,
    told: &mpsc::Sender<Instant>,
) -> Option<()> {
    let mut socket = tungstenite::accept(stream).ok()?;
    let mut floor = Floor::new(agents, changes);
    say(&mut socket, &floor.welcome())?;
    for message in floor.all() {
        say(&mut socket, &message)?;
    }
    loop {
        thread::sleep(Duration::from_secs(1));
        let messages: Vec<_> = floor.second().iter().map(text).collect();
        told.send(Instant::now()).ok()?;
        for message in messages {
            socket.send(Message::text(message)).ok()?;
        }
    }
}

fn say(socket: &mut WebSocket<TcpStream>, message: &WallboardServerMessage) -> Option<()> {
    socket.send(Message::text(text(message))).ok()
}

fn text(message: &WallboardServerMessage) -> String {
    serde_json::to_string(message).expect("JSON")
}
