//! Processor and terminal, beside htop and btop.

use std::{thread, time::Duration};

use crate::{Row, feed::Feed, median, screen::Screen};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(8);

/// What a program cost in a round.
struct Cost {
    processor: f64,
    bytes: f64,
}

pub(crate) fn measure() -> Vec<Row> {
    // An agent changes every minute on average; and as few change of many as of few.
    let (few, many, calm) = (Feed::start(400, 2), Feed::start(10_000, 42), Feed::start(10_000, 2));
    let folder = tempfile::tempdir().expect("a folder");
    let settings = folder.path().join("btop");
    std::fs::create_dir(&settings).expect("a folder");
    std::fs::write(settings.join("btop.conf"), "update_ms = 1000\n").expect("a file");
    let btop = format!("env XDG_CONFIG_HOME={} btop --utf-force", folder.path().display());
    let screens = [
        (wallboard(&few), "monti-tui"),
        (wallboard(&many), "monti-tui"),
        (wallboard(&calm), "monti-tui"),
        ("htop --delay=10".to_owned(), "htop"),
        (btop, "btop"),
    ]
    .map(|(line, name)| Screen::open(&line, name));
    // The first pictures, which cost more than what follows, are not counted.
    thread::sleep(Duration::from_secs(4));
    let rounds: Vec<_> = (0..ROUNDS).map(|_| round(&screens)).collect();
    let ratio = |figure: fn(&Cost) -> f64, one: usize, other: usize| {
        median(rounds.iter().map(|round| figure(&round[one]) / figure(&round[other])).collect())
    };
    let absolute = |figure: fn(&Cost) -> f64, one: usize| {
        median(rounds.iter().map(|round| figure(&round[one])).collect())
    };
    let processor: fn(&Cost) -> f64 = |it| it.processor;
    let bytes: fn(&Cost) -> f64 = |it| it.bytes;
    let row = |name, value, unit, most| Row { name, value, unit, most };
    vec![
        row("processor, 400 agents", absolute(processor, 0), "ms/s", None),
        row("processor, 10,000 agents", absolute(processor, 1), "ms/s", None),
        row("processor, 10,000 agents, as few changes", absolute(processor, 2), "ms/s", None),
        row("processor, htop", absolute(processor, 3), "ms/s", None),
        row("processor, btop", absolute(processor, 4), "ms/s", None),
        row("bytes, 400 agents", absolute(bytes, 0), "bytes/s", None),
        row("bytes, htop", absolute(bytes, 3), "bytes/s", None),
        row("bytes, btop", absolute(bytes, 4), "bytes/s", None),
        row("processor, 400 agents / htop", ratio(processor, 0, 3), "times", Some(1.0)),
        row("bytes, 400 agents / htop", ratio(bytes, 0, 3), "times", Some(2.0)),
        row("bytes, 400 agents / btop", ratio(bytes, 0, 4), "times", Some(0.4)),
        row(
            "10,000 / 400 agents, 21 times the changes",
            ratio(processor, 1, 0),
            "times",
            Some(1.3),
        ),
        row("10,000 / 400 agents, as many changes", ratio(processor, 2, 0), "times", Some(1.3)),
    ]
}

/// All of them at the same time.
fn round(screens: &[Screen; 5]) -> [Cost; 5] {
    let before = screens.each_ref().map(|screen| {
        screen.written();
        screen.processor_time()
    });
    thread::sleep(ROUND);
    let mut before = before.into_iter();
    screens.each_ref().map(|screen| {
        let processor = screen.processor_time() - before.next().unwrap_or_default();
        let bytes: usize = screen.written().into_iter().map(|(_, count)| count).sum();
        let bytes = u32::try_from(bytes).map_or(f64::INFINITY, f64::from);
        let seconds = ROUND.as_secs_f64();
        Cost { processor: processor.as_secs_f64() * 1_000.0 / seconds, bytes: bytes / seconds }
    })
}

pub(crate) fn wallboard(feed: &Feed) -> String {
    let program = env!("CARGO_BIN_EXE_monti-tui");
    format!("{program} --connect {} --theme dark", feed.address)
}
