//! The first line: which centre, its time, how fresh that is, and whether something is wrong.

use monti_core::{Millis, wire::Persistence};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    pen::Pen,
    wait::{WAIT_WIDTH, Wait},
};
use crate::{
    App, Freshness,
    board::{Board, Department, common_target},
    format,
    keymap::Action,
    scrub,
    theme::{Level, Theme},
};

const PROGRAM: &str = "MONTI";

/// Something in the line, and how soon it is left out where there is no room: the larger the
/// sooner.
struct Part {
    spans: Vec<(String, Style)>,
    rank: u8,
}

/// Draws it.
pub(super) fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut left = vec![freshness(app)];
    let mut right = Vec::new();
    if let Some(board) = app.board() {
        let time = app.clock().seconds(app.now());
        left.insert(0, Part { spans: vec![(time, theme.text)], rank: 1 });
        // A centre that was given no name has the program's.
        if board.name() != PROGRAM {
            left.insert(0, Part { spans: vec![(board.name().to_owned(), theme.text)], rank: 5 });
        }
        right.extend(health(theme, board));
        right.extend(figures(theme, app, board));
        right.push(alerts(app));
    }
    if !app.is_known() {
        // Only how old it is stays bright.
        let old = left.iter_mut().filter(|part| part.rank > 0).chain(&mut right);
        old.flat_map(|part| &mut part.spans).for_each(|(_, style)| *style = theme.stale);
    }
    left.insert(0, Part { spans: vec![(PROGRAM.to_owned(), theme.title)], rank: 6 });
    let width =
        |part: &Part| part.spans.iter().map(|(text, _)| scrub::width(text)).sum::<usize>() + 3;
    let room = usize::from(area.width);
    while left.iter().chain(&right).map(width).sum::<usize>() > room + 1 {
        let worst = left.iter().chain(&right).map(|part| part.rank).max().unwrap_or(0);
        if worst == 0 {
            break;
        }
        left.retain(|part| part.rank < worst);
        right.retain(|part| part.rank < worst);
    }
    let right_width = right.iter().map(width).sum::<usize>().saturating_sub(1);
    let mut pen = Pen::new(buffer, area, &theme.symbols);
    pen.skip(1);
    for part in &left {
        write(&mut pen, part);
    }
    pen.skip(pen.left().saturating_sub(right_width));
    for part in &right {
        write(&mut pen, part);
    }
}

/// That what is shown is the past.
pub(super) fn past(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    buffer.set_style(area, theme.past);
    let time = app.clock().seconds(app.now());
    let ago = app.ago();
    let dot = theme.symbols.dot;
    let key = app.keymap().key_of(Action::Present);
    let silent = if app.is_known() { "" } else { ", the server was silent" };
    let short = format!(" {time} {dot} {} ago{silent} {dot} {key} live", format::duration(ago));
    let ago = ago_words(ago);
    let words = format!(" THE PAST {dot} {time} {dot} {ago}{silent} {dot} {key} returns to live");
    let fits = scrub::width(&words) <= usize::from(area.width);
    let mut pen = Pen::new(buffer, area, &theme.symbols);
    pen.put(if fits { &words } else { &short }, theme.past);
    let (back, on) =
        (app.keymap().key_of(Action::StepBack), app.keymap().key_of(Action::StepForward));
    let (far, near) =
        (app.keymap().key_of(Action::MinuteBack), app.keymap().key_of(Action::MinuteForward));
    pen.at_end(&format!("{back} {on} ten seconds {dot} {far} {near} a minute "), theme.past);
}

