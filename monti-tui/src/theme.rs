//! What things look like: styles and symbols by what they mean, never by how they look.
//!
//! A meaning lives without colour too: what matters is bold, reversed or dim as well, so that
//! `NO_COLOR` and a reader who tells few colours apart lose nothing.

mod background;
mod depth;
mod palette;
mod symbols;

use std::str::FromStr;

use monti_core::{AgentState, wire::ColourThresholds};
use ratatui::style::{Modifier, Style};

use self::palette::{Ink, Palette};
pub use self::{background::Background, depth::ColourDepth, symbols::Symbols};

/// A family of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThemeName {
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// Text at a contrast of 7:1 and more.
    HighContrast,
    /// Blue, yellow and vermilion in place of green, yellow and red.
    ColourVision,
}

/// How good a service level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// From the centre's green threshold on.
    Good,
    /// From its yellow threshold on.
    Fair,
    /// Below both.
    Poor,
    /// There is no value.
    Unknown,
}

impl Level {
    /// The level of a percentage.
    pub fn of(percent: Option<f64>, thresholds: &ColourThresholds) -> Self {
        match percent {
            None => Self::Unknown,
            Some(percent) if percent >= thresholds.green_percent => Self::Good,
            Some(percent) if percent >= thresholds.yellow_percent => Self::Fair,
            Some(_) => Self::Poor,
        }
    }

    /// Whether it is not as good as it should be.
    pub const fn is_off(self) -> bool {
        matches!(self, Self::Fair | Self::Poor)
    }
}

/// Styles by meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Its name, as `t` and the configuration say it.
    pub name: ThemeName,
    /// The whole screen, below everything: the terminal's own background, unless the theme is for
    /// another one than it is known to have.
    pub ground: Style,
    /// Plain text.
    pub text: Style,
    /// What matters less: labels, frames' texts, dashes.
    pub dim: Style,
    /// Names of things: departments, panels.
    pub title: Style,
    /// Rules and frames.
    pub rule: Style,
    /// The frame of what has the keys.
    pub focus: Style,
    /// The row that is selected.
    pub selected: Style,
    /// Past a limit: reverse, so that it lives without colour.
    pub breach: Style,
    /// Something is wrong with the data: late, stale, lost.
    pub warning: Style,
    /// What is shown is live.
    pub live: Style,
    /// The past: in a colour that nothing else has.
    pub past: Style,
    /// A key in the footer and in help.
    pub key: Style,
    /// A line that marks a target in a chart.
    pub target: Style,
    /// A trend, a bar of counts.
    pub trend: Style,
    /// Under everything that is stale, over whatever it was.
    pub stale: Style,
    /// Service levels: good, fair, poor, unknown.
    pub levels: [Style; 4],
    /// Agents' states, in the order of [`AgentState::ALL`].
    pub states: [Style; 11],
    /// The symbols that go with it.
    pub symbols: Symbols,
}

impl Theme {
    /// The theme `name` on a `background`, if that is known, in as many colours as `depth` says.
    pub fn new(
        name: ThemeName,
        background: Option<Background>,
        depth: ColourDepth,
        symbols: Symbols,
    ) -> Self {
        let palette = Palette::of(name, background.unwrap_or_default());
        let ink = |ink| depth.colour(ink).map_or_else(Style::new, |colour| Style::new().fg(colour));
        let loud = |colour| ink(colour).add_modifier(Modifier::BOLD);
        let quiet = |ink| quiet(depth, ink);
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let (good, warn, bad, busy) =
            (ink(palette.good), ink(palette.warn), ink(palette.bad), ink(palette.accent));
        let away = quiet(palette.dim);
        Self {
            name,
            ground: ground(name, background, depth, palette),
            text: Style::new(),
            dim: quiet(palette.dim),
            title: bold,
            rule: quiet(palette.frame),
            focus: loud(palette.accent),
            selected: selected(depth, palette),
            breach: loud(palette.bad).add_modifier(Modifier::REVERSED),
            warning: loud(palette.warn),
            live: good,
            past: loud(palette.past).add_modifier(Modifier::REVERSED),
            key: loud(palette.accent),
            target: quiet(palette.dim),
            trend: quiet(palette.dim),
            stale: quiet(palette.stale),
            levels: [good, fair(depth, palette), loud(palette.bad), away],
            states: AgentState::ALL.map(|state| match state {
                AgentState::Available => good,
                AgentState::Ringing | AgentState::OnCall | AgentState::OnHold => busy,
                AgentState::AfterCallWork => warn,
                AgentState::NotResponding => bad,
                AgentState::Offline
                | AgentState::Break
                | AgentState::Lunch
                | AgentState::Training
                | AgentState::Meeting => away,
            }),
            symbols,
        }
    }

