//! A department's figures of the day.

use monti_core::{AgentState, Millis, wire::Summary};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    panel::panel,
    pen::Pen,
    queue_card::{draw_bar, waiting_style},
};
use crate::{
    App,
    board::{Board, Department},
    format,
    theme::{Level, state_word},
};

/// A figure and its name.
struct Row {
    name: &'static str,
    /// `None` is a dash.
    figure: Option<String>,
    style: Style,
}

/// Draws them below each other.
pub(super) fn column(
    app: &App,
    board: &Board,
    department: &Department,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let inner = panel(theme, (department.name(), theme.title), &[], false, area, buffer);
    let Some(summary) = department.summary() else { return };
    let mut lines = inner.rows();
    let share = summary.service_level_percent;
    let level = theme.service_level(Level::of(share, &board.centre().colours));
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let percent = share.map_or_else(|| theme.symbols.dash.to_owned(), format::fine_share);
        let target = target(department).map_or_else(String::new, |it| format!("of {it}"));
        pen.skip(1).put("SL", theme.dim).right_in(9, &percent, level);
        pen.right_in(8, &target, theme.dim);
    }
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1);
        draw_bar(theme, share, level, usize::from(line.width).saturating_sub(2), &mut pen);
    }
    lines.next();
    for row in rows(app, department, summary) {
        let Some(line) = lines.next() else { return };
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let (figure, style) = match &row.figure {
            Some(figure) => (figure.as_str(), row.style),
            None => (theme.symbols.dash, theme.dim),
        };
        let name = usize::from(line.width).saturating_sub(10);
        pen.skip(1).left_in(name, row.name, theme.dim).right_in(8, figure, style);
    }
    lines.next();
    for state in AgentState::ALL {
        let count = summary.state_breakdown.get(&state).copied().unwrap_or(0);
        if count == 0 && !state.is_at_work() {
            continue;
        }
        let Some(line) = lines.next() else { return };
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let (style, text) =
            if count == 0 { (theme.dim, theme.dim) } else { (theme.state(state), theme.text) };
        let name = usize::from(line.width).saturating_sub(12);
        pen.skip(1).put(theme.state_symbol(state), style).skip(1);
        pen.left_in(name, state_word(state), theme.dim).right_in(8, &format::count(count), text);
    }
}

/// Draws the most important ones in a line.
pub(super) fn line(
    app: &App,
    board: &Board,
    department: &Department,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let Some(summary) = department.summary() else { return };
    let dash = || theme.symbols.dash.to_owned();
    let share = summary.service_level_percent;
    let level = theme.service_level(Level::of(share, &board.centre().colours));
    let wait = longest(app, department).map_or_else(dash, format::duration);
    let waiting = waiting_style(theme, summary.waiting_calls);
    let parts = [
        ("SL", share.map_or_else(dash, format::share), level, 6),
        ("waiting", format::count(summary.waiting_calls), waiting, 5),
        ("longest", wait, theme.text, 8),
        ("offered", format::count(summary.calls_offered), theme.text, 6),
        ("abandoned", format::count(summary.calls_abandoned), theme.text, 5),
        (
            "ASA",
            summary.avg_wait_seconds.map_or_else(dash, |it| format::duration(it.0)),
            theme.text,
            6,
        ),
        (
            "AHT",
            summary.avg_handle_seconds.map_or_else(dash, |it| format::duration(it.0)),
            theme.text,
            6,
        ),
    ];
    let mut pen = Pen::new(buffer, area, &theme.symbols);
    pen.skip(1);
    for (name, figure, style, width) in parts {
        if name.len() + width + 1 > pen.left() {
            return;
        }
        pen.put(name, theme.dim).right_in(width, &figure, style).skip(2);
    }
}

fn rows(app: &App, department: &Department, summary: &Summary) -> Vec<Row> {
    let theme = app.theme();
    let text = theme.text;
    let count = |name, figure: u32, style| Row { name, figure: Some(format::count(figure)), style };
    let time = |name, figure: Option<Millis>| Row {
        name,
        figure: figure.map(format::duration),
        style: text,
    };
    let share = (summary.calls_offered > 0).then(|| {
        format::fine_share(
            100.0 * f64::from(summary.calls_abandoned) / f64::from(summary.calls_offered),
        )
    });
    let breach = if summary.breaches > 0 { theme.breach } else { theme.dim };
    vec![
        count("waiting", summary.waiting_calls, waiting_style(theme, summary.waiting_calls)),
        time("longest wait", longest(app, department)),
        count("active", summary.active_calls, text),
        count("offered", summary.calls_offered, text),
        count("answered", summary.calls_answered, text),
        count("abandoned", summary.calls_abandoned, text),
        Row { name: "abandon rate", figure: share, style: text },
        time("ASA", summary.avg_wait_seconds.map(|it| it.0)),
        time("AHT", summary.avg_handle_seconds.map(|it| it.0)),
        Row {
            name: "occupancy",
            figure: summary.occupancy_percent.map(format::fine_share),
            style: text,
        },
        count("agents", summary.total_agents, text),
        count("over limit", summary.breaches, breach),
    ]
}

fn longest(app: &App, department: &Department) -> Option<Millis> {
    department.longest_wait().map(|wait| wait.at(app.now()))
}

/// The target of all of a department's queues, if it is the same.
fn target(department: &Department) -> Option<String> {
    let mut targets = department.queues().iter().map(|queue| queue.info().target_percent);
    let first = targets.next()?;
    targets.all(|target| target == first).then(|| format::target(first))
}
