//! One department: figures, agents, queues, the selected queue's day.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    agent_table, day, figures,
    more::More,
    panel::panel,
    queue_card::{Cards, longest_name},
};
use crate::{
    App,
    board::{Board, Department},
    layout::{self, Panels, Shape},
    screen::{Cursor, DepartmentScreen, Panel, Table},
};

/// Draws it.
pub(super) fn render(app: &App, board: &Board, screen: &DepartmentScreen, buffer: &mut Buffer) {
    let Some(department) = board.departments().get(screen.department) else { return };
    let panels = layout::department(app, screen);
    let view = View { table: &screen.table, panel: Some(screen.panel), queue: screen.queue };
    draw(app, board, department, &panels, &view, buffer);
}

/// Draws the department that is selected on the grid, where the grid has no room.
pub(super) fn of_grid(app: &App, board: &Board, cursor: &Cursor, body: Rect, buffer: &mut Buffer) {
    let Some(department) = board.departments().get(cursor.department) else { return };
    let panels = layout::panels(body, Shape::Tabs, department.queues().len(), None);
    let view = View { table: app.single(), panel: None, queue: 0 };
    draw(app, board, department, &panels, &view, buffer);
}

struct View<'a> {
    table: &'a Table,
    panel: Option<Panel>,
    queue: usize,
}

fn draw(
    app: &App,
    board: &Board,
    department: &Department,
    panels: &Panels,
    view: &View<'_>,
    buffer: &mut Buffer,
) {
    if let Some(area) = panels.figures {
        if area.height > 1 {
            figures::column(app, board, department, area, buffer);
        } else {
            figures::line(app, board, department, area, buffer);
        }
    }
    if let Some(area) = panels.agents {
        let is_focused = view.panel == Some(Panel::Agents);
        agent_table::render(app, board, department, view.table, is_focused, area, buffer);
    }
    if let Some(area) = panels.queues {
        queues(app, board, department, view, area, buffer);
    }
    if let Some((area, queue)) = panels.day.zip(department.queues().get(view.queue)) {
        day::render(app, board, queue, area, buffer);
    }
}

fn queues(
    app: &App,
    board: &Board,
    department: &Department,
    view: &View<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    let is_focused = view.panel == Some(Panel::Queues);
    let inner = panel(theme, ("Queues", theme.title), &[], is_focused, area, buffer);
    let selected = view.panel.map(|_| view.queue);
    let cards = Cards { app, board, department, selected, names: longest_name(department) };
    let mut lines = inner.rows();
    let Some(titles) = lines.next() else { return };
    cards.titles(titles, buffer);
    let all = department.queues();
    let shown = layout::fitting(all.len(), layout::entries(Some(area), 2));
    let first = layout::first_in_view(view.queue, all.len(), shown);
    let in_view = all.iter().enumerate().skip(first).take(shown);
    for ((place, queue), line) in in_view.zip(lines.by_ref()) {
        cards.row(queue, cards.selected == Some(place), line, buffer);
    }
    if let Some(line) = lines.next() {
        More::of_queues(app, all, first, shown).draw(theme, line, buffer);
    }
}
