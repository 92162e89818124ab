//! What a frame costs, beside bare ratatui that draws as many cells; and a second of a large centre
//! beside one of a small one. Only the ratios are results: both sides run in the same rounds.
//!
//! `cargo bench -p monti-tui --bench frame`, with `-- --json` for programs.

mod centre;
#[path = "../cost/floor.rs"]
mod floor;

use std::{hint::black_box, time::Instant};

use monti_tui::view;
use ratatui::{
    buffer::Buffer,
    layout::{Rect, Size},
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

use crate::centre::Centre;

const ROUNDS: usize = 31;
const REPEATS: u32 = 20;
const SIZE: Size = Size { width: 200, height: 50 };

fn main() {
    let small = Centre::new(400, SIZE, 0);
    let area = Rect::from((ratatui::layout::Position::ORIGIN, SIZE));
    let lines = bare_lines(&small, area);
    let mut frame = Buffer::empty(area);
    let mut bare = Buffer::empty(area);
    let frames = compare(
        || {
            frame.reset();
            view::draw(&small.app, area, black_box(&mut frame));
        },
        || {
            bare.reset();
            for (line, row) in lines.iter().zip(area.rows()) {
                line.render(row, black_box(&mut bare));
            }
        },
    );
    let seconds = |key: &str| {
        // What the server says is made before anything is measured.
        let centre = |agents| Centre::new(agents, SIZE, ROUNDS * REPEATS as usize);
        let (mut large, mut small) = (centre(10_000), centre(400));
        large.press(key);
        small.press(key);
        let (mut first, mut second) = (Buffer::empty(area), Buffer::empty(area));
        compare(
            || {
                large.pass_second();
                first.reset();
                view::draw(&large.app, area, black_box(&mut first));
            },
            || {
                small.pass_second();
                second.reset();
                view::draw(&small.app, area, black_box(&mut second));
            },
        )
    };
    let rows = [
        ("a frame at 200x50 beside bare ratatui", frames, 1.5),
        ("a second of 10,000 agents beside 400, grid", seconds("0"), 1.3),
        ("a second of 10,000 agents beside 400, department", seconds("1"), 1.3),
    ];
    if std::env::args().any(|argument| argument == "--json") {
        let rows = rows.map(|(name, measured, limit)| {
            let [nanos, base, ratio] = measured;
            format!(
                r#"  {{"name":"{name}","nanos":{nanos:.0},"baseNanos":{base:.0},"ratio":{ratio:.3},"limit":{limit}}}"#
            )
        });
        println!("[\n{}\n]", rows.join(",\n"));
        return;
    }
    for (name, [nanos, base, ratio], limit) in rows {
        let verdict = if ratio <= limit { "met" } else { "MISSED" };
        println!(
            "{name:<50}{nanos:>10.0} ns {base:>10.0} ns {ratio:>6.2} (at most {limit}: {verdict})"
        );
    }
}

/// The median nanoseconds of each, and the median of the rounds' ratios. They take turns.
fn compare(mut one: impl FnMut(), mut other: impl FnMut()) -> [f64; 3] {
    let mut samples: [Vec<f64>; 3] = Default::default();
    for _ in 0..ROUNDS {
        let (one, other) = (nanos(&mut one), nanos(&mut other));
        for (samples, sample) in samples.iter_mut().zip([one, other, one / other]) {
            samples.push(sample);
        }
    }
    samples.map(|mut samples| {
        samples.sort_by(f64::total_cmp);
        samples[samples.len() / 2]
    })
}

fn nanos(run: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..REPEATS {
        run();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(REPEATS)
}

/// The very cells of a frame as lines of spans, one for each run of a style: what it would take to
/// draw them if all were known before.
fn bare_lines(centre: &Centre, area: Rect) -> Vec<Line<'static>> {
    let mut frame = Buffer::empty(area);
    view::draw(&centre.app, area, &mut frame);
    let rows = frame.content.chunks(usize::from(area.width));
    let line = |cells: &[ratatui::buffer::Cell]| {
        let runs = cells.chunk_by(|a, b| a.style() == b.style());
        let span = |cells: &[ratatui::buffer::Cell]| {
            let text: String = cells.iter().map(|cell| cell.symbol()).collect();
            let style: Style = cells[0].style();
            Span::styled(text, style)
        };
        Line::from_iter(runs.map(span))
    };
    rows.map(line).collect()
}
