//! One wallboard, and what it is sent; how much less that is when only changes are.

use std::{
    net::SocketAddr,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::sync::watch;
use tungstenite::Utf8Bytes;

use crate::{
    Effort,
    arrivals::Book,
    assignment::DELTAS,
    crowd::Gateway,
    link::{self, Ear, Mouth},
    process::Serving,
    report::Report,
};

const PART: &str = "deltas";
const AGENTS: usize = 400;

pub(crate) const FULL: &str = r#"{"type":"subscribe","mode":"full"}"#;

/// A wallboard.
pub(crate) struct Board {
    ear: Ear,
    mouth: Mouth,
}

impl Board {
    /// Opens one and reads up to the end of its first state.
    pub(crate) fn open(address: SocketAddr, subscribe: &str) -> Self {
        let (mut ear, mut mouth) = link::open(address, "/ws");
        ear.hear_type("health");
        mouth.say(subscribe.to_owned());
        ear.hear_type("health");
        Self { ear, mouth }
    }

    /// The next message.
    pub(crate) fn hear(&mut self) -> Utf8Bytes {
        self.ear.hear().expect("the link is over")
    }

    /// What it is sent in each of so many seconds, as it goes over the wire, and leaves.
    pub(crate) fn seconds(mut self, time: Duration) -> Vec<Vec<u8>> {
        let mut pieces: Vec<Vec<u8>> = Vec::new();
        let (begun, mut last) = (Instant::now(), 0);
        while begun.elapsed() < time {
            let text = self.hear();
            let tick = tick_of(&text).unwrap_or(last);
            if tick != last {
                pieces.push(Vec::new());
                last = tick;
            }
            if let Some(piece) = pieces.last_mut() {
                piece.extend(vec![0x81; header_bytes(text.len())]);
                piece.extend(text.as_bytes());
            }
        }
        self.mouth.hang_up();
        // The last second may be cut short.
        pieces.pop();
        pieces
    }
}

fn tick_of(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("\"tick\":")?;
    rest.split([',', '}']).next()?.parse().ok()
}

/// The bytes of a frame before its text.
fn header_bytes(length: usize) -> usize {
    match length {
        ..126 => 2,
        126..65_536 => 4,
        _ => 10,
    }
}

pub(crate) fn measure(effort: Effort, report: &mut Report) {
    let server = Serving::server(&[]);
    let (book, books) = watch::channel(Book::new(0));
    let agents = Gateway::open(server.address, 0..AGENTS, books);
    // That so many came is a change, too, which is over then.
    thread::sleep(Duration::from_secs(3));
    for (per_minute, is_bound) in [(30_u32, true), (60, false), (600, false)] {
        let time = effort.round * 3;
        let callers = u32::try_from(time.as_secs() + 2).expect("few") * per_minute / 60;
        let calls = Book::new(callers as usize);
        book.send_replace(Arc::clone(&calls));
        let address = server.address;
        let prefix = format!("deltas-{per_minute}");
        let calling = thread::spawn(move || calls.pace(address, per_minute, &prefix));
        let full = thread::spawn(move || Board::open(address, FULL).seconds(time));
        let deltas = bytes_a_second(&Board::open(address, DELTAS).seconds(time));
        let full = bytes_a_second(&full.join().expect("no panic"));
        calling.join().expect("no panic");
        let name = |what: &str| format!("{what} at {per_minute} calls a minute");
        report.note(PART, &name("full state each second"), full, "B");
        report.note(PART, &name("changes each second"), deltas, "B");
        let share = (deltas / full * 100.0, "%");
        if is_bound {
            report.bound(PART, &name("changes of the full state"), share, (2.0, "2 %"));
        } else {
            report.note(PART, &name("changes of the full state"), share.0, share.1);
        }
    }
    agents.leave();
}

#[expect(clippy::cast_precision_loss, reason = "megabytes")]
fn bytes_a_second(pieces: &[Vec<u8>]) -> f64 {
    pieces.iter().map(Vec::len).sum::<usize>() as f64 / pieces.len() as f64
}
