//! How many colours a terminal shows.

use ratatui::style::Color;

use super::palette::{Ink, Rgb};

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ColourDepth {
    /// None: bold, dim, underlined and reversed only.
    None,
    /// The terminal's own 16.
    #[default]
    Ansi16,
    /// xterm's 256.
    Ansi256,
    /// 24 bits.
    True,
}

impl ColourDepth {
    /// All depths, fewest colours first.
    pub const ALL: [Self; 4] = [Self::None, Self::Ansi16, Self::Ansi256, Self::True];

    /// What the environment says: `NO_COLOR`, `COLORTERM`, and `TERM`.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| variable(name).unwrap_or_default();
        let (colour_term, term) = (value("COLORTERM"), value("TERM"));
        let has = |names: &[&str]| names.iter().any(|name| term.contains(name));
        if !value("NO_COLOR").is_empty() || term == "dumb" {
            Self::None
        } else if matches!(colour_term.as_str(), "truecolor" | "24bit")
            || has(&["-direct", "kitty", "ghostty", "alacritty", "wezterm", "foot"])
        {
            Self::True
        } else if has(&["256color"]) {
            Self::Ansi256
        } else {
            Self::Ansi16
        }
    }

    /// The colour of an ink, if there is any.
    pub(super) fn colour(self, ink: Ink) -> Option<Color> {
        let Rgb(red, green, blue) = ink.rgb;
        match self {
            Self::None => None,
            Self::Ansi16 => Some(ink.ansi),
            Self::Ansi256 => Some(Color::Indexed(nearest(ink.rgb))),
            Self::True => Some(Color::Rgb(red, green, blue)),
        }
    }
}

/// The six steps of a channel in xterm's cube of colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The first index of the cube, after the terminal's own 16.
const CUBE: u8 = 16;

/// The first index of the 24 greys, after the cube.
const GREYS: u8 = 232;

/// The colour of xterm's cube or greys that is nearest; never one of the 16 that users change.
pub(super) fn nearest(wanted: Rgb) -> u8 {
    let distance = |index: &u8| indexed(*index).distance(wanted);
    (CUBE..=u8::MAX).min_by_key(distance).unwrap_or(CUBE)
}

/// What xterm shows for an index from [`CUBE`] on.
pub(super) fn indexed(index: u8) -> Rgb {
    if index >= GREYS {
        let level = 8 + 10 * (index - GREYS);
        return Rgb(level, level, level);
    }
    let place = index.saturating_sub(CUBE);
    let step = |place: u8| STEPS[usize::from(place % 6)];
    Rgb(step(place / 36), step(place / 6), step(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(variables: &[(&str, &str)]) -> ColourDepth {
        ColourDepth::of_environment(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_says_how_many_colours_there_are() {
        for (variables, expected) in [
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")][..], ColourDepth::True),
            (&[("TERM", "xterm-kitty")], ColourDepth::True),
            (&[("TERM", "tmux-256color")], ColourDepth::Ansi256),
            (&[("TERM", "linux")], ColourDepth::Ansi16),
            (&[], ColourDepth::Ansi16),
            (&[("TERM", "dumb")], ColourDepth::None),
            (&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")], ColourDepth::None),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], ColourDepth::Ansi256),
        ] {
            assert_eq!(depth(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn colours_that_the_cube_has_are_found_in_it() {
        for index in CUBE..=u8::MAX {
            assert_eq!(indexed(nearest(indexed(index))), indexed(index), "{index}");
        }
    }
}
