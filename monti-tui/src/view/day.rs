//! A queue's day: the service level of each part of it with its target, and how many calls were
//! offered in it.

use monti_core::Timestamp;
use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    panel::{Part, panel},
    pen::Pen,
    queue_card::eighths,
    service_level::ServiceLevel,
};
use crate::{
    App, Known, Quarter,
    board::{Board, Queue},
    format,
    screen::Load,
};

/// The columns of the labels at the left.
const LABELS: u16 = 7;

/// The rows of the offered counts.
const COUNT_ROWS: u16 = 3;

/// How many quarters of an hour a column may stand for, and what that is called.
const STEPS: [(usize, [&str; 2]); 4] = [
    (1, ["by the quarter", "15 min"]),
    (2, ["by the half hour", "30 min"]),
    (4, ["by the hour", "1 h"]),
    (8, ["by two hours", "2 h"]),
];

/// A column of the chart.
struct Bar {
    starts_at: Timestamp,
    /// Today's calls that arrived in it, as far as that is known.
    offered: u32,
    /// Their service level; `None` of none.
    percent: Option<f64>,
}

/// Draws it: all of the day, in columns of as many quarters as that takes.
pub(super) fn render(app: &App, board: &Board, queue: &Queue, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let info = queue.info();
    let quarters = app.day(queue.id());
    let columns = usize::from(area.width.saturating_sub(LABELS + 1)).max(1);
    let fits = |(each, _): &&(usize, [&str; 2])| quarters.len().div_ceil(*each) <= columns;
    let (each, [by, by_short]) = *STEPS.iter().find(fits).unwrap_or(&STEPS[STEPS.len() - 1]);
    let target = format!(
        "{} % in {}",
        format::target(info.target_percent),
        format::duration(info.target_seconds.0)
    );
    let mut parts = vec![Part::new(format!("today {by}"), theme.dim).or(by_short)];
    let load = app.intervals(queue.id());
    let as_of = load.and_then(Load::as_of).map(|at| format!("as of {}", app.clock().minutes(at)));
    parts.extend(as_of.map(|words| Part::new(words, theme.dim)));
    // The chart has the target as well.
    parts.push(Part::new(format!("target {target}"), theme.dim).or(target));
    let inner = panel(theme, (queue.name(), theme.title), &parts, false, area, buffer);
    let say = |words: &str, buffer: &mut Buffer| {
        Pen::new(buffer, inner, &theme.symbols).skip(1).rest(words, theme.dim);
    };
    let Some(load) = load else { return };
    if load.here().is_none() {
        return say(load.trouble().unwrap_or_default(), buffer);
    }
    let bars: Vec<_> = quarters.chunks(each).map(bar).collect();
    let shown = &bars[bars.len().saturating_sub(columns)..];
    if shown.is_empty() {
        return say("no calls yet today", buffer);
    }
    if inner.height < COUNT_ROWS + 4 {
        return say("there is no room for a chart of it", buffer);
    }
    let chart = Rect { height: (inner.height - COUNT_ROWS - 2).min(16), ..inner };
    let below = Rect { y: chart.bottom(), height: 1, ..inner };
    let counts = Rect { y: below.bottom(), height: COUNT_ROWS, ..inner };
    levels(app, board, shown, info.target_percent, chart, buffer);
    hours(app, shown, below, buffer);
    offered(app, shown, counts, buffer);
}

/// Quarters that follow each other as one column. Their service levels weigh as many calls as were
/// offered: those that wait past their target count, too.
fn bar(quarters: &[Quarter<'_>]) -> Bar {
    let known = || quarters.iter().filter(|it| it.known != Known::Nothing).map(|it| it.interval);
    let weighed = known().filter_map(|interval| {
        let weight = f64::from(interval.calls_offered);
        Some((weight, weight * interval.service_level_percent?))
    });
    let (weight, sum) = weighed.fold((0.0, 0.0), |(a, b), (weight, sum)| (a + weight, b + sum));
    Bar {
        starts_at: quarters[0].interval.starts_at,
        offered: known().map(|interval| interval.calls_offered).sum(),
        percent: (weight > 0.0).then(|| sum / weight),
    }
}

/// Bars of service levels. Where the target is and no bar, there is its line.
fn levels(app: &App, board: &Board, shown: &[Bar], target: f64, area: Rect, buffer: &mut Buffer) {
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
            let percent = interval.percent;
            let style = ServiceLevel::style(theme, board, percent);
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
fn hours(app: &App, shown: &[Bar], line: Rect, buffer: &mut Buffer) {
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

fn offered(app: &App, shown: &[Bar], area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let most = shown.iter().map(|interval| interval.offered).max().unwrap_or(0);
    let rows = usize::from(area.height);
    for (row, line) in area.rows().enumerate() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let label = match row {
            0 => format::count(most),
            1 => "offered".to_owned(),
            _ => String::new(),
        };
        pen.right_in(usize::from(LABELS), &label, theme.dim).skip(1);
        for interval in shown {
            let share = 100.0 * f64::from(interval.offered) / f64::from(most.max(1));
            let filled = match interval.offered {
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
