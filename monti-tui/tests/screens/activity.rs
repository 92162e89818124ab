//! What happens, and what of it is read.

use serde_json::json;

use crate::{floor, wall::Wall};

#[test]
fn activity_is_told_newest_first_and_filtered() {
    let mut wall = Wall::of(120, 40, 10);
    let event = |number: u32, vq: &str| {
        json!({"kind": "queued", "callId": format!("CALL-20260129-{number:06}"), "vq": vq,
               "department": "sales"})
    };
    let events = [event(41, "sales_general"), event(42, "sales_upsell")];
    wall.hear(
        &json!({"type": "activity", "timestamp": floor::start(), "tick": 0, "events": events}),
    );
    wall.press("v");
    let text = wall.text();
    assert!(text.find("000042") < text.find("000041"), "{text}");
    wall.press("/").write("UPSELL").press("enter").shows("000042").shows_no("000041");
}

#[test]
fn what_happened_is_found_by_the_words_that_are_shown_of_it() {
    let mut wall = Wall::of(120, 40, 10);
    let call = |number: u32| format!("CALL-20260129-{number:06}");
    let events = json!([
        {"kind": "accepted", "callId": call(1), "agentId": "sales.00000", "vq": "sales_general",
         "department": "sales"},
        {"kind": "ring_timeout", "callId": call(2), "agentId": "support.00001",
         "vq": "support_tier_1", "department": "support"},
    ]);
    wall.hear(
        &json!({"type": "activity", "timestamp": floor::start(), "tick": 0, "events": events}),
    );
    wall.press("v");
    for (filter, found) in [
        ("answered", 1),
        ("no answer", 2),
        ("tier 1", 2),
        ("Avery", 1),
        ("sales.00000", 1),
        ("support_tier_1", 2),
        ("SUPPORT", 2),
    ] {
        wall.press("/ ctrl-u").write(filter).press("enter");
        wall.shows(&call(found)).shows_no(&call(3 - found));
    }
}

#[test]
fn any_words_will_do_to_look_for_in_the_activity() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("v /").write("colour:red");
    let popups = wall.app.popups();
    assert!(matches!(popups, [monti_tui::Popup::Filter(_, None)]), "{popups:?}");
}

#[test]
fn what_is_read_of_the_activity_stays_in_place_as_more_happens() {
    let mut wall = Wall::of(120, 40, 10);
    happen(&mut wall, 0, 1..100);
    // From the top on the newest is what is read.
    wall.press("v").shows("000099");
    happen(&mut wall, 0, 100..101);
    wall.shows("000100");
    wall.press("down").shows_no("000100").shows("000099");
    let read = wall.rows()[1..39].to_vec();
    happen(&mut wall, 0, 101..150);
    assert_eq!(wall.rows()[1..39], read);
    wall.press("home").shows("000149");
}

#[test]
fn what_is_read_of_the_activity_does_not_jump_to_the_newest_when_it_is_kept_no_longer() {
    let mut wall = Wall::of(120, 40, 10);
    happen(&mut wall, 0, 1..5_001);
    wall.press("v G").shows("000001");
    // 5,000 are kept: the oldest end is now another, and that is where the reader stays.
    happen(&mut wall, 0, 5_001..5_101);
    wall.shows("000101").shows_no("000100").shows_no("005100");
    wall.press("[").shows_no("005100");
}

#[test]
fn the_activity_of_the_past_is_not_blank() {
    let mut wall = Wall::of(120, 40, 10);
    happen(&mut wall, 0, 1..3);
    for _ in 0..20 {
        wall.tick();
    }
    happen(&mut wall, 20, 3..200);
    wall.press("v G").shows("000001");
    wall.press("[").shows("THE PAST").shows("000002").shows("000001");
}

#[test]
fn that_more_may_have_happened_than_is_told_at_once_is_seen() {
    let mut wall = Wall::of(120, 40, 10);
    happen(&mut wall, 0, 1..200);
    wall.press("v G").shows("000001").shows_no("more may have happened");
    wall.tick();
    happen(&mut wall, 1, 1_000..1_200);
    let told = "10:15:01  more may have happened: 200 are told at most";
    wall.press("G").shows("000001").shows_no(told);
    // It stands before what was told, and whatever is looked for.
    wall.press("/").write("nothing").press("enter").shows(told).shows_no("CALL");
    wall.press("/ ctrl-u").write("001000").press("enter");
    let rows = wall.rows();
    let at = |text| rows.iter().position(|row| row.contains(text)).unwrap();
    assert_eq!(at("CALL-20260129-001000") + 1, at(told), "{}", wall.text());
}

fn happen(wall: &mut Wall, second: u64, numbers: std::ops::Range<u32>) {
    let event = |number: u32| {
        json!({"kind": "queued", "callId": format!("CALL-20260129-{number:06}"),
               "vq": "sales_general", "department": "sales"})
    };
    let events: Vec<_> = numbers.map(event).collect();
    let timestamp = floor::start() + monti_core::Millis::from_secs(second);
    wall.hear(
        &json!({"type": "activity", "timestamp": timestamp, "tick": second, "events": events}),
    );
}