    /// All themes, `first` first, then in the order in which they follow each other.
    pub fn all(
        first: ThemeName,
        background: Option<Background>,
        depth: ColourDepth,
        symbols: Symbols,
    ) -> Vec<Self> {
        let mut names = ThemeName::ALL;
        let at = names.iter().position(|name| *name == first).unwrap_or(0);
        names.rotate_left(at);
        names.map(|name| Self::new(name, background, depth, symbols)).into()
    }

    /// The style of a service level.
    pub fn service_level(&self, level: Level) -> Style {
        self.levels[level as usize]
    }

    /// A style for what is made of blocks and lines: a text's underline would run through them.
    pub fn drawn(style: Style) -> Style {
        Style { add_modifier: style.add_modifier - Modifier::UNDERLINED, ..style }
    }

    /// The style of a figure in a table: what comes to nothing is dim, so that the rest is seen.
    pub fn figure(&self, figure: &str) -> Style {
        let is_nothing = !figure.contains(|it| matches!(it, '1'..='9'));
        if is_nothing { self.dim } else { self.text }
    }

    /// The style of a state.
    pub fn state(&self, state: AgentState) -> Style {
        self.states[state as usize]
    }

    /// The symbol of a state.
    pub fn state_symbol(&self, state: AgentState) -> &'static str {
        self.symbols.states[state as usize]
    }
}

impl Default for Theme {
    /// Dark, in 256 colours.
    fn default() -> Self {
        let background = Some(Background::Dark);
        Self::new(ThemeName::Dark, background, ColourDepth::Ansi256, Symbols::UNICODE)
    }
}

/// Colour where there is some, else the terminal's own way of being dim.
fn quiet(depth: ColourDepth, ink: Ink) -> Style {
    let dim = || Style::new().add_modifier(Modifier::DIM);
    depth.colour(ink).map_or_else(dim, |colour| Style::new().fg(colour))
}

/// What is poor is bold and what is unknown is dim: without colour what is between good and poor is
/// underlined.
fn fair(depth: ColourDepth, palette: &Palette) -> Style {
    let underlined = || Style::new().add_modifier(Modifier::UNDERLINED);
    depth.colour(palette.warn).map_or_else(underlined, |colour| Style::new().fg(colour))
}

/// A dark theme on a light terminal brings its own background, and the other way round: what can be
/// read on one cannot on the other. So does every theme on a terminal that does not say which it is.
fn ground(
    name: ThemeName,
    background: Option<Background>,
    depth: ColourDepth,
    palette: &Palette,
) -> Style {
    let fits = match name {
        ThemeName::Dark => background == Some(Background::Dark),
        ThemeName::Light => background == Some(Background::Light),
        ThemeName::HighContrast | ThemeName::ColourVision => background.is_some(),
    };
    match (depth.colour(palette.text), depth.colour(palette.ground)) {
        (Some(text), Some(ground)) if !fits => Style::new().fg(text).bg(ground),
        _ => Style::new(),
    }
}

fn selected(depth: ColourDepth, palette: &Palette) -> Style {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    match depth.colour(palette.selected) {
        // Without shades to choose from a background would swallow the text's own colours.
        Some(colour) if depth > ColourDepth::Ansi16 => bold.bg(colour),
        _ => bold.add_modifier(Modifier::UNDERLINED),
    }
}

impl ThemeName {
    /// All names, in the order in which a key turns them.
    pub const ALL: [Self; 4] = [Self::Dark, Self::Light, Self::HighContrast, Self::ColourVision];

    /// The name as options, the file and the screen say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::ColourVision => "colour-vision",
        }
    }
}

impl From<Background> for ThemeName {
    fn from(background: Background) -> Self {
        match background {
            Background::Dark => Self::Dark,
            Background::Light => Self::Light,
        }
    }
}

/// A text that names no theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no theme; there are dark, light, high-contrast and colour-vision")]
pub struct InvalidTheme(String);

impl FromStr for ThemeName {
    type Err = InvalidTheme;

    fn from_str(text: &str) -> Result<Self, InvalidTheme> {
        let mut names = Self::ALL.into_iter();
        names.find(|name| name.as_str() == text).ok_or_else(|| InvalidTheme(text.to_owned()))
    }
}

