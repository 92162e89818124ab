//! The server goes away while it is watched, and comes back.

use crate::{
    floor::Floor,
    pane::Pane,
    programs::{Server, WALLBOARD},
};

#[test]
fn a_server_that_is_killed_is_said_to_be_lost_and_its_last_state_stays() {
    let mut server = Server::start("5m", "10m");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "available");
    let pane = Pane::open(200, 50);
    pane.run(&format!("{WALLBOARD} --connect {}", server.address));
    pane.wait_for("Ada, live", |screen| screen.contains("Ada Lovelace") && screen.contains("live"));

    server.kill();
    let screen = pane.wait_for("the loss", |screen| {
        screen.contains("lost") && screen.contains("trying again in")
    });
    assert!(screen.contains("Ada Lovelace"), "{screen}");
    assert!(!screen.contains("live"), "{screen}");

    server.restart();
    // The agent's own link is lost: until its grace is over the server knows it nevertheless.
    let is_live = |screen: &str| screen.lines().next().is_some_and(|line| line.contains("live"));
    let screen = pane.wait_for("the present", |screen| {
        is_live(screen) && screen.contains("Ada Lovelace") && screen.contains("link lost")
    });
    assert!(!screen.contains("trying again"), "{screen}");
}

#[test]
fn a_server_that_is_not_there_is_waited_for() {
    let mut server = Server::start("5m", "10m");
    server.kill();
    let pane = Pane::open(120, 40);
    pane.run(&format!("{WALLBOARD} --connect {}", server.address));
    pane.wait_for_text("lost");
    server.restart();
    pane.wait_for_text("live");
}

#[test]
fn a_token_that_is_missing_is_asked_for_and_one_from_a_file_is_taken_when_it_comes() {
    let server = Server::start("5m", "10m");
    let token = server.token("viewer");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "monti_wrong\n").unwrap();
    let pane = Pane::open(160, 40);
    pane.run(&format!("{WALLBOARD} --connect {} --token-file {}", server.address, file.display()));
    pane.wait_for_text("lost");
    std::fs::write(&file, format!("{token}\n")).unwrap();
    pane.wait_for_text("live");
}
