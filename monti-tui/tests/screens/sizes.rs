//! Any size, any keys: nothing panics, and nothing is drawn beside the screen.

use proptest::{collection::vec, prelude::*, sample::select};

use crate::wall::Wall;

/// Keys that lead everywhere; the end of the program excepted.
const KEYS: [&str; 39] = [
    "0", "1", "2", "4", "tab", "backtab", "enter", "esc", "up", "down", "left", "right", "pageup",
    "pagedown", "home", "end", "i", "I", "/", "s", "z", "a", "A", "v", "x", "+", "-", "space", "[",
    "]", "{", "\\", "y", "t", ":", "?", "b", "}", "F1",
];

/// What somebody does.
#[derive(Debug, Clone)]
enum Input {
    Key(&'static str),
    Click(u16, u16),
    Paste(String),
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        8 => select(&KEYS[..]).prop_map(Input::Key),
        2 => (any::<u16>(), any::<u16>()).prop_map(|(column, row)| Input::Click(column, row)),
        1 => ".{0,40}".prop_map(Input::Paste),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_size_and_no_journey_panics(
        agents in select(vec![0, 1, 10, 100]),
        steps in vec((input(), 1..=300_u16, 1..=100_u16), 1..24),
    ) {
        let mut wall = Wall::of(80, 24, agents);
        for (input, width, height) in steps {
            wall.resize(width, height);
            match input {
                Input::Key(key) => drop(wall.press(key)),
                Input::Click(column, row) => drop(wall.click(column % width, row % height)),
                Input::Paste(text) => drop(wall.paste(&text)),
            }
            wall.tick();
            let frame = wall.frame();
            prop_assert_eq!((frame.area.width, frame.area.height), (width, height));
        }
    }
}

#[test]
fn every_small_size_says_something() {
    let mut wall = Wall::of(80, 24, 3);
    for width in 1..=101 {
        for height in [1, 2, 3, 4, 5, 6, 15, 16, 17, 29, 30, 31] {
            wall.resize(width, height);
            assert!(!wall.text().trim().is_empty(), "{width}x{height}");
        }
    }
}

#[test]
fn what_is_too_small_says_so_and_can_be_left() {
    let mut wall = Wall::of(10, 3, 3);
    wall.shows("needs").shows("q quits");
    wall.effects.clear();
    wall.press("q");
    assert_eq!(wall.effects, [monti_tui::Effect::Quit]);
}

#[test]
fn a_department_has_its_queues_and_keys_are_told_wherever_there_is_room() {
    for (width, height) in [(59, 40), (44, 14), (200, 15), (80, 14)] {
        let mut wall = Wall::of(width, height, 10);
        for keys in ["0", "1"] {
            wall.press(keys).shows("Queues").shows("General").shows("Agents").shows("longest");
            assert!(wall.rows().last().unwrap().contains("enter"), "{}", wall.text());
        }
    }
    for (width, height) in [(43, 40), (200, 13), (30, 10)] {
        let mut wall = Wall::of(width, height, 10);
        wall.shows("Retention");
        wall.press("1").shows("Agents");
        assert!(wall.rows().last().unwrap().contains("enter"), "{}", wall.text());
    }
}
