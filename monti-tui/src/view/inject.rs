//! The form that puts calls into a queue.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{frame, pen::Pen};
use crate::{
    App,
    screen::{Field, InjectForm, Progress},
};

/// Draws it.
pub(super) fn render(app: &App, form: &InjectForm, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let inner = frame(theme, "Put a call into a queue", area, buffer);
    let queue = form.queues.get(form.queue).map_or("", |(_, name)| name);
    let number = form.number.text();
    let rows = [
        (Field::Queue, "queue", queue, "left and right turn it"),
        (Field::Number, "number", number, "empty: withheld"),
        (Field::Priority, "priority", form.priority.text(), "0 to 9, 9 is first"),
        (Field::Count, "count", form.count.text(), "1 to 1,000"),
    ];
    let mut lines = inner.rows().skip(1);
    for (field, name, text, hint) in rows {
        let Some(line) = lines.next() else { return };
        let has_keys = form.field == field;
        if has_keys {
            buffer.set_style(line, theme.selected);
        }
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.put(if has_keys { theme.symbols.cursor } else { " " }, theme.focus).skip(1);
        pen.left_in(10, name, theme.dim).left_in(20, text, theme.text);
        if has_keys {
            pen.skip(1).rest(hint, theme.dim);
        }
    }
    let (words, style) = match &form.progress {
        Progress::Writing => (String::new(), theme.dim),
        Progress::Sent => ("sent, waiting for the answer".to_owned(), theme.warning),
        Progress::Failed(words) => (words.clone(), theme.warning),
    };
    let mut lines = lines.skip(1);
    for part in super::help::wrapped(&words, usize::from(inner.width)) {
        let Some(line) = lines.next() else { return };
        Pen::new(buffer, line, &theme.symbols).put(&part, style);
    }
}
