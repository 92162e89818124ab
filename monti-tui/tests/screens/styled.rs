//! A frame as text that holds its styles: the rows, then for each row a letter a cell, and what
//! the letters mean. A snapshot without would not see a red row.

use std::fmt::Write as _;

use ratatui::{buffer::Buffer, style::Style};

pub(crate) fn styled(frame: &Buffer) -> String {
    let width = usize::from(frame.area.width).max(1);
    let mut styles: Vec<Style> = vec![Style::reset()];
    let mut text = String::new();
    for cells in frame.content.chunks(width) {
        let row: String = cells.iter().map(|cell| cell.symbol()).collect();
        let _ = writeln!(text, "|{}", row.trim_end());
    }
    text.push('\n');
    for cells in frame.content.chunks(width) {
        let letters: String = cells.iter().map(|cell| letter(cell.style(), &mut styles)).collect();
        let _ = writeln!(text, "|{}", letters.trim_end_matches('.'));
    }
    for (at, style) in styles.iter().enumerate().skip(1) {
        let (fg, bg) = (style.fg.unwrap_or_default(), style.bg.unwrap_or_default());
        let _ = writeln!(text, "{} = {fg} on {bg} {:?}", name(at), style.add_modifier);
    }
    text
}

fn letter(style: Style, styles: &mut Vec<Style>) -> char {
    let same = |known: &Style| {
        let look = |style: &Style| {
            (style.fg.unwrap_or_default(), style.bg.unwrap_or_default(), style.add_modifier)
        };
        look(known) == look(&style)
    };
    let at = styles.iter().position(same).unwrap_or_else(|| {
        styles.push(style);
        styles.len() - 1
    });
    name(at)
}

fn name(at: usize) -> char {
    char::from(b".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[at])
}
