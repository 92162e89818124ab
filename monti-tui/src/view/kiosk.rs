//! A wall: what is over its limit in a strip that stays, big figures, and one department after the
//! other below where they turn.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget as _,
};
use tui_big_text::{BigText, PixelSize};

use super::{
    panel::{Part, panel},
    pen::Pen,
    queue_card::waiting_style,
    strip,
};
use crate::{
    App,
    board::{Board, Department},
    format,
    kiosk::Reading,
    screen::KioskScreen,
    scrub,
    theme::{Level, Theme},
};

/// The rows that figures need for themselves before a department is shown below them.
const FIGURES_ROWS_MIN: u16 = 28;

/// The characters that every figure has room for, so that none changes its size as it grows.
const CHARS: u16 = 5;

/// The rows of a figure besides its digits: name, what it should be, and where.
const WORDS_ROWS: u16 = 3;

/// The columns that a figure's words need.
const WORDS_COLUMNS: u16 = 26;

/// How big digits can be: their pixels, none for plain ones, and the columns and rows of one.
const SIZES: [(Option<PixelSize>, u16, u16); 4] = [
    (Some(PixelSize::Full), 8, 8),
    (Some(PixelSize::HalfHeight), 8, 4),
    (Some(PixelSize::Quadrant), 4, 4),
    (None, 1, 1),
];

/// How big names and targets are where there is room for that, likewise.
const BIG_WORDS: (Option<PixelSize>, u16, u16) = (Some(PixelSize::Quadrant), 4, 4);

/// The place in [`SIZES`] of plain digits, which always do.
const PLAIN: usize = SIZES.len() - 1;

/// Draws it.
pub(super) fn render(
    app: &App,
    board: &Board,
    screen: &KioskScreen,
    body: Rect,
    buffer: &mut Buffer,
) {
    let settings = app.kiosk();
    let department = board.departments().get(screen.turn % board.departments().len().max(1));
    let department = department.filter(|_| settings.rotate.is_some());
    let detail_rows = department.map_or(0, |it| {
        let rows = u16::try_from(it.queues().len()).unwrap_or(u16::MAX).saturating_add(3);
        rows.min(body.height.saturating_sub(FIGURES_ROWS_MIN))
    });
    let [alerts, figures, details] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(detail_rows),
    ])
    .areas(body);
    strip::render(app, screen.alert, alerts, buffer);
    let readings: Vec<_> = settings
        .figures
        .iter()
        .map(|figure| figure.read(board, app.now(), &settings.targets))
        .collect();
    draw_figures(app.theme(), &readings, figures, buffer);
    if let Some(department) = department {
        queues(app, board, department, details, buffer);
    }
}

/// Draws the figures as big as they all can be.
fn draw_figures(theme: &Theme, readings: &[Reading], area: Rect, buffer: &mut Buffer) {
    let count = u16::try_from(readings.len()).unwrap_or(u16::MAX);
    let (columns, size) = arrangement(area, count);
    let rows = count.div_ceil(columns.max(1));
    let bands = Layout::vertical((0..rows).map(|_| Constraint::Fill(1))).split(area);
    let cell =
        Rect { width: area.width / columns.max(1), height: area.height / rows.max(1), ..area };
    let big_words = has_big_words(readings, size, cell);
    let style = Figures { theme, size, big_words, rows: cell.height };
    for (chunk, band) in readings.chunks(usize::from(columns.max(1))).zip(bands.iter()) {
        let cells = Layout::horizontal((0..columns).map(|_| Constraint::Fill(1))).split(*band);
        for (reading, cell) in chunk.iter().zip(cells.iter()) {
            style.draw(reading, *cell, buffer);
        }
    }
}

/// Whether all names and targets can be big, too: they are read from as far as the digits are.
fn has_big_words(readings: &[Reading], size: usize, cell: Rect) -> bool {
    let (_, columns, rows) = BIG_WORDS;
    let fits = |text: &str| {
        let width = u16::try_from(scrub::width(text)).unwrap_or(u16::MAX);
        width.saturating_mul(columns) + 2 <= cell.width
    };
    // Their mark, and blank rows between all of it.
    let name = |reading: &Reading| format!("! {}", reading.name);
    let needed = SIZES[size].2 + 2 * rows + 2 + 3;
    needed <= cell.height && readings.iter().all(|it| fits(&name(it)) && fits(&it.target))
}

/// Into how many columns so many figures go, and which of [`SIZES`] their digits then have: the
/// biggest digits, then the fewest empty places, then the fewest rows.
fn arrangement(area: Rect, count: u16) -> (u16, usize) {
    let size = |columns: u16| {
        let (width, height) = (area.width / columns, area.height / count.div_ceil(columns));
        SIZES.iter().position(|(_, digit_columns, digit_rows)| {
            // Two columns free on either side.
            (CHARS * digit_columns + 4).max(WORDS_COLUMNS) <= width
                && digit_rows + WORDS_ROWS <= height
        })
    };
    let rank = |columns: &u16| {
        let rows = count.div_ceil(*columns);
        (size(*columns).unwrap_or(SIZES.len()), columns * rows - count, rows)
    };
    let columns = (1..=count.max(1)).min_by_key(rank).unwrap_or(1);
    (columns, size(columns).unwrap_or(PLAIN))
}

/// What all figures have in common.
struct Figures<'a> {
    theme: &'a Theme,
    /// The place in [`SIZES`] of their digits.
    size: usize,
    big_words: bool,
    /// The rows that each has at least.
    rows: u16,
}

