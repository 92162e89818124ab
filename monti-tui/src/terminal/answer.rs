//! What the terminal answers when it is asked for its background, among the keys that are pressed
//! meanwhile: no key is lost, and however late the answer comes it is not taken for keys.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::theme::Background;

/// The question for the background's colour (OSC 11), which is answered in kind. It ends with a bell,
/// and so does the answer of most: the other end, `ESC \`, can come in two parts, and of it
/// rxvt-unicode sends the ESC only.
pub(super) const QUESTION: &str = "\x1b]11;?\x07";

/// What follows the answer's `ESC ]` before the colour.
const COLOUR_OF: &str = "11;";

/// The most letters of an answer: a colour of four parts, four digits each.
const LETTERS_MAX: usize = "11;rgba:ffff/ffff/ffff/ffff".len();

/// Events of which some may be parts of an answer.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Those that are, if an answer it is.
    held: Vec<Event>,
    /// Its letters, once it has begun.
    letters: Option<String>,
    /// Whether an ESC has ended one: a `\` that follows at once is of that end.
    is_ended_by_esc: bool,
}

/// What came of an event.
#[derive(Debug, PartialEq, Default)]
pub(super) struct Heard {
    /// The terminal has said this.
    pub(super) background: Option<Background>,
    /// These were pressed; none as long as it may be an answer.
    pub(super) pressed: Vec<Event>,
}

/// What an event may be of an answer.
#[derive(Debug, Clone, Copy)]
enum Part {
    Esc,
    Bell,
    /// ESC and this key, which together are that key with alt.
    EscAnd(KeyEvent),
    Letter(char),
    Nothing,
}

impl Answers {
    /// Takes an event. Only while an answer `is_due` may it begin with an ESC that came alone: else no
    /// such key would be held.
    pub(super) fn hear(&mut self, event: Event, is_due: bool) -> Heard {
        let part = Part::of(&event);
        if std::mem::take(&mut self.is_ended_by_esc) && matches!(part, Part::Letter('\\')) {
            return Heard::default();
        }
        if let Some(background) = self.ended_by(part) {
            return self.end(background, part);
        }
        if self.goes_on_with(part, is_due) {
            self.held.push(event);
            return Heard::default();
        }
        if self.held.is_empty() {
            return Heard { background: None, pressed: vec![event] };
        }
        // That was no answer, but this may begin one.
        let mut pressed = self.release();
        pressed.extend(self.hear(event, is_due).pressed);
        Heard { background: None, pressed }
    }

    /// What the answer says that ends with this; `None` if none does.
    fn ended_by(&self, part: Part) -> Option<Background> {
        match part {
            Part::Esc | Part::Bell | Part::EscAnd(_) => background(self.letters.as_deref()?),
            Part::Letter(_) | Part::Nothing => None,
        }
    }

    fn end(&mut self, background: Background, part: Part) -> Heard {
        self.release();
        self.is_ended_by_esc = matches!(part, Part::Esc);
        let pressed = match part {
            // The ESC was all of its end, and the key was pressed at once.
            Part::EscAnd(key) if key.code != KeyCode::Char('\\') => vec![Event::Key(key)],
            _ => Vec::new(),
        };
        Heard { background: Some(background), pressed }
    }

    /// Whether what is held may be an answer with this, too.
    fn goes_on_with(&mut self, part: Part, is_due: bool) -> bool {
        match (part, &mut self.letters) {
            (Part::Esc, None) => is_due && self.held.is_empty(),
            (Part::EscAnd(key), None) if self.held.is_empty() => self.begin(key.code),
            // An ESC is held.
            (Part::Letter(letter), None) if !self.held.is_empty() => {
                self.begin(KeyCode::Char(letter))
            }
            (Part::Letter(letter), Some(letters)) => {
                letters.push(letter);
                let (letters, begin) = (letters.as_str(), COLOUR_OF);
                let may_be = begin.starts_with(letters) || letters.starts_with(begin);
                may_be && letters.len() <= LETTERS_MAX
            }
            _ => false,
        }
    }

    /// Whether ESC and this begin an answer.
    fn begin(&mut self, code: KeyCode) -> bool {
        let is_begin = code == KeyCode::Char(']');
        self.letters = is_begin.then(String::new);
        is_begin
    }

