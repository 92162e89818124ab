//! Drawing. Nothing here changes anything: what is shown was decided before.

mod footer;
mod grid;
mod header;

use ratatui::{
    Frame,
    layout::{Constraint, Layout},
};

use crate::{App, Screen};

/// Draws all of `app`.
pub fn render(app: &App, frame: &mut Frame<'_>) {
    let [header, body, footer] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)])
            .areas(frame.area());
    let buffer = frame.buffer_mut();
    header::render(app, header, buffer);
    match app.screen() {
        Screen::Grid(cursor) => grid::render(app, cursor, body, buffer),
    }
    footer::render(app, footer, buffer);
}
