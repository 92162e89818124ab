//! However it ends, the terminal is as it was.

use crate::{
    pane::{PROMPT, Pane},
    programs::{Server, WALLBOARD},
};

#[test]
fn the_terminal_is_as_it_was_after_q() {
    let (server, pane) = watching();
    pane.press(&["q"]);
    assert_clean(&pane);
    pane.run("echo status $?");
    pane.wait_for_text("status 0");
    drop(server);
}

#[test]
fn the_terminal_is_as_it_was_after_sigterm_and_sighup() {
    let (server, pane) = watching();
    for signal in ["TERM", "HUP", "INT"] {
        self::signal(&pane, signal);
        assert_clean(&pane);
        start(&server, &pane);
    }
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let (_server, pane) = watching();
    for _ in 0..2 {
        pane.press(&["C-z"]);
        pane.wait_for_text("Stopped");
        assert_clean(&pane);
        pane.run("fg");
        pane.wait_for("the wallboard again", |screen| {
            screen.contains("live") && !screen.contains(PROMPT)
        });
        assert_eq!(pane.ask("#{alternate_on} #{cursor_flag}"), "1 0");
    }
    pane.press(&["q"]);
    assert_clean(&pane);
}

#[test]
fn what_was_stopped_without_being_asked_takes_the_terminal_over_again() {
    let (_server, pane) = watching();
    signal(&pane, "STOP");
    pane.wait_for_text("Stopped");
    // The shell has the terminal as shells have it, and leaves it so.
    pane.run("stty sane; fg");
    pane.wait_for("the wallboard again", |screen| {
        screen.contains("live") && !screen.contains(PROMPT)
    });
    pane.press(&["?"]);
    pane.wait_for_text("Keys here");
    pane.press(&["q"]);
    assert_clean(&pane);
}

#[test]
fn a_panic_leaves_a_clean_terminal_and_says_what_happened() {
    // This test's own program, run by itself in a terminal: see `panics`.
    let program = std::env::current_exe().unwrap();
    let pane = Pane::open(100, 30);
    let test = "ending::panics_on_a_terminal";
    pane.run(&format!("MONTI_TEST_PANIC=1 {} --exact {test} --nocapture", program.display()));
    pane.wait_for_text("a wheel came off");
    assert_clean(&pane);
    pane.run("echo status $?");
    pane.wait_for_text("status 101");
}

/// Takes a terminal over and panics, if the test above asks for it; by itself it proves nothing.
#[test]
fn panics_on_a_terminal() {
    if std::env::var_os("MONTI_TEST_PANIC").is_none() {
        return;
    }
    monti_tui::terminal::end_on_panic();
    let mut terminal = monti_tui::terminal::Terminal::take(true).unwrap();
    terminal.draw(|frame| frame.render_widget("all is well", frame.area())).unwrap();
    panic!("a wheel came off");
}

/// A server, and a terminal in which the wallboard watches it.
fn watching() -> (Server, Pane) {
    let server = Server::start("5m", "10m");
    let pane = Pane::open(160, 45);
    start(&server, &pane);
    assert_eq!(pane.ask("#{alternate_on} #{cursor_flag}"), "1 0");
    (server, pane)
}

/// Sends a signal to the wallboard in a terminal.
fn signal(pane: &Pane, signal: &str) {
    let shell = pane.ask("#{pane_pid}");
    let sent =
        std::process::Command::new("pkill").args(["--signal", signal, "--parent", &shell]).status();
    assert!(sent.expect("pkill, of procps").success());
}

fn start(server: &Server, pane: &Pane) {
    pane.run(&format!("clear; {WALLBOARD} --connect {}", server.address));
    pane.wait_for("the wallboard", |screen| screen.contains("live") && !screen.contains(PROMPT));
}

/// The shell is back on the screen that was there before, with a cursor, echo and no mouse.
fn assert_clean(pane: &Pane) {
    pane.wait("a clean terminal", || {
        let state = pane.ask("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag}");
        (state == "0 1 0 1").then_some(())
    });
    let screen = pane.wait_for("the prompt", |screen| {
        screen.trim_end().lines().last().is_some_and(|line| line.starts_with(PROMPT))
    });
    assert!(!screen.contains("details") && !screen.contains("─"), "{screen}");
    pane.type_text("echo");
    pane.wait_for_text(&format!("{PROMPT} echo"));
    pane.press(&["C-u"]);
}
