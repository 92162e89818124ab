//! Under TLS.

use crate::{
    pane::Pane,
    programs::{Server, WALLBOARD},
};

#[test]
fn a_server_is_watched_and_asked_under_tls_if_its_certificate_is_trusted() {
    let server = Server::start_secure();
    let (port, certificate) = (server.address.port(), server.certificate());
    let pane = Pane::open(160, 40);
    pane.run(&format!("{WALLBOARD} --connect wss://localhost:{port} --ca {certificate}"));
    pane.wait_for_text("live");
    // REST goes under it, too.
    pane.press(&["i"]);
    pane.wait_for_text("Put a call into a queue");
    pane.press(&["Enter"]);
    pane.wait_for_text(" is in General");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_in_words() {
    let (server, other) = (Server::start_secure(), Server::start_secure());
    let (port, certificate) = (server.address.port(), other.certificate());
    let pane = Pane::open(160, 40);
    pane.run(&format!("{WALLBOARD} --connect wss://localhost:{port} --ca {certificate}"));
    let screen = pane.wait_for_text("no secure connection to");
    assert!(!screen.contains("live"), "{screen}");
}

#[test]
fn a_server_that_speaks_tls_is_not_watched_in_the_clear() {
    let server = Server::start_secure();
    let pane = Pane::open(160, 40);
    let port = server.address.port();
    pane.run(&format!("{WALLBOARD} --connect localhost:{port}"));
    let screen = pane.wait_for_text(&format!("localhost:{port} does not speak HTTP"));
    assert!(!screen.contains("live"), "{screen}");
    // By the other way to the server, too.
    let pane = Pane::open(160, 40);
    pane.run(&format!("{WALLBOARD} --connect localhost:{port} --once"));
    pane.wait_for_text(&format!("speaks TLS the address is wss://localhost:{port}"));
}

#[test]
fn a_server_in_the_clear_is_not_watched_under_tls() {
    let (server, secure) = (Server::start("5m", "10m"), Server::start_secure());
    let (port, certificate) = (server.address.port(), secure.certificate());
    let pane = Pane::open(160, 40);
    pane.run(&format!("{WALLBOARD} --connect wss://localhost:{port} --ca {certificate}"));
    pane.wait_for_text(&format!("wss://localhost:{port} does not speak TLS"));
}
