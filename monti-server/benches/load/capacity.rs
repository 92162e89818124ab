//! 10,000 agents on links of their own: what each costs, and 2,000 calls a second for them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::{
    Effort,
    arrivals::Book,
    crowd,
    process::Serving,
    report::{Report, median, quantile},
};

const PART: &str = "capacity";
const AGENTS: usize = 10_000;
const CALLS_PER_SECOND: u32 = 2_000;

pub(crate) fn measure(effort: Effort, report: &mut Report) {
    let server = Serving::server(&[]);
    thread::sleep(Duration::from_secs(2));
    let before = server.memory();
    let (book, books) = watch::channel(Book::new(0));
    let registered = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for number in 0..AGENTS {
        runtime.spawn(crowd::work(server.address, number, Arc::clone(&registered), books.clone()));
        if number % 100 == 0 {
            thread::sleep(Duration::from_millis(20));
        }
    }
    let begun = Instant::now();
    while registered.load(Ordering::Relaxed) < AGENTS {
        assert!(begun.elapsed() < Duration::from_secs(60), "agents were lost");
        thread::sleep(Duration::from_millis(50));
    }
    // The wallboards' state has been made since, too.
    thread::sleep(Duration::from_secs(3));
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let each = (server.memory() - before) / AGENTS as f64 / 1024.0;
    report.bound(PART, "memory for each of 10,000 agents", (each, "KiB"), (10.0, "10 KiB"));

    let (mut halves, mut tails, mut loads) = (Vec::new(), Vec::new(), Vec::new());
    let (commits, commit_seconds) = server.commits();
    for round in 0..effort.rounds {
        let callers = u32::try_from(effort.round.as_secs()).expect("few") * CALLS_PER_SECOND;
        let calls = Book::new(callers as usize);
        book.send_replace(Arc::clone(&calls));
        let (cpu, begun) = (server.cpu(), Instant::now());
        calls.call(server.address, CALLS_PER_SECOND, &format!("capacity-{round}"));
        loads.push((server.cpu() - cpu).as_secs_f64() / begun.elapsed().as_secs_f64() * 100.0);
        let taken = begun.elapsed().as_secs_f64();
        let rate = f64::from(callers) / taken;
        report.note(PART, &format!("calls a second, round {}", round + 1), rate, "1/s");
        let mut millis = calls.millis();
        halves.push(quantile(&mut millis, 0.5));
        tails.push(quantile(&mut millis, 0.99));
    }
    report.note(PART, "call to phone, p50", median(halves), "ms");
    report.note(PART, "call to phone, p99", median(tails), "ms");
    report.note(PART, "processor, of one core", median(loads), "%");
    let (commits, commit_seconds) =
        (server.commits().0 - commits, server.commits().1 - commit_seconds);
    report.note(PART, "the server's commits, mean", commit_seconds / commits * 1e3, "ms");
    thread::sleep(Duration::from_millis(500));
    let stats = server.get("/internal/calls/stats");
    let stats: serde_json::Value = serde_json::from_str(&stats).expect("statistics");
    let total = &stats["total"];
    let lost = |name: &str| total["callsOffered"].as_f64().zip(total[name].as_f64());
    let (offered, completed) = lost("callsCompleted").expect("statistics");
    report.bound(PART, "calls not completed", (offered - completed, ""), (0.0, "none"));
    assert_eq!(total["conserved"], true, "{total}");
}
