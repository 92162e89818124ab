//! The figures of a wall: digits first, and what they are in smaller letters around them.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    style::Modifier,
};

use super::big::{self, Size};
use crate::{
    kiosk::Reading,
    theme::{Level, Symbols, Theme},
};

/// The characters that every figure has room for, so that none changes its size as it grows.
const CHARS: &str = "00:00";

/// The columns that a figure's words need.
const WORDS_COLUMNS: u16 = 26;

/// How big the digits of a figure are, and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    digits: Size,
    words: Size,
}

/// The biggest first. Words are big only beside digits three times as high, or they would outweigh
/// them.
const LOOKS: [Look; 7] = [
    Look { digits: Size::Halves(4), words: Size::Halves(1) },
    Look { digits: Size::Halves(3), words: Size::Halves(1) },
    Look { digits: Size::Halves(4), words: Size::Plain },
    Look { digits: Size::Halves(3), words: Size::Plain },
    Look { digits: Size::Halves(2), words: Size::Plain },
    Look { digits: Size::Halves(1), words: Size::Plain },
    Look { digits: Size::Plain, words: Size::Plain },
];

/// The place in [`LOOKS`] of the one that always does.
const PLAIN: usize = LOOKS.len() - 1;

impl Look {
    /// The rows of a figure: its name, its digits, what they should be, and where to look.
    const fn rows(self) -> u16 {
        2 * self.words.rows() + self.digits.rows() + 1
    }

    /// Whether a figure fits into so many columns and rows, two columns free on either side.
    fn fits(self, symbols: &Symbols, readings: &[Reading], columns: u16, rows: u16) -> bool {
        let words = readings.iter().map(|it| self.words.columns(&marked(symbols, it, self.words)));
        let targets = readings.iter().map(|it| self.words.columns(&it.target));
        let words = match self.words {
            Size::Plain => WORDS_COLUMNS,
            Size::Halves(_) => words.chain(targets).max().unwrap_or_default() + 2,
        };
        // Big words are set off from the digits.
        let gaps = if self.words == Size::Plain { 0 } else { 2 };
        (self.digits.columns(CHARS) + 4).max(words) <= columns && self.rows() + gaps <= rows
    }
}

/// The rows that so many figures take at least in so many columns.
pub(super) fn rows_min(count: u16, columns: u16) -> u16 {
    let beside = (columns / WORDS_COLUMNS).clamp(1, count.max(1));
    count.div_ceil(beside) * LOOKS[PLAIN].rows()
}

/// Draws the figures as big as they all can be.
pub(super) fn render(theme: &Theme, readings: &[Reading], area: Rect, buffer: &mut Buffer) {
    let (columns, look) = arrangement(&theme.symbols, readings, area);
    let rows = readings.len().div_ceil(columns);
    let bands = Layout::vertical((0..rows).map(|_| Constraint::Fill(1))).split(area);
    for (chunk, band) in readings.chunks(columns).zip(bands.iter()) {
        let cells = Layout::horizontal((0..columns).map(|_| Constraint::Fill(1))).split(*band);
        for (reading, cell) in chunk.iter().zip(cells.iter()) {
            draw(theme, LOOKS[look], reading, *cell, buffer);
        }
    }
}

/// Into how many columns figures go, and which of [`LOOKS`] they then have: the first that they
/// can, then the fewest empty places, then the fewest rows.
fn arrangement(symbols: &Symbols, readings: &[Reading], area: Rect) -> (usize, usize) {
    let count = u16::try_from(readings.len()).unwrap_or(u16::MAX).max(1);
    let look = |columns: u16| {
        let (width, height) = (area.width / columns, area.height / count.div_ceil(columns));
        LOOKS.iter().position(|look| look.fits(symbols, readings, width, height))
    };
    let rank = |columns: &u16| {
        let rows = count.div_ceil(*columns);
        (look(*columns).unwrap_or(LOOKS.len()), columns * rows - count, rows)
    };
    let columns = (1..=count).min_by_key(rank).unwrap_or(1);
    (columns.into(), look(columns).unwrap_or(PLAIN))
}

