//! The title of a panel: a rule with what it is and what matters most of it. No frame: what is
//! below belongs to it.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::pen::Pen;
use crate::{scrub, theme::Theme};

/// Something in a title.
pub(super) struct Part {
    symbol: &'static str,
    symbol_style: Style,
    text: String,
    /// The text where there is less room, if there is a shorter one.
    short: Option<String>,
    style: Style,
}

impl Part {
    /// A text.
    pub(super) fn new(text: impl Into<String>, style: Style) -> Self {
        Self { symbol: "", symbol_style: style, text: text.into(), short: None, style }
    }

    /// A number of things that have a symbol: `● 12 available`, or `●12`.
    pub(super) fn count(
        (symbol, symbol_style): (&'static str, Style),
        count: String,
        word: &str,
        style: Style,
    ) -> Self {
        let text = format!(" {count} {word}");
        Self { symbol, symbol_style, text, short: Some(count), style }
    }

    fn text(&self, is_short: bool) -> &str {
        self.short.as_deref().filter(|_| is_short).unwrap_or(&self.text)
    }

    fn width(&self, is_short: bool) -> usize {
        scrub::width(self.symbol) + scrub::width(self.text(is_short)) + 2
    }
}

/// Draws a title, then as many of `parts` as fit, then a rule. Answers the rows below.
pub(super) fn panel(
    theme: &Theme,
    title: (&str, Style),
    parts: &[Part],
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
    // All are short as soon as one has to be, so that they read alike. A column is the rule's.
    let is_short = parts.iter().map(|part| part.width(false)).sum::<usize>() + 1 > pen.left();
    for part in parts {
        if part.width(is_short) + 1 > pen.left() {
            // There is more to count.
            if pen.left() > 2 {
                pen.skip(1).put(symbols.ellipsis, theme.dim).skip(1);
            }
            break;
        }
        pen.skip(1).put(part.symbol, part.symbol_style);
        pen.put(part.text(is_short), part.style).skip(1);
    }
    pen.repeat(symbols.rule, usize::from(row.width), rule);
    rest
}

fn split(area: Rect) -> [Rect; 2] {
    let title = Rect { height: area.height.min(1), ..area };
    let rest = Rect { y: title.bottom(), height: area.height - title.height, ..area };
    [title, rest]
}