/// A state in a word of at most 9 columns.
pub const fn state_word(state: AgentState) -> &'static str {
    match state {
        AgentState::Offline => "offline",
        AgentState::Available => "available",
        AgentState::Ringing => "ringing",
        AgentState::OnCall => "on call",
        AgentState::OnHold => "on hold",
        AgentState::AfterCallWork => "ACW",
        AgentState::Break => "break",
        AgentState::Lunch => "lunch",
        AgentState::Training => "training",
        AgentState::Meeting => "meeting",
        AgentState::NotResponding => "no answer",
    }
}

/// A state in a word of at most 5 columns.
pub const fn short_state_word(state: AgentState) -> &'static str {
    match state {
        AgentState::Offline => "off",
        AgentState::Available => "avail",
        AgentState::Ringing => "ring",
        AgentState::OnCall => "call",
        AgentState::OnHold => "hold",
        AgentState::AfterCallWork => "ACW",
        AgentState::Break => "break",
        AgentState::Lunch => "lunch",
        AgentState::Training => "train",
        AgentState::Meeting => "meet",
        AgentState::NotResponding => "RONA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(depth: ColourDepth) -> Theme {
        Theme::new(ThemeName::Dark, Some(Background::Dark), depth, Symbols::UNICODE)
    }

    #[test]
    fn a_breach_is_reversed_and_bold_in_every_depth() {
        for depth in ColourDepth::ALL {
            let breach = theme(depth).breach;
            let reversed = Modifier::REVERSED | Modifier::BOLD;
            assert!(breach.add_modifier.contains(reversed), "{depth:?}: {breach:?}");
        }
    }

    #[test]
    fn without_colour_nothing_has_one_and_what_must_differ_differs() {
        let theme = theme(ColourDepth::None);
        let Theme { text, dim, breach, warning, past, selected, stale, key, .. } = theme;
        let styles = [text, dim, breach, warning, past, selected, stale, key];
        for style in styles.iter().chain(&theme.levels).chain(&theme.states) {
            assert_eq!((style.fg, style.bg), (None, None), "{style:?}");
        }
        let different = [text, dim, breach, warning, selected];
        for (at, one) in different.iter().enumerate() {
            assert!(!different[at + 1..].contains(one), "{one:?}");
        }
        for (at, level) in theme.levels.iter().enumerate() {
            assert!(!theme.levels[at + 1..].contains(level), "{level:?}");
        }
    }

    #[test]
    fn a_theme_for_another_background_than_the_terminal_is_known_to_have_brings_its_own() {
        for depth in ColourDepth::ALL {
            for background in [None, Some(Background::Dark), Some(Background::Light)] {
                for name in ThemeName::ALL {
                    let theme = Theme::new(name, background, depth, Symbols::UNICODE);
                    let is_other = match (name, background) {
                        (_, None) => true,
                        (ThemeName::Dark, Some(it)) => it == Background::Light,
                        (ThemeName::Light, Some(it)) => it == Background::Dark,
                        _ => false,
                    };
                    let paints = (theme.ground.fg.is_some(), theme.ground.bg.is_some());
                    let expected = is_other && depth != ColourDepth::None;
                    assert_eq!(paints, (expected, expected), "{name:?} {background:?} {depth:?}");
                }
            }
        }
    }

    #[test]
    fn themes_follow_each_other_in_a_circle() {
        let (dark, unicode) = (Some(Background::Dark), Symbols::UNICODE);
        let themes = Theme::all(ThemeName::HighContrast, dark, ColourDepth::True, unicode);
        let names: Vec<_> = themes.iter().map(|theme| theme.name.as_str()).collect();
        assert_eq!(names, ["high-contrast", "colour-vision", "dark", "light"]);
    }

    #[test]
    fn a_service_level_is_green_yellow_or_red_by_the_centres_thresholds() {
        let thresholds = ColourThresholds { green_percent: 80.0, yellow_percent: 60.0 };
        for (percent, level) in [
            (Some(80.0), Level::Good),
            (Some(79.9), Level::Fair),
            (Some(60.0), Level::Fair),
            (Some(59.9), Level::Poor),
            (None, Level::Unknown),
        ] {
            assert_eq!(Level::of(percent, &thresholds), level, "{percent:?}");
        }
    }

    #[test]
    fn a_theme_is_found_by_its_name() {
        for name in ThemeName::ALL {
            assert_eq!(name.as_str().parse(), Ok(name));
        }
        let unknown = "solarized".parse::<ThemeName>().unwrap_err().to_string();
        assert!(unknown.contains("colour-vision"), "{unknown}");
    }
}
