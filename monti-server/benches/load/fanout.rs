//! A thousand wallboards that are told what changes, beside a loop that writes the same bytes.

use std::{
    io::Write as _,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::{
    Effort,
    arrivals::Book,
    assignment::DELTAS,
    crowd::Gateway,
    process::Serving,
    report::{Report, median},
    watching::Board,
};

const PART: &str = "fanout";
const AGENTS: usize = 400;
const BOARDS: &str = "1000";

pub(crate) fn measure(effort: Effort, report: &mut Report) {
    let server = Serving::server(&[]);
    let (book, books) = watch::channel(Book::new(0));
    let agents = Gateway::open(server.address, 0..AGENTS, books);
    // One call a second goes on all the while.
    let seconds = effort.round.as_secs() * (2 * effort.rounds as u64 + 4) + 20;
    let calls = Book::new(usize::try_from(seconds).expect("few"));
    book.send_replace(Arc::clone(&calls));
    let address = server.address;
    let callers = thread::spawn({
        let calls = Arc::clone(&calls);
        move || calls.call(address, 1, "fanout")
    });

    thread::sleep(Duration::from_secs(3));
    let alone = spent(&server, effort.round);
    let pieces = Board::open(address, DELTAS).seconds(effort.round);
    #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
    let bytes = pieces.iter().map(Vec::len).sum::<usize>() as f64 / pieces.len() as f64;
    let bare = Bare::open(BOARDS, &pieces);
    let boards = Serving::bare(&["boards", &address.to_string(), BOARDS, DELTAS]);
    thread::sleep(Duration::from_secs(2));
    let (mut costs, mut bares, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        // Side by side: what disturbs one of them disturbs the other.
        let (cpu, bare_cpu, begun) = (server.cpu(), bare.writer.cpu(), Instant::now());
        thread::sleep(effort.round);
        let taken = begun.elapsed().as_secs_f64();
        let cost = (server.cpu() - cpu).as_secs_f64() / taken * 1e3 - alone;
        let bare = (bare.writer.cpu() - bare_cpu).as_secs_f64() / taken * 1e3;
        costs.push(cost);
        bares.push(bare);
        ratios.push(cost / bare);
    }
    drop(boards);
    report.note(PART, "bytes to a wallboard each second", bytes, "B");
    report.note(PART, "processor each second without wallboards", alone, "ms");
    report.note(PART, "processor each second for 1,000 wallboards", median(costs), "ms");
    report.note(PART, "the bare loop's", median(bares), "ms");
    report.bound(PART, "the same in bare loops", (median(ratios), "×"), (1.5, "1.5 bare loops"));
    calls.close();
    callers.join().expect("no panic");
    agents.leave();
}

/// Milliseconds of processor time that a process uses each second.
pub(crate) fn spent(process: &Serving, time: Duration) -> f64 {
    let (cpu, begun) = (process.cpu(), Instant::now());
    thread::sleep(time);
    (process.cpu() - cpu).as_secs_f64() / begun.elapsed().as_secs_f64() * 1e3
}

/// The bare loop at work.
pub(crate) struct Bare {
    pub(crate) writer: Serving,
    _readers: Serving,
}

impl Bare {
    /// Writes the pieces one a second, over and over, to as many readers as there are `boards`.
    pub(crate) fn open(boards: &str, pieces: &[Vec<u8>]) -> Self {
        let mut writer = Serving::bare(&["bare-writer", boards]);
        let readers = Serving::bare(&["readers", &writer.address.to_string(), boards]);
        let mut input = writer.input();
        for piece in pieces {
            let length = u32::try_from(piece.len()).expect("megabytes");
            input.write_all(&length.to_le_bytes()).expect("its input");
            input.write_all(piece).expect("its input");
        }
        drop(input);
        writer.line();
        Self { writer, _readers: readers }
    }
}
