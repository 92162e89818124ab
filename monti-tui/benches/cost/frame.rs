//! A frame of 200 columns and 50 rows beside one of bare ratatui that draws as many cells.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use monti_tui::{App, LinkEvent, Message, Options, terminal::Painter, update, view};
use ratatui::{
    Frame, Terminal, TerminalOptions, Viewport,
    buffer::Buffer,
    layout::{Rect, Size},
    style::Style,
};

use crate::{Row, feed::Floor, median};

const SIZE: Size = Size { width: 200, height: 50 };
const ROUNDS: usize = 60;
const FRAMES: u32 = 30;

pub(crate) fn measure() -> Vec<Row> {
    let mut boards = [board(0), board(1)];
    let frames = boards.each_mut().map(|app| {
        let mut terminal = terminal();
        terminal.draw(|frame| view::render(app, frame)).expect("a frame").buffer.clone()
    });
    let (mut ours, mut bare) = (terminal(), terminal());
    let (mut times, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ours = time(&mut ours, |number, frame| view::render(&boards[number], frame));
        let bare = time(&mut bare, |number, frame| copy(&frames[number], frame));
        times.push(ours.as_secs_f64() * 1_000_000.0);
        ratios.push(ours.as_secs_f64() / bare.as_secs_f64());
    }
    vec![
        Row { name: "frame", value: median(times), unit: "µs", most: None },
        Row { name: "frame / bare ratatui", value: median(ratios), unit: "times", most: Some(1.5) },
    ]
}

/// The time of a frame, of two that follow each other in turns.
fn time(
    terminal: &mut Terminal<Painter<std::io::Sink>>,
    draw: impl Fn(usize, &mut Frame<'_>),
) -> Duration {
    let start = Instant::now();
    for number in 0..FRAMES {
        let number = usize::from(!number.is_multiple_of(2));
        black_box(terminal.draw(|frame| draw(number, frame)).expect("a frame"));
    }
    start.elapsed() / FRAMES
}

/// Draws what is in `drawn`, a run of one style after the other: no layout, no text to be made.
fn copy(drawn: &Buffer, frame: &mut Frame<'_>) {
    let buffer = frame.buffer_mut();
    for y in 0..SIZE.height {
        let mut run = String::new();
        let (mut from, mut style) = (0, Style::default());
        for x in 0..SIZE.width {
            let cell = &drawn[(x, y)];
            if cell.style() != style && !run.is_empty() {
                buffer.set_string(from, y, &run, style);
                run.clear();
                from = x;
            }
            style = cell.style();
            run.push_str(cell.symbol());
        }
        buffer.set_string(from, y, &run, style);
    }
}

fn terminal() -> Terminal<Painter<std::io::Sink>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.width, SIZE.height));
    let options = TerminalOptions { viewport };
    Terminal::with_options(Painter::new(std::io::sink()), options).expect("a terminal")
}

/// A wallboard of 400 agents after so many seconds.
fn board(seconds: u64) -> App {
    let mut floor = Floor::new(400, 2);
    let mut app = App::new(Options::default(), SIZE);
    let mut messages = vec![floor.welcome()];
    messages.extend(floor.all());
    for _ in 0..seconds {
        messages.extend(floor.second());
    }
    let heard = messages.into_iter().map(|message| LinkEvent::Heard(Box::new(message)));
    for event in [LinkEvent::Connecting, LinkEvent::Up].into_iter().chain(heard) {
        update(&mut app, Duration::from_secs(1), Message::Link(event));
    }
    app
}
