//! A queue in detail: its facts, the service level as four schools count it, and its day.

use monti_core::{
    Millis,
    wire::{Seconds, VirtualQueue},
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    day,
    panel::{Part, panel},
    pen::Pen,
    queue_card::waiting_style,
    service_level::ServiceLevel,
    wait::Wait,
};
use crate::{
    App, Known,
    board::{Board, Queue, abandoned_in_target, counted},
    format, layout,
    screen::QueueScreen,
    scrub,
    theme::Theme,
};

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
    let (facts, chart, list) = layout::queue(app, body);
    draw_facts(app, board, queue, screen, facts, buffer);
    if let Some(chart) = chart {
        day::render(app, board, queue, chart, buffer);
    }
    intervals(app, board, screen, list, buffer);
}

/// A line of the facts: a name and a figure, `None` being a dash, and what it is made of.
struct Fact {
    name: &'static str,
    figure: Option<String>,
    style: Style,
    made_of: String,
    /// Whether it is over what it should be at most.
    is_over: bool,
}

/// How many facts there are.
pub(crate) const FACTS: usize = 21;

/// The columns that a fact's name and figure take, and the most that what it is made of takes.
const FACT: u16 = 28;
const MADE_OF: u16 = 24;

fn draw_facts(
    app: &App,
    board: &Board,
    queue: &Queue,
    screen: &QueueScreen,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let rows = layout::entries(Some(area), 1);
    // The facts beside each other, or else one below the other and scrolled.
    let is_list = rows < layout::FACTS_BESIDE || area.width < 2 * FACT;
    // Of a queue that nothing was told of there are none.
    let is_cut = is_list && queue.live().is_some();
    let below = if is_cut { FACTS.saturating_sub(screen.list.top() + rows) } else { 0 };
    let further = Part::further_down(below, theme.dim);
    let id = Part::new(scrub::text(queue.id()), theme.dim);
    let parts: Vec<_> = further.into_iter().chain([id]).collect();
    let inner = panel(theme, (queue.name(), theme.title), &parts, true, area, buffer);
    let Some(live) = queue.live() else { return };
    let groups =
        [now(app, theme, queue, live), levels(theme, board, live), today(theme, queue, live)];
    let needed = FACTS + groups.len() - 1;
    if usize::from(inner.height) >= needed {
        // Groups are set off where there is room for that.
        let mut lines = inner.rows();
        for fact in groups.iter().flat_map(|group| group.iter().map(Some).chain([None])) {
            let Some(line) = lines.next() else { return };
            draw_fact(theme, fact, line, buffer);
        }
        return;
    }
    let [now, levels, today] = groups;
    let left = now.into_iter().chain(levels);
    if is_list {
        let all = left.chain(today).skip(screen.list.top());
        for (fact, line) in all.zip(inner.rows()) {
            draw_fact(theme, Some(&fact), line, buffer);
        }
        return;
    }
    // Beside each other: what is now and how good it is, and what was today.
    let width = (inner.width - FACT).min(FACT + MADE_OF);
    let right = Rect { x: inner.x + width, width: FACT, ..inner };
    for (fact, line) in left.zip(Rect { width, ..inner }.rows()) {
        draw_fact(theme, Some(&fact), line, buffer);
    }
    for (fact, line) in today.iter().zip(right.rows()) {
        draw_fact(theme, Some(fact), line, buffer);
    }
}

fn draw_fact(theme: &Theme, fact: Option<&Fact>, line: Rect, buffer: &mut Buffer) {
    let Some(fact) = fact else { return };
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    let (figure, style) = match &fact.figure {
        Some(figure) => (figure.as_str(), fact.style),
        None => (theme.symbols.dash, theme.dim),
    };
    pen.put(if fact.is_over { theme.symbols.breach } else { " " }, fact.style);
    pen.left_in(19, fact.name, theme.dim).right_in(8, figure, style);
    // All of it or none: half a formula is another one.
    if scrub::width(&fact.made_of) + 2 <= pen.left() {
        pen.skip(2).put(&fact.made_of, theme.dim);
    }
}

fn now(app: &App, theme: &Theme, queue: &Queue, live: &VirtualQueue) -> Vec<Fact> {
    let fact = |name, figure| Fact {
        name,
        figure,
        style: theme.text,
        made_of: String::new(),
        is_over: false,
    };
    let time = |figure: Option<Millis>| figure.map(format::duration);
    let waiting = waiting_style(theme, live.waiting_calls);
    let wait = Wait::of(app, Some(queue));
    let figure = time(queue.longest_wait(app.now()));
    let longest = Fact { style: wait.style, is_over: wait.is_over, ..fact("longest wait", figure) };
    vec![
        Fact { style: waiting, ..fact("waiting", Some(format::count(live.waiting_calls))) },
        longest,
        fact("estimated wait", time(live.estimated_wait_seconds.map(|it| it.0))),
        fact("ringing", Some(format::count(live.ringing_calls))),
        fact("active", Some(format::count(live.active_calls))),
        fact("available", Some(format::count(live.available_agents))),
    ]
}

