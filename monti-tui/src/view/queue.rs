//! A queue in detail: its facts, the service level as four schools count it, and its day.

use monti_core::{Millis, wire::VirtualQueue};
use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    style::Style,
};

use super::{
    day,
    panel::{Part, panel},
    pen::Pen,
    queue_card::waiting_style,
};
use crate::{
    App,
    board::{Board, Queue},
    format,
    screen::QueueScreen,
    theme::{Level, Theme},
};

/// From so many columns on the day stands beside the facts.
const SIDE_BY_SIDE_FROM: u16 = 110;

/// Draws it.
pub(super) fn render(
    app: &App,
    board: &Board,
    screen: &QueueScreen,
    body: Rect,
    buffer: &mut Buffer,
) {
    let department = board.departments().get(screen.department);
    let Some(queue) = department.and_then(|it| it.queues().get(screen.queue)) else { return };
    if body.width < SIDE_BY_SIDE_FROM {
        let [facts, rest] =
            Layout::vertical([Constraint::Length(18), Constraint::Fill(1)]).areas(body);
        draw_facts(app, board, queue, facts, buffer);
        return intervals(app, board, screen, rest, buffer);
    }
    let [facts, rest] =
        Layout::horizontal([Constraint::Length(54), Constraint::Fill(1)]).spacing(1).areas(body);
    let [chart, list] =
        Layout::vertical([Constraint::Length(18.min(rest.height / 2)), Constraint::Fill(1)])
            .areas(rest);
    draw_facts(app, board, queue, facts, buffer);
    day::render(app, board, queue, chart, buffer);
    intervals(app, board, screen, list, buffer);
}

/// A line of the facts: a name and a figure, `None` being a dash, and what it is made of.
struct Fact {
    name: &'static str,
    figure: Option<String>,
    style: Style,
    made_of: String,
}

fn draw_facts(app: &App, board: &Board, queue: &Queue, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let id = [Part::new(queue.id(), theme.dim)];
    let inner = panel(theme, (queue.name(), theme.title), &id, true, area, buffer);
    let Some(live) = queue.live() else { return };
    let groups = [now(app, theme, queue, live), levels(theme, board, live), today(theme, live)];
    // Groups are set off where there is room for that.
    let needed: usize = groups.iter().map(|group| group.len() + 1).sum();
    let is_spaced = usize::from(inner.height) >= needed;
    let mut lines = inner.rows();
    for group in groups {
        for fact in group {
            let Some(line) = lines.next() else { return };
            let mut pen = Pen::new(buffer, line, &theme.symbols);
            let (figure, style) = match &fact.figure {
                Some(figure) => (figure.as_str(), fact.style),
                None => (theme.symbols.dash, theme.dim),
            };
            pen.skip(1).left_in(19, fact.name, theme.dim).right_in(8, figure, style);
            pen.skip(2).rest(&fact.made_of, theme.dim);
        }
        if is_spaced {
            lines.next();
        }
    }
}

fn now(app: &App, theme: &Theme, queue: &Queue, live: &VirtualQueue) -> Vec<Fact> {
    let fact = |name, figure| Fact { name, figure, style: theme.text, made_of: String::new() };
    let time = |figure: Option<Millis>| figure.map(format::duration);
    let waiting = waiting_style(theme, live.waiting_calls);
    vec![
        Fact { style: waiting, ..fact("waiting", Some(format::count(live.waiting_calls))) },
        fact("longest wait", time(queue.longest_wait(app.now()))),
        fact("estimated wait", time(live.estimated_wait_seconds.map(|it| it.0))),
        fact("ringing", Some(format::count(live.ringing_calls))),
        fact("active", Some(format::count(live.active_calls))),
        fact("available", Some(format::count(live.available_agents))),
    ]
}

fn levels(theme: &Theme, board: &Board, live: &VirtualQueue) -> Vec<Fact> {
    let level = &live.service_level;
    let fact = |name, percent: Option<f64>, made_of: &str| Fact {
        name,
        figure: percent.map(format::fine_share),
        style: theme.service_level(Level::of(percent, &board.centre().colours)),
        made_of: made_of.to_owned(),
    };
    let variants = &level.variants;
    let target = format!(
        "of {} % in {}",
        format::target(level.target_percent),
        format::duration(level.target_seconds.0)
    );
    vec![
        fact("service level", level.current_percent, &target),
        fact("without short", variants.ignore_abandoned, "in time / (O - short)"),
        fact("short are good", variants.abandoned_positive, "(in time + short) / all"),
        fact("answered only", variants.answered_only, "in time / answered"),
    ]
}

fn today(theme: &Theme, live: &VirtualQueue) -> Vec<Fact> {
    let level = &live.service_level;
    let fact = |name, figure| Fact { name, figure, style: theme.text, made_of: String::new() };
    let count = |name, figure: u32| fact(name, Some(format::count(figure)));
    let time = |name, figure: Option<monti_core::wire::Seconds>| {
        fact(name, figure.map(|it| format::duration(it.0)))
    };
    vec![
        count("offered", level.calls_offered),
        count("answered", level.calls_answered),
        count("  in time", level.calls_answered_in_target),
        count("abandoned", level.calls_abandoned),
        count("  short", level.calls_abandoned_short),
        time("ASA", level.avg_wait_seconds),
        time("AHT", level.avg_handle_seconds),
        time("longest wait today", level.max_wait_seconds),
    ]
}

/// The columns of the intervals: a title and a width each.
const COLUMNS: [(&str, usize); 7] = [
    ("from", 6),
    ("offered", 9),
    ("answered", 10),
    ("abandoned", 11),
    ("SL", 7),
    ("ASA", 9),
    ("AHT", 9),
];

/// The quarters of an hour, newest first.
fn intervals(app: &App, board: &Board, screen: &QueueScreen, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let inner = panel(theme, ("Intervals", theme.dim), &[], false, area, buffer);
    let mut lines = inner.rows();
    let Some(titles) = lines.next() else { return };
    let mut pen = Pen::new(buffer, titles, &theme.symbols);
    pen.skip(1);
    for (title, width) in COLUMNS {
        pen.right_in(width, title, theme.dim);
    }
    let staffed =
        usize::from(inner.width) >= COLUMNS.iter().map(|(_, width)| width).sum::<usize>() + 11;
    if staffed {
        pen.right_in(9, "staffed", theme.dim);
    }
    let shown = app.intervals_shown(screen);
    for (interval, line) in shown.iter().skip(screen.list.top()).zip(lines) {
        let percent = interval.service_level_percent;
        let level = theme.service_level(Level::of(percent, &board.centre().colours));
        let figures = [
            (Some(app.clock().minutes(interval.starts_at)), theme.dim),
            (Some(format::count(interval.calls_offered)), theme.text),
            (Some(format::count(interval.calls_answered)), theme.text),
            (Some(format::count(interval.calls_abandoned)), theme.text),
            (percent.map(format::share), level),
            (interval.avg_wait_seconds.map(|it| format::duration(it.0)), theme.text),
            (interval.avg_handle_seconds.map(|it| format::duration(it.0)), theme.text),
        ];
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1);
        for ((figure, style), (_, width)) in figures.iter().zip(COLUMNS) {
            let (text, style) = match figure {
                Some(figure) => (figure.as_str(), *style),
                None => (theme.symbols.dash, theme.dim),
            };
            pen.right_in(width, text, style);
        }
        if staffed {
            pen.right_in(9, &format!("{:.1}", interval.staffed_agents), theme.text);
        }
    }
}
