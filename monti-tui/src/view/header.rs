//! The first line: which centre, its time, how fresh that is, and whether something is wrong.

use monti_core::{Millis, wire::Persistence};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    name,
    pen::Pen,
    service_level::ServiceLevel,
    wait::{WAIT_WIDTH, Wait},
};
use crate::{
    App, End, Freshness,
    board::{Board, Department, common_target},
    format,
    keymap::Action,
    scrub,
    theme::Theme,
};

const PROGRAM: &str = "MONTI";

/// Something in the line.
struct Part {
    spans: Vec<(String, Style)>,
    rank: Rank,
    /// The fewest columns that it takes, whatever it says.
    least: usize,
    /// What is said where there is less room, if that is less.
    short: Option<Vec<(String, Style)>>,
}

/// What there is in the line: what is left out last where there is no room comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Freshness,
    Alerts,
    Health,
    Clock,
    ServiceLevel,
    LongestWait,
    Offered,
    Answered,
    Centre,
    Program,
}

impl Part {
    fn new(text: impl Into<String>, style: Style, rank: Rank) -> Self {
        Self { spans: vec![(text.into(), style)], rank, least: 0, short: None }
    }

    /// Its columns.
    fn width(&self) -> usize {
        let width = self.spans.iter().map(|(text, _)| scrub::width(text)).sum::<usize>();
        width.max(self.least)
    }

    /// Says less.
    fn shorten(&mut self) {
        if let Some(short) = self.short.take() {
            self.spans = short;
        }
    }
}

/// The columns between parts, and those between them before a figure is left out.
const GAP: usize = 3;
const GAP_LEAST: usize = 2;

/// The columns of how fresh what is shown is, whatever there is to say of it but of a loss: `live`,
/// `stale 59:59`.
const FRESHNESS: usize = 11;

/// Likewise of what is recorded: ` a recording `.
const RECORDED: usize = 13;

/// The most columns of the name of the queue whose longest wait is told, and what of them is kept
/// before figures are.
const QUEUE_MAX: usize = 20;
const QUEUE_KEPT: usize = 8;

/// The columns of how many alerts there are.
const ALERTS: usize = 16;

/// Draws it.
pub(super) fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let fresh = Freshly::of(app);
    let mut left = vec![fresh.part(app)];
    let mut right = Vec::new();
    if let Some(board) = app.board() {
        let time = app.clock().seconds(app.now());
        left.insert(0, Part::new(time, theme.text, Rank::Clock));
        // A centre that was given no name has the program's.
        if board.name() != PROGRAM {
            left.insert(0, Part::new(board.name(), theme.text, Rank::Centre));
        }
        right.extend(health(theme, board));
        right.extend(figures(theme, app, board));
        right.push(alerts(app));
    }
    if !app.is_known() {
        // Only how old it is stays bright.
        let old = left.iter_mut().filter(|part| part.rank > Rank::Freshness).chain(&mut right);
        let spans =
            old.flat_map(|part| part.spans.iter_mut().chain(part.short.iter_mut().flatten()));
        spans.for_each(|(_, style)| *style = theme.stale);
    }
    left.insert(0, Part::new(PROGRAM, theme.title, Rank::Program));
    let queue = app.board().map_or(0, queue_columns);
    let columns = usize::from(area.width);
    let Fit { gap, queue } = Fit::of(&mut left, &mut right, queue, columns);
    if let Some(part) = right.iter_mut().find(|part| part.rank == Rank::LongestWait) {
        name_queue(app, part, queue);
    }
    fresh.say(&mut left, &mut right, gap, columns);
    let mut pen = Pen::new(buffer, area, &theme.symbols);
    pen.skip(1);
    write(&mut pen, &left, gap);
    pen.skip(pen.left().saturating_sub(columns_from_end(&right, gap)));
    write(&mut pen, &right, gap);
}

/// The columns of parts at the end of the line, with the blank behind the last one.
fn columns_from_end(parts: &[Part], gap: usize) -> usize {
    (parts.iter().map(|part| part.width() + gap).sum::<usize>() + 1).saturating_sub(gap)
}

