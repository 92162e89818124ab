//! A queue's day: the service level of each quarter of an hour with its target, and how many calls
//! were offered in it.

use monti_core::wire::Interval;
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    panel::{Part, panel},
    pen::Pen,
    queue_card::eighths,
};
use crate::{
    App,
    board::{Board, Queue},
    format,
    screen::Load,
    theme::Level,
};

/// The columns of the labels at the left.
const LABELS: u16 = 4;

/// The rows of the offered counts.
const COUNT_ROWS: u16 = 3;

/// Draws it.
pub(super) fn render(app: &App, board: &Board, queue: &Queue, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let info = queue.info();
    let target = format!(
        "target {} % in {}",
        format::target(info.target_percent),
        format::duration(info.target_seconds.0)
    );
    let parts = [Part::new(target, theme.dim), Part::new("today by the quarter", theme.dim)];
    let inner = panel(theme, (queue.name(), theme.title), &parts, false, area, buffer);
    let say = |words: &str, buffer: &mut Buffer| {
        Pen::new(buffer, inner, &theme.symbols).skip(1).rest(words, theme.dim);
    };
    let day = match app.intervals(queue.id()) {
        None => return,
        Some(Load::Asked) => return say("loading", buffer),
        Some(Load::Refused(refusal)) => return say(&refusal.words, buffer),
        Some(Load::Here(day)) => day,
    };
    let now = app.now();
    let passed = || day.intervals.iter().filter(|interval| interval.starts_at <= now);
    let columns = usize::from(inner.width.saturating_sub(LABELS + 1));
    let count = passed().count();
    let shown: Vec<_> = passed().skip(count.saturating_sub(columns)).collect();
    if inner.height < COUNT_ROWS + 4 || shown.is_empty() {
        return say("no calls yet today", buffer);
    }
    let chart = Rect { height: (inner.height - COUNT_ROWS - 2).min(16), ..inner };
    let below = Rect { y: chart.bottom(), height: 1, ..inner };
    let counts = Rect { y: below.bottom(), height: COUNT_ROWS, ..inner };
    levels(app, board, &shown, info.target_percent, chart, buffer);
    hours(app, &shown, below, buffer);
    offered(app, &shown, counts, buffer);
}

/// Bars of service levels. Where the target is and no bar, there is its line.
fn levels(
    app: &App,
    board: &Board,
    shown: &[&Interval],
    target: f64,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let rows = usize::from(area.height);
    let target_row = row_of(target, rows);
    for (row, line) in area.rows().enumerate() {
        let level_row = rows - 1 - row;
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let label = match level_row {
            _ if level_row == target_row => format::target(target),
            _ if row == 0 => "100".to_owned(),
            0 => "0".to_owned(),
            _ => String::new(),
        };
        pen.right_in(usize::from(LABELS), &label, theme.dim).skip(1);
        for interval in shown {
            let percent = interval.service_level_percent;
            let style = theme.service_level(Level::of(percent, &board.centre().colours));
            let filled = percent.map_or(0, |percent| eighths(percent, rows).max(1));
            match filled.saturating_sub(level_row * 8) {
                0 if level_row == target_row => pen.repeat(theme.symbols.rule, 1, theme.target),
                0 => pen.skip(1),
                part => pen.repeat(theme.symbols.trend[part.min(8) - 1], 1, style),
            };
        }
        if level_row == target_row {
            pen.repeat(theme.symbols.rule, pen.left(), theme.target);
        }
    }
}

/// The row, from the bottom, in which a percentage ends.
fn row_of(percent: f64, rows: usize) -> usize {
    (eighths(percent, rows).saturating_sub(1) / 8).min(rows.saturating_sub(1))
}

/// The hours below the bars, as far as they do not touch.
fn hours(app: &App, shown: &[&Interval], line: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut free_from = 0;
    for (column, interval) in shown.iter().enumerate() {
        let time = app.clock().minutes(interval.starts_at);
        if column < free_from || !time.ends_with(":00") {
            continue;
        }
        let Ok(x) = u16::try_from(column) else { return };
        let x = line.x + LABELS + 1 + x;
        let room = Rect { x, width: line.right().saturating_sub(x), ..line };
        if room.width < 5 {
            return;
        }
        Pen::new(buffer, room, &theme.symbols).put(&time, theme.dim);
        free_from = column + 7;
    }
}

fn offered(app: &App, shown: &[&Interval], area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let most = shown.iter().map(|interval| interval.calls_offered).max().unwrap_or(0);
    let rows = usize::from(area.height);
    for (row, line) in area.rows().enumerate() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let label = match row {
            0 => format::count(most),
            1 => "off.".to_owned(),
            _ => String::new(),
        };
        pen.right_in(usize::from(LABELS), &label, theme.dim).skip(1);
        for interval in shown {
            let share = 100.0 * f64::from(interval.calls_offered) / f64::from(most.max(1));
            let filled = match interval.calls_offered {
                0 => 0,
                _ => eighths(share, rows).max(1),
            };
            match filled.saturating_sub((rows - 1 - row) * 8) {
                0 => pen.skip(1),
                part => pen.repeat(theme.symbols.trend[part.min(8) - 1], 1, theme.trend),
            };
        }
    }
}