impl Figures<'_> {
    fn draw(&self, reading: &Reading, cell: Rect, buffer: &mut Buffer) {
        let Self { theme, size, big_words, rows } = *self;
        // A dash that big letters have, too.
        let value = reading.value.as_deref().unwrap_or("-");
        let width = u16::try_from(scrub::width(value)).unwrap_or(u16::MAX);
        // One that is wider than the others have room for is smaller than they.
        let sizes = SIZES.iter().skip(size);
        let mut fitting =
            sizes.filter(|(_, columns, _)| width.saturating_mul(*columns) <= cell.width);
        let (pixels, _, digit_rows) = *fitting.next().unwrap_or(&SIZES[PLAIN]);
        let (word_pixels, _, word_rows) = if big_words { BIG_WORDS } else { SIZES[PLAIN] };
        let spare = rows.saturating_sub(digit_rows + 2 * word_rows + 2);
        let gap = |least: u16| Constraint::Length(u16::from(spare >= least));
        let [_, name, _, digits, _, target, unit, place, _] = Layout::vertical([
            Constraint::Fill(1),
            Constraint::Length(word_rows),
            gap(1),
            Constraint::Length(digit_rows),
            gap(2),
            Constraint::Length(word_rows),
            Constraint::Length(u16::from(big_words)),
            Constraint::Length(1),
            Constraint::Fill(1),
        ])
        .areas(cell);
        let level = theme.service_level(reading.level);
        // What is far off is told without colour, too.
        let (mark, name_style) = match reading.level {
            Level::Poor if big_words => (theme.symbols.breach, level),
            Level::Poor => (theme.symbols.breach, theme.breach),
            Level::Fair => (theme.symbols.breach, theme.warning),
            Level::Good | Level::Unknown => ("", theme.title),
        };
        let title = match mark {
            "" => reading.name.to_owned(),
            mark if big_words => format!("{mark} {}", reading.name),
            mark => format!(" {mark} {} ", reading.name),
        };
        let words = match big_words {
            true => reading.target.clone(),
            false => format!("{}   {}", reading.unit, reading.target),
        };
        write(theme, &title, name_style, word_pixels, name, buffer);
        write(theme, value, level, pixels, digits, buffer);
        write(theme, &words, theme.text, word_pixels, target, buffer);
        write(theme, reading.unit, theme.text, None, unit, buffer);
        let place_style = name_style_of_place(theme, reading.level);
        let text =
            if reading.place.is_empty() { String::new() } else { format!(" {} ", reading.place) };
        write(theme, &text, place_style, None, place, buffer);
    }
}

/// Writes a text in the middle of its rows, as big as `pixels` make it.
fn write(
    theme: &Theme,
    text: &str,
    style: Style,
    pixels: Option<PixelSize>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let Some(pixels) = pixels else {
        // Only the text is styled: a line's own style would fill its row.
        return Line::from(Span::styled(text, style)).centered().render(area, buffer);
    };
    // The zero of these letters has a stroke through it, which from afar is an eight.
    let text = text.replace('0', "O");
    let mut big = BigText::builder();
    big.pixel_size(pixels).style(style).lines([Line::from(text)]).centered();
    big.build().render(area, buffer);
    if theme.symbols.is_ascii {
        to_ascii(area, buffer);
    }
}

fn name_style_of_place(theme: &Theme, level: Level) -> Style {
    match level {
        Level::Poor => theme.breach,
        Level::Fair => theme.warning,
        Level::Good | Level::Unknown => theme.dim,
    }
}

/// Digits of blocks in signs that every terminal has.
fn to_ascii(area: Rect, buffer: &mut Buffer) {
    for position in area.intersection(buffer.area).positions() {
        let cell = &mut buffer[position];
        if !cell.symbol().is_ascii() {
            cell.set_symbol("#");
        }
    }
}

/// A department's queues, a line each.
fn queues(app: &App, board: &Board, department: &Department, area: Rect, buffer: &mut Buffer) {
    let theme = app.theme();
    let places = board.departments().iter().map(Department::id);
    let place = places.take_while(|id| *id != department.id()).count() + 1;
    let parts = [Part::new(format!("{place} of {}", board.departments().len()), theme.dim)];
    let title = (department.name(), theme.title);
    let mut lines = panel(theme, title, &parts, false, area, buffer).rows();
    if let Some(line) = lines.next() {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1).left_in(24, "queue", theme.dim);
        for head in ["waiting", "longest", "SL", "active", "available"] {
            pen.right_in(11, head, theme.dim);
        }
    }
    for (queue, line) in department.queues().iter().zip(lines) {
        let mut pen = Pen::new(buffer, line, &theme.symbols);
        pen.skip(1).left_in(24, queue.name(), theme.text);
        let Some(live) = queue.live() else { continue };
        let percent = live.service_level.current_percent;
        let level = theme.service_level(Level::of(percent, &board.centre().colours));
        let waiting = waiting_style(theme, live.waiting_calls);
        let dash = || theme.symbols.dash.to_owned();
        let wait = queue.longest_wait(app.now()).map_or_else(dash, format::duration);
        pen.right_in(11, &format::count(live.waiting_calls), waiting);
        pen.right_in(11, &wait, waiting);
        pen.right_in(11, &percent.map_or_else(dash, format::share), level);
        pen.right_in(11, &format::count(live.active_calls), theme.text);
        pen.right_in(11, &format::count(live.available_agents), theme.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_eight_rows_high_where_there_is_room() {
        for (columns, rows, count, arranged) in [
            (200, 57, 6, (3, 0)),
            (200, 57, 4, (4, 0)),
            (160, 42, 6, (3, 0)),
            (100, 28, 6, (2, 1)),
            (60, 14, 6, (2, PLAIN)),
            (1, 1, 6, (6, PLAIN)),
        ] {
            let area = Rect::new(0, 0, columns, rows);
            assert_eq!(arrangement(area, count), arranged, "{columns}x{rows}");
        }
    }
}