/// How the parts that have room stand: always alike while the terminal and the centre are the same,
/// so that no figure moves when it is another queue's turn, or with how fresh it is.
struct Fit {
    /// The columns between parts.
    gap: usize,
    /// Those for the name of a queue.
    queue: usize,
}

impl Fit {
    /// Leaves out what has no room in so many columns, one part after the other. At most `queue`
    /// columns are for the name of a queue.
    fn of(left: &mut Vec<Part>, right: &mut Vec<Part>, queue: usize, columns: usize) -> Self {
        let (mut gap, mut kept) = (GAP, queue.min(QUEUE_KEPT));
        let (mut is_short, mut is_shortest) = (false, false);
        loop {
            // A blank before the first part and one after the last, and no gap there.
            let room = columns + gap - 2;
            let parts = || left.iter().chain(right.iter());
            let used = parts().map(|part| part.width() + gap).sum::<usize>();
            let worst = parts().map(|part| part.rank).max().unwrap_or(Rank::Freshness);
            if used + kept <= room || worst == Rank::Freshness {
                let has_queue = right.iter().any(|part| part.rank == Rank::LongestWait);
                let queue = if has_queue { queue.min(room.saturating_sub(used)) } else { 0 };
                return Self { gap, queue };
            }
            let all = left.iter_mut().chain(right.iter_mut());
            match worst {
                worst if worst <= Rank::Answered && gap > GAP_LEAST => gap = GAP_LEAST,
                worst if worst <= Rank::LongestWait && !is_short => {
                    is_short = true;
                    // Figures would move with the number of alerts.
                    all.filter(|part| part.rank > Rank::Alerts).for_each(Part::shorten);
                }
                worst if worst <= Rank::LongestWait && kept > 0 => kept = 0,
                worst if worst <= Rank::Clock && !is_shortest => {
                    is_shortest = true;
                    all.for_each(Part::shorten);
                }
                worst => {
                    left.retain(|part| part.rank < worst);
                    right.retain(|part| part.rank < worst);
                }
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
    let wait = app.kiosk().targets.first_wait(board.departments(), app.now());
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

/// Writes parts with so many columns between them.
fn write(pen: &mut Pen<'_>, parts: &[Part], gap: usize) {
    for (at, part) in parts.iter().enumerate() {
        pen.skip(if at > 0 { gap } else { 0 });
        let end = pen.left().saturating_sub(part.width());
        for (text, style) in &part.spans {
            pen.put(text, *style);
        }
        pen.skip(pen.left().saturating_sub(end));
    }
}

/// How fresh what is shown is, in words: the most there is to say, then less.
struct Freshly {
    words: Vec<String>,
    style: Style,
}

impl Freshly {
    fn of(app: &App) -> Self {
        let theme = app.theme();
        // What was so when it was recorded.
        let recorded = |what: &str, age: Option<Millis>| {
            let age = age.map_or_else(String::new, |age| format!(" {}", format::duration(age)));
            let words = [
                format!(" a recording: {what}{age} "),
                format!(" rec. {what}{age} "),
                format!(" rec. {what} "),
            ];
            Self { words: words.into(), style: theme.past }
        };
        let (words, style) = match app.freshness() {
            Freshness::Connecting => ("connecting".to_owned(), theme.warning),
            Freshness::Live if app.is_past() => (" the past ".to_owned(), theme.past),
            Freshness::Live | Freshness::Late(_) if app.is_recording() => {
                (" a recording ".to_owned(), theme.past)
            }
            Freshness::Stale(age) if app.is_recording() => return recorded("stale", Some(age)),
            Freshness::Lost { age, .. } if app.is_recording() => {
                let words = match app.live().end() {
                    None => return recorded("lost", age),
                    Some(End::Over) => [" the recording has ended ", " has ended "],
                    Some(End::Faulty(_)) => [" the recording is faulty here ", " is faulty "],
                };
                return Self { words: words.map(str::to_owned).into(), style: theme.past };
            }
            Freshness::Live => ("live".to_owned(), theme.live),
            Freshness::Late(age) => (format!("late {}", format::duration(age)), theme.warning),
            Freshness::Stale(age) => (format!("stale {}", format::duration(age)), theme.warning),
            Freshness::Lost { age, retry_in, .. } => {
                let age = age.map_or_else(String::new, |age| format!(" {}", format::duration(age)));
                let lost = format!("lost{age}");
                let retry = retry_in.map(|left| left.get().div_ceil(1_000));
                let said = |words: &str| retry.map(|left| format!("{lost}, {words} {left} s"));
                let words =
                    ["trying again in", "again in", "retry"].map(said).into_iter().flatten();
                return Self { words: words.chain([lost]).collect(), style: theme.warning };
            }
        };
        Self { words: vec![words], style }
    }

    /// The least there is to say, in columns that are there for whatever else there may be.
    fn part(&self, app: &App) -> Part {
        let words = self.words.last().cloned().unwrap_or_default();
        let least = if app.is_recording() { RECORDED } else { FRESHNESS };
        Part { least, ..Part::new(words, self.style, Rank::Freshness) }
    }

    /// Says as much as has room between `left` and `right`. That the server is lost is more than
    /// the first of the old figures, which gives way to it; no other moves.
    fn say(&self, left: &mut [Part], right: &mut Vec<Part>, gap: usize, columns: usize) {
        let Some((part, before)) = left.split_last_mut() else { return };
        let from = 1 + before.iter().map(|part| part.width() + gap).sum::<usize>();
        let room = |right: &[Part]| columns.saturating_sub(from + columns_from_end(right, gap) + 1);
        let covers = right.first().is_some_and(|part| part.rank >= Rank::ServiceLevel);
        let (whole, covered) = (room(right), room(&right[usize::from(covers)..]));
        let more = self.words.split_last().map_or(&[][..], |(_, more)| more);
        let Some(words) = more.iter().find(|words| scrub::width(words) <= covered) else { return };
        part.spans = vec![(words.clone(), self.style)];
        if scrub::width(words) > whole {
            right.remove(0);
        }
    }
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
    let short = match health.persistence {
        Persistence::ReadOnly => "READ-ONLY",
        Persistence::Degraded | Persistence::Ok => "degraded",
    };
    let short = Some(vec![(short.to_owned(), theme.warning)]);
    Some(Part { short, ..Part::new(words, theme.warning, Rank::Health) })
}

fn figures(theme: &Theme, app: &App, board: &Board) -> Vec<Part> {
    let (label, text) = (theme.dim, theme.text);
    let total = board.totals(app.now());
    let part = |spans, rank, short| Part { spans, rank, least: 0, short };
    let labelled = |name: &str, figure: String, rank| {
        part(vec![(format!("{name} "), label), (format!("{figure:>6}"), text)], rank, None)
    };
    let level = ServiceLevel::of(theme, board, total.service_level_percent);
    let target = common_target(board.departments().iter().flat_map(Department::queues));
    let of = target.map_or_else(String::new, |target| format!(" of {}", format::target(target)));
    let wait = Wait::first(app, board.departments());
    let level =
        vec![("SL ".to_owned(), label), (format!("{:>5}", level.text), level.style), (of, label)];
    let longest = vec![
        ("longest ".to_owned(), label),
        (format!("{:>WAIT_WIDTH$}", wait.marked(theme)), wait.style),
    ];
    let short = Some(level[..2].to_vec());
    vec![
        labelled("offered", format::count(total.offered), Rank::Offered),
        labelled("answered", format::count(total.answered), Rank::Answered),
        part(level, Rank::ServiceLevel, short),
        part(longest, Rank::LongestWait, None),
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
    Part { spans: vec![(blanks, theme.dim), (words, style)], rank: Rank::Alerts, least: 0, short }
}
