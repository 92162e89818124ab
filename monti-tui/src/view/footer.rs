//! The last line: what was just said, or the keys that matter here.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

use crate::App;

/// Draws it.
pub(super) fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    if let Some(notice) = app.notice() {
        Line::styled(format!(" {notice}"), theme.warning).render(area, buffer);
        return;
    }
    let context = app.context();
    let shown = app.keymap().bindings().iter();
    let shown = shown.filter(|it| it.is_in(context) && !it.short.is_empty());
    let spans = shown.flat_map(|binding| {
        let key = binding.keys.first().map(ToString::to_string).unwrap_or_default();
        [
            Span::styled(format!(" {key}"), theme.key),
            Span::styled(format!(" {} ", binding.short), theme.dim),
        ]
    });
    Line::from_iter(spans).render(area, buffer);
}
