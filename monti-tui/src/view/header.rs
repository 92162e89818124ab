//! The first line: which centre, its time, how fresh that is, and whether something is wrong.

use monti_core::{Millis, wire::Persistence};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    name,
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
    /// What is said where there is less room, if that is less.
    short: Option<Vec<(String, Style)>>,
}

impl Part {
    fn new(text: impl Into<String>, style: Style, rank: u8) -> Self {
        Self { spans: vec![(text.into(), style)], rank, short: None }
    }

    /// Its columns, with those between it and the next.
    fn width(&self) -> usize {
        self.spans.iter().map(|(text, _)| scrub::width(text)).sum::<usize>() + GAP
    }

    /// Says less.
    fn shorten(&mut self) {
        if let Some(short) = self.short.take() {
            self.spans = short;
        }
    }
}

/// The columns between parts.
const GAP: usize = 3;

/// The rank of the longest wait.
const LONGEST: u8 = 3;

/// The most columns of the name of the queue in which a call waits longest, and what of them is
/// kept before other parts are.
const QUEUE_MAX: usize = 20;
const QUEUE_KEPT: usize = 8;

/// The columns of how many alerts there are.
const ALERTS: usize = 16;

/// Draws it.
pub(super) fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut left = vec![freshness(app)];
    let mut right = Vec::new();
    if let Some(board) = app.board() {
        let time = app.clock().seconds(app.now());
        left.insert(0, Part::new(time, theme.text, 1));
        // A centre that was given no name has the program's.
        if board.name() != PROGRAM {
            left.insert(0, Part::new(board.name(), theme.text, 5));
        }
        right.extend(health(theme, board));
        right.extend(figures(theme, app, board));
        right.push(alerts(app));
    }
    if !app.is_known() {
        // Only how old it is stays bright.
        let old = left.iter_mut().filter(|part| part.rank > 0).chain(&mut right);
        let spans =
            old.flat_map(|part| part.spans.iter_mut().chain(part.short.iter_mut().flatten()));
        spans.for_each(|(_, style)| *style = theme.stale);
    }
    left.insert(0, Part::new(PROGRAM, theme.title, 6));
    let queue = app.board().map_or(0, queue_columns);
    let queue = fit(&mut left, &mut right, queue, usize::from(area.width));
    if let Some(part) = right.iter_mut().find(|part| part.rank == LONGEST) {
        name_queue(app, part, queue);
    }
    // The last one has a blank behind it.
    let right_width = right.iter().map(Part::width).sum::<usize>().saturating_sub(1);
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

/// Leaves out what has no room in so many columns. Answers how many of `queue` columns are left for
/// the name of a queue: always the same ones while what is shown is, so that no figure moves when
/// it is another queue's turn.
fn fit(left: &mut Vec<Part>, right: &mut Vec<Part>, queue: usize, columns: usize) -> usize {
    // A blank before the first part and one after the last, and no gap there.
    let columns = columns + 1;
    let mut kept = queue.min(QUEUE_KEPT);
    let mut is_short = false;
    loop {
        let parts = || left.iter().chain(right.iter());
        let used = parts().map(Part::width).sum::<usize>();
        let worst = parts().map(|part| part.rank).max().unwrap_or(0);
        if used + kept <= columns || worst == 0 {
            let has_queue = right.iter().any(|part| part.rank == LONGEST);
            return if has_queue { queue.min(columns.saturating_sub(used)) } else { 0 };
        }
        match worst {
            ..=LONGEST if kept > 0 => kept = 0,
            ..=LONGEST if !is_short => {
                is_short = true;
                left.iter_mut().chain(right.iter_mut()).for_each(Part::shorten);
            }
            worst => {
                left.retain(|part| part.rank < worst);
                right.retain(|part| part.rank < worst);
            }
        }
    }
}

/// The columns that the longest name of a queue takes, with the blank before it.
fn queue_columns(board: &Board) -> usize {
    let queues = board.departments().iter().flat_map(Department::queues);
    queues.map(|queue| scrub::width(queue.name())).max().unwrap_or(0).min(QUEUE_MAX) + 1
}

/// Puts the name of the queue in which a call waits longest into so many columns.
fn name_queue(app: &App, part: &mut Part, columns: usize) {
    let theme = app.theme();
    let Some(board) = app.board().filter(|_| columns > 1) else { return };
    let style = if app.is_known() { theme.dim } else { theme.stale };
    let wait = board.totals(app.now()).longest_wait;
    let queue = wait.map_or("", |wait| wait.queue.name());
    let name = name::fit(queue, columns - 1, theme.symbols.ellipsis);
    let blanks = columns - scrub::width(&name);
    part.spans.push((format!(" {name}{:1$}", "", blanks - 1), style));
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
    pen.skip(GAP);
}

fn freshness(app: &App) -> Part {
    let theme = app.theme();
    let bad = theme.warning;
    let mut short = None;
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
            let retry = |words: &str| {
                retry.map_or_else(String::new, |left| format!(", {words} in {left} s"))
            };
            short = Some(format!("lost{age}{}", retry("again")));
            (format!("lost{age}{}", retry("trying again")), bad)
        }
    };
    let short = short.map(|word| vec![(word, style)]);
    Part { short, ..Part::new(word, style, 0) }
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
    Some(Part::new(words, theme.warning, 1))
}

fn figures(theme: &Theme, app: &App, board: &Board) -> Vec<Part> {
    let (label, text, dash) = (theme.dim, theme.text, theme.symbols.dash);
    let total = board.totals(app.now());
    let labelled = |name: &str, figure: String| Part {
        spans: vec![(format!("{name} "), label), (format!("{figure:>6}"), text)],
        rank: 4,
        short: None,
    };
    let level = Level::of(total.service_level_percent, &board.centre().colours);
    let percent = total.service_level_percent.map_or_else(|| dash.to_owned(), format::share);
    let target = common_target(board.departments().iter().flat_map(Department::queues));
    let of = target.map_or_else(String::new, |target| format!(" of {}", format::target(target)));
    let wait = Wait::of(app, total.longest_wait.map(|wait| wait.queue));
    let level = vec![
        ("SL ".to_owned(), label),
        (format!("{percent:>5}"), theme.service_level(level)),
        (of, label),
    ];
    let longest = vec![
        ("longest ".to_owned(), label),
        (format!("{:>WAIT_WIDTH$}", wait.marked(theme)), wait.style),
    ];
    let short = Some(level[..2].to_vec());
    vec![
        labelled("offered", format::count(total.offered)),
        labelled("answered", format::count(total.answered)),
        Part { spans: level, rank: 2, short },
        Part { spans: longest, rank: LONGEST, short: None },
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
    let (words, style) = match (all, open) {
        (0, _) => ("no alerts".to_owned(), theme.dim),
        (all, 0) => (format!("{all}{noun}, known"), theme.dim),
        (all, _) => (format!(" {}{all}{noun} ", theme.symbols.breach), theme.breach),
    };
    let blanks = " ".repeat(ALERTS.saturating_sub(scrub::width(&words)));
    let short = Some(vec![(words.clone(), style)]);
    Part { spans: vec![(blanks, theme.dim), (words, style)], rank: 1, short }
}
