//! From the start to the first picture, and from a second's arrival to its drawing.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{Row, beside::wallboard, feed::Feed, median, screen::Screen};

const STARTS: usize = 7;
const SECONDS: usize = 40;

/// How many agents there are.
const AGENTS: usize = 400;

pub(crate) fn measure() -> Vec<Row> {
    let feed = Feed::start(AGENTS, 2);
    let first_picture = |open: fn(&str, &str) -> Screen| {
        let starts = (0..STARTS).map(|_| {
            let screen = open(&wallboard(&feed), "monti-tui");
            screen.shows("Lindqvist").as_secs_f64() * 1_000.0
        });
        median(starts.collect())
    };
    let (told, untold) = (first_picture(Screen::open), first_picture(Screen::silent));
    let mut delays = drawing_delays();
    delays.sort_by(f64::total_cmp);
    let at_99_percent = delays.get(delays.len() * 99 / 100).copied().unwrap_or(f64::NAN);
    vec![
        Row { name: "first picture", value: told, unit: "ms", most: Some(150.0) },
        Row {
            name: "first picture, terminal says nothing",
            value: untold,
            unit: "ms",
            most: Some(150.0),
        },
        Row { name: "drawing a second, median", value: median(delays), unit: "ms", most: None },
        Row { name: "drawing a second, 99 %", value: at_99_percent, unit: "ms", most: Some(20.0) },
    ]
}

/// From when each second was sent to the end of what was drawn for it, in milliseconds.
fn drawing_delays() -> Vec<f64> {
    let feed = Feed::start(AGENTS, 2);
    let screen = Screen::open(&wallboard(&feed), "monti-tui");
    screen.shows("Lindqvist");
    thread::sleep(Duration::from_secs(2));
    while feed.told.try_recv().is_ok() {}
    screen.written();
    let told: Vec<Instant> = (0..SECONDS).filter_map(|_| feed.told.recv().ok()).collect();
    thread::sleep(Duration::from_millis(500));
    let drawn = screen.written();
    let delay = |told: &Instant| {
        let drawn = drawn.iter().map(|(at, _)| *at).find(|at| at >= told)?;
        Some((drawn - *told).as_secs_f64() * 1_000.0)
    };
    told.iter().filter_map(delay).collect()
}