    /// Nothing follows at once, as the rest of an answer would: what was held was pressed.
    pub(super) fn release(&mut self) -> Vec<Event> {
        self.letters = None;
        self.is_ended_by_esc = false;
        std::mem::take(&mut self.held)
    }

    /// Whether it makes a difference that nothing follows at once.
    pub(super) fn is_open(&self) -> bool {
        !self.held.is_empty() || self.is_ended_by_esc
    }
}

impl Part {
    fn of(event: &Event) -> Self {
        let Event::Key(key) = event else { return Self::Nothing };
        match (key.code, key.modifiers) {
            (KeyCode::Esc, KeyModifiers::NONE) => Self::Esc,
            (KeyCode::Char('g'), KeyModifiers::CONTROL) => Self::Bell,
            (KeyCode::Char(letter), KeyModifiers::NONE | KeyModifiers::SHIFT) => {
                Self::Letter(letter)
            }
            (_, modifiers) if modifiers.contains(KeyModifiers::ALT) => {
                Self::EscAnd(KeyEvent { modifiers: modifiers - KeyModifiers::ALT, ..*key })
            }
            _ => Self::Nothing,
        }
    }
}

/// Which one a colour is, in the form of X11: `rgb:RRRR/GGGG/BBBB`, or `rgba:` with a fourth part, of
/// one to four digits each.
fn background(letters: &str) -> Option<Background> {
    let (model, parts) = letters.strip_prefix(COLOUR_OF)?.split_once(':')?;
    let parts: Vec<_> = parts.split('/').map(share).collect::<Option<_>>()?;
    let (red, green, blue) = match (model, parts.as_slice()) {
        ("rgb", [red, green, blue]) | ("rgba", [red, green, blue, _]) => (red, green, blue),
        _ => return None,
    };
    // Rec. 709: how bright each looks.
    let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    Some(if luma > 0.5 { Background::Light } else { Background::Dark })
}

