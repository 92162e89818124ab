//! Text from outside, made fit for a terminal: nothing in it acts on the terminal, moves what is
//! beside it, or shows a column more or less than it is counted for.
//!
//! The server checks names already. A wallboard that trusts it is only as safe as every server it
//! is ever pointed at, so everything that is drawn goes through here once: names where they come
//! in, identifiers, by which the server is asked, where they are shown.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

/// The most marks that are kept on one letter: all of Vietnamese and of vowelled Hebrew fits.
const MARKS_MAX: usize = 2;

/// What stands for a text of which nothing is left.
const NOTHING: &str = "?";

/// How names of people are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// As they are.
    #[default]
    Whole,
    /// As initials, for walls that strangers pass.
    Initials,
}

impl Names {
    /// A person's name as it is shown: scrubbed, and as `A.L.` if only initials are.
    pub fn shown(self, name: &str) -> String {
        let name = text(name);
        match self {
            Self::Whole => name,
            Self::Initials => {
                let words = name.split_whitespace();
                words
                    .filter_map(|word| word.graphemes(true).next())
                    .flat_map(|it| [it, "."])
                    .collect()
            }
        }
    }

    /// A login as it is shown: often it is the name, and then not if only initials are.
    pub fn login(self, login: &str) -> &str {
        match self {
            Self::Whole => login,
            Self::Initials => NOTHING,
        }
    }

    /// What is said of somebody, with the login in it as that is shown.
    pub fn told_of(self, login: &str, words: &str) -> String {
        let is_login = |word: &str| {
            let word =
                word.trim_matches(|it: char| it.is_ascii_punctuation() && !"._-".contains(it));
            word == login || word.trim_end_matches('.') == login
        };
        let words = words.split(' ').map(|it| if is_login(it) { self.login(it) } else { it });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// The text without what must not reach a terminal, and without blanks on either side.
pub fn text(text: &str) -> String {
    let cleaned = part(text);
    match cleaned.trim() {
        "" => NOTHING.to_owned(),
        trimmed if trimmed.len() == cleaned.len() => cleaned,
        trimmed => trimmed.to_owned(),
    }
}

/// A part of a text, which may be blank, without what must not reach a terminal: control characters
/// (C0, C1), format characters (bidirectional marks, zero-width characters and joiners, tags),
/// separators of lines, variation selectors, skin tones, flags, what has no width and is no mark,
/// marks piled up or without a letter, and parts of Korean syllables that make none.
///
/// What is written in parts is put together first, as some systems store Korean and all accents.
pub fn part(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut marks = MARKS_MAX;
    for character in text.nfc() {
        match kind(character) {
            Kind::Letter => marks = 0,
            Kind::Mark if marks < MARKS_MAX => marks += 1,
            Kind::Mark | Kind::Harm => continue,
        }
        cleaned.push(character);
    }
    cleaned
}

/// How many columns a text takes where it is drawn.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(columns).sum()
}

/// The letters of a text, each with the marks on it: what takes one column or two. Some scripts
/// write several as one sign; a terminal gives each its columns, whatever it draws in them, and only
/// what is known to stand in a column is cleared from it.
pub fn letters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut after = rest.char_indices().skip(1);
        let end = after.find(|(_, next)| columns(*next) > 0).map_or(rest.len(), |(at, _)| at);
        let letter;
        (letter, rest) = rest.split_at(end);
        (!letter.is_empty()).then_some(letter)
    })
}

/// How many columns a character takes; none if it is a mark on the letter before it.
fn columns(character: char) -> usize {
    if character.is_ascii() {
        return 1;
    }
    let columns = character.width().unwrap_or(0);
    match character.general_category() {
        // A vowel beside its letter takes a column of its own, and no terminal has it otherwise.
        GeneralCategory::SpacingMark => columns.max(1),
        _ => columns,
    }
}

/// As much of a text as fits into `columns`, with `ellipsis`, which is one column wide, in place of
/// what does not.
pub fn fit<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else { return Cow::Borrowed("") };
    let mut taken = 0;
    let kept = letters(text).take_while(|letter| {
        taken += width(letter);
        taken <= room
    });
    let mut kept: String = kept.collect();
    kept.push_str(ellipsis);
    Cow::Owned(kept)
}

/// Whether a character is one that [`text`] takes out wherever it stands.
pub fn is_harmful(character: char) -> bool {
    matches!(kind(character), Kind::Harm)
}

enum Kind {
    /// Takes columns of its own.
    Letter,
    /// Sits on the letter before it.
    Mark,
    /// Must not be drawn.
    Harm,
}

