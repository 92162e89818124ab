//! Whether the terminal is dark or light.

use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

/// What is behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Background {
    /// Dark, or not known.
    #[default]
    Dark,
    /// Light.
    Light,
}

/// Asks the terminal for its background; dark if it does not say.
///
/// It has to be asked before its keys are read. A terminal that does not know the question answers
/// the one that is asked after it, so that only one that answers nothing at all takes a second.
pub fn ask_terminal() -> Background {
    match theme_mode(QueryOptions::default()) {
        Ok(ThemeMode::Light) => Background::Light,
        Ok(ThemeMode::Dark) | Err(_) => Background::Dark,
    }
}
