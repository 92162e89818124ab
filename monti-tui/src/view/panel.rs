//! The title of a panel: a rule with what it is and what matters most of it. No frame: what is
//! below belongs to it.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{name, pen::Pen};
use crate::{format, scrub, theme::Theme};

/// Something in a title.
pub(super) struct Part {
    symbol: &'static str,
    symbol_style: Style,
    /// The text, what there is of it where there is less room, and where there is least.
    texts: [String; 3],
    style: Style,
}

/// How many columns stand between parts, on each level of [`Part::texts`].
const GAPS: [usize; 3] = [2, 2, 1];

impl Part {
    /// A text.
    pub(super) fn new(text: impl Into<String>, style: Style) -> Self {
        let text = text.into();
        Self { symbol: "", symbol_style: style, texts: [text.clone(), text.clone(), text], style }
    }

    /// How many entries of a list follow below those in view; nothing where none do.
    pub(super) fn further_down(entries: usize, style: Style) -> Option<Self> {
        let count = format::count(entries as u64);
        (entries > 0).then(|| Self::new(format!("+{count} more"), style).or(format!("+{count}")))
    }

    /// The same in fewer words, where there is least room.
    pub(super) fn or(mut self, short: impl Into<String>) -> Self {
        self.texts[2] = short.into();
        self
    }

    /// A number of things that have a symbol: `● 12 available`, or `●12`.
    pub(super) fn count(
        (symbol, symbol_style): (&'static str, Style),
        count: String,
        word: &str,
        style: Style,
    ) -> Self {
        let texts = [format!(" {count} {word}"), count.clone(), count];
        Self { symbol, symbol_style, texts, style }
    }

    fn width(&self, level: usize) -> usize {
        scrub::width(self.symbol) + scrub::width(&self.texts[level]) + GAPS[level]
    }
}

/// How many of `parts` fit into `columns` after a `title`, said as briefly as can be.
pub(super) fn fitting(title: &str, parts: &[Part], columns: u16) -> usize {
    let room = usize::from(columns).saturating_sub(scrub::width(title) + 4);
    let mut used = 0;
    let fits = |part: &&Part| {
        used += part.width(GAPS.len() - 1);
        used <= room
    };
    parts.iter().take_while(fits).count()
}

/// How briefly parts are said: all as briefly as one has to be, so that they read alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Wording(usize);

impl Wording {
    /// What the parts after a `title` need in so many columns.
    pub(super) fn of(title: &str, parts: &[Part], columns: u16) -> Self {
        let room = usize::from(columns).saturating_sub(scrub::width(title) + 4);
        let fits =
            |level: &usize| parts.iter().map(|part| part.width(*level)).sum::<usize>() <= room;
        let least = GAPS.len() - 1;
        Self((0..least).find(fits).unwrap_or(least))
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
    let wording = Wording::of(title.0, parts, area.width);
    worded(theme, title, (parts, wording), is_focused, area, buffer)
}

/// The same in a wording that was chosen before.
pub(super) fn worded(
    theme: &Theme,
    title: (&str, Style),
    (parts, Wording(level)): (&[Part], Wording),
    is_focused: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let symbols = &theme.symbols;
    let rule = if is_focused { theme.focus } else { theme.rule };
    let row = Rect { height: area.height.min(1), ..area };
    let mut pen = Pen::new(buffer, row, symbols);
    pen.repeat(symbols.rule, 1, rule).skip(usize::from(!title.0.is_empty()));
    let room = pen.left().saturating_sub(1);
    pen.put(&name::fit(title.0, room, symbols.ellipsis), title.1).skip(1);
    let mut left = parts.iter().map(|part| part.width(level)).sum::<usize>();
    let gap = GAPS[level] - 1;
    for part in parts {
        // What is left out is seen to be.
        let ellipsis = if left + 1 > pen.left() { 2 } else { 0 };
        if part.width(level) + ellipsis + 1 > pen.left() {
            if pen.left() > 2 {
                pen.skip(gap).put(symbols.ellipsis, theme.dim).skip(1);
            }
            break;
        }
        left -= part.width(level);
        pen.skip(gap).put(part.symbol, part.symbol_style);
        pen.put(&part.texts[level], part.style).skip(1);
    }
    pen.repeat(symbols.rule, usize::from(row.width), rule);
    below_title(area)
}

/// The rows below a panel's title.
pub(super) fn below_title(area: Rect) -> Rect {
    let title = area.height.min(1);
    Rect { y: area.y + title, height: area.height - title, ..area }
}