fn draw(theme: &Theme, look: Look, reading: &Reading, cell: Rect, buffer: &mut Buffer) {
    // A dash that big letters have, too.
    let value = reading.value.as_deref().unwrap_or("-");
    let digits = digits(look.digits, value, cell.width);
    let spare = cell.height.saturating_sub(look.rows());
    let gap = |least: u16| Constraint::Length(u16::from(spare >= least));
    let [_, name, _, number, _, target, place, _] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(look.words.rows()),
        gap(1),
        Constraint::Length(digits.rows()),
        gap(2),
        Constraint::Length(look.words.rows()),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(cell);
    let level = theme.service_level(reading.level);
    let loud = match reading.level {
        Level::Poor => theme.breach,
        Level::Fair => theme.warning,
        Level::Good | Level::Unknown => theme.title,
    };
    // Reversed, big letters could not be read.
    let name_style = match (look.words, reading.level) {
        (Size::Halves(_), Level::Poor) => level,
        _ => loud,
    };
    let write = |text: &str, style, size: Size, area: Rect, buffer: &mut Buffer| {
        let area = area.centered_horizontally(Constraint::Length(size.columns(text)));
        big::write(&theme.symbols, text, style, size, area, buffer);
    };
    write(&marked(&theme.symbols, reading, look.words), name_style, look.words, name, buffer);
    let unit = unit(look, digits, value, reading.unit, cell.width);
    let columns = digits.columns(value);
    let unit_columns = unit.map_or(0, |unit| unit.columns(reading.unit) + GAP);
    let number = number.centered_horizontally(Constraint::Length(columns + unit_columns));
    big::write(&theme.symbols, value, level, digits, number, buffer);
    let bold = theme.text.add_modifier(Modifier::BOLD);
    if let Some(unit) = unit {
        // It stands on the line that digits stand on, whose last pixel is free.
        let down =
            digits.rows().saturating_sub(unit.rows() + u16::from(digits.rows() > unit.rows()));
        let beside = Rect {
            x: number.x + columns + GAP,
            y: number.y + down,
            width: number.width - columns - GAP,
            height: number.height - down,
        };
        big::write(&theme.symbols, reading.unit, bold, unit, beside, buffer);
    }
    let words = match unit {
        Some(_) => reading.target.clone(),
        None => format!("{}   {}", reading.unit, reading.target),
    };
    let words_size = if unit.is_some() { look.words } else { Size::Plain };
    write(&words, bold, words_size, target, buffer);
    if !reading.place.is_empty() {
        let quiet = if reading.level == Level::Unknown { theme.dim } else { loud };
        write(&format!(" {} ", reading.place), quiet, Size::Plain, place, buffer);
    }
}

/// The columns between a number and its unit.
const GAP: u16 = 1;

/// How big the digits of a value are: one that is wider than the others have room for is smaller.
fn digits(most: Size, value: &str, columns: u16) -> Size {
    let smaller = LOOKS.iter().map(|look| look.digits).filter(|size| size.rows() <= most.rows());
    let mut fitting = smaller.filter(|size| size.columns(value) <= columns);
    fitting.next().unwrap_or(Size::Plain)
}

/// How big a unit is beside its number; `None` if there is no room for it there.
fn unit(look: Look, digits: Size, value: &str, unit: &str, columns: u16) -> Option<Size> {
    // Beside one digit it is as big as beside three.
    let number = digits.columns(value).max(digits.columns("000"));
    let room = columns.saturating_sub(number + GAP);
    [look.words, Size::Plain].into_iter().find(|size| size.columns(unit) <= room)
}

/// What a figure is called: what is far off is told without colour, too.
fn marked(symbols: &Symbols, reading: &Reading, size: Size) -> String {
    let mark = symbols.breach;
    match (reading.level, size) {
        (Level::Good | Level::Unknown, _) => reading.name.to_owned(),
        (_, Size::Halves(_)) => format!("{mark} {}", reading.name),
        (_, Size::Plain) => format!(" {mark} {} ", reading.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_the_biggest_thing_and_eight_rows_high_or_more_where_there_is_room() {
        for (columns, rows, count, (beside, digits, words)) in [
            (200, 58, 6, (3, 12, 4)),
            (200, 58, 4, (2, 16, 4)),
            (240, 58, 1, (1, 16, 4)),
            (160, 43, 6, (3, 8, 1)),
            (160, 43, 4, (2, 12, 1)),
            (120, 38, 6, (2, 8, 1)),
            (100, 28, 6, (3, 4, 1)),
            (60, 14, 6, (2, 1, 1)),
            (1, 1, 6, (6, 1, 1)),
        ] {
            let readings = vec![reading(); count];
            let area = Rect::new(0, 0, columns, rows);
            let (across, look) = arrangement(&Symbols::UNICODE, &readings, area);
            let Look { digits: shown, words: around } = LOOKS[look];
            let arranged = (across, shown.rows(), around.rows());
            assert_eq!(arranged, (beside, digits, words), "{columns}x{rows}, {count}");
        }
    }

    fn reading() -> Reading {
        Reading {
            name: "Longest wait",
            value: Some("12:42".to_owned()),
            unit: "min",
            target: "at most 0:20".to_owned(),
            level: Level::Poor,
            place: "Network, Technical".to_owned(),
        }
    }
}
