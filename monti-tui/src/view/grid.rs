//! All departments: a band each, agents, queue cards, agents.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::{Block, Borders, Widget},
};

use crate::{
    App,
    board::{Department, Order},
    format,
    screen::Cursor,
    theme::state_word,
};

/// Draws it.
pub(super) fn render(app: &App, _cursor: &Cursor, area: Rect, buffer: &mut Buffer) {
    let Some(board) = app.board() else { return };
    let bands =
        Layout::vertical(board.departments().iter().map(|_| Constraint::Fill(1))).split(area);
    for (department, band) in board.departments().iter().zip(bands.iter()) {
        let [left, cards, right] =
            Layout::horizontal([Constraint::Fill(5), Constraint::Fill(4), Constraint::Fill(5)])
                .areas(*band);
        agents(app, department, &department.halves()[0], left, buffer);
        queues(app, department, cards, buffer);
        agents(app, department, &department.halves()[1], right, buffer);
    }
}

fn panel(app: &App, title: &str, area: Rect, buffer: &mut Buffer) -> Rect {
    let theme = app.theme();
    let block = Block::new()
        .borders(Borders::ALL)
        .border_style(theme.rule)
        .title(Span::styled(format!(" {title} "), theme.title));
    let inner = block.inner(area);
    block.render(area, buffer);
    inner
}

fn agents(app: &App, department: &Department, order: &Order, area: Rect, buffer: &mut Buffer) {
    let inner = panel(app, department.name(), area, buffer);
    let (theme, now) = (app.theme(), app.now().unwrap_or_default());
    for (agent, row) in order.rows().iter().zip(inner.rows()) {
        let state = agent.state();
        let time = format::duration(agent.in_state(now));
        let line = Line::from_iter([
            Span::styled(theme.state_symbol(state), theme.state(state)),
            Span::styled(format!(" {:9}{time:>8}  ", state_word(state)), theme.state(state)),
            Span::styled(agent.name(), theme.text),
        ]);
        line.render(row, buffer);
        if agent.breach().is_some() {
            buffer.set_style(row, theme.breach);
        }
    }
}

fn queues(app: &App, department: &Department, area: Rect, buffer: &mut Buffer) {
    let inner = panel(app, department.name(), area, buffer);
    let (theme, now) = (app.theme(), app.now().unwrap_or_default());
    for (queue, row) in department.queues().iter().zip(inner.rows()) {
        let waiting = queue
            .live()
            .map_or_else(|| format::DASH.to_owned(), |live| format::count(live.waiting_calls));
        let longest = format::maybe_duration(queue.longest_wait(now));
        let level =
            format::percent(queue.live().and_then(|live| live.service_level.current_percent));
        let line = format!("{:12}{waiting:>6}{longest:>8}{level:>7}", queue.name());
        Line::styled(line, theme.text).render(row, buffer);
    }
}
