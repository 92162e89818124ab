//! A service level wherever it is shown: a percentage or a dash, in the colour of how good the centre
//! says that it is.

use ratatui::style::Style;

use crate::{
    board::Board,
    format,
    theme::{Level, Theme},
};

/// A service level.
pub(super) struct ServiceLevel {
    /// It, 0 to 100; `None` while nothing counts.
    pub(super) percent: Option<f64>,
    /// It in whole percent, a dash without a value.
    pub(super) text: String,
    /// How it looks.
    pub(super) style: Style,
}

impl ServiceLevel {
    pub(super) fn of(theme: &Theme, board: &Board, percent: Option<f64>) -> Self {
        let text = percent.map_or_else(|| theme.symbols.dash.to_owned(), format::share);
        Self { percent, text, style: Self::style(theme, board, percent) }
    }

    /// With a decimal, where there is room for it.
    pub(super) fn fine(theme: &Theme, board: &Board, percent: Option<f64>) -> Self {
        let whole = Self::of(theme, board, percent);
        Self { text: percent.map_or(whole.text, format::fine_share), ..whole }
    }

    /// How one looks.
    pub(super) fn style(theme: &Theme, board: &Board, percent: Option<f64>) -> Style {
        theme.service_level(Level::of(percent, &board.centre().colours))
    }

    /// The text where there is least room: `83%`.
    pub(super) fn narrow(&self) -> String {
        self.text.replace(' ', "")
    }
}
