//! What is drawn when the terminal says what is behind it.

use monti_tui::{
    Message, Setup,
    theme::{Background, ColourDepth, Symbols, Theme, ThemeName},
};
use ratatui::style::{Color, Modifier};

use crate::{floor, wall::Wall};

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

#[test]
fn without_colour_a_service_level_that_is_yellow_is_underlined_and_what_is_drawn_of_it_is_not() {
    let themes = Theme::all(ThemeName::Dark, None, ColourDepth::None, Symbols::UNICODE);
    let mut wall = Wall::calm(200, 60, Setup { themes, ..Setup::default() });
    wall.hear(&floor::queues("sales", 1, [Some(99.0), Some(72.0), Some(92.0), Some(45.0)]));
    wall.press("1");
    let (rows, frame) = (wall.rows(), wall.frame());
    let look = |level: &str, further: u16| {
        let y = rows.iter().position(|row| row.contains(level)).unwrap();
        let x = rows[y][..rows[y].find(level).unwrap()].chars().count();
        let cell = &frame[(u16::try_from(x).unwrap() + further, u16::try_from(y).unwrap())];
        (cell.symbol().to_owned(), cell.modifier)
    };
    assert_eq!(look("72 %", 0), ("7".to_owned(), Modifier::UNDERLINED));
    assert_eq!(look("72 %", 5), ("━".to_owned(), Modifier::empty()));
    assert_eq!(look("92 %", 0), ("9".to_owned(), Modifier::empty()));
    assert_eq!(look("45 %", 0), ("4".to_owned(), Modifier::BOLD));
}
