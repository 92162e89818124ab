//! Tokens, TLS, and other people's logins.

use std::process::Command;

use monti_sim::live::LiveError;

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
        (Some("monti_wrong".parse().unwrap()), "--token-file or MONTI_TOKEN"),
    ] {
        let refused = Sim::try_start(&server, Wish { token, ..Wish::default() }).await;
        let Err(LiveError::Refused { reason, .. }) = refused else { panic!("let in") };
        assert!(reason.contains(says), "{reason}");
    }
    let token = Some(token.parse().unwrap());
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

#[tokio::test(flavor = "multi_thread")]
async fn agents_outside_of_the_tokens_prefix_are_not_let_in_and_the_others_are() {
    let server = Server::start(&[]);
    let token = token(&server, "simulator", "sim-sales");
    let token = Some(token.parse().unwrap());
    let mut sim = Sim::start(&server, Wish { token, ..Wish::default() }).await;
    // A quarter of the twenty is in sales.
    sim.when(|progress| progress.agents.0 == 5 && progress.errors == 15).await;
    let tally = sim.stop().await;
    assert_eq!(tally.registrations, 5);
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
