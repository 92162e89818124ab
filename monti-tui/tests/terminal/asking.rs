//! What the terminal is asked before it is drawn on.

use std::{fs::File, io::Read as _};

use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use crate::pty::{Bare, Pty};

/// The ground of the dark theme in 256 colours.
const DARK_GROUND: &str = "48;5;234";

#[test]
fn a_theme_brings_its_own_ground_unless_the_terminal_says_that_it_has_it() {
    for (ground, is_painted) in
        [("rgb:ffff/ffff/ffff\x07", true), ("rgb:0000/0000/0000\x1b\\", false)]
    {
        // Unless they say otherwise, programs here have the dark theme.
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

#[test]
fn a_theme_that_was_chosen_before_the_terminal_has_answered_stays() {
    let mut program = Bare::start(&["--theme", "auto", "--connect", "127.0.0.1:1"], 80, 24);
    program.until("trying again");
    // Light is chosen, and then the first of all.
    program.press("t");
    program.until("theme light");
    program.press("\x1b]11;rgb:ffff/ffff/ffff\x07");
    // What follows it is high-contrast, of which only the end is drawn anew.
    program.press("t");
    program.until("contrast");
}

#[test]
fn an_answer_that_ends_with_a_bare_esc_is_no_key() {
    let mut program = Bare::start(&["--connect", "127.0.0.1:1"], 80, 24);
    program.until("\x1b]11;?");
    program.press("\x1b]11;rgb:0000/0000/0000\x1b");
    // It is drawn again on the terminal's own ground, without a key.
    program.until("trying again");
    program.press("?");
    program.until("Keys here");
    program.seen.clear();
    program.press("\x0c");
    program.until("Keys here");
    assert!(!program.seen.contains(DARK_GROUND), "{}", program.seen);
}

#[test]
fn an_answer_that_is_under_way_at_the_end_is_not_left_to_the_shell() {
    let keys = Pty::open(80, 24);
    let mut shell = File::from(keys.slave());
    let output = Pty::open(80, 24);
    let mut program = Bare::start_between(&["--connect", "127.0.0.1:1"], &keys, output);
    program.until("\x1b]11;?");
    program.press("q");
    // The screen that was there before is there again.
    program.until("\x1b[?1049l");
    program.press("\x1b]11;rgb:0000/0000/0000\x07");
    assert_eq!(program.wait().code(), Some(0));
    // What is left would come first; a shell takes keys as they come.
    let mut modes = tcgetattr(&shell).unwrap();
    modes.make_raw();
    tcsetattr(&shell, OptionalActions::Now, &modes).unwrap();
    program.press("!");
    let (mut left, mut key) = (String::new(), [0]);
    while !left.ends_with('!') {
        shell.read_exact(&mut key).unwrap();
        left.push(char::from(key[0]));
    }
    assert_eq!(left, "!");
}
