//! Tokens, TLS, and other people's logins.

use std::{fs, process::Command};

use monti_sim::{live::LiveError, remote::Token};

use crate::{
    server::{Server, program},
    sim::{Sim, Wish},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_asked_for_and_a_wrong_one_refused_for_good() {
    let mut server = Server::start(&[]);
    let token = token(&server, "simulator", "sim-");
    for (token, says) in [
        (None, "--token-file or MONTI_TOKEN"),
        (Some(Token::Text("monti_wrong".to_owned())), "it does not accept the token"),
    ] {
        let refused = Sim::try_start(&server, Wish { token, ..Wish::default() }).await;
        let Err(LiveError::Refused { reason, .. }) = refused else { panic!("let in") };
        assert!(reason.contains(says), "{reason}");
    }
    let token = Some(Token::Text(token));
    let mut sim = Sim::start(&server, Wish { token, ..Wish::default() }).await;
    sim.when(|progress| progress.agents == (20, 20)).await;
    // One who loses the right to be there is told so when it comes back, and does not knock for
    // ever.
    manage(&server, &["token", "add", "--role", "viewer", "--name", "wall"]);
    manage(&server, &["token", "revoke", "simulator"]);
    server.kill();
    server.start_again();
    let ended = sim.ended().await;
    assert!(matches!(ended, Err(LiveError::Refused { .. })), "{ended:?}");
}

/// As in the wallboard: a new token is used without a restart.
#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_the_first_line_of_its_file_when_a_link_is_dialled() {
    let mut server = Server::start(&[]);
    let file = server.folder().join("token");
    fs::write(&file, token(&server, "simulator", "sim-") + "\nof the simulator\n").unwrap();
    let token = Some(Token::File(file.clone()));
    let mut sim = Sim::start(&server, Wish { token, ..Wish::default() }).await;
    sim.when(|progress| progress.agents == (20, 20)).await;
    let add = ["token", "add", "--role", "simulator", "--name", "new", "--agent", "sim-"];
    fs::write(&file, manage(&server, &add)).unwrap();
    manage(&server, &["token", "revoke", "simulator"]);
    server.kill();
    sim.when(|progress| progress.links.0 == 0).await;
    server.start_again();
    sim.when(|progress| progress.agents == (20, 20) && progress.links.0 == 1).await;
    sim.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_outside_of_the_tokens_prefix_are_not_let_in_and_the_others_are() {
    let server = Server::start(&[]);
    let token = token(&server, "simulator", "sim-sales");
    let token = Some(Token::Text(token));
    let mut sim = Sim::start(&server, Wish { token, ..Wish::default() }).await;
    // A quarter of the twenty is in sales.
    sim.when(|progress| progress.agents.0 == 5 && progress.errors == 15).await;
    let tally = sim.stop().await;
    assert_eq!(tally.registrations, 5);
}

#[test]
fn over_tls_a_server_is_spoken_to_that_has_a_trusted_certificate_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let [trusted, other] = [0, 1].map(|_| {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate")
    });
    fs::write(path("cert.pem"), trusted.cert.pem()).unwrap();
    fs::write(path("key.pem"), trusted.signing_key.serialize_pem()).unwrap();
    fs::write(path("other.pem"), other.cert.pem()).unwrap();
    let server = Server::start(&["--tls-cert", &path("cert.pem"), "--tls-key", &path("key.pem")]);
    let play = |scheme: &str, server: &Server, (variable, roots): (&str, &str)| {
        let mut sim = Command::new(env!("CARGO_BIN_EXE_monti-sim"));
        sim.env_clear().env(variable, path(roots));
        sim.args(["run", "--connect", &format!("{scheme}localhost:{}", server.address.port())]);
        sim.args(["--control", "127.0.0.1:0", "--agents", "3", "--stop-after", "2s"]);
        let played = sim.output().unwrap();
        (played.status.success(), String::from_utf8_lossy(&played.stderr).into_owned())
    };
    for variable in ["SSL_CERT_FILE", "MONTI_CA"] {
        let (is_good, log) = play("wss://", &server, (variable, "cert.pem"));
        assert!(is_good && log.contains("links_lost=0"), "{log}");
    }
    let (is_good, log) = play("wss://", &server, ("SSL_CERT_FILE", "other.pem"));
    assert!(!is_good && log.contains("certificate"), "{log}");
    let (is_good, log) = play("", &server, ("MONTI_CA", "cert.pem"));
    assert!(!is_good && log.contains("if it speaks TLS the address is wss://localhost:"), "{log}");
    let (is_good, log) = play("wss://", &Server::start(&[]), ("MONTI_CA", "cert.pem"));
    assert!(!is_good && log.contains("without it the address is ws://localhost:"), "{log}");
}

fn token(server: &Server, role: &str, prefix: &str) -> String {
    manage(server, &["token", "add", "--role", role, "--name", role, "--agent", prefix])
}

fn manage(server: &Server, arguments: &[&str]) -> String {
    let mut command = Command::new(program());
    command.env_clear().env("MONTI_DATA", server.folder().join("data")).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
