//! A wall's alerts in a line, the worst first, which turns through all of them where they do not fit.

use std::ops::Range;

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    App,
    app::Words,
    format, scrub,
    view::{alerts::NOTHING, name, pen::Pen},
};

/// The columns between what is said first, the alerts and what is said last.
const GAP: usize = 3;

/// Draws the alerts from the `first` on.
pub(super) fn render(app: &App, first: usize, row: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut pen = Pen::new(buffer, row, &theme.symbols);
    pen.skip(1);
    if app.alerts().is_empty() {
        pen.rest(NOTHING, theme.dim);
        return;
    }
    let strip = Strip::of(app, first, row.width);
    pen.put(&strip.head, theme.breach).skip(GAP);
    pen.left_in(strip.room, &strip.words, theme.breach).at_end(&strip.tail, theme.breach);
    buffer.set_style(row, theme.breach);
}

/// The places of the alerts that a line of so many columns shows which begins with the `first`, or
/// with the worst if it has room for all.
pub(crate) fn shown(app: &App, first: usize, columns: u16) -> Range<usize> {
    Strip::of(app, first, columns).shown
}

/// From so many columns on there is room for how many there are, besides for one of them.
const HEAD_FROM: u16 = 80;

struct Strip {
    head: String,
    /// The places of the alerts that it has room for, the first one cut if need be.
    shown: Range<usize>,
    words: String,
    /// The columns for them.
    room: usize,
    tail: String,
}

impl Strip {
    fn of(app: &App, first: usize, columns: u16) -> Self {
        let (theme, alerts) = (app.theme(), app.alerts());
        let head = match columns {
            HEAD_FROM.. => format!("{} {} now", theme.symbols.breach, alerts.len()),
            _ => theme.symbols.breach.to_owned(),
        };
        let more = |hidden: usize| format!("+{} more ", format::count(hidden as u64));
        // A column is free on either side.
        let room = usize::from(columns).saturating_sub(scrub::width(&head) + GAP + 2);
        let ellipsis = theme.symbols.ellipsis;
        let separator = format!("  {}  ", theme.symbols.dot);
        let fitting = |first: usize, room: usize| {
            let mut words = String::new();
            let mut end = first;
            for alert in &alerts[first..] {
                let next =
                    app.alert_words(alert).map_or_else(String::new, |words| match end > first {
                        true => words.to_string(),
                        false => fit(&words, room, ellipsis),
                    });
                let gap = if end > first { separator.as_str() } else { "" };
                if end > first
                    && scrub::width(&words) + scrub::width(gap) + scrub::width(&next) > room
                {
                    break;
                }
                words = words + gap + &next;
                end += 1;
            }
            (first..end, words)
        };
        let (shown, words) = fitting(0, room);
        if shown.len() == alerts.len() {
            return Self { head, shown, words, room, tail: String::new() };
        }
        let room = room.saturating_sub(GAP + more(alerts.len()).len());
        let first = if first < alerts.len() { first } else { 0 };
        let (shown, words) = fitting(first, room);
        let tail = more(alerts.len() - shown.len());
        Self { head, shown, words, room, tail }
    }
}

/// An alert in so many columns: whole, or in brief and its names cut. How far it is over is the last
/// to go.
fn fit(words: &Words, columns: usize, ellipsis: &str) -> String {
    let whole = words.to_string();
    if scrub::width(&whole) <= columns {
        return whole;
    }
    let names = columns.saturating_sub(1 + scrub::width(&words.brief));
    format!("{} {}", name::fit(&words.who, names, ellipsis), words.brief)
}
