//! A line of text that the reader writes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::scrub;

/// The most characters that a line takes.
const CHARS_MAX: usize = 200;

/// What is written.
#[derive(Debug, Clone, Copy)]
pub enum Written<'a> {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Text(&'a str),
}

/// A line of text, written at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineEdit {
    text: String,
    /// Whether nobody has touched the text: what is written then takes its place.
    is_preset: bool,
}

impl LineEdit {
    /// A line that has a text already.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_preset: false }
    }

    /// A line that has a text which the first that is written takes the place of; what cuts it
    /// keeps the rest.
    pub fn preset(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_preset: true }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes what is written; whether it changed anything.
    pub fn take(&mut self, written: Written<'_>) -> bool {
        let length = self.text.len();
        let key = match written {
            Written::Key(key) => key,
            Written::Text(text) => return self.write(text),
        };
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if ctrl => self.text.clear(),
            KeyCode::Char('w') if ctrl => self.cut_word(),
            KeyCode::Char(character) if !ctrl => return self.write(&character.to_string()),
            KeyCode::Backspace => drop(self.text.pop()),
            _ => {}
        }
        // All of them only cut.
        let is_cut = self.text.len() != length;
        self.is_preset &= !is_cut;
        is_cut
    }

    /// Writes a text at the end, as far as it can be shown and has room; whether any of it.
    fn write(&mut self, text: &str) -> bool {
        let kept = if self.is_preset { 0 } else { self.text.chars().count() };
        let room = CHARS_MAX.saturating_sub(kept);
        let shown = text.chars().filter(|character| !character.is_control());
        let text = scrub::part(&shown.take(room).collect::<String>());
        if text.is_empty() {
            return false;
        }
        if std::mem::take(&mut self.is_preset) {
            self.text.clear();
        }
        self.text.push_str(&text);
        true
    }

    fn cut_word(&mut self) {
        let kept = self.text.trim_end();
        let end = kept.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        self.text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_text_as_it_was_changes_nothing() {
        let key = |code, modifiers| Written::Key(KeyEvent::new(code, modifiers));
        let cuts = [
            key(KeyCode::Backspace, KeyModifiers::NONE),
            key(KeyCode::Char('u'), KeyModifiers::CONTROL),
            key(KeyCode::Char('w'), KeyModifiers::CONTROL),
        ];
        for cut in cuts {
            assert!(!LineEdit::default().take(cut), "{cut:?}");
            assert!(LineEdit::new("1").take(cut), "{cut:?}");
        }
        let mut nothing = LineEdit::default();
        assert!(!nothing.take(Written::Text("\n")) && nothing.text().is_empty());
        assert!(LineEdit::default().take(Written::Text("1")));
    }
}
