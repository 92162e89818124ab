//! A centre of 2,000 agents with 150 calls a minute and 20 wallboards in full mode.

use std::{
    net::SocketAddr,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, future::join_all};
use tokio::sync::watch;
use tungstenite::Message;

use crate::{
    Effort,
    arrivals::Book,
    crowd::{self, Gateway},
    fanout::{Bare, spent},
    process::Serving,
    report::{Report, median},
    watching::{Board, FULL},
};

const PART: &str = "room";
const AGENTS: usize = 2_000;
const BOARDS: usize = 20;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub(crate) fn measure(effort: Effort, report: &mut Report) {
    let server = Serving::server(&[]);
    let (book, books) = watch::channel(Book::new(0));
    let agents = Gateway::open(server.address, 0..AGENTS, books);
    let seconds = effort.round.as_secs() * (effort.rounds as u64 + 2) + 30;
    let calls = Book::new(usize::try_from(seconds).expect("few") * 150 / 60);
    book.send_replace(Arc::clone(&calls));
    let address = server.address;
    let calling = thread::spawn({
        let calls = Arc::clone(&calls);
        move || calls.pace(address, 150, "room")
    });
    thread::sleep(Duration::from_secs(2));

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut joins = Vec::new();
    for _ in 0..2 * effort.rounds {
        let times = runtime.block_on(join_all((0..BOARDS).map(|_| join(address))));
        joins.push(times.into_iter().fold(0.0, f64::max));
    }
    let alone = spent(&server, effort.round);
    let pieces = Board::open(address, FULL).seconds(Duration::from_secs(4));
    let count = BOARDS.to_string();
    let bare = Bare::open(&count, &pieces);
    let boards = Serving::bare(&["boards", &address.to_string(), &count, FULL]);
    thread::sleep(Duration::from_secs(2));
    let (mut costs, mut bares) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        let (cpu, begun) = (bare.writer.cpu(), Instant::now());
        costs.push(spent(&server, effort.round) / 10.0);
        bares.push((bare.writer.cpu() - cpu).as_secs_f64() / begun.elapsed().as_secs_f64() * 100.0);
    }
    let peak = server.memory_peak() / MEBIBYTE;
    report.bound(PART, "the most memory at any time", (peak, "MiB"), (100.0, "100 MiB"));
    let slowest = median(joins);
    let name = "the slowest of 20 that join at once has its state after";
    report.bound(PART, name, (slowest, "ms"), (100.0, "100 ms"));
    report.note(PART, "processor without wallboards, of one core", alone / 10.0, "%");
    report.note(PART, "processor with 20 wallboards, of one core", median(costs), "%");
    report.note(PART, "a bare loop that writes the same bytes", median(bares), "%");
    drop(boards);
    calls.close();
    calling.join().expect("no panic");
    agents.leave();
}

/// How long a wallboard takes from its first packet to its whole state, in milliseconds.
async fn join(address: SocketAddr) -> f64 {
    let begun = Instant::now();
    let mut board = crowd::connect(address, "/ws").await;
    while let Some(Ok(message)) = board.next().await {
        if matches!(&message, Message::Text(text) if text.starts_with("{\"type\":\"health\"")) {
            break;
        }
    }
    begun.elapsed().as_secs_f64() * 1e3
}
