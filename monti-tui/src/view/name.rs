//! Names that are longer than their place: names of a kind begin alike and end differently, so they
//! are cut in their middle.

use std::borrow::Cow;

use crate::scrub;

/// A name in so many columns, its middle left out where it is longer.
pub(super) fn fit<'a>(name: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if scrub::width(name) <= columns {
        return name.into();
    }
    let room = columns.saturating_sub(scrub::width(ellipsis));
    let letters: Vec<_> = scrub::letters(name).collect();
    let mut width = 0;
    let mut take = |letter: &&&str, room: usize| {
        let fits = width + scrub::width(letter) <= room;
        width += if fits { scrub::width(letter) } else { 0 };
        fits
    };
    let tail = letters.iter().rev().take_while(|it| take(it, room / 2)).count();
    let head = letters.iter().take_while(|it| take(it, room)).count();
    let (head, tail) = (&letters[..head], &letters[letters.len() - tail..]);
    format!("{}{ellipsis}{}", head.concat().trim_end(), tail.concat().trim_start()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_beginning_and_its_end() {
        for (columns, text) in [
            (14, "Department one"),
            (13, "Depart…nt one"),
            (10, "Depar…one"),
            (3, "D…e"),
            (2, "D…"),
            (1, "…"),
        ] {
            assert_eq!(fit("Department one", columns, "…"), text);
        }
        assert_eq!(fit("日本語のキュー名前 1", 11, "…"), "日本語…前 1");
        assert_eq!(fit("", 0, "…"), "");
    }
}