/// A part of a colour, of the most that so many digits can say.
fn share(part: &str) -> Option<f64> {
    // A sign is none of a number's here.
    if !part.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let most: u16 = match part.len() {
        1 => 0xf,
        2 => 0xff,
        3 => 0xfff,
        4 => 0xffff,
        _ => return None,
    };
    Some(f64::from(u16::from_str_radix(part, 16).ok()?) / f64::from(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(letter: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(letter), modifiers))
    }

    fn plain(letters: &str) -> Vec<Event> {
        letters.chars().map(|it| key(it, KeyModifiers::NONE)).collect()
    }

    fn alt(letter: char) -> Event {
        key(letter, KeyModifiers::ALT)
    }

    fn bell() -> Event {
        key('g', KeyModifiers::CONTROL)
    }

    fn esc() -> Event {
        Event::Key(KeyCode::Esc.into())
    }

    /// The events that these letters are, between `ESC ]` and `end`.
    fn answer(letters: &str, end: Event) -> Vec<Event> {
        [vec![alt(']')], plain(letters), vec![end]].concat()
    }

    /// What was pressed, and what the terminal said.
    fn hear(events: &[Event], is_due: bool) -> (Vec<Event>, Vec<Background>) {
        let mut answers = Answers::default();
        let (mut pressed, mut said) = (Vec::new(), Vec::new());
        for event in events {
            let heard = answers.hear(event.clone(), is_due);
            said.extend(heard.background);
            pressed.extend(heard.pressed);
        }
        pressed.extend(answers.release());
        (pressed, said)
    }

    #[test]
    fn an_answer_is_heard_among_keys_and_none_of_it_is_a_key() {
        for end in [bell(), alt('\\'), esc()] {
            for (colour, background) in [
                ("rgb:0000/0000/0000", Background::Dark),
                ("rgb:ffff/ffff/ffff", Background::Light),
                ("rgb:FD/F6/E3", Background::Light),
                ("rgb:0/2/3", Background::Dark),
                ("rgba:1e1e/1e1e/2e2e/ffff", Background::Dark),
                ("rgb:7f/00/ff", Background::Dark),
                ("rgb:00/ff/00", Background::Light),
            ] {
                let (before, after) = (plain("1]"), [key('?', KeyModifiers::SHIFT)]);
                let answer = answer(&format!("11;{colour}"), end.clone());
                let events = [&before[..], &answer, &after].concat();
                let pressed = [&before[..], &after].concat();
                for is_due in [true, false] {
                    let heard = hear(&events, is_due);
                    assert_eq!(heard, (pressed.clone(), vec![background]), "{colour} {end:?}");
                }
            }
        }
    }

    #[test]
    fn an_answer_may_come_in_parts_and_none_of_it_is_a_key() {
        let letters = "11;rgb:0/0/0";
        let begun_apart = [vec![esc()], plain("]"), plain(letters)].concat();
        for end in [vec![bell()], vec![alt('\\')], vec![esc()], [vec![esc()], plain("\\")].concat()]
        {
            let events = [begun_apart.clone(), end, plain("b")].concat();
            assert_eq!(hear(&events, true), (plain("b"), vec![Background::Dark]), "{events:?}");
        }
        // Once nothing followed at once, what comes is pressed.
        let mut answers = Answers::default();
        for event in answer(letters, esc()) {
            answers.hear(event, true);
        }
        assert!(answers.is_open());
        assert_eq!(answers.release(), []);
        assert_eq!(answers.hear(plain("\\").remove(0), true).pressed, plain("\\"));
    }

    #[test]
    fn a_key_that_follows_a_bare_esc_at_once_is_that_key() {
        let events = answer("11;rgb:0/0/0", alt('b'));
        assert_eq!(hear(&events, true), (plain("b"), vec![Background::Dark]));
        let f1 = |modifiers| Event::Key(KeyEvent::new(KeyCode::F(1), modifiers));
        let events = answer("11;rgb:f/f/f", f1(KeyModifiers::ALT));
        assert_eq!(hear(&events, true), (vec![f1(KeyModifiers::NONE)], vec![Background::Light]));
    }

    #[test]
    fn what_interrupts_an_answer_may_begin_another() {
        let begun = answer("11;rgb:00", alt(']'));
        let events = [begun.clone(), plain("11;rgb:0/0/0"), vec![bell()]].concat();
        assert_eq!(hear(&events, false), (begun[..10].to_vec(), vec![Background::Dark]));
        let events = [vec![esc()], answer("11;rgb:0/0/0", bell())].concat();
        assert_eq!(hear(&events, true), (vec![esc()], vec![Background::Dark]));
    }

    #[test]
    fn an_esc_is_held_only_while_an_answer_is_due() {
        let mut answers = Answers::default();
        assert_eq!(answers.hear(esc(), false).pressed, [esc()]);
        assert!(!answers.is_open());
        assert_eq!(answers.hear(esc(), true).pressed, []);
        assert!(answers.is_open());
        assert_eq!(answers.hear(esc(), true).pressed, [esc()]);
        assert_eq!(answers.release(), [esc()]);
    }

    #[test]
    fn what_is_no_answer_was_pressed_in_this_order() {
        let mut interrupted = answer("11;rgb:00", bell());
        interrupted.insert(4, Event::FocusGained);
        for events in [
            answer("12;rgb:0000/0000/0000", bell()),
            answer("11;rgb:0000/0000", bell()),
            answer("11;rgb:0000/0000", esc()),
            answer("11;rgb://", bell()),
            answer("11;rgb:0/0/", bell()),
            answer("11;rgb:00000/0/0", bell()),
            answer("11;rgb:0000000/0/0", bell()),
            answer("11;rgb:00000000000000000/0/0", bell()),
            answer("11;rgb:+f/00/00", bell()),
            answer("11;rgb:0/0/0/0", bell()),
            answer("11;rgb:0/0/0/0/0/0", bell()),
            answer("11;rgba:0/0/0", bell()),
            answer("11;rgba:0/0/0/0/0", bell()),
            answer("11;rgb0/0/0", bell()),
            answer("11;blue", bell()),
            answer("", bell()),
            answer("11;rgb:0000/0000/0000/0000/0000/0000", bell()),
            answer("11;rgb:0000", alt(']')),
            interrupted,
            vec![bell()],
            vec![alt(']')],
            [vec![esc()], plain("]"), plain("b")].concat(),
            [vec![esc()], plain("b]\\")].concat(),
        ] {
            for is_due in [true, false] {
                assert_eq!(hear(&events, is_due), (events.clone(), Vec::new()));
            }
        }
    }
}
