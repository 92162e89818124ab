//! One department: its agents sorted, filtered, selected.

use monti_tui::Setup;

use crate::{floor, wall::Wall};

#[test]
fn agents_are_sorted_and_filtered_as_the_settings_want_it() {
    let filter = monti_tui::filter::Filter::parse("state:acw").unwrap();
    let setup = Setup { sort: monti_tui::board::Sort::Time, filter, ..Setup::default() };
    for (width, height, keys) in [(120, 40, "2"), (80, 24, "right")] {
        let mut wall = Wall::calm(width, height, setup.clone());
        wall.press(keys).shows("name, by time in state").shows("Daniel").shows_no("Avery");
        // The filter can be taken off wherever it is in effect.
        wall.press("esc").shows("Avery").shows_no("match state:acw");
    }
}

#[test]
fn a_filter_leaves_who_matches_and_says_how_many() {
    let mut wall = Wall::of(120, 40, 20);
    wall.press("1 /").write("state:acw").press("enter");
    wall.shows("match state:acw").shows("Daniel").shows_no("Avery");
    wall.press("esc").shows_no("match state:acw");
    wall.press("/").write("nobody").press("enter").shows("no agent matches");
    wall.press("/ ctrl-u").write("state:asleep").shows("\"asleep\" is no state");
    // What means nothing is not taken over.
    wall.press("enter").shows("\"asleep\" is no state");
}

#[test]
fn the_order_changes_with_the_sort_and_never_by_time_alone() {
    let mut wall = Wall::of(120, 40, 20);
    let names = |wall: &Wall| -> Vec<String> {
        let rows = wall.rows();
        let name = |row: &String| row.chars().skip(45).take(18).collect::<String>();
        rows[4..24].iter().map(name).collect()
    };
    wall.press("1");
    let by_name = names(&wall);
    wall.tick();
    assert_eq!(names(&wall), by_name);
    for sort in ["state", "time in state", "queue", "calls"] {
        wall.press("s").shows(&format!("name, by {sort}"));
        let sorted = names(&wall);
        assert_ne!(sorted, by_name, "{sort}");
        wall.tick();
        assert_eq!(names(&wall), sorted, "{sort}");
    }
    wall.press("s");
    assert_eq!(names(&wall), by_name);
}

#[test]
fn the_selection_stays_with_the_agent_when_others_come_before_it() {
    let mut wall = Wall::of(120, 40, 20);
    wall.press("1 down down down");
    let mut agents = floor::agents("sales", 20);
    agents[19] = floor::agent("sales", 19, "break", 700);
    let changed = [agents[19].clone()];
    wall.hear(&floor::delta("sales", 1, &agents, &changed));
    wall.press("enter").shows("sales.00003");
}

#[test]
fn the_next_department_is_sorted_and_filtered_like_the_one_before() {
    let mut wall = Wall::of(120, 40, 20);
    wall.press("1 s /").write("state:acw").press("enter tab");
    wall.shows("Tier 1").shows("match state:acw").shows("name, by state");
}
