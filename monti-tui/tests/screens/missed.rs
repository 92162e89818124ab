//! What was not told: it is asked for again, and until it is, it is not known.

use crate::{
    floor,
    time::{SECOND, down, lose_a_minute},
    wall::Wall,
};

#[test]
fn what_was_missed_is_asked_for_again_and_the_rest_is_stale_until_it_is_told() {
    let mut wall = Wall::of(120, 40, 10);
    let agents = floor::agents("sales", 10);
    wall.effects.clear();
    wall.hear(&floor::delta("sales", 3, &agents, &[]));
    for _ in 0..4 {
        wall.tick();
    }
    wall.shows("late 0:04");
    assert_eq!(wall.effects, [monti_tui::Effect::Resync]);
    wall.tick();
    assert_eq!(wall.effects, [monti_tui::Effect::Resync, monti_tui::Effect::Resync]);
    for _ in 0..5 {
        wall.tick();
    }
    wall.shows("stale 0:10");
    assert_eq!(Some(wall.frame()[(20, 10)].fg), wall.app.theme().stale.fg);
    wall.hear_all(11, |_| agents.clone());
    wall.shows(" live ");
    // What was between is not known.
    wall.press("[").shows("the server was silent");
}

#[test]
fn a_moment_at_which_something_was_missed_is_not_known_while_it_is_awaited() {
    let mut wall = Wall::of(120, 40, 10);
    let agents = floor::agents("sales", 10);
    for second in 1..=30 {
        wall.tick();
        wall.hear(&floor::delta("sales", second, &agents, &[]));
    }
    for _ in 31..=40 {
        wall.tick();
    }
    // It follows a second of which nothing was told: since 10:15:30 Sales is not known.
    wall.hear(&floor::delta("sales", 40, &agents, &[]));
    wall.tick();
    wall.shows("late 0:01");
    wall.press("[").shows("THE PAST · 10:15:31").shows("the server was silent");
    assert_eq!(Some(wall.frame()[(20, 10)].fg), wall.app.theme().stale.fg);
    wall.press("[").shows("THE PAST · 10:15:21").shows_no("the server was silent");
    wall.hear_all(41, |_| agents.clone());
    wall.press("]").shows("THE PAST · 10:15:31").shows("the server was silent");
}

#[test]
fn a_second_of_which_only_the_tick_came_is_not_known() {
    let mut wall = Wall::of(120, 40, 10);
    for _ in 0..3 {
        wall.tick();
    }
    down(&mut wall);
    wall.press("space").shows("THE PAST · 10:15:03").shows("the server was silent");
}

#[test]
fn that_nothing_was_told_before_anything_happened_is_seen_too() {
    let mut wall = Wall::of(120, 40, 10);
    wall.tick();
    lose_a_minute(&mut wall);
    wall.hear_all(61, floor::ten);
    wall.press("v").shows("not all was told from 10:15:00 to 10:16:01");
}

/// The server tells that a call was queued in this second.
fn happen(wall: &mut Wall, second: u64, number: u64) {
    let timestamp = floor::start() + monti_core::Millis::from_secs(second);
    wall.hear(&serde_json::json!({
        "type": "activity", "timestamp": timestamp, "tick": second, "events": [{
            "kind": "queued", "callId": format!("CALL-20260129-{number:06}"),
            "vq": "sales_general", "department": "sales",
        }],
    }));
}

#[test]
fn what_happened_while_nothing_was_told_is_seen_to_be_missing() {
    let mut wall = Wall::of(120, 40, 10);
    happen(&mut wall, 0, 41);
    wall.tick();
    lose_a_minute(&mut wall);
    happen(&mut wall, 61, 42);
    wall.hear_all(61, floor::ten);
    wall.press("v");
    let rows = wall.rows();
    let at = |words: &str| rows.iter().position(|row| row.contains(words));
    // The second in which the link was lost may not have been told whole.
    let missing = at("not all was told from 10:15:00 to 10:16:01");
    assert!(at("000042") < missing && missing < at("000041"), "{}", wall.text());
    // It is there whatever is looked for.
    wall.press("/").write("000041").press("enter").shows("not all was told").shows_no("000042");
}

#[test]
fn seconds_that_were_skipped_are_not_known() {
    let mut wall = Wall::of(120, 40, 10);
    let agents = floor::agents("sales", 10);
    for second in 1..=10 {
        wall.tick();
        wall.hear(&floor::delta("sales", second, &agents, &[]));
    }
    happen(&mut wall, 10, 41);
    // It could not be told each second, and is told the newest one.
    wall.wait(8 * SECOND);
    wall.hear_all(18, floor::ten);
    happen(&mut wall, 18, 42);
    wall.shows(" live ");
    wall.press("v").shows("not all was told from 10:15:10 to 10:15:18");
    wall.press("esc");
    for second in 19..=25 {
        wall.at += SECOND;
        wall.hear(&floor::tick(second));
        wall.hear(&floor::delta("sales", second, &agents, &[]));
    }
    wall.press("[").shows("THE PAST · 10:15:15").shows("the server was silent");
    wall.press("\\ v").shows("from 10:15:10 to 10:15:18").shows_no("to 10:15:19");
}

#[test]
fn a_full_state_that_follows_on_what_was_told_leaves_nothing_out() {
    let mut wall = Wall::of(120, 40, 10);
    for second in 1..=5 {
        wall.tick();
        // As when a server is asked to: of the second that was told, and of the next one.
        wall.hear_all(second, floor::ten);
        wall.at += SECOND;
        wall.hear_all(second + 1, floor::ten);
    }
    wall.press("v").shows_no("not all was told");
}