/// The levels, each with what it is made of in the letters of [`today`].
fn levels(theme: &Theme, board: &Board, live: &VirtualQueue) -> Vec<Fact> {
    let level = &live.service_level;
    let fact = |name, percent: Option<f64>, made_of: &str| Fact {
        name,
        figure: percent.map(format::fine_share),
        style: ServiceLevel::style(theme, board, percent),
        made_of: made_of.to_owned(),
        is_over: false,
    };
    let target = Fact {
        name: "target",
        figure: Some(format!("{} %", format::target(level.target_percent))),
        style: theme.text,
        is_over: false,
        made_of: format!("in {}", format::duration(level.target_seconds.0)),
    };
    let variants = &level.variants;
    vec![
        target,
        fact("service level", level.current_percent, "At / O"),
        fact("without abandoned", variants.ignore_abandoned, "At / (O - Bt)"),
        fact("abandoned as good", variants.abandoned_positive, "(At + Bt) / (A + B)"),
        fact("answered only", variants.answered_only, "At / A"),
    ]
}

/// What was: of what the levels are made of it has the letter that their formulas have.
fn today(theme: &Theme, queue: &Queue, live: &VirtualQueue) -> Vec<Fact> {
    let level = &live.service_level;
    let fact = |name, figure| Fact {
        name,
        figure,
        style: theme.text,
        made_of: String::new(),
        is_over: false,
    };
    let count = |name, figure: u32| fact(name, Some(format::count(figure)));
    let told = |name, figure: Option<u64>| fact(name, figure.map(format::count));
    let time = |name, figure: Option<Seconds>| fact(name, figure.map(|it| format::duration(it.0)));
    let short = format!("within {}", format::duration(queue.info().short_abandon_seconds.0));
    let late = "A, B, and waiting late".to_owned();
    vec![
        count("offered", level.calls_offered),
        count("answered         A", level.calls_answered),
        count("  in time        At", level.calls_answered_in_target),
        count("abandoned        B", level.calls_abandoned),
        told("  in time        Bt", abandoned_in_target(level)),
        Fact { made_of: short, ..count("  short", level.calls_abandoned_short) },
        Fact { made_of: late, ..told("counted          O", counted(level)) },
        time("ASA", level.avg_wait_seconds),
        time("AHT", level.avg_handle_seconds),
        time("longest wait ended", level.max_wait_seconds),
    ]
}

/// The columns of the intervals: a title and a width each.
const COLUMNS: [(&str, usize); 7] = [
    ("from", 6),
    ("offered", 8),
    ("answered", 9),
    ("abandoned", 10),
    ("SL", 7),
    ("ASA", 8),
    ("AHT", 8),
];

/// The columns of how many agents served the queue, where there is room for it.
const STAFFED: usize = 9;

/// The quarters of an hour, newest first.
fn intervals(app: &App, board: &Board, screen: &QueueScreen, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let department = board.departments().get(screen.department);
    let queue = department.and_then(|department| department.queues().get(screen.queue));
    let load = queue.and_then(|queue| app.intervals(queue.id()));
    let mut parts = Vec::new();
    if let Some(load) = load {
        let as_of = load.as_of().map(|at| format!("as of {}", app.clock().seconds(at)));
        parts.extend(as_of.map(|words| Part::new(words, theme.dim)));
        let trouble = load.trouble().map(|words| Part::new(words, theme.warning));
        parts.extend(trouble);
    }
    let shown = app.quarters_of(screen);
    let in_view = layout::entries(Some(area), 2);
    parts.extend(Part::further_down(
        shown.len().saturating_sub(screen.list.top() + in_view),
        theme.dim,
    ));
    let inner = panel(theme, ("Intervals", theme.dim), &parts, false, area, buffer);
    let mut lines = inner.rows();
    let Some(titles) = lines.next() else { return };
    let mut pen = Pen::new(buffer, titles, &theme.symbols);
    pen.skip(1);
    for (title, width) in COLUMNS {
        pen.right_in(width, title, theme.dim);
    }
    let staffed = usize::from(inner.width)
        >= COLUMNS.iter().map(|(_, width)| width).sum::<usize>() + STAFFED + 8;
    if staffed {
        pen.right_in(STAFFED, "staffed", theme.dim);
    }
    for (quarter, line) in shown.iter().skip(screen.list.top()).zip(lines) {
        let interval = quarter.interval;
        let level = ServiceLevel::of(theme, board, interval.service_level_percent);
        let time = |seconds: Option<Seconds>| seconds.map(|it| format::duration(it.0));
        let figures = [
            (Some(format::count(interval.calls_offered)), None),
            (Some(format::count(interval.calls_answered)), None),
            (Some(format::count(interval.calls_abandoned)), None),
            (Some(level.text), Some(level.style)),
            (time(interval.avg_wait_seconds), None),
            (time(interval.avg_handle_seconds), None),
            (Some(format!("{:.1}", interval.staffed_agents)), None),
        ];
        let widths = COLUMNS.iter().skip(1).map(|(_, width)| *width);
        let widths = widths.chain(staffed.then_some(STAFFED));
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        let from = app.clock().minutes(interval.starts_at);
        pen.skip(1).right_in(COLUMNS[0].1, &from, theme.dim);
        if quarter.known == Known::Nothing {
            pen.skip(2).rest("ran, and what it had come to was not told", theme.dim);
            continue;
        }
        for ((figure, style), width) in figures.iter().zip(widths) {
            let figure = figure.as_deref().unwrap_or(theme.symbols.dash);
            pen.right_in(width, figure, style.unwrap_or(theme.figure(figure)));
        }
        if quarter.known == Known::SoFar {
            pen.skip(2).rest("so far", theme.dim);
        }
    }
}
