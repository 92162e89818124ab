//! The form that puts calls into a queue.

use monti_core::wire::INJECT_COUNT_MAX;
use ratatui::{buffer::Buffer, layout::Rect};

use super::{frame, help::wrapped, pen::Pen};
use crate::{
    App, format,
    screen::{Field, InjectForm, Progress},
    scrub,
};

/// Draws it.
pub(super) fn render(app: &App, form: &InjectForm, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let inner = frame(app, "Put a call into a queue", area, buffer);
    let queue = form.queues.get(form.queue).map_or("", |(_, name)| name);
    let number = form.number.text();
    let count = format!("1 to {}", format::count(INJECT_COUNT_MAX));
    let rows = [
        (Field::Queue, "queue", queue, "left, right turn it"),
        (Field::Number, "number", number, "empty: withheld"),
        (Field::Priority, "priority", form.priority.text(), "0 to 9, 9 is first"),
        (Field::Count, "count", form.count.text(), count.as_str()),
    ];
    let (words, style) = match &form.progress {
        Progress::Writing => ("", theme.dim),
        Progress::Sent => ("sent, waiting for the answer", theme.warning),
        Progress::Failed(words) => (words.as_str(), theme.warning),
    };
    let words = wrapped(words, usize::from(inner.width));
    let height = usize::from(inner.height);
    // Where there is no room for all, the field that has the keys and what is said go first.
    let is_spaced = height >= rows.len() + words.len() + 2;
    let room = (height - usize::from(is_spaced)).saturating_sub(words.len());
    let shown = room.clamp(1, rows.len());
    let focused = rows.iter().position(|(field, ..)| *field == form.field).unwrap_or(0);
    let first = (focused + 1).saturating_sub(shown);
    let mut lines = inner.rows().skip(usize::from(is_spaced));
    for (field, name, text, hint) in rows.into_iter().skip(first).take(shown) {
        let Some(line) = lines.next() else { return };
        let has_keys = form.field == field;
        if has_keys {
            buffer.set_style(line, theme.selected);
        }
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.put(if has_keys { theme.symbols.cursor } else { " " }, theme.focus).skip(1);
        pen.left_in(9, name, theme.dim);
        // A name and a number are never cut for a hint.
        let room = pen.left().saturating_sub(scrub::width(hint) + 1);
        if has_keys && scrub::width(text) <= room {
            pen.left_in(room, text, theme.text).skip(1).put(hint, theme.dim);
        } else {
            pen.rest(text, theme.text);
        }
    }
    let mut lines = lines.skip(usize::from(is_spaced));
    for part in words {
        let Some(line) = lines.next() else { return };
        Pen::new(buffer, line, &theme.symbols).put(&part, style);
    }
}
