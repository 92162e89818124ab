//! A wall: what is over its limit in a strip that stays, big figures, and one department after the
//! other below where they turn.

mod big;
mod figures;
mod queues;
mod strip;

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
};

pub(crate) use self::strip::shown as shown_in_strip;
use crate::{
    App,
    board::{Board, Department},
    kiosk::Reading,
    screen::KioskScreen,
};

/// The rows that figures keep for themselves where there are many.
const FIGURES_ROWS: u16 = 28;

/// Draws it.
pub(super) fn render(
    app: &App,
    board: &Board,
    screen: &KioskScreen,
    body: Rect,
    buffer: &mut Buffer,
) {
    let settings = app.kiosk();
    let read = |figure: &crate::kiosk::Figure| figure.read(board, app.now(), &settings.targets);
    let readings: Vec<Reading> = settings.figures.iter().map(read).collect();
    let department = settings.rotate.and(board.departments().get(turned(board, screen)));
    let details = department.map_or(0, |_| details_rows(board.departments(), readings.len(), body));
    let [alerts, figures, details] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(details)])
            .areas(body);
    strip::render(app, screen.alert.list().at(), alerts, buffer);
    figures::render(app.theme(), &readings, figures, buffer);
    if let Some(department) = department {
        queues::render(app, board, department, details, buffer);
    }
}

/// The place of the department whose turn it is.
pub(super) fn turned(board: &Board, screen: &KioskScreen) -> usize {
    screen.turn % board.departments().len().max(1)
}

/// The rows of a department below so many figures: as many as the largest needs, so that no figure
/// moves as they turn, and where there are few half of them, as long as the figures have what they
/// need.
fn details_rows(departments: &[Department], figures: usize, body: Rect) -> u16 {
    let rows = body.height.saturating_sub(1);
    let figures = u16::try_from(figures).unwrap_or(u16::MAX);
    let room = rows
        .saturating_sub(FIGURES_ROWS)
        .max(rows / 2)
        .min(rows.saturating_sub(figures::rows_min(figures, body.width)));
    let rows = departments.iter().map(|it| queues::rows(it, body.width));
    rows.max().unwrap_or_default().min(room)
}
