//! A department's agents as a table, of which only what is in view is drawn.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    agent_row,
    grid::head_count,
    more::More,
    panel::{Part, panel},
    pen::Pen,
};
use crate::{
    App,
    board::{Agent, Board, Department},
    format, layout,
    screen::Table,
    theme::{Theme, state_word},
};

/// A column of figures at the right of the table: its title, its width, and the width of the table
/// from which there is room for it.
struct Column {
    title: &'static str,
    width: usize,
    from: u16,
    figure: fn(&Agent, &App) -> Option<String>,
}

const COLUMNS: [Column; 6] = [
    Column { title: "calls", width: 6, from: 56, figure: calls },
    Column { title: "AHT", width: 8, from: 64, figure: handle_time },
    Column { title: "occ", width: 7, from: 72, figure: occupancy },
    Column { title: "RONA", width: 6, from: 80, figure: no_answers },
    Column { title: "break", width: 9, from: 92, figure: breaks },
    Column { title: "logged in", width: 11, from: 104, figure: login },
];

/// Draws it, and answers nothing that is not on the screen.
pub(super) fn render(
    app: &App,
    board: &Board,
    department: &Department,
    table: &Table,
    is_focused: bool,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let shown = table.rows().len();
    let mut parts = head_count(theme, department);
    let filter = table.filter();
    if !filter.is_empty() {
        let words = format!("{} match {}", format::count(shown as u64), filter.text());
        parts.insert(0, Part::new(words, theme.warning));
    }
    let inner = panel(theme, ("Agents", theme.title), &parts, is_focused, area, buffer);
    let mut lines = inner.rows();
    let Some(titles) = lines.next() else { return };
    let columns: Vec<_> = COLUMNS.iter().filter(|column| area.width >= column.from).collect();
    // A column stays free, so that the last figure touches nothing.
    let figures: usize = columns.iter().map(|column| column.width).sum();
    let figures = if figures > 0 { u16::try_from(figures + 1).unwrap_or(0) } else { 0 };
    let width = inner.width - figures.min(inner.width);
    draw_titles(theme, table, &columns, width, titles, buffer);
    if shown == 0 {
        let words = if filter.is_empty() { "no agents yet" } else { "no agent matches" };
        if let Some(line) = lines.next() {
            Pen::new(buffer, line, &theme.symbols).skip(2).put(words, theme.dim);
        }
        return;
    }
    let rows = agent_row::Rows { theme, department, limits: board.limits(), now: app.now() };
    let top = table.list().top();
    let in_view = layout::fitting(shown, layout::entries(Some(area), 2));
    let agents = table.rows().iter().enumerate().skip(top).take(in_view);
    for ((place, agent), line) in agents.zip(lines.by_ref()) {
        let is_selected = is_focused && place == table.list().at();
        rows.render(agent, false, Rect { width, ..line }, buffer);
        let right = Rect { x: line.x + width, width: line.width - width, ..line };
        let mut pen = Pen::new(buffer, right, &theme.symbols);
        for column in &columns {
            let figure = (column.figure)(agent, app);
            let text = figure.as_deref().unwrap_or(theme.symbols.dash);
            pen.right_in(column.width, text, theme.figure(text));
        }
        let is_breach = agent.breach().is_some();
        if is_breach {
            agent_row::mark(theme, line, buffer);
        }
        if is_selected {
            agent_row::select(theme, is_breach, line, buffer);
        }
    }
    if let Some(line) = lines.next() {
        More::of_agents(table.rows(), top, in_view).draw(theme, line, buffer);
    }
}

fn draw_titles(
    theme: &Theme,
    table: &Table,
    columns: &[&Column],
    width: u16,
    line: Rect,
    buffer: &mut Buffer,
) {
    let mut pen = Pen::new(buffer, Rect { width, ..line }, &theme.symbols);
    let state = if width >= 40 { 9 } else { 5 };
    pen.skip(3).left_in(state, "state", theme.dim).skip(1).right_in(7, "time", theme.dim).skip(2);
    pen.rest(&format!("name, by {}", table.sort().word()), theme.dim);
    let right = Rect { x: line.x + width, width: line.width - width, ..line };
    let mut pen = Pen::new(buffer, right, &theme.symbols);
    for column in columns {
        pen.right_in(column.width, column.title, theme.dim);
    }
}

fn calls(agent: &Agent, _: &App) -> Option<String> {
    Some(format::count(agent.info().kpis.calls_handled))
}

fn handle_time(agent: &Agent, app: &App) -> Option<String> {
    agent.kpis(app.now()).avg_handle_seconds.map(|seconds| format::duration(seconds.0))
}

fn occupancy(agent: &Agent, app: &App) -> Option<String> {
    agent.kpis(app.now()).occupancy_percent.map(format::share)
}

fn no_answers(agent: &Agent, _: &App) -> Option<String> {
    Some(format::count(agent.info().kpis.ring_no_answers))
}

fn breaks(agent: &Agent, app: &App) -> Option<String> {
    Some(format::duration(agent.kpis(app.now()).break_seconds.0))
}

fn login(agent: &Agent, app: &App) -> Option<String> {
    Some(format::duration(agent.kpis(app.now()).login_seconds.0))
}

/// A state with its symbol, for lines that tell of one agent.
pub(super) fn state_text(theme: &Theme, agent: &Agent) -> String {
    format!("{} {}", theme.state_symbol(agent.state()), state_word(agent.state()))
}
