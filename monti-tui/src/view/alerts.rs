//! What is over its limit now, and what was today.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
};

use super::{
    agent_table::state_text,
    panel::{Part, panel},
    pen::Pen,
};
use crate::{
    App,
    alerts::{Alert, AlertKey},
    board::{Agent, Board},
    format,
    keymap::Action,
    screen::List,
};

/// Draws them.
pub(super) fn render(app: &App, board: &Board, list: &List, body: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let [now, today] = Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(body);
    let alerts = app.alerts();
    let key = app.keymap().key_of(Action::Acknowledge);
    let parts = [
        Part::new(format!("{} now", alerts.now().len()), theme.text),
        Part::new(format!("{} not acknowledged", alerts.open()), theme.text),
        Part::new(format!("{key} acknowledges"), theme.dim),
    ];
    let inner = panel(theme, ("Over their limit", theme.title), &parts, true, now, buffer);
    let mut lines = inner.rows();
    if let Some(line) = lines.next() {
        let words = if app.is_past() {
            "these are of the present, not of the past that is shown"
        } else {
            ""
        };
        Pen::new(buffer, line, &theme.symbols).skip(1).put(words, theme.warning);
    }
    if alerts.now().is_empty()
        && let Some(line) = lines.next()
    {
        Pen::new(buffer, line, &theme.symbols).skip(1).put("nothing is over its limit", theme.dim);
    }
    let shown = alerts.now().iter().enumerate().skip(list.top());
    for ((place, alert), line) in shown.zip(lines) {
        draw(app, alert, place == list.at(), line, buffer);
    }
    today_of(app, board, today, buffer);
}

fn draw(app: &App, alert: &Alert, is_selected: bool, line: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    // Alerts are always the present's.
    let Some(board) = app.live().board() else { return };
    let department = board.departments().get(alert.department).map_or("", |it| it.name());
    let now = app.present();
    let (since, what, who) = match &alert.key {
        AlertKey::Wait { vq, since } => {
            let queue = board.queue(vq).map_or(vq.as_str(), |(_, queue)| queue.name());
            (*since, "a caller waits".to_owned(), queue.to_owned())
        }
        AlertKey::Agent { login, since, .. } => {
            let agent = board.agent(login).map(|(_, agent)| agent);
            let what = agent.map_or_else(String::new, |agent| state_text(theme, agent));
            let who = agent.map_or_else(String::new, |agent| agent.name().to_owned());
            (*since, what, who)
        }
    };
    let known = app.alerts().is_acknowledged(alert);
    let style = if known { theme.dim } else { theme.text };
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    pen.put(theme.symbols.breach, style).skip(1).left_in(14, &what, style);
    pen.right_in(8, &format::duration(now.since(since)), style).skip(2);
    pen.left_in(12, department, style).skip(1).left_in(28, &who, style);
    pen.skip(1).put(if known { "known" } else { "" }, style);
    if !known {
        super::agent_row::mark(theme, line, buffer);
    }
    if is_selected {
        super::agent_row::select(theme, !known, line, buffer);
    }
}

/// Who was over a limit today, the most often first: the server counts, this program's start does
/// not matter.
fn today_of(app: &App, board: &Board, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let counts = |agent: &Agent| (agent.info().kpis.acw_breaches, agent.info().kpis.break_breaches);
    let agents =
        board.departments().iter().flat_map(|it| it.agents().iter().map(move |agent| (it, agent)));
    let mut over: Vec<_> = agents.filter(|(_, agent)| counts(agent) != (0, 0)).collect();
    over.sort_by_key(|(_, agent)| {
        let (acw, breaks) = counts(agent);
        (std::cmp::Reverse(u64::from(acw) + u64::from(breaks)), agent.name_key())
    });
    let sum: u64 =
        over.iter().map(|(_, agent)| u64::from(counts(agent).0) + u64::from(counts(agent).1)).sum();
    let words =
        format!("{} times, {} agents", format::count(sum), format::count(over.len() as u64));
    let parts = [Part::new(words, theme.text)];
    let inner = panel(theme, ("Today", theme.title), &parts, false, area, buffer);
    let mut lines = inner.rows();
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(2).right_in(5, "ACW", theme.dim).right_in(7, "break", theme.dim).skip(3);
        pen.left_in(12, "department", theme.dim).skip(1).put("name", theme.dim);
    }
    for ((department, agent), line) in over.iter().zip(lines) {
        let (acw, breaks) = counts(agent);
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(2).right_in(5, &format::count(acw), theme.text);
        pen.right_in(7, &format::count(breaks), theme.text).skip(3);
        pen.left_in(12, department.name(), theme.text).skip(1).rest(agent.name(), theme.text);
    }
}
