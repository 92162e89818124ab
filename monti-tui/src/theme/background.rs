//! Whether the terminal is dark or light.

use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

/// What is behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Background {
    /// Dark.
    #[default]
    Dark,
    /// Light.
    Light,
}

/// Asks the terminal for its background; `None` if it does not say.
///
/// It has to be asked before its keys are read. A terminal that does not know the question answers
/// the one that is asked after it, so that only one that answers nothing at all takes a second.
pub fn ask_terminal() -> Option<Background> {
    match theme_mode(QueryOptions::default()).ok()? {
        ThemeMode::Light => Some(Background::Light),
        ThemeMode::Dark => Some(Background::Dark),
    }
}
