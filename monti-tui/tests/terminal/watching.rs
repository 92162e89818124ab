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
    pane.wait("a reversed row", || {
        let styled = pane.styled();
        let row = styled.lines().find(|line| line.contains("Ada Lovelace"))?;
        // Reverse video, by itself or among other attributes.
        let before = row.split("Ada Lovelace").next()?;
        let last = before.rsplit("\x1b[").next()?.split('m').next()?;
        last.split(';').any(|code| code == "7").then_some(())
    });
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
