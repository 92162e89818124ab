//! The departments by name, one of them shown.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{name, pen::Pen, wait::is_over};
use crate::{App, board::Board, layout};

/// Draws them.
pub(super) fn render(app: &App, board: &Board, row: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let shown = app.screen().department();
    let tabs = layout::tabs(board, row, shown);
    let departments = board.departments();
    let in_view = tabs.tabs.first().map_or(0, |it| it.0)..tabs.tabs.last().map_or(0, |it| it.0 + 1);
    let hidden =
        [(tabs.before, &departments[..in_view.start]), (tabs.after, &departments[in_view.end..])];
    for (place, hidden) in hidden.into_iter().filter_map(|(place, hidden)| Some((place?, hidden))) {
        let mut pen = Pen::new(buffer, place, &theme.symbols);
        pen.put(theme.symbols.ellipsis, theme.dim);
        if hidden.iter().any(|department| is_over(app, department)) {
            pen.put(theme.symbols.breach, theme.levels[2]);
        }
    }
    for (place, tab) in tabs.tabs {
        let department = &departments[place];
        let is_shown = shown == Some(place);
        let (name_style, key) = if is_shown {
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
        // Three columns are behind it.
        let room = pen.left().saturating_sub(3);
        pen.put(&name::fit(department.name(), room, theme.symbols.ellipsis), name_style).skip(1);
        // Where it is: a tab that hides something that is over tells of it.
        if is_over(app, department) {
            pen.put(theme.symbols.breach, theme.levels[2]);
        }
    }
}
