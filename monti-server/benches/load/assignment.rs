//! From `incoming_call` sent to `call_assign` received, at 1,000 calls a second with 200 wallboards.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::{
    Effort,
    arrivals::Book,
    crowd::Gateway,
    disk::Disk,
    link,
    process::Serving,
    report::{Report, median, quantile},
};

const PART: &str = "assignment";
const CALLS_PER_SECOND: u32 = 1_000;
const BOARDS: &str = "200";
const AGENTS: usize = 400;

pub(crate) const DELTAS: &str = r#"{"type":"subscribe","mode":"delta"}"#;

pub(crate) fn measure(effort: Effort, report: &mut Report) {
    durable(effort, report);
    relaxed(effort, report);
}

fn durable(effort: Effort, report: &mut Report) {
    let disk = Disk::open();
    let floor = Floor::open(&[]);
    let (mut commits, mut halves, mut tails) = (Vec::new(), Vec::new(), Vec::new());
    let (mut slow_commits, mut late) = (Vec::new(), Vec::new());
    for round in 0..effort.rounds {
        let mut millis = disk.commit_millis(effort.round / 4);
        commits.push(quantile(&mut millis, 0.5));
        slow_commits.push(quantile(&mut millis, 0.99));
        let mut millis = floor.calls(effort.round, &format!("full-{round}"));
        late.push(quantile(&mut floor.book.borrow().late_millis(), 0.99));
        halves.push(quantile(&mut millis, 0.5));
        tails.push(quantile(&mut millis, 0.99));
    }
    let commit = median(commits);
    let (count, seconds) = floor.server.commits();
    report.note(PART, "the server's commits, mean", seconds / count * 1e3, "ms");
    report.note(PART, "a bare commit on this disk, p50", commit, "ms");
    report.note(PART, "the same, p99", median(slow_commits), "ms");
    report.note(PART, "the callers' own delay, p99", median(late), "ms");
    let (half, tail) = (median(halves), median(tails));
    report.bound(
        PART,
        "call to phone, p50",
        (half, "ms"),
        (2.0 * commit + 1.0, "2 commits + 1 ms"),
    );
    report.bound(
        PART,
        "call to phone, p99",
        (tail, "ms"),
        (2.0 * commit + 5.0, "2 commits + 5 ms"),
    );
}

fn relaxed(effort: Effort, report: &mut Report) {
    let floor = Floor::open(&["--sync", "normal"]);
    let echo = Serving::bare(&["bare-echo"]);
    let (mut echoes, mut halves, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut tails = Vec::new();
    for round in 0..effort.rounds {
        let mut bare = echo_millis(&echo, effort.round / 4);
        tails.push(quantile(&mut bare, 0.99));
        let bare = median(bare);
        let half = median(floor.calls(effort.round, &format!("normal-{round}")));
        echoes.push(bare);
        halves.push(half);
        ratios.push(half / bare);
    }
    report.note(PART, "a bare WebSocket echo, p50", median(echoes), "ms");
    report.note(PART, "the same, p99", median(tails), "ms");
    report.note(PART, "call to phone with --sync normal, p50", median(halves), "ms");
    report.bound(PART, "the same in echoes", (median(ratios), "×"), (3.0, "3 echoes"));
}

/// A server with agents and wallboards, and calls now and then.
struct Floor {
    gateways: Vec<Gateway>,
    book: watch::Sender<Arc<Book>>,
    server: Serving,
    _boards: Serving,
}

impl Floor {
    fn open(options: &[&str]) -> Self {
        let server = Serving::server(options);
        let (book, books) = watch::channel(Book::new(0));
        let share = AGENTS / 4;
        let gateway =
            |at: usize| Gateway::open(server.address, at * share..(at + 1) * share, books.clone());
        let gateways = (0..4).map(gateway).collect();
        let address = server.address.to_string();
        let boards = Serving::bare(&["boards", &address, BOARDS, DELTAS]);
        Self { gateways, book, server, _boards: boards }
    }

    /// Has calls come for so long. Answers how long each took to a phone.
    fn calls(&self, time: Duration, prefix: &str) -> Vec<f64> {
        let callers = (time.as_secs_f64() * f64::from(CALLS_PER_SECOND)).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "thousands")]
        let book = Book::new(callers as usize);
        self.book.send_replace(Arc::clone(&book));
        book.call(self.server.address, CALLS_PER_SECOND, prefix);
        book.millis()
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        self.gateways.drain(..).for_each(Gateway::leave);
    }
}

/// How long messages take to come back, one at a time and as many a second as there are calls.
fn echo_millis(echo: &Serving, time: Duration) -> Vec<f64> {
    let (mut ear, mut mouth) = link::open(echo.address, "/");
    let (begun, mut taken) = (Instant::now(), Vec::new());
    while begun.elapsed() < time {
        let sent = Instant::now();
        mouth.say("x".repeat(140));
        ear.hear().expect("the link is over");
        taken.push(sent.elapsed().as_secs_f64() * 1e3);
        thread::sleep((Duration::from_secs(1) / CALLS_PER_SECOND).saturating_sub(sent.elapsed()));
    }
    mouth.hang_up();
    taken
}
