//! The last line: what was just said, or the keys that matter here.

use ratatui::{buffer::Buffer, layout::Rect};

use super::pen::Pen;
use crate::App;

/// Draws it.
pub(super) fn render(app: &App, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let mut pen = Pen::new(buffer, area, &theme.symbols);
    pen.skip(1);
    if let Some(notice) = app.notice() {
        let style = if notice.is_bad { theme.warning } else { theme.live };
        pen.rest(&notice.words, style);
        return;
    }
    let written = [("enter", "do it"), ("esc", "leave it")];
    let Some(context) = app.context() else {
        for (key, what) in written {
            pen.put(key, theme.key).skip(1).put(what, theme.dim).skip(3);
        }
        return;
    };
    for binding in app.keymap().bindings() {
        let Some(key) = binding.keys.first().filter(|_| !binding.short.is_empty()) else {
            continue;
        };
        if !binding.is_in(context) {
            continue;
        }
        let key = key.to_string();
        if key.len() + binding.short.len() + 1 > pen.left() {
            break;
        }
        pen.put(&key, theme.key).skip(1).put(binding.short, theme.dim).skip(3);
    }
}
