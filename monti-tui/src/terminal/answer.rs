//! What the terminal answers when it is asked for its background, among the keys that are pressed
//! meanwhile: no key is lost, and however late the answer comes it is not taken for keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::theme::Background;

/// The question for the background's colour (OSC 11), which is answered in kind. It ends without a
/// bell, which a terminal that does not know it would ring.
pub(super) const QUESTION: &str = "\x1b]11;?\x1b\\";

/// What follows the answer's `ESC ]` before the colour.
const COLOUR_OF: &str = "11;";

/// The most letters of an answer: a colour of four parts, four digits each.
const LETTERS_MAX: usize = "11;rgba:ffff/ffff/ffff/ffff".len();

/// Events of which some may be letters of an answer.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Those that are, if an answer it is.
    held: Vec<Event>,
    letters: String,
}

/// What came of an event.
#[derive(Debug, PartialEq)]
pub(super) enum Heard {
    /// These were pressed; none as long as it may be an answer.
    Pressed(Vec<Event>),
    /// The terminal has said this.
    Background(Background),
}

impl Answers {
    /// Takes an event.
    pub(super) fn hear(&mut self, event: Event) -> Heard {
        let key = match &event {
            Event::Key(KeyEvent { code: KeyCode::Char(letter), modifiers, .. }) => {
                Some((*letter, *modifiers))
            }
            _ => None,
        };
        let is_begun = !self.held.is_empty();
        self.held.push(event);
        match key {
            // ESC and a letter is that letter with alt.
            Some((']', KeyModifiers::ALT)) if !is_begun => Heard::Pressed(Vec::new()),
            Some(('\\', KeyModifiers::ALT) | ('g', KeyModifiers::CONTROL)) if is_begun => {
                match background(&self.letters) {
                    Some(background) => {
                        self.release();
                        Heard::Background(background)
                    }
                    None => Heard::Pressed(self.release()),
                }
            }
            Some((letter, KeyModifiers::NONE | KeyModifiers::SHIFT)) if is_begun => {
                self.letters.push(letter);
                let (letters, begin) = (self.letters.as_str(), COLOUR_OF);
                let may_be = begin.starts_with(letters) || letters.starts_with(begin);
                match may_be && letters.len() <= LETTERS_MAX {
                    true => Heard::Pressed(Vec::new()),
                    false => Heard::Pressed(self.release()),
                }
            }
            _ => Heard::Pressed(self.release()),
        }
    }

    /// Nothing follows at once, as the rest of an answer would: what was held was pressed.
    pub(super) fn release(&mut self) -> Vec<Event> {
        self.letters.clear();
        std::mem::take(&mut self.held)
    }

    /// Whether something is held.
    pub(super) fn is_open(&self) -> bool {
        !self.held.is_empty()
    }
}

/// Which one a colour is, in the form of X11: `rgb:RRRR/GGGG/BBBB`, with one to four digits a part.
fn background(letters: &str) -> Option<Background> {
    let colour = letters.strip_prefix(COLOUR_OF)?;
    let parts = colour.strip_prefix("rgb:").or_else(|| colour.strip_prefix("rgba:"))?;
    let mut parts = parts.split('/').map(|part| {
        // A sign is none of a number's here.
        if !part.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let most = 16_u32.checked_pow(u32::try_from(part.len()).ok()?)?.checked_sub(1)?;
        Some(f64::from(u32::from_str_radix(part, 16).ok()?) / f64::from(most))
    });
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    // Rec. 709: how bright each looks.
    let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    Some(if luma > 0.5 { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(letter: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(letter), modifiers))
    }

    /// The events that these letters are, between `ESC ]` and `end`.
    fn answer(letters: &str, end: Event) -> Vec<Event> {
        let begin = key(']', KeyModifiers::ALT);
        let letters = letters.chars().map(|it| key(it, KeyModifiers::NONE));
        [begin].into_iter().chain(letters).chain([end]).collect()
    }

    /// What was pressed, and what the terminal said.
    fn hear(events: &[Event]) -> (Vec<Event>, Vec<Background>) {
        let mut answers = Answers::default();
        let (mut pressed, mut said) = (Vec::new(), Vec::new());
        for event in events {
            match answers.hear(event.clone()) {
                Heard::Pressed(events) => pressed.extend(events),
                Heard::Background(background) => said.push(background),
            }
        }
        pressed.extend(answers.release());
        (pressed, said)
    }

    const BEL: (char, KeyModifiers) = ('g', KeyModifiers::CONTROL);
    const ST: (char, KeyModifiers) = ('\\', KeyModifiers::ALT);

    #[test]
    fn an_answer_is_heard_among_keys_and_none_of_it_is_a_key() {
        for (end, modifiers) in [BEL, ST] {
            for (colour, background) in [
                ("rgb:0000/0000/0000", Background::Dark),
                ("rgb:ffff/ffff/ffff", Background::Light),
                ("rgb:FD/F6/E3", Background::Light),
                ("rgb:0/2/3", Background::Dark),
                ("rgba:1e1e/1e1e/2e2e/ffff", Background::Dark),
                ("rgb:7f/00/ff", Background::Dark),
                ("rgb:00/ff/00", Background::Light),
            ] {
                let before = [key('1', KeyModifiers::NONE), key(']', KeyModifiers::NONE)];
                let after = [key('?', KeyModifiers::SHIFT)];
                let answer = answer(&format!("11;{colour}"), key(end, modifiers));
                let events = [&before[..], &answer, &after].concat();
                let pressed = [&before[..], &after].concat();
                assert_eq!(hear(&events), (pressed, vec![background]), "{colour}");
            }
        }
    }

    #[test]
    fn what_is_no_answer_was_pressed_in_this_order() {
        let end = || key(BEL.0, BEL.1);
        let mut interrupted = answer("11;rgb:00", end());
        interrupted.insert(4, Event::FocusGained);
        for events in [
            answer("12;rgb:0000/0000/0000", end()),
            answer("11;rgb:0000/0000", end()),
            answer("11;rgb://", end()),
            answer("11;rgb:00000000000000000/0/0", end()),
            answer("11;rgb:+f/00/00", end()),
            answer("11;blue", end()),
            answer("", end()),
            answer("11;rgb:0000/0000/0000/0000/0000/0000", end()),
            answer("11;rgb:0000", key(']', KeyModifiers::ALT)),
            interrupted,
            vec![end()],
            vec![key(']', KeyModifiers::ALT)],
        ] {
            assert_eq!(hear(&events), (events.clone(), Vec::new()));
        }
    }
}
