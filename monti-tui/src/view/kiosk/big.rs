//! Letters of blocks, as big as there is room for.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line, widgets::Widget as _};
use tui_big_text::BigText;

use crate::{
    scrub,
    theme::{Symbols, Theme},
    view::pen::Pen,
};

/// The pixels of a letter, from left to right and from top to bottom.
const PIXELS: u16 = 8;

/// What a cell shows of whose quarters these are lit: 1 and 2 the upper ones, 4 and 8 the lower.
const QUARTERS: [&str; 16] =
    [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"];

/// How big letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// As the terminal writes them.
    Plain,
    /// Of pixels that are so many halves of a cell wide and high.
    Halves(u16),
}

impl Size {
    /// The rows of a line.
    pub(super) const fn rows(self) -> u16 {
        match self {
            Self::Plain => 1,
            Self::Halves(halves) => PIXELS * halves / 2,
        }
    }

    /// The columns of a text.
    pub(super) fn columns(self, text: &str) -> u16 {
        let letters = u16::try_from(scrub::width(text)).unwrap_or(u16::MAX);
        match self {
            Self::Plain => letters,
            // A letter is as wide as it is high.
            Self::Halves(_) => letters.saturating_mul(self.rows()),
        }
    }
}

/// Writes a text from the left of its rows on.
pub(super) fn write(
    symbols: &Symbols,
    text: &str,
    style: Style,
    size: Size,
    area: Rect,
    buffer: &mut Buffer,
) {
    let Size::Halves(halves) = size else {
        Pen::new(buffer, area, symbols).rest(text, style);
        return;
    };
    let pixels = pixels(text);
    let is_lit = |x: u16, y: u16| {
        let pixel = pixels.cell((x / halves, y / halves));
        pixel.is_some_and(|pixel| pixel.symbol() != " ")
    };
    let place = area.intersection(buffer.area);
    let place = Rect { width: place.width.min(size.columns(text)), ..place };
    let place = Rect { height: place.height.min(size.rows()), ..place };
    for position in place.positions() {
        let (x, y) = (2 * (position.x - place.x), 2 * (position.y - place.y));
        let quarters = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
        let lit = (0..).zip(quarters).map(|(at, (x, y))| usize::from(is_lit(x, y)) << at).sum();
        let symbol = match lit {
            0 => continue,
            _ if symbols.is_ascii => "#",
            lit => QUARTERS[lit],
        };
        buffer[position].set_symbol(symbol).set_style(Theme::drawn(style));
    }
}

/// A text in letters of cells.
fn pixels(text: &str) -> Buffer {
    // The zero of these letters has a stroke through it, which from afar is an eight.
    let text = text.replace('0', "O");
    let letters = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
    let mut pixels = Buffer::empty(Rect::new(0, 0, letters.saturating_mul(PIXELS), PIXELS));
    let big = BigText::builder().lines([Line::from(text)]).build();
    big.render(pixels.area, &mut pixels);
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_as_big_as_they_say_in_every_size() {
        for halves in 1..=4 {
            let (size, area) = (Size::Halves(halves), Rect::new(0, 0, 100, 20));
            let mut buffer = Buffer::empty(area);
            write(&Symbols::UNICODE, "L", Style::new(), size, area, &mut buffer);
            let lit = area.positions().filter(|it| buffer[*it].symbol() != " ");
            let (mut right, mut bottom) = (0, 0);
            lit.for_each(|it| (right, bottom) = (right.max(it.x + 1), bottom.max(it.y + 1)));
            // Of its eight pixels the last is free on either side.
            let seven = (7 * halves).div_ceil(2);
            assert_eq!((right, bottom), (seven, seven), "{halves}");
            assert_eq!((size.columns("L"), size.rows()), (4 * halves, 4 * halves));
        }
    }
}
