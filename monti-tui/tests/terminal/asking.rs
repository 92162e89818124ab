//! What the terminal is asked before it is drawn on.

use crate::pty::Bare;

/// The ground of the dark theme in 256 colours.
const DARK_GROUND: &str = "48;5;234";

#[test]
fn a_theme_brings_its_own_ground_unless_the_terminal_says_that_it_has_it() {
    for (ground, is_painted) in
        [("rgb:ffff/ffff/ffff\x07", true), ("rgb:0000/0000/0000\x1b\\", false)]
    {
        // Every theme is dark here.
        let mut program = Bare::start(&["--connect", "127.0.0.1:1"], 80, 24);
        program.until("\x1b]11;?");
        // The answer is no key. What is drawn for a key after it is drawn with it, and all anew
        // holds nothing of what was drawn before.
        program.press(&format!("\x1b]11;{ground}?"));
        program.until("Keys here");
        program.seen.clear();
        program.press("\x0c");
        program.until("Keys here");
        assert_eq!(program.seen.contains(DARK_GROUND), is_painted, "{ground}");
    }
}

#[test]
fn a_terminal_that_answers_nothing_gets_its_picture_on_the_themes_own_ground() {
    let mut program = Bare::start(&["--connect", "127.0.0.1:1"], 80, 24);
    program.until("trying again");
    assert!(program.seen.contains(DARK_GROUND), "{}", program.seen);
}
