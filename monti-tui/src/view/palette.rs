//! Where text is written: every action, department and queue by name, and filters.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{frame, help::wrapped, name, not_in_view, pen::Pen};
use crate::{
    App,
    filter::FILTER_HELP,
    layout,
    screen::{Choice, LineEdit, Palette, Screen},
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
    let choices = app.choices(palette);
    if choices.is_empty()
        && let Some(line) = lines.next()
    {
        Pen::new(buffer, line, &theme.symbols).put("nothing is called so", theme.dim);
    }
    let rows = usize::from(inner.height).saturating_sub(1);
    let (top, shown) = (palette.list.top(), layout::popup_rows(app, choices.len(), rows));
    not_in_view(app, [choices.len(), top, shown], area, buffer);
    for ((place, choice), line) in choices.iter().enumerate().skip(top).take(shown).zip(lines) {
        let is_selected = place == palette.list.at();
        if is_selected {
            buffer.set_style(line, theme.selected);
        }
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.put(if is_selected { theme.symbols.cursor } else { " " }, theme.focus).skip(1);
        match choice {
            Choice::Action(binding) => {
                let key = binding.keys.first().map(ToString::to_string).unwrap_or_default();
                pen.left_in(20, binding.name, theme.text).left_in(10, &key, theme.key);
                pen.rest(binding.help, theme.dim);
            }
            Choice::Department(_, department) => {
                let name = name::fit(department.name(), PLACE - 1, theme.symbols.ellipsis);
                pen.left_in(PLACE, &name, theme.text).rest("department", theme.dim);
            }
            Choice::Queue(_, department, queue) => {
                let name = name::fit(queue.name(), PLACE - 1, theme.symbols.ellipsis);
                pen.left_in(PLACE, &name, theme.text);
                pen.rest(&format!("queue, {}", department.name()), theme.dim);
            }
        }
    }
}

/// The columns of the name of a department or queue and the gap after it: those of an action and its
/// key.
const PLACE: usize = 30;

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
