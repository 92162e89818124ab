//! What is seen while all is well.

use crate::{
    floor::Floor,
    pane::Pane,
    programs::{Server, WALLBOARD},
};

#[test]
fn all_departments_are_seen_and_a_caller_in_its_queue() {
    let server = Server::start("5m", "10m");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "support", "Ada Lovelace", "available");
    let pane = Pane::open(200, 50);
    pane.run(&format!("{WALLBOARD} --connect {}", server.address));
    let screen = pane.wait_for_text("Ada Lovelace");
    for department in ["Sales", "Support", "Technical", "Retention"] {
        assert!(screen.contains(department), "{screen}");
    }
    floor.call("support_tier_1", "r-1");
    pane.wait_for_text("ringing");
    let call = floor.answer("ada");
    pane.wait_for_text("on call");
    floor.complete("ada", &call);
    pane.wait_for_text("ACW");
}

#[test]
fn who_is_past_a_limit_is_seen_in_reverse_video() {
    let server = Server::start("1s", "1s");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "break");
    let pane = Pane::open(200, 50);
    pane.run(&format!("NO_COLOR=1 {WALLBOARD} --connect {}", server.address));
    pane.wait_for_text("Ada Lovelace");
    pane.wait("a reversed row", || is_reversed(&pane.styled(), "Ada Lovelace").then_some(()));
}

#[test]
fn a_call_that_is_injected_is_seen_in_its_queue() {
    let server = Server::start("5m", "10m");
    let pane = Pane::open(200, 50);
    pane.run(&format!("{WALLBOARD} --connect {}", server.address));
    pane.wait_for_text("live");
    let is_waiting = |line: &str| line.contains("General") && line.contains("1 wait");
    let waiting = |screen: &str| screen.lines().any(is_waiting);
    assert!(!waiting(&pane.screen()));
    pane.press(&["i"]);
    pane.wait_for_text("Put a call into a queue");
    pane.press(&["Enter"]);
    pane.wait_for_text("CALL-");
    pane.press(&["Escape"]);
    pane.wait_for("the call in its queue", waiting);
}

#[test]
fn a_department_and_an_agent_with_their_past_are_two_keys_away() {
    let server = Server::start("5m", "10m");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "available");
    floor.call("sales_general", "r-1");
    let call = floor.answer("ada");
    floor.complete("ada", &call);
    let pane = Pane::open(200, 50);
    pane.run(&format!("{WALLBOARD} --connect {}", server.address));
    pane.wait_for_text("Ada Lovelace");
    pane.press(&["1"]);
    pane.wait_for_text("name, by name");
    pane.press(&["Enter"]);
    // Today's line of the history comes over REST: one call.
    let screen = pane.wait_for("the history", |screen| {
        let mut lines = screen.lines().skip_while(|line| !line.contains("Daily history"));
        let today = lines.find(|line| line.contains("│ 20"));
        today.is_some_and(|line| line.split_whitespace().any(|word| word == "1"))
    });
    assert!(screen.contains("Ada Lovelace"), "{screen}");
    pane.press(&["Escape"]);
    // An escape that is followed at once by a key is that key with alt.
    pane.wait_for("the popup gone", |screen| !screen.contains("Daily history"));
    pane.press(&["b"]);
    // Its names are big; its alerts are a line.
    pane.wait_for("the wall", |screen| {
        screen.contains("no queue below its target") && screen.contains("% of offered")
    });
    pane.press(&["b"]);
    pane.wait_for_text("name, by name");
}

#[test]
fn the_size_can_change_at_any_time() {
    let server = Server::start("5m", "10m");
    let pane = Pane::open(200, 50);
    pane.run(&format!("{WALLBOARD} --connect {}", server.address));
    pane.wait_for_text("live");
    for (columns, rows) in [(100, 30), (60, 16), (30, 5), (10, 3), (1, 1), (250, 70)] {
        pane.resize(columns, rows);
        pane.wait("the size", || {
            let size = pane.ask("#{window_width}x#{window_height}");
            (size == format!("{columns}x{rows}")).then_some(())
        });
    }
    pane.wait_for("all departments", |screen| {
        screen.contains("live") && screen.contains("Retention")
    });
    assert_eq!(pane.ask("#{alternate_on}"), "1");
}

/// Whether a text is shown in reverse video on a screen that is given with its sequences.
fn is_reversed(styled: &str, text: &str) -> bool {
    let Some((before, _)) = styled.split_once(text) else { return false };
    let sequences = before.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m'));
    let codes = sequences.flat_map(|(codes, _)| codes.split(';'));
    codes.fold(false, |reversed, code| match code {
        "7" => true,
        "" | "0" | "27" => false,
        _ => reversed,
    })
}
