//! What is over a limit or below a target, and who was over a limit today.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    agent_table::state_text,
    name,
    panel::{Part, panel},
    pen::Pen,
};
use crate::{
    App,
    alerts::{Alert, AlertKey, breaches, today},
    board::Board,
    format,
    keymap::Action,
    layout,
    screen::{AlertsPart, AlertsScreen, List},
    scrub,
    theme::short_state_word,
};

/// What is said when nothing is over.
pub(super) const NOTHING: &str =
    "no agent is over a limit, no queue below its target, no caller waits too long";

/// From so many columns on a line has its limit and its department, too.
const WIDE_FROM: u16 = 60;

/// Draws them.
pub(super) fn render(
    app: &App,
    board: &Board,
    screen: &AlertsScreen,
    body: Rect,
    buffer: &mut Buffer,
) {
    let [now, today] = layout::alerts(body, screen.part);
    let has_keys = |part| screen.part == part;
    now_of(app, board, screen.now.list(), has_keys(AlertsPart::Now), now, buffer);
    today_of(app, board, screen.today.list(), has_keys(AlertsPart::Today), today, buffer);
}

/// What is over at the moment that is shown.
fn now_of(app: &App, board: &Board, list: &List, has_keys: bool, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let alerts = app.alerts();
    let further = alerts.len().saturating_sub(list.top() + layout::entries(Some(area), 1));
    let mut parts = vec![Part::new(format!("{} now", alerts.len()), theme.text)];
    parts.extend(Part::further_down(further, theme.text));
    if !app.is_past() {
        let key = app.keymap().key_of(Action::Acknowledge);
        parts.push(Part::new(format!("{} not acknowledged", app.open_alerts()), theme.text));
        parts.push(Part::new(format!("{key} acknowledges"), theme.dim));
    }
    let is_narrow = area.width < WIDE_FROM;
    let title = if is_narrow { "Over a limit" } else { "Over a limit, below a target" };
    let inner = panel(theme, (title, theme.title), &parts, has_keys, area, buffer);
    let mut lines = inner.rows();
    if alerts.is_empty()
        && let Some(line) = lines.next()
    {
        Pen::new(buffer, line, &theme.symbols).skip(1).rest(NOTHING, theme.dim);
    }
    let shown = alerts.iter().enumerate().skip(list.top());
    for ((place, alert), line) in shown.zip(lines) {
        draw(app, board, alert, has_keys && place == list.at(), line, buffer);
    }
}

