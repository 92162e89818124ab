//! One queue.

use crate::{floor, wall::Wall};

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
fn of_a_queue_that_nothing_was_told_of_there_are_no_more_facts() {
    let mut wall = Wall::silent(30, 5);
    wall.connect();
    wall.hear(&floor::overview("sales", 0, &floor::ten("sales")));
    wall.press("1 right enter").shows("General").shows_no("+");
    wall.hear(&floor::calm_queues("sales", 1));
    wall.shows("General").shows("+");
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
            "target",
            "80 %",
            "without abandoned",
            "abandoned as good",
            "answered only",
            "offered",
            "answered",
            "in time",
            "abandoned",
            "short",
            "ASA",
            "AHT",
            "longest wait ended",
            "counted          O",
            "  in time        Bt",
        ] {
            assert!(seen.contains(fact), "{width}x{height}: {fact}\n{}", wall.text());
        }
    }
}

#[test]
fn each_level_of_a_queue_can_be_reckoned_from_what_is_beside_it() {
    let mut wall = Wall::of(160, 45, 10);
    let mut told = floor::queues("sales", 1, [Some(26.0); 4]);
    let level = &mut told["queues"][0]["serviceLevel"];
    // 2 were abandoned within the target, none of them soon; 1 waits longer than the target.
    for (counter, calls) in [
        ("callsOffered", 380),
        ("callsAnswered", 287),
        ("callsAnsweredInTarget", 97),
        ("callsAbandoned", 86),
        ("callsAbandonedShort", 0),
    ] {
        level[counter] = calls.into();
    }
    let share = |part: f64, whole: f64| serde_json::Value::from(100.0 * part / whole);
    level["currentPercent"] = share(97.0, 374.0);
    level["variants"] = serde_json::json!({
        "seed": share(97.0, 374.0), "ignoreAbandoned": share(97.0, 372.0),
        "abandonedPositive": share(99.0, 373.0), "answeredOnly": share(97.0, 287.0),
    });
    wall.hear(&told);
    wall.press("1 right enter");
    for (name, figure) in [
        ("answered         A", "287"),
        ("in time        At", "97"),
        ("abandoned        B", "86"),
        ("in time        Bt", "2"),
        ("short", "0  within 0:05"),
        ("counted          O", "374  A, B, and waiting late"),
        ("target", "80 %  in 0:20"),
        ("service level", "25.9 %  At / O"),
        ("without abandoned", "26.0 %  At / (O - Bt)"),
        ("abandoned as good", "26.5 %  (At + Bt) / (A + B)"),
        ("answered only", "33.7 %  At / A"),
    ] {
        let rows = wall.rows();
        let has = |row: &String| {
            row.contains(&format!(" {name} ")) && row.contains(&format!(" {figure}"))
        };
        assert!(rows.iter().any(has), "{name} {figure}\n{}", wall.text());
    }
}
