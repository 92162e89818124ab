//! A key with its modifiers, as the configuration writes it and the screen shows it.

use std::{fmt, str::FromStr};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key that is pressed: `a`, `A`, `space`, `ctrl-l`, `F1`, `up`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
    alt: bool,
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a key; keys are single characters, F1 to F12, {}, each with ctrl- or alt- in \
     front if need be; of characters ctrl- goes with space, 4 to 7 and letters but i and m, and it \
     does not go with enter, esc, tab, backtab and backspace",
    names()
)]
pub struct InvalidKey {
    text: String,
}

const NAMED: [(&str, KeyCode, &str); 15] = [
    ("space", KeyCode::Char(' '), "space"),
    ("enter", KeyCode::Enter, "enter"),
    ("esc", KeyCode::Esc, "esc"),
    ("tab", KeyCode::Tab, "tab"),
    ("backtab", KeyCode::BackTab, "shift-tab"),
    ("backspace", KeyCode::Backspace, "backspace"),
    ("delete", KeyCode::Delete, "del"),
    ("up", KeyCode::Up, "up"),
    ("down", KeyCode::Down, "down"),
    ("left", KeyCode::Left, "left"),
    ("right", KeyCode::Right, "right"),
    ("pageup", KeyCode::PageUp, "pgup"),
    ("pagedown", KeyCode::PageDown, "pgdn"),
    ("home", KeyCode::Home, "home"),
    ("end", KeyCode::End, "end"),
];

fn names() -> String {
    NAMED.map(|(name, ..)| name).join(", ")
}

impl Key {
    /// Its name in the configuration.
    pub fn name(&self) -> String {
        self.spelt(|(name, ..)| name)
    }

    fn spelt(
        &self,
        spell: impl Fn((&'static str, KeyCode, &'static str)) -> &'static str,
    ) -> String {
        let named = NAMED.into_iter().find(|(_, code, _)| *code == self.code);
        let key = match (named, self.code) {
            (Some(named), _) => spell(named).to_owned(),
            (None, code) => code.to_string(),
        };
        let ctrl = if self.ctrl { "ctrl-" } else { "" };
        let alt = if self.alt { "alt-" } else { "" };
        format!("{ctrl}{alt}{key}")
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        Self {
            code: event.code,
            ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
            alt: event.modifiers.contains(KeyModifiers::ALT),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.spelt(|(.., shown)| shown))
    }
}

impl FromStr for Key {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let (mut rest, mut ctrl, mut alt) = (text, false, false);
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-") {
                (rest, ctrl) = (after, true);
            } else if let Some(after) = rest.strip_prefix("alt-") {
                (rest, alt) = (after, true);
            } else {
                break;
            }
        }
        let mut characters = rest.chars();
        let function = || rest.strip_prefix('F')?.parse().ok().filter(|n| (1..=12).contains(n));
        let named = NAMED.into_iter().find(|(name, ..)| *name == rest);
        let code = match (characters.next(), characters.next()) {
            (Some(character), None) if !character.is_control() => {
                // Of a letter with ctrl terminals do not tell the case.
                let character = if ctrl { character.to_ascii_lowercase() } else { character };
                Some(KeyCode::Char(character))
            }
            _ => named.map(|(_, code, _)| code).or_else(|| function().map(KeyCode::F)),
        };
        let invalid = || InvalidKey { text: text.chars().take(32).collect() };
        let code = code.filter(|code| !ctrl || is_told_with_ctrl(*code));
        code.map(|code| Self { code, ctrl, alt }).ok_or_else(invalid)
    }
}

/// Whether terminals tell of a key that it came with ctrl. Others are told as another key, such as
/// ctrl-i as tab, ctrl-m as enter and ctrl-[ as esc, or as if there were no ctrl.
fn is_told_with_ctrl(code: KeyCode) -> bool {
    match code {
        KeyCode::Char(character) => {
            matches!(character, 'a'..='h' | 'j'..='l' | 'n'..='z' | '4'..='7' | ' ')
        }
        KeyCode::Enter | KeyCode::Esc | KeyCode::Tab | KeyCode::BackTab | KeyCode::Backspace => {
            false
        }
        _ => true,
    }
}
