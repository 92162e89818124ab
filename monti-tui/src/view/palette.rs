//! Where text is written: every action by name, and filters.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{frame, further_down, help::wrapped, pen::Pen};
use crate::{
    App,
    filter::FILTER_HELP,
    screen::{LineEdit, Palette, Screen},
};

/// Draws the palette.
pub(super) fn render(app: &App, palette: &Palette, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let inner = frame(app, "What to do", area, buffer);
    let mut lines = inner.rows();
    let Some(line) = lines.next() else { return };
    let mut pen = Pen::new(buffer, line, &theme.symbols);
    pen.put(": ", theme.key)
        .put(palette.line.text(), theme.text)
        .put(theme.symbols.caret, theme.focus);
    let matches = palette.matches(app.actions(), app.screen().context());
    if matches.is_empty()
        && let Some(line) = lines.next()
    {
        Pen::new(buffer, line, &theme.symbols).put("nothing is called so", theme.dim);
    }
    let end = palette.list.top() + usize::from(inner.height).saturating_sub(1);
    further_down(app, matches.len().saturating_sub(end), area, buffer);
    let shown = matches.iter().enumerate().skip(palette.list.top());
    for ((place, binding), line) in shown.zip(lines) {
        let is_selected = place == palette.list.at();
        if is_selected {
            buffer.set_style(line, theme.selected);
        }
        let key = binding.keys.first().map(ToString::to_string).unwrap_or_default();
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.put(if is_selected { theme.symbols.cursor } else { " " }, theme.focus).skip(1);
        pen.left_in(20, binding.name, theme.text).left_in(10, &key, theme.key);
        pen.rest(binding.help, theme.dim);
    }
}

/// Draws the line in which a filter is written, and below it what it may be or what is wrong.
pub(super) fn filter(
    app: &App,
    line: &LineEdit,
    fault: Option<&str>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = app.theme();
    ratatui::widgets::Widget::render(ratatui::widgets::Clear, area, buffer);
    buffer.set_style(area, theme.ground);
    let help = match app.screen() {
        Screen::Activity(_) => "words that an event has to have: abandoned sales, no answer tier 1",
        _ => FILTER_HELP,
    };
    let (below, style) = match fault {
        Some(fault) => (fault, theme.warning),
        None => (help, theme.dim),
    };
    let mut rows = area.rows();
    if let Some(row) = rows.next() {
        let mut pen = Pen::new(buffer, row, &theme.symbols);
        pen.skip(1).put("/ ", theme.key).put(line.text(), theme.text);
        pen.put(theme.symbols.caret, theme.focus);
    }
    let columns = usize::from(area.width.saturating_sub(1));
    for (part, row) in wrapped(below, columns).iter().zip(rows) {
        Pen::new(buffer, row, &theme.symbols).skip(1).rest(part, style);
    }
}
