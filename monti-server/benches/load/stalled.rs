//! What others notice of wallboards that take nothing.

use std::{
    net::SocketAddr,
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use futures_util::SinkExt as _;
use monti_core::Timestamp;
use tokio::{net::TcpSocket, sync::watch};
use tungstenite::Message;

use crate::{
    Effort,
    arrivals::Book,
    crowd::Gateway,
    link,
    process::Serving,
    report::{Report, median},
    watching::{Board, FULL},
};

const PART: &str = "stalled";
const AGENTS: usize = 400;
const BOARDS: usize = 20;
const STALLED: usize = 20;

pub(crate) fn measure(effort: Effort, report: &mut Report) {
    let server = Serving::server(&[]);
    let (book, books) = watch::channel(Book::new(0));
    let agents = Gateway::open(server.address, 0..AGENTS, books);
    let seconds = 25 * 2 * effort.rounds;
    let calls = Book::new(seconds * 10);
    book.send_replace(Arc::clone(&calls));
    let address = server.address;
    let calling = thread::spawn({
        let calls = Arc::clone(&calls);
        move || calls.call(address, 10, "stalled")
    });
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // A wallboard that takes nothing is closed after 10 s.
    let round = effort.round.min(Duration::from_secs(7));
    let (mut alone, mut beside, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..2 * effort.rounds {
        let before = latency(address, round);
        let stalled = runtime.block_on(stall(address));
        // What they asked for fills their ways first, and is written to nobody any more then.
        thread::sleep(Duration::from_secs(2));
        let with = latency(address, round);
        drop(stalled);
        alone.push(before);
        beside.push(with);
        ratios.push(with / before);
        thread::sleep(Duration::from_secs(1));
    }
    report.note(PART, "a second's state to 20 wallboards, mean", median(alone), "ms");
    report.note(PART, "the same beside 20 that take nothing", median(beside), "ms");
    report.bound(PART, "the one by the other", (median(ratios), "×"), (1.1, "10 % more"));
    calls.close();
    calling.join().expect("no panic");
    agents.leave();
}

/// The mean time from a second's moment to the end of its state at wallboards, in milliseconds.
fn latency(address: SocketAddr, time: Duration) -> f64 {
    let boards: Vec<_> = (0..BOARDS).map(|_| Board::open(address, FULL)).collect();
    let begun = Instant::now();
    let threads: Vec<_> = boards
        .into_iter()
        .map(|mut board| {
            thread::spawn(move || {
                let mut millis = Vec::new();
                while begun.elapsed() < time {
                    let text = board.hear();
                    if text.starts_with(r#"{"type":"vq_overview","department":"retention""#) {
                        millis.push(age_millis(&text));
                    }
                }
                millis
            })
        })
        .collect();
    let millis: Vec<_> =
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect();
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    let count = millis.len() as f64;
    millis.iter().sum::<f64>() / count
}

fn age_millis(text: &str) -> f64 {
    let told: Timestamp = link::field(text, "timestamp").expect("a time").parse().expect("a time");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock");
    #[expect(clippy::cast_precision_loss, reason = "less than 2^53")]
    let told = told.as_millis() as f64;
    now.as_secs_f64() * 1e3 - told
}

/// Wallboards that ask for much and take nothing, with little room on the way.
async fn stall(address: SocketAddr) -> Vec<impl Sized> {
    let mut boards = Vec::new();
    for _ in 0..STALLED {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4 * 1024).expect("a small buffer");
        let stream = socket.connect(address).await.expect("a connection");
        let request = format!("ws://{address}/ws");
        let (mut board, _) =
            tokio_tungstenite::client_async(request, stream).await.expect("a link");
        for _ in 0..20 {
            let ask = r#"{"type":"resync"}"#;
            board.send(Message::text(ask)).await.expect("the link is over");
        }
        boards.push(board);
    }
    boards
}