fn ago_words(ago: Millis) -> String {
    match ago.get() / 60_000 {
        0 => format!("{} seconds ago", ago.get() / 1_000),
        1 => "a minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    }
}

fn write(pen: &mut Pen<'_>, part: &Part) {
    for (text, style) in &part.spans {
        pen.put(text, *style);
    }
    pen.skip(3);
}

fn freshness(app: &App) -> Part {
    let theme = app.theme();
    let bad = theme.warning;
    let (word, style) = match app.freshness() {
        Freshness::Connecting => ("connecting".to_owned(), bad),
        Freshness::Live if app.is_past() => (" the past ".to_owned(), theme.past),
        Freshness::Live | Freshness::Late(_) if app.is_recording() => {
            (" a recording ".to_owned(), theme.past)
        }
        Freshness::Lost { .. } | Freshness::Stale(_) if app.is_recording() => {
            (" the recording has ended ".to_owned(), theme.past)
        }
        Freshness::Live => ("live".to_owned(), theme.live),
        Freshness::Late(age) => (format!("late {}", format::duration(age)), bad),
        Freshness::Stale(age) => (format!("stale {}", format::duration(age)), bad),
        Freshness::Lost { age, retry_in, .. } => {
            let age = age.map_or_else(String::new, |age| format!(" {}", format::duration(age)));
            let retry = retry_in.map(|left| left.get().div_ceil(1_000));
            let retry =
                retry.map_or_else(String::new, |left| format!(", trying again in {left} s"));
            (format!("lost{age}{retry}"), bad)
        }
    };
    Part { spans: vec![(word, style)], rank: 0 }
}

fn health(theme: &Theme, board: &Board) -> Option<Part> {
    let health = board.health()?;
    let words = match health.persistence {
        Persistence::Ok => return None,
        Persistence::ReadOnly => "READ-ONLY: no new calls".to_owned(),
        Persistence::Degraded => {
            let records = health
                .backlog_records
                .map_or_else(String::new, |it| format!(": {} records behind", format::count(it)));
            format!("history degraded{records}")
        }
    };
    Some(Part { spans: vec![(words, theme.warning)], rank: 1 })
}

fn figures(theme: &Theme, app: &App, board: &Board) -> Vec<Part> {
    let (label, text, dash) = (theme.dim, theme.text, theme.symbols.dash);
    let total = board.totals(app.now());
    let labelled = |name: &str, figure: String, width: usize, rank: u8| Part {
        spans: vec![(format!("{name} "), label), (format!("{figure:>width$}"), text)],
        rank,
    };
    let level = Level::of(total.service_level_percent, &board.centre().colours);
    let percent = total.service_level_percent.map_or_else(|| dash.to_owned(), format::share);
    let target = common_target(board.departments().iter().flat_map(Department::queues));
    let of = target.map_or_else(String::new, |target| format!(" of {}", format::target(target)));
    let queue = total.longest_wait.map(|wait| wait.queue);
    let wait = Wait::of(app, queue);
    let queue = queue.map_or_else(String::new, |queue| format!(" {}", queue.name()));
    vec![
        labelled("offered", format::count(total.offered), 5, 4),
        labelled("answered", format::count(total.answered), 5, 4),
        Part {
            spans: vec![
                ("SL ".to_owned(), label),
                (format!("{percent:>5}"), theme.service_level(level)),
                (of, label),
            ],
            rank: 2,
        },
        Part {
            spans: vec![
                ("longest ".to_owned(), label),
                (format!("{:>WAIT_WIDTH$}", wait.marked(theme)), wait.style),
                (queue, label),
            ],
            rank: 3,
        },
    ]
}

fn alerts(app: &App) -> Part {
    let theme = app.theme();
    let (all, open) = (app.alerts().len(), app.open_alerts());
    let noun = match all {
        _ if app.size().width < 40 => "",
        1 => " alert",
        _ => " alerts",
    };
    let span = match (all, open) {
        (0, _) => ("no alerts".to_owned(), theme.dim),
        (all, 0) => (format!("{all}{noun}, known"), theme.dim),
        (all, _) => (format!(" {}{all}{noun} ", theme.symbols.breach), theme.breach),
    };
    Part { spans: vec![span], rank: 1 }
}
