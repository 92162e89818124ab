//! Terminals that take nothing, or give nothing any more.

use rustix::process::Signal;

use crate::{
    floor::Floor,
    programs::Server,
    pty::{Bare, Pty},
};

#[test]
fn a_terminal_that_takes_nothing_does_not_keep_the_program_from_ending() {
    let (_server, mut program) = stalled();
    program.signal(Signal::TERM);
    assert_eq!(program.wait().code(), Some(0));
}

#[test]
fn a_terminal_that_takes_something_again_shows_the_newest() {
    let (_server, mut program) = stalled();
    assert!(!program.seen.contains("CALL-"));
    program.go_on();
    program.until("CALL-");
    program.press("q");
    assert_eq!(program.wait().code(), Some(0));
}

/// A wallboard on a terminal that takes nothing any more, although there is something to draw: keys
/// count nevertheless, as the call shows that they put in.
fn stalled() -> (Server, Bare) {
    let server = Server::start("5m", "10m");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "available");
    let mut program = Bare::start(&["--connect", &server.address.to_string()], 200, 60);
    program.until("Ada");
    program.seen.clear();
    program.stall();
    program.press("i");
    program.press("\r");
    floor.answer("ada");
    (server, program)
}

#[test]
fn keys_that_have_gone_are_told_and_nobody_reads_them_any_more() {
    let server = Server::start("5m", "10m");
    let address = server.address.to_string();
    let (input, output) = (Pty::open(120, 40), Pty::open(120, 40));
    let mut program = Bare::start_between(&["--connect", &address], &input, output);
    program.until("live");
    assert!(program.threads().contains(&"keys".to_owned()), "{:?}", program.threads());
    drop(input);
    program.drop_keys();
    program.until("no keys any more");
    let start = std::time::Instant::now();
    while program.threads().contains(&"keys".to_owned()) {
        assert!(start.elapsed().as_secs() < 30, "somebody reads what is not there");
    }
    // It watches on, and ends when it is told to.
    program.seen.clear();
    program.until("\x1b[?2026h");
    program.signal(Signal::TERM);
    assert_eq!(program.wait().code(), Some(0));
}

#[test]
fn what_no_shell_runs_is_not_stopped_by_ctrl_z() {
    let server = Server::start("5m", "10m");
    let address = server.address.to_string();
    let mut program = Bare::start(&["--connect", &address], 120, 40);
    program.until("live");
    program.press("\x1a");
    program.until("nobody could bring it back");
    program.signal(Signal::TSTP);
    program.press("?");
    program.until("Keys here");
    program.press("q");
    assert_eq!(program.wait().code(), Some(0));
}
