//! What the terminal is asked before it is drawn on.

use crate::pty::Bare;

/// The ground of the dark theme in 256 colours.
const DARK_GROUND: &str = "48;5;234";

#[test]
fn a_theme_brings_its_own_ground_unless_the_terminal_says_that_it_has_it() {
    let (black, white) = ("rgb:0000/0000/0000", "rgb:ffff/ffff/ffff");
    for (text, ground, is_painted) in [(black, white, true), (white, black, false)] {
        // Every theme is dark here.
        let mut program = Bare::start(&["--connect", "127.0.0.1:1"], 80, 24);
        program.until("\x1b]11;?");
        program.press(&format!("\x1b]10;{text}\x07\x1b]11;{ground}\x07\x1b[?62c"));
        program.until("trying again");
        assert_eq!(program.seen.contains(DARK_GROUND), is_painted, "{ground}");
    }
}
