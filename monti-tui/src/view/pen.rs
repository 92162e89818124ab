//! Writes a row from left to right, each thing in its columns, never past the end.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{scrub, theme::Symbols};

/// A place in a row.
pub(super) struct Pen<'a> {
    buffer: &'a mut Buffer,
    x: u16,
    y: u16,
    end: u16,
    ellipsis: &'static str,
}

impl<'a> Pen<'a> {
    /// At the start of the first row of `area`.
    pub(super) fn new(buffer: &'a mut Buffer, area: Rect, symbols: &Symbols) -> Self {
        let area = area.intersection(buffer.area);
        let end = if area.is_empty() { area.x } else { area.right() };
        Self { buffer, x: area.x, y: area.y, end, ellipsis: symbols.ellipsis }
    }

    /// The columns that are left.
    pub(super) fn left(&self) -> usize {
        usize::from(self.end - self.x)
    }

    /// Skips columns.
    pub(super) fn skip(&mut self, columns: usize) -> &mut Self {
        self.x =
            u16::try_from(columns).map_or(self.end, |by| self.x.saturating_add(by)).min(self.end);
        self
    }

    /// Writes a text as wide as it is, cut where the row ends.
    pub(super) fn put(&mut self, text: &str, style: Style) -> &mut Self {
        for letter in scrub::letters(text).filter(|it| !it.contains(char::is_control)) {
            let columns = scrub::width(letter);
            if columns > self.left() {
                break;
            }
            for column in 0..columns {
                let cell = &mut self.buffer[(self.x, self.y)];
                match column {
                    0 => drop(cell.set_symbol(letter).set_style(style)),
                    // A wide letter's second column.
                    _ => cell.reset(),
                }
                self.x += 1;
            }
        }
        self
    }

    /// Writes a text into so many columns, from their left; what does not fit is seen to be cut.
    pub(super) fn left_in(&mut self, columns: usize, text: &str, style: Style) -> &mut Self {
        let columns = columns.min(self.left());
        let from = self.x;
        let text = scrub::fit(text, columns, self.ellipsis);
        self.put(&text, style);
        self.x = from;
        self.skip(columns)
    }

    /// Writes a text into all that is left; what does not fit is seen to be cut.
    pub(super) fn rest(&mut self, text: &str, style: Style) -> &mut Self {
        self.left_in(self.left(), text, style)
    }

    /// Writes a figure into so many columns, at their right. A figure is never cut to another one:
    /// where it does not fit, that is seen.
    pub(super) fn right_in(&mut self, columns: usize, text: &str, style: Style) -> &mut Self {
        if columns > self.left() {
            return self.skip(columns);
        }
        let width = scrub::width(text);
        let (text, width) = if width > columns { (self.ellipsis, 1) } else { (text, width) };
        self.skip(columns.saturating_sub(width)).put(text, style)
    }

    /// Writes a text at the end of the row, if there is room for all of it.
    pub(super) fn at_end(&mut self, text: &str, style: Style) {
        let width = scrub::width(text);
        if width <= self.left() {
            self.skip(self.left() - width).put(text, style);
        }
    }

    /// Repeats a symbol of one column.
    pub(super) fn repeat(&mut self, symbol: &str, columns: usize, style: Style) -> &mut Self {
        for _ in 0..columns.min(self.left()) {
            self.buffer[(self.x, self.y)].set_symbol(symbol).set_style(style);
            self.x += 1;
        }
        self
    }
}
