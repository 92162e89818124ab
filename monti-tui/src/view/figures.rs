//! A department's figures of the day.

use monti_core::{AgentState, Millis, wire::Summary};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    grid::{LOST, count_of},
    panel::panel,
    pen::Pen,
    queue_card::{draw_bar, waiting_style},
    service_level::ServiceLevel,
    wait::{WAIT_WIDTH, Wait},
};
use crate::{
    App,
    board::{Board, Department, common_target},
    format,
    theme::{Level, state_word},
};

/// A figure and its name.
struct Row {
    name: &'static str,
    /// `None` is a dash.
    figure: Option<String>,
    style: Style,
    /// Whether it is not as it should be.
    is_off: bool,
    /// The most that it should be, if anything says so.
    target: Option<String>,
}

/// The columns of a name, a figure and what it should be, which stands where there is room for it.
const NAME: usize = 12;
const FIGURE: usize = 8;
const TARGET: usize = 10;

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
    let level = ServiceLevel::fine(theme, board, summary.service_level_percent);
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let target = common_target(department.queues());
        let target = target.map_or_else(String::new, |it| format!("of {}", format::target(it)));
        let figure = if has_targets(line) { NAME + FIGURE } else { 11 };
        pen.skip(1).put("SL", theme.dim).right_in(figure - 2, &level.text, level.style);
        pen.right_in(if has_targets(line) { TARGET } else { 8 }, &target, theme.dim);
    }
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1);
        draw_bar(theme, &level, usize::from(line.width).saturating_sub(2), &mut pen);
    }
    lines.next();
    for row in rows(app, department, summary) {
        let Some(line) = lines.next() else { return };
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let (figure, style) = match &row.figure {
            Some(figure) => (figure.as_str(), row.style),
            None => (theme.symbols.dash, theme.dim),
        };
        pen.put(if row.is_off { theme.symbols.breach } else { " " }, style);
        pen.left_in(name_columns(line), row.name, theme.dim);
        pen.right_in(FIGURE, figure, style);
        if has_targets(line) {
            let target = row.target.map_or_else(String::new, |it| format!("max {it}"));
            pen.right_in(TARGET, &target, theme.dim);
        }
    }
    lines.next();
    for state in AgentState::ALL {
        let count = count_of(department, state);
        if count == 0 && !state.is_at_work() {
            continue;
        }
        let Some(line) = lines.next() else { return };
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let (style, text) =
            if count == 0 { (theme.dim, theme.dim) } else { (theme.state(state), theme.text) };
        pen.skip(1).put(theme.state_symbol(state), style).skip(1);
        let name = name_columns(line).saturating_sub(2);
        pen.left_in(name, state_word(state), theme.dim);
        pen.right_in(FIGURE, &format::count(count), text);
    }
    if department.cut_off() > 0
        && let Some(line) = lines.next()
    {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1).put(theme.symbols.lost, theme.warning).skip(1);
        pen.left_in(name_columns(line).saturating_sub(2), LOST, theme.dim);
        pen.right_in(FIGURE, &format::count(department.cut_off()), theme.text);
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
    let level = ServiceLevel::of(theme, board, summary.service_level_percent);
    let wait = Wait::first(app, [department]);
    let waiting = waiting_style(theme, summary.waiting_calls);
    let parts = [
        ("SL", level.text, level.style, 6),
        ("waiting", format::count(summary.waiting_calls), waiting, 5),
        ("longest", wait.marked(theme), wait.style, WAIT_WIDTH + 1),
        ("offered", format::count(summary.calls_offered), theme.text, 6),
        ("abandoned", format::count(summary.calls_abandoned), theme.text, 6),
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

/// Whether there is room for what figures should be.
fn has_targets(line: Rect) -> bool {
    usize::from(line.width) >= 1 + NAME + FIGURE + TARGET
}

fn name_columns(line: Rect) -> usize {
    if has_targets(line) { NAME } else { usize::from(line.width).saturating_sub(FIGURE + 2) }
}

fn rows(app: &App, department: &Department, summary: &Summary) -> Vec<Row> {
    let (theme, targets) = (app.theme(), &app.kiosk().targets);
    let row = |name, figure| Row { name, figure, style: theme.text, is_off: false, target: None };
    let count = |name, figure: u32| row(name, Some(format::count(figure)));
    let time = |name, figure: Option<Millis>| row(name, figure.map(format::duration));
    let rated = |level: Level, row: Row| Row {
        style: theme.service_level(level),
        is_off: level.is_off(),
        ..row
    };
    let waiting = count("waiting", summary.waiting_calls);
    let waiting = match summary.waiting_calls {
        0 => Row { style: theme.dim, ..waiting },
        calls => rated(targets.waiting(calls.into()), waiting),
    };
    let longest = targets.first_wait([department], app.now());
    let wait = Wait::of(app, longest.map(|longest| longest.queue));
    let abandoned = department.abandoned_percent();
    let occupancy = department.occupancy_percent(app.now());
    let (abandoned_most, occupancy_most) = (targets.abandoned_percent, targets.occupancy_percent);
    let share = |name, percent: Option<f64>, most| {
        row(name, percent.map(|percent| format::fine_share_up_to(percent, most)))
    };
    let breach = if summary.breaches > 0 { theme.breach } else { theme.dim };
    vec![
        Row { target: Some(targets.waiting_calls.to_string()), ..waiting },
        Row {
            style: wait.style,
            is_off: wait.is_over,
            target: longest.map(|longest| format::duration(targets.wait_limit(longest.queue))),
            ..time("longest wait", longest.map(|longest| longest.at(app.now())))
        },
        count("active", summary.active_calls),
        count("offered", summary.calls_offered),
        count("answered", summary.calls_answered),
        count("abandoned", summary.calls_abandoned),
        Row {
            target: Some(format::target(abandoned_most)),
            ..rated(targets.abandoned(abandoned), share("abandon rate", abandoned, abandoned_most))
        },
        time("ASA", summary.avg_wait_seconds.map(|it| it.0)),
        time("AHT", summary.avg_handle_seconds.map(|it| it.0)),
        Row {
            target: Some(format::target(occupancy_most)),
            ..rated(targets.occupancy(occupancy), share("occupancy", occupancy, occupancy_most))
        },
        count("agents", summary.total_agents),
        Row { style: breach, ..count("over limit", summary.breaches) },
    ]
}
