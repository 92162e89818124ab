//! A wallboard that looks on, each second.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use monti_core::wire::{VqOverview, WallboardServerMessage};
use tokio_tungstenite::tungstenite::{self, Message};

/// A link to a server of one department, heard until it is ended.
pub(crate) struct Watch {
    is_over: Arc<AtomicBool>,
    looking: JoinHandle<Vec<VqOverview>>,
}

impl Watch {
    pub(crate) fn start(server: SocketAddr) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&is_over);
        Self { is_over, looking: thread::spawn(move || look(server, &until)) }
    }

    /// All that was shown of the queues; the last of it was made after this was asked.
    pub(crate) fn end(self) -> Vec<VqOverview> {
        self.is_over.store(true, Ordering::Relaxed);
        self.looking.join().expect("it understands all that is shown")
    }
}

fn look(server: SocketAddr, is_over: &AtomicBool) -> Vec<VqOverview> {
    let (mut link, _) = tungstenite::connect(format!("ws://{server}/ws")).unwrap();
    let (mut seen, mut late) = (Vec::new(), 0);
    // The first that is read after the end may have been on its way before.
    while late < 2 {
        let Ok(message) = link.read() else { break };
        let Message::Text(text) = message else { continue };
        match WallboardServerMessage::parse(&text).unwrap() {
            WallboardServerMessage::VqOverview(overview) => {
                late += usize::from(is_over.load(Ordering::Relaxed));
                seen.push(overview);
            }
            WallboardServerMessage::Error(error) => panic!("{error}"),
            _ => {}
        }
    }
    seen
}
