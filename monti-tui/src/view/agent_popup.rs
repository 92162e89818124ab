//! An agent: what they do now, today's figures, and their last days. What has no room beside
//! something else goes below it, and what has none there is scrolled to: nothing is left out.

use monti_core::{Millis, wire::AgentDailyStats};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{agent_table::state_text, frame, help::wrapped, not_in_view, pen::Pen};
use crate::{
    App,
    board::{Agent, Board},
    format, layout,
    screen::AgentPopup,
    scrub::{self, Names},
    theme::state_word,
};

/// A line of it.
enum Line {
    Blank,
    /// Parts of a text, two columns apart.
    Words(Vec<(String, Style)>),
    /// Figures with their names.
    Figures(Vec<Figure>),
    /// A row of the history.
    Row(Vec<(Option<String>, Style)>),
}

/// A figure, `None` being a dash, and its name.
type Figure = (&'static str, Option<String>);

/// The columns of a figure: its name and its value.
const NAME: usize = 9;
const VALUE: usize = 8;

/// The columns of the history, a title and a width each, where there is so much room.
type Columns = [(&'static str, usize); 9];

const WIDE: Columns = [
    ("Date", 10),
    ("Calls", 7),
    ("Talk", 9),
    ("ACW", 9),
    ("Hold", 9),
    ("Break", 9),
    ("Occ", 7),
    ("ACW over", 10),
    ("Brk over", 10),
];

const MEDIUM: Columns = [
    ("Date", 10),
    ("Calls", 6),
    ("Talk", 9),
    ("ACW", 9),
    ("Hold", 9),
    ("Break", 9),
    ("Occ", 7),
    ("ACW!", 8),
    ("Brk!", 8),
];

const NARROW: Columns = [
    ("Date", 5),
    ("Calls", 6),
    ("Talk", 8),
    ("ACW", 8),
    ("Hold", 8),
    ("Break", 8),
    ("Occ", 5),
    ("A!", 4),
    ("B!", 4),
];

/// The lines that days need at least to be worth scrolling below what stays.
const DAYS_MIN: usize = 2;

/// What is so of days that the server answered from what it keeps itself.
const PARTIAL: &str = "the store cannot be read: not all days";

/// Draws it.
pub(super) fn render(app: &App, popup: &AgentPopup, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let found = app.board().and_then(|board| Some((board, board.agent(&popup.login)?)));
    let Some((board, (place, agent))) = found else {
        let inner = frame(app, app.names().login(&popup.login), area, buffer);
        let words = "this agent is not on the board any more";
        Pen::new(buffer, inner, &theme.symbols).rest(words, theme.dim);
        return;
    };
    let inner = frame(app, agent.name(), area, buffer);
    let text = Text::of(app, board, place, agent, popup, inner);
    let top = popup.list.at().min(text.scrolled.len().saturating_sub(text.rows));
    not_in_view(app, [text.scrolled.len(), top, text.rows], area, buffer);
    let lines = text.fixed.iter().chain(text.scrolled.iter().skip(top).take(text.rows));
    for (line, row) in lines.zip(inner.rows()) {
        draw(app, line, row, buffer);
    }
}

/// How many lines of it are scrolled, and in how many rows.
pub(crate) fn window(app: &App, popup: &AgentPopup, area: Rect) -> (usize, usize) {
    let found = app.board().and_then(|board| Some((board, board.agent(&popup.login)?)));
    let Some((board, (place, agent))) = found else { return (0, 0) };
    let text = Text::of(app, board, place, agent, popup, layout::inside(app, area));
    (text.scrolled.len(), text.rows)
}

/// All that there is to say: what stays at the top, and what is scrolled in so many rows below it.
struct Text {
    fixed: Vec<Line>,
    scrolled: Vec<Line>,
    rows: usize,
}

impl Text {
    fn of(
        app: &App,
        board: &Board,
        department: usize,
        agent: &Agent,
        popup: &AgentPopup,
        inner: Rect,
    ) -> Self {
        let width = usize::from(inner.width);
        let blocks = [
            who(app, board, department, agent, width),
            now(app, agent, width),
            today(app, agent, width),
            titles(app, popup, width),
        ];
        let days = days(app, popup, width);
        let height = usize::from(inner.height);
        let lines: usize = blocks.iter().map(Vec::len).sum();
        // Blocks are set off where there is room for that and a few days.
        let is_spaced = height >= lines + blocks.len() - 1 + 3;
        let mut fixed = Vec::new();
        for block in blocks {
            if is_spaced && !fixed.is_empty() {
                fixed.push(Line::Blank);
            }
            fixed.extend(block);
        }
        if height >= fixed.len() + DAYS_MIN {
            let rows = layout::popup_rows(app, days.len(), height - fixed.len());
            return Self { rows, fixed, scrolled: days };
        }
        fixed.extend(days);
        let rows = layout::popup_rows(app, fixed.len(), height);
        Self { fixed: Vec::new(), scrolled: fixed, rows }
    }
}

fn draw(app: &App, line: &Line, row: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let columns = columns(usize::from(row.width)).unwrap_or(NARROW);
    let mut pen = Pen::new(buffer, row, &theme.symbols);
    let text = |figure: &Option<String>| figure.clone().unwrap_or(theme.symbols.dash.to_owned());
    match line {
        Line::Blank => {}
        Line::Words(parts) => {
            for (text, style) in parts {
                pen.put(text, *style).skip(2);
            }
        }
        Line::Figures(figures) => {
            for (name, figure) in figures {
                let style = if figure.is_some() { theme.text } else { theme.dim };
                pen.left_in(NAME, name, theme.dim).right_in(VALUE, &text(figure), style);
                pen.skip(gap(usize::from(row.width)));
            }
        }
        Line::Row(cells) => {
            for (at, ((figure, style), (_, width))) in cells.iter().zip(columns).enumerate() {
                let style = if figure.is_some() { *style } else { theme.dim };
                match at {
                    0 => pen.left_in(width, &text(figure), style),
                    _ => pen.right_in(width, &text(figure), style),
                };
            }
        }
    }
}

fn who(app: &App, board: &Board, department: usize, agent: &Agent, width: usize) -> Vec<Line> {
    let theme = app.theme();
    let info = agent.info();
    let places = [
        (app.names() == Names::Whole).then_some(info.agent_id.as_str()),
        Some(board.departments()[department].name()),
        info.team.as_deref(),
        info.location.as_deref(),
    ];
    let places: Vec<_> = places.into_iter().flatten().map(scrub::text).collect();
    let text = places.join(&format!(" {} ", theme.symbols.dot));
    let lines = wrapped(&text, width);
    let mut lines: Vec<_> =
        lines.into_iter().map(|text| Line::Words(vec![(text, theme.dim)])).collect();
    if !layout::is_framed(app) {
        // There is no frame to say it.
        lines.insert(0, Line::Words(vec![(agent.name().to_owned(), theme.title)]));
    }
    lines
}

fn now(app: &App, agent: &Agent, width: usize) -> Vec<Line> {
    let theme = app.theme();
    let info = agent.info();
    let is_breach = agent.breach().is_some();
    let style = if is_breach { theme.breach } else { theme.state(agent.state()) };
    let mut state = vec![
        (state_text(theme, agent), style),
        (format!("for {}", format::duration(agent.in_state(app.now()))), theme.text),
    ];
    if is_breach {
        state.push((format!(" {} over limit ", theme.symbols.breach), theme.breach));
    }
    if agent.is_lost() {
        state.push(("link lost".to_owned(), theme.warning));
    }
    if let Some(next) = info.pending_state {
        state.push((format!("then {}", state_word(next)), theme.dim));
    }
    let mut call = match info.current_call_id {
        Some(call) => vec![(call.to_string(), theme.text)],
        None => vec![("no call".to_owned(), theme.dim)],
    };
    if let Some(vq) = info.current_vq.as_deref() {
        let name = app.board().map(|board| board.queue_name(vq).into_owned());
        call.push((name.unwrap_or_default(), theme.text));
    }
    if let Some(start) = info.call_start_time {
        let ago = format::duration(app.now().since(start));
        call.push((format!("answered {ago} ago"), theme.dim));
    }
    [state, call].into_iter().flat_map(|parts| flowed(parts, width)).collect()
}

/// Parts in as few lines as hold them; one that is longer than a line is broken.
fn flowed(parts: Vec<(String, Style)>, width: usize) -> Vec<Line> {
    let mut lines: Vec<(usize, Vec<(String, Style)>)> = Vec::new();
    let broken = |(text, style): (String, Style)| match scrub::width(&text) <= width {
        true => vec![(text, style)],
        false => wrapped(&text, width).into_iter().map(|text| (text, style)).collect(),
    };
    for part in parts.into_iter().flat_map(broken) {
        let columns = scrub::width(&part.0);
        match lines.last_mut() {
            Some((used, line)) if *used + 2 + columns <= width => {
                *used += 2 + columns;
                line.push(part);
            }
            _ => lines.push((columns, vec![part])),
        }
    }
    lines.into_iter().map(|(_, line)| Line::Words(line)).collect()
}

fn gap(width: usize) -> usize {
    if width >= 4 * (NAME + VALUE) + 3 * 3 { 3 } else { 2 }
}

/// Figures in as many columns as there is room for.
fn arranged(figures: Vec<Figure>, width: usize) -> Vec<Line> {
    let gap = gap(width);
    let columns = ((width + gap) / (NAME + VALUE + gap)).clamp(1, 4);
    figures.chunks(columns).map(|chunk| Line::Figures(chunk.to_vec())).collect()
}

fn time(duration: Millis) -> Option<String> {
    Some(format::duration(duration))
}

fn today(app: &App, agent: &Agent, width: usize) -> Vec<Line> {
    let kpis = agent.kpis(app.now());
    let figures = vec![
        ("calls", Some(format::count(kpis.calls_handled))),
        ("talk", time(kpis.talk_seconds.0)),
        ("hold", time(kpis.hold_seconds.0)),
        ("ACW", time(kpis.acw_seconds.0)),
        ("AHT", kpis.avg_handle_seconds.and_then(|it| time(it.0))),
        ("idle", time(kpis.idle_seconds.0)),
        ("break", time(kpis.break_seconds.0)),
        ("logged in", time(kpis.login_seconds.0)),
        ("occupancy", kpis.occupancy_percent.map(format::share)),
        ("RONA", Some(format::count(kpis.ring_no_answers))),
        ("ACW over", Some(format::count(kpis.acw_breaches))),
        ("brk over", Some(format::count(kpis.break_breaches))),
    ];
    arranged(figures, width)
}

/// What the history is, of when it is, and its columns.
fn titles(app: &App, popup: &AgentPopup, width: usize) -> Vec<Line> {
    let theme = app.theme();
    let mut title = vec![(format!("Daily history, {} days", popup.days), theme.title)];
    let load = &popup.history;
    title.extend(load.as_of().map(|at| {
        let present = if app.is_past() { ", the present" } else { "" };
        (format!("as of {}{present}", app.clock().seconds(at)), theme.dim)
    }));
    if let Some(history) = load.here() {
        // Where there are no days, it is said in place of them.
        let is_partial = history.partial && !history.days.is_empty();
        let troubles = is_partial.then_some(PARTIAL).into_iter().chain(load.trouble());
        title.extend(troubles.map(|words| (words.to_owned(), theme.warning)));
    }
    let mut lines = flowed(title, width);
    if let Some(columns) = columns(width) {
        let heads = columns.map(|(title, _)| (Some(title.to_owned()), theme.dim));
        lines.push(Line::Row(heads.into()));
    }
    lines
}

fn columns(width: usize) -> Option<Columns> {
    let needs = |columns: &Columns| columns.iter().map(|(_, width)| width).sum::<usize>();
    [WIDE, MEDIUM, NARROW].into_iter().find(|columns| needs(columns) <= width)
}

fn days(app: &App, popup: &AgentPopup, width: usize) -> Vec<Line> {
    let theme = app.theme();
    let say = |words: &str, style| {
        let lines = wrapped(words, width).into_iter();
        lines.map(|text| Line::Words(vec![(text, style)])).collect()
    };
    match popup.history.here() {
        None => say(popup.history.trouble().unwrap_or_default(), theme.dim),
        Some(history) if history.days.is_empty() && history.partial => say(PARTIAL, theme.warning),
        Some(history) if history.days.is_empty() => say("no days yet", theme.dim),
        Some(history) => history.days.iter().flat_map(|it| of_day(app, it, width)).collect(),
    }
}

fn of_day(app: &App, day: &AgentDailyStats, width: usize) -> Vec<Line> {
    let theme = app.theme();
    let columns = columns(width);
    let is_short = columns.is_none_or(|columns| columns[0].1 < 10);
    let date = day.date.to_string();
    // The year goes first where there is no room.
    let date = if is_short { date[date.len() - 5..].to_owned() } else { date };
    let share = |percent: f64| {
        let share = format::share(percent);
        if is_short { share.replace(' ', "") } else { share }
    };
    let figures = [
        ("calls", Some(format::count(day.calls_handled))),
        ("talk", time(day.talk_seconds.0)),
        ("ACW", time(day.acw_seconds.0)),
        ("hold", time(day.hold_seconds.0)),
        ("break", time(day.break_seconds.0)),
        ("occupancy", day.occupancy_percent.map(share)),
        ("ACW over", Some(format::count(day.acw_breaches))),
        ("brk over", Some(format::count(day.break_breaches))),
    ];
    if columns.is_none() {
        let mut lines = vec![Line::Words(vec![(date, theme.title)])];
        lines.extend(arranged(figures.into(), width));
        return lines;
    }
    let over = |count: u32| if count > 0 { theme.levels[2] } else { theme.text };
    let styles = [theme.text; 6].into_iter();
    let styles = styles.chain([over(day.acw_breaches), over(day.break_breaches)]);
    let cells = figures.into_iter().zip(styles).map(|((_, figure), style)| (figure, style));
    vec![Line::Row([(Some(date), theme.dim)].into_iter().chain(cells).collect())]
}
