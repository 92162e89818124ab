//! Who may do what, and what comes of it.

use crate::{
    floor::Floor,
    pane::Pane,
    programs::{Server, WALLBOARD},
};

/// What is done to the agent in the popup: the keys that choose it, and what is said when it is done.
const ACTS: [(&[&str], &str); 3] = [
    (&["Enter"], "Ada Lovelace is set to available after the call"),
    (&["G", "k", "Enter"], "is ended"),
    (&["G", "Enter"], "Ada Lovelace is logged out"),
];

#[test]
fn a_viewer_may_watch_and_every_action_is_refused_in_words() {
    let (server, _floor) = on_a_call();
    let pane = watching(&server, "viewer");
    open_agent(&pane);
    for (keys, done) in ACTS {
        pane.press(&["x"]);
        pane.wait_for_text("log out");
        pane.press(keys);
        pane.wait_for_text("Sure?");
        pane.press(&["Enter"]);
        let screen = pane.wait_for_text("not done: ");
        assert!(screen.contains("takes a token with the role supervisor"), "{screen}");
        assert!(!screen.contains(done), "{screen}");
        // The next one's words are its own.
        pane.press(&["C-l"]);
        pane.wait_for("the words gone", |screen| !screen.contains("not done"));
    }
    pane.press(&["Escape"]);
    pane.wait_for("the popup gone", |screen| !screen.contains("Daily history"));
    pane.press(&["i"]);
    pane.wait_for_text("Put a call into a queue");
    pane.press(&["Enter"]);
    let screen = pane.wait_for_text("role supervisor");
    assert!(!screen.contains("CALL-20") || !screen.contains(" is in "), "{screen}");
}

#[test]
fn a_supervisor_acts_and_what_is_done_is_said_and_seen() {
    let (server, mut floor) = on_a_call();
    let pane = watching(&server, "supervisor");
    open_agent(&pane);
    let act = |keys: &[&str], done: &str| {
        pane.press(&["x"]);
        pane.wait_for_text("log out");
        pane.press(keys);
        pane.wait_for_text("Sure?");
        pane.press(&["Enter"]);
        pane.wait_for_text(done);
    };
    let [(set, is_set), (end, is_ended), (log_out, is_logged_out)] = ACTS;
    // During the call it is what comes after it.
    act(set, is_set);
    pane.wait_for_text("then available");
    act(end, is_ended);
    floor.hear("force_end_call");
    pane.wait_for("the agent free", |screen| screen.contains("no call"));
    act(log_out, is_logged_out);
    floor.hear("force_logout");
    pane.wait_for_text("offline");
}

#[test]
fn a_token_of_an_agent_does_not_allow_to_watch_and_that_is_said() {
    let server = Server::start("5m", "10m");
    let token = server.token("agent");
    let pane = Pane::open(160, 40);
    pane.run(&format!("MONTI_TOKEN={token} {WALLBOARD} --connect {}", server.address));
    pane.wait_for_text("the token does not allow to watch");
}

#[test]
fn a_wallboard_that_is_read_only_refuses_before_it_asks() {
    let (server, _floor) = on_a_call();
    let pane = Pane::open(160, 40);
    pane.run(&format!("{WALLBOARD} --read-only --connect {}", server.address));
    pane.wait_for_text("Ada Lovelace");
    open_agent(&pane);
    pane.press(&["x"]);
    pane.wait_for_text("this wallboard is read-only");
}

/// A server with an agent on a call.
fn on_a_call() -> (Server, Floor) {
    let server = Server::start("5m", "10m");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "available");
    floor.call("sales_general", "r-1");
    floor.answer("ada");
    (server, floor)
}

/// A wallboard with a token of this role.
fn watching(server: &Server, role: &str) -> Pane {
    let token = server.token(role);
    let pane = Pane::open(160, 40);
    pane.run(&format!("MONTI_TOKEN={token} {WALLBOARD} --connect {}", server.address));
    pane.wait_for_text("Ada Lovelace");
    pane
}

fn open_agent(pane: &Pane) {
    pane.press(&["1"]);
    pane.wait_for_text("name, by name");
    pane.press(&["Enter"]);
    pane.wait_for_text("Daily history");
}
