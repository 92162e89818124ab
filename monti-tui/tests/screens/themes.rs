//! What is drawn when the terminal says what is behind it.

use monti_tui::{
    Message, Setup,
    theme::{Background, ColourDepth, Symbols, Theme, ThemeName},
};
use ratatui::style::Color;

use crate::wall::Wall;

#[test]
fn a_terminal_that_says_late_what_is_behind_it_is_drawn_again_in_the_themes_for_that() {
    let themes = |background| {
        Theme::all(ThemeName::Dark, background, ColourDepth::Ansi256, Symbols::UNICODE)
    };
    let mut wall = Wall::calm(120, 40, Setup { themes: themes(None), ..Setup::default() });
    let ground = |wall: &Wall| wall.frame()[(60, 0)].bg;
    assert_ne!(ground(&wall), Color::Reset, "its own");
    let dark = || Message::Themes(themes(Some(Background::Dark)));
    assert!(wall.tell(dark()));
    assert_eq!(ground(&wall), Color::Reset);
    assert!(!wall.tell(dark()), "nothing looks different");
    // One that was chosen stays.
    wall.press("t");
    let chosen = wall.app.theme().name;
    assert!(wall.tell(Message::Themes(themes(Some(Background::Light)))));
    assert_eq!(wall.app.theme().name, chosen);
    // There is always one.
    assert!(!wall.tell(Message::Themes(Vec::new())));
    assert_eq!(wall.app.theme().name, chosen);
}

#[test]
fn a_theme_that_was_chosen_stays_where_another_is_the_first_since() {
    // Dark or light, as the terminal's background is.
    let themes = |background: Option<Background>| {
        let first = background.unwrap_or_default().into();
        Theme::all(first, background, ColourDepth::Ansi256, Symbols::UNICODE)
    };
    for (turns, name) in [
        (0, ThemeName::Light),
        (1, ThemeName::Light),
        (2, ThemeName::HighContrast),
        (3, ThemeName::ColourVision),
        // Once round, it was chosen all the same.
        (4, ThemeName::Dark),
    ] {
        let mut wall = Wall::calm(120, 40, Setup { themes: themes(None), ..Setup::default() });
        for _ in 0..turns {
            wall.press("t");
        }
        let told = wall.app.notice().cloned();
        assert!(wall.tell(Message::Themes(themes(Some(Background::Light)))));
        assert_eq!(wall.app.theme().name, name, "after {turns}");
        let says = |words: &str| words == format!("theme {}", name.as_str());
        assert!(told.is_none_or(|told| says(&told.words)), "after {turns}");
        assert_eq!(
            wall.app.theme(),
            &Theme::new(name, Some(Background::Light), ColourDepth::Ansi256, Symbols::UNICODE,)
        );
    }
}
