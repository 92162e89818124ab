//! A line of text that the reader writes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::scrub;

/// The most characters that a line takes.
const CHARS_MAX: usize = 200;

/// A line of text, written at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineEdit {
    text: String,
}

impl LineEdit {
    /// A line that has a text already.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes a key; `false` if it is none that writes.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if ctrl => self.text.clear(),
            KeyCode::Char('w') if ctrl => self.cut_word(),
            KeyCode::Char(character) if !ctrl => self.write(&character.to_string()),
            KeyCode::Backspace => drop(self.text.pop()),
            _ => return false,
        }
        true
    }

    /// Writes a text at the end, as far as it can be shown and has room.
    pub fn write(&mut self, text: &str) {
        let room = CHARS_MAX.saturating_sub(self.text.chars().count());
        let shown = text.chars().filter(|character| !character.is_control());
        let text: String = shown.take(room).collect();
        if !text.is_empty() {
            self.text.push_str(&scrub::text(&text));
        }
    }

    fn cut_word(&mut self) {
        let kept = self.text.trim_end();
        let end = kept.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        self.text.truncate(end);
    }
}
