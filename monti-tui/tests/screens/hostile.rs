//! Names of ill will, on a terminal.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::{floor, wall::Wall};

/// What does harm, and what merely is wide or piled up.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<char>().prop_map(String::from),
        proptest::sample::select(vec![
            "\u{1b}[31m",
            "\u{9b}2J",
            "\u{202e}",
            "\u{2066}",
            "\u{200b}",
            "\u{200d}",
            "\u{feff}",
            "\u{301}\u{301}\u{301}\u{301}",
            "李",
            "👩\u{200d}👩\u{200d}👧",
            "🇩🇪",
            "\u{e0041}",
            "﷽",
            "ﷺ",
            "\r\n",
            "\t",
            "\u{ad}",
            "\u{1160}",
            "\u{3164}",
            "क्षि",
            "ไทย",
            "a",
        ])
        .prop_map(str::to_owned),
    ]
}

fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 1..12).prop_map(|pieces| pieces.concat())
}

/// The agents of Sales, with these names as far as the wire lets them through.
fn agents(names: &[String]) -> Vec<Value> {
    let named = |(number, name): (usize, &String)| {
        let mut agent = floor::agent("sales", number, "on_call", 61);
        let kept: String = name.chars().take(64).collect();
        agent["name"] = json!(kept);
        let is_label = kept.parse::<monti_core::Label>().is_ok();
        is_label.then_some(agent)
    };
    names.iter().enumerate().filter_map(named).collect()
}

fn assert_clean(frame: &Buffer) {
    let width = usize::from(frame.area.width);
    for (at, cell) in frame.content.iter().enumerate() {
        let symbol = cell.symbol();
        assert!(!symbol.chars().any(char::is_control), "{symbol:?}");
        assert!((at % width) + symbol.width() <= width, "{symbol:?} at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// 200 floors of 50 agents.
    #[test]
    fn hostile_names_reach_no_cell_and_columns_stay_where_they_are(names in proptest::collection::vec(name(), 50)) {
        let agents = agents(&names);
        let count = agents.len();
        let mut wall = Wall::with(120, 60, |department| match department {
            "sales" => agents.clone(),
            _ => Vec::new(),
        });
        assert_clean(&wall.frame());
        wall.press("1");
        let frame = wall.frame();
        assert_clean(&frame);
        // The time stands in its columns whatever stands beside it, and so does the next panel.
        for y in 4..4 + u16::try_from(count).unwrap().min(50) {
            let cells = |from: u16, to: u16| -> String {
                (from..to).map(|x| frame[(x, y)].symbol()).collect()
            };
            prop_assert!(cells(33, 46).contains("1:01"), "{:?}", cells(0, 120));
        }
        wall.press("enter");
        assert_clean(&wall.frame());
    }
}