fn draw(
    app: &App,
    board: &Board,
    alert: &Alert,
    is_selected: bool,
    line: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let department = board.departments().get(alert.department).map_or("", |it| it.name());
    let queue = |vq| board.queue(vq).map(|(_, queue)| queue);
    let name = |vq| queue(vq).map_or(String::new(), |queue| queue.name().to_owned());
    let is_narrow = line.width < WIDE_FROM;
    let dash = || theme.symbols.dash.to_owned();
    let (what, figure, limit, who) = match &alert.key {
        AlertKey::Wait(vq) => {
            let wait = queue(vq).and_then(|queue| queue.longest_wait(app.now()));
            let limit =
                queue(vq).map(|queue| format::duration(app.kiosk().targets.wait_limit(queue)));
            let limit = limit.map_or(String::new(), |limit| format!("> {limit}"));
            let what = if is_narrow { "waits" } else { "caller waits" };
            (what.to_owned(), wait.map_or_else(dash, format::duration), limit, name(vq))
        }
        AlertKey::Level(vq) => {
            let live = queue(vq).and_then(|queue| queue.live());
            let percent = live.and_then(|live| live.service_level.current_percent);
            let target = queue(vq).map(|queue| format::target(queue.info().target_percent));
            let limit = target.map_or(String::new(), |target| format!("of {target} %"));
            let what = if is_narrow { "SL" } else { "service level" };
            (what.to_owned(), percent.map_or_else(dash, format::share), limit, name(vq))
        }
        AlertKey::Agent { login, acw, since } => {
            let agent = board.agent(login).map(|(_, agent)| agent);
            let what = agent.map_or_else(String::new, |agent| match is_narrow {
                true => short_state_word(agent.state()).to_owned(),
                false => state_text(theme, agent),
            });
            let who = agent.map_or_else(String::new, |agent| agent.name().to_owned());
            let limits = board.limits();
            let limit = if *acw { limits.acw_seconds } else { limits.break_seconds };
            let limit = format!("> {}", format::duration(limit.0));
            (what, format::duration(app.now().since(*since)), limit, who)
        }
    };
    let known = app.is_known_alert(alert);
    // Red is what calls for somebody: that something is over, and by how much. The rest is read.
    let (style, loud) = match known {
        true => (theme.dim, theme.dim),
        false => (theme.text, theme.breach),
    };
    if is_selected {
        buffer.set_style(line, theme.selected);
    }
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    pen.put(theme.symbols.breach, loud).skip(1);
    pen.put(if is_selected { theme.symbols.cursor } else { " " }, theme.focus);
    let figure = format!(" {figure} ");
    if is_narrow {
        pen.left_in(5, &what, style).right_in(9, &figure, loud);
        let who = name::fit(&who, pen.left(), theme.symbols.ellipsis);
        pen.rest(&who, style);
    } else {
        pen.left_in(13, &what, style).right_in(9, &figure, loud).left_in(9, &limit, style);
        // Room for what is said of those that are known is kept beside all: names stand below each other.
        let names = pen.left().saturating_sub(KNOWN.len() + 2);
        let longest = app.board().into_iter().flat_map(Board::departments);
        let longest = longest.map(|it| scrub::width(it.name())).max().unwrap_or(0);
        let columns = longest.min(names / 3).max(11);
        let rest = names.saturating_sub(columns).min(WHO_MAX);
        let ellipsis = theme.symbols.ellipsis;
        pen.left_in(columns, &name::fit(department, columns, ellipsis), style).skip(1);
        pen.left_in(rest, &name::fit(&who, rest, ellipsis), style);
        pen.skip(1).put(if known { KNOWN } else { "" }, style);
    }
}

/// What is said of an alert that was acknowledged.
const KNOWN: &str = "known";

/// The most columns of whom or what an alert concerns.
const WHO_MAX: usize = 50;

fn today_of(
    app: &App,
    board: &Board,
    list: &List,
    has_keys: bool,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let over = today(board);
    let sum: u64 = over.iter().map(|(_, agent)| breaches(agent)).sum();
    let words =
        format!("{} times, {} agents", format::count(sum), format::count(over.len() as u64));
    let further = over.len().saturating_sub(list.top() + layout::entries(Some(area), 2));
    let mut parts = vec![Part::new(words, theme.text)];
    parts.extend(Part::further_down(further, theme.text));
    let inner = panel(theme, ("Today", theme.title), &parts, has_keys, area, buffer);
    let mut lines = inner.rows();
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(2).right_in(5, "ACW", theme.dim).right_in(7, "break", theme.dim).skip(3);
        pen.left_in(12, "department", theme.dim).skip(1).put("name", theme.dim);
    }
    for ((place, (department, agent)), line) in over.iter().enumerate().skip(list.top()).zip(lines)
    {
        let kpis = &agent.info().kpis;
        let department = board.departments()[*department].name();
        let is_selected = has_keys && place == list.at();
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.put(if is_selected { theme.symbols.cursor } else { " " }, theme.focus).skip(1);
        pen.right_in(5, &format::count(kpis.acw_breaches), theme.text);
        pen.right_in(7, &format::count(kpis.break_breaches), theme.text).skip(3);
        let department = name::fit(department, 12, theme.symbols.ellipsis);
        pen.left_in(12, &department, theme.text).skip(1).rest(agent.name(), theme.text);
        if is_selected {
            super::agent_row::select(theme, false, line, buffer);
        }
    }
}
