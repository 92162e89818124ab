//! How people are called that do not look, and what goes onto their clipboard: byte for byte.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::{floor::Floor, programs::Server, pty::Bare};

#[test]
fn who_gets_past_a_limit_rings_the_bell_and_notifies_the_desktop_if_that_was_asked_for() {
    let server = Server::start("1s", "1s");
    let address = server.address.to_string();
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "available");
    let mut called = Bare::start(&["--connect", &address, "--bell", "--desktop"], 160, 40);
    let mut rung = Bare::start(&["--connect", &address, "--bell"], 160, 40);
    let mut silent = Bare::start(&["--connect", &address], 160, 40);
    for program in [&mut called, &mut rung, &mut silent] {
        program.until("Ada");
        // It is asked for its background, which calls nobody.
        let (before, after) = program.seen.split_once("\x1b]11;?\x07").unwrap();
        program.seen = format!("{before}{after}");
    }
    floor.set_state("ada", "break");
    let words = "Sales: Ada Lovelace is in a break for over 0:01";
    called.until(&format!("\x07\x1b]9;{words}\x07\x1b]777;notify;MONTI;{words}\x07"));
    rung.until("\x07");
    assert!(!rung.seen.contains("\x1b]9;") && !rung.seen.contains("\x1b]777;"));
    // The others knew of it by then: it is in the frame that they draw after it.
    silent.until("!1 alert");
    assert!(!silent.seen.contains('\x07') && !silent.seen.contains("\x1b]"));
}

#[test]
fn what_is_selected_goes_onto_the_clipboard_of_whoever_looks() {
    let server = Server::start("5m", "10m");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "available");
    let address = server.address.to_string();
    let mut program = Bare::start(&["--connect", &address], 160, 40);
    program.until("Ada");
    program.press("1y");
    program.until(&format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode("ada")));
}
