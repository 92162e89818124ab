//! One queue.

use crate::wall::Wall;

#[test]
fn a_queue_is_two_keys_away_and_escape_leads_back() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("right down enter").shows("sales_enterprise").shows("answered only");
    wall.press("esc").shows_no("sales_enterprise");
    wall.press("1 right down down enter").shows("sales_upsell");
    wall.press("esc").shows("name, by name");
    wall.press("esc").shows_no("name, by name");
}

#[test]
fn nothing_of_a_queue_is_cut_where_there_is_less_room() {
    for (width, height) in [(80, 24), (60, 16), (30, 5)] {
        let mut wall = Wall::of(width, height, 10);
        wall.press("1 right enter");
        let mut seen = wall.text();
        for _ in 0..20 {
            wall.press("down");
            seen.push_str(&wall.text());
        }
        for fact in [
            "waiting",
            "longest wait",
            "estimated wait",
            "ringing",
            "active",
            "available",
            "service level",
            "without short",
            "short are good",
            "answered only",
            "offered",
            "answered",
            "in time",
            "abandoned",
            "short",
            "ASA",
            "AHT",
            "longest wait today",
        ] {
            assert!(seen.contains(fact), "{width}x{height}: {fact}\n{}", wall.text());
        }
    }
}
