//! The departments by name, one of them shown.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{pen::Pen, wait::is_over};
use crate::{App, board::Board, layout};

/// Draws them.
pub(super) fn render(app: &App, board: &Board, row: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let shown = app.screen().department();
    for (place, tab) in layout::tabs(board, row) {
        let department = &board.departments()[place];
        let is_shown = shown == Some(place);
        let (name, key) = if is_shown {
            (theme.selected.patch(theme.title), theme.selected.patch(theme.key))
        } else {
            (theme.dim, theme.key)
        };
        if is_shown {
            buffer.set_style(tab, theme.selected);
        }
        let mut pen = Pen::new(buffer, tab, &theme.symbols);
        pen.skip(1);
        if place < 9 {
            pen.put(&(place + 1).to_string(), key).skip(1);
        }
        pen.put(department.name(), name).skip(1);
        // Where it is: a tab that hides something that is over tells of it.
        if is_over(app, department) {
            pen.put(theme.symbols.breach, theme.levels[2]);
        }
    }
}
