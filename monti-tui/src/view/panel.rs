//! The title of a panel: a rule with what it is and what matters most of it. No frame: what is
//! below belongs to it.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::pen::Pen;
use crate::{scrub, theme::Theme};

/// Draws a title, then as many of `parts` as fit, then a rule. Answers the rows below.
pub(super) fn panel(
    theme: &Theme,
    title: (&str, Style),
    parts: &[(String, Style)],
    is_focused: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let symbols = &theme.symbols;
    let rule = if is_focused { theme.focus } else { theme.rule };
    let [row, rest] = split(area);
    let mut pen = Pen::new(buffer, row, symbols);
    pen.repeat(symbols.rule, 1, rule).skip(1);
    let room = pen.left().saturating_sub(1);
    pen.left_in(scrub::width(title.0).min(room), title.0, title.1).skip(1);
    for (part, style) in parts {
        // The rule after it wants a column as well.
        if scrub::width(part) + 2 > pen.left() {
            break;
        }
        pen.skip(1).put(part, *style).skip(1);
    }
    pen.repeat(symbols.rule, usize::from(row.width), rule);
    rest
}

fn split(area: Rect) -> [Rect; 2] {
    let title = Rect { height: area.height.min(1), ..area };
    let rest = Rect { y: title.bottom(), height: area.height - title.height, ..area };
    [title, rest]
}