fn kind(character: char) -> Kind {
    match character.general_category() {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::Surrogate
        | GeneralCategory::PrivateUse
        | GeneralCategory::Unassigned => Kind::Harm,
        // They change how wide the character before them is, or do not, by terminal.
        _ if matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') => Kind::Harm,
        _ if matches!(character, '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f1e6}'..='\u{1f1ff}') => {
            Kind::Harm
        }
        // The mark that joins what it stands between; letters that are seen as nothing.
        _ if matches!(character, '\u{34f}' | '\u{3164}' | '\u{ffa0}') => Kind::Harm,
        // Hangul in parts that make no syllable, and join what is beside them into one.
        _ if matches!(character, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}') => Kind::Harm,
        GeneralCategory::NonspacingMark => Kind::Mark,
        // A mark around a letter, or one that takes part of its place, is drawn by every terminal
        // in another way.
        GeneralCategory::EnclosingMark => Kind::Harm,
        _ if columns(character) == 0 => Kind::Harm,
        _ => Kind::Letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_stay_as_they_are() {
        for name in ["Avery Lindqvist", "Zoë O’Neil", "李 小龙", "Nguyễn", "שלום", "বাংলা"]
        {
            assert_eq!(text(name), name);
        }
    }

    #[test]
    fn what_acts_on_a_terminal_is_taken_out() {
        for (hostile, left) in [
            ("\x1b[31mred\x1b[0m", "[31mred[0m"),
            ("\x1b]0;title\x07", "]0;title"),
            ("a\u{9b}31mb", "a31mb"),
            ("a\u{202e}b\u{202c}", "ab"),
            ("a\u{2066}b\u{2069}\u{200f}", "ab"),
            ("a\u{200b}\u{200d}\u{feff}\u{ad}b", "ab"),
            ("a\r\nb\tc\u{2028}d\0", "abcd"),
            ("❤\u{fe0f}", "❤"),
            ("👩\u{200d}👩\u{1f3fd}", "👩👩"),
            ("a\u{e0041}\u{e000}b", "ab"),
            ("\u{301}a", "a"),
            ("\u{115f}\u{3164}한", "한"),
            ("ᄀ한", "한"),
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
            ("\u{1161}\u{11a8}가\u{11a8}", "각"),
            ("Zoe\u{308}", "Zoë"),
            ("\u{1100}\u{200b}\u{1161}", "?"),
            ("\u{1f1e9}\u{1f1ea} Avery \u{1f1e9}\u{1f1ea}", "Avery"),
            (" \u{200b} ", "?"),
            ("\u{1b}", "?"),
            ("", "?"),
        ] {
            assert_eq!(text(hostile), left, "{hostile:?}");
        }
    }

    #[test]
    fn marks_do_not_pile_up() {
        let piled = format!("x{}b", "\u{301}".repeat(60));
        assert_eq!(text(&piled), "x\u{301}\u{301}b");
    }

    #[test]
    fn what_fits_stays_and_what_does_not_says_so() {
        for (name, columns, fitted) in [
            ("Avery", 5, "Avery"),
            ("Avery", 4, "Ave…"),
            ("Avery", 1, "…"),
            ("Avery", 0, ""),
            ("李小龙", 6, "李小龙"),
            ("李小龙", 5, "李小…"),
            ("李小龙", 4, "李…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ] {
            assert_eq!(fit(name, columns, "…"), fitted, "{name} {columns}");
            assert!(width(fitted) <= columns);
        }
    }

    #[test]
    fn a_letter_is_what_takes_columns() {
        let split = |text| letters(text).collect::<Vec<_>>();
        assert_eq!(split("Zoë"), ["Z", "o", "ë"]);
        assert_eq!(split("e\u{301}e"), ["e\u{301}", "e"]);
        assert_eq!(split("क\u{94d}षि"), ["क\u{94d}", "ष", "ि"]);
        assert_eq!(split("李龙"), ["李", "龙"]);
        assert_eq!(split(""), [""; 0]);
        for (text, columns) in [("क\u{94d}षि", 3), ("বাংলা", 5), ("สำ", 2), ("李龙", 4)]
        {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn initials_hide_the_name() {
        assert_eq!(Names::Initials.shown("Avery Lindqvist"), "A.L.");
        assert_eq!(Names::Initials.shown("李 小龙"), "李.小.");
        let told = |names: Names| names.told_of("a.l", "no agent a.l, or \"a.l\", was la.la");
        assert_eq!(told(Names::Initials), "no agent ? or ? was la.la");
        assert_eq!(told(Names::Whole), "no agent a.l, or \"a.l\", was la.la");
        assert_eq!(Names::Whole.shown("Avery\u{202e} Lindqvist"), "Avery Lindqvist");
    }
}
