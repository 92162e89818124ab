//! A wall: what it shows, that it turns, and that it comes back from whatever somebody did to it.

use std::time::Duration;

use monti_tui::{Message, Setup, kiosk::Settings};
use serde_json::Value;

use crate::{floor, wall::Wall};

/// A wall that shows each department for 15 seconds.
fn wall(width: u16, height: u16) -> Wall {
    let rotate = Some(Duration::from_secs(15));
    let kiosk = Settings { start: true, rotate, ..Settings::default() };
    Wall::calm(width, height, Setup { kiosk, ..Setup::default() })
}

#[test]
fn departments_follow_each_other_in_a_circle() {
    let mut wall = wall(200, 60);
    for name in ["Sales  1 of 4", "Support  2 of 4", "Technical  3 of 4", "Retention  4 of 4"] {
        wall.shows(name);
        wall.wait(Duration::from_millis(14_999));
        wall.shows(name);
        wall.wait(Duration::from_millis(1));
    }
    wall.shows("Sales  1 of 4");
}

#[test]
fn a_wait_over_its_target_is_marked_in_a_walls_list() {
    let mut wall = wall(200, 60);
    wall.hear(&floor::queues("sales", 3, [Some(92.0); 4]));
    let general =
        wall.rows().into_iter().find(|row| row.contains("General") && row.contains("92 %"));
    let general = general.unwrap_or_else(|| panic!("{}", wall.text()));
    assert!(general.contains("!0:4"), "{general}");
}

#[test]
fn a_wall_that_nobody_has_touched_for_a_minute_is_a_wall_again() {
    for (keys, shown) in [
        ("1", "name, by name"),
        ("1 enter", "Daily history"),
        ("?", "Keys here"),
        (":", "What to do"),
        ("space", "THE PAST"),
        ("a", "Over a limit"),
        ("b", "Queues"),
        ("1 right enter", "answered only"),
    ] {
        let mut wall = wall(200, 60);
        wall.tick();
        wall.press(keys);
        wall.wait(Duration::from_secs(59));
        wall.shows(shown);
        wall.wait(Duration::from_secs(1));
        wall.shows(" of 4").shows_no(shown);
    }
}

#[test]
fn departments_turn_on_every_size_that_has_a_wall() {
    for (width, height) in [(200, 60), (120, 40), (100, 30), (80, 24), (60, 16), (30, 5)] {
        let mut wall = wall(width, height);
        for turn in ["1 of 4", "2 of 4", "3 of 4", "4 of 4"] {
            // Where there is least room the departments are lines, one of which is marked.
            let is_turned = height < 16 || wall.text().contains(turn);
            assert!(is_turned, "{width}x{height}: {turn}\n{}", wall.text());
            wall.wait(Duration::from_secs(15));
        }
    }
    // Of five rows one has the header, and four have the departments: of five departments three and
    // that there are others, to which it turns.
    let mut wall = wall(30, 5);
    let mut welcome = floor::welcome();
    let departments = welcome["centre"]["departments"].as_array_mut().unwrap();
    let mut fifth = departments[0].clone();
    (fifth["id"], fifth["name"]) = ("fifth".into(), "Fifth".into());
    departments.push(fifth);
    wall.hear(&welcome);
    wall.shows("Sales").shows_no("Fifth").shows("+2 more");
    for _ in 0..4 {
        wall.wait(Duration::from_secs(15));
    }
    wall.shows_no("Sales").shows("Fifth").shows("+2 above");
}

/// A wall whose first department has so many queues, named like this.
fn wall_of_queues(width: u16, height: u16, count: usize, name: impl Fn(usize) -> String) -> Wall {
    let mut wall = wall(width, height);
    let mut welcome = floor::welcome();
    let id = |number: usize| format!("sales_{number}");
    let named = |like: &Value| {
        let queue = |number| {
            let mut queue = like.clone();
            (queue["id"], queue["name"]) = (id(number).into(), name(number).into());
            queue
        };
        (1..=count).map(queue).collect::<Value>()
    };
    let queues = &mut welcome["centre"]["departments"][0]["queues"];
    *queues = named(&queues[0]);
    wall.hear(&welcome);
    wall.hear_all(1, floor::ten);
    let mut told = floor::queues("sales", 1, [Some(92.0); 4]);
    told["queues"][0]["waitingCalls"] = 2.into();
    told["queues"] = named(&told["queues"][0]);
    wall.hear(&told);
    wall
}

#[test]
fn no_figure_of_a_wall_moves_as_departments_turn() {
    for (width, height) in [(200, 60), (160, 45), (120, 40)] {
        let mut wall = wall_of_queues(width, height, 14, |number| format!("Queue {number}"));
        let title = |wall: &Wall| wall.rows().iter().position(|row| row.contains(" of 4"));
        let first = title(&wall);
        assert!(first.is_some(), "{}", wall.text());
        for _ in 0..3 {
            wall.wait(Duration::from_secs(15));
            assert_eq!(title(&wall), first, "{width}x{height}\n{}", wall.text());
        }
    }
}

#[test]
fn where_no_queue_has_room_below_a_walls_figures_there_are_no_titles_of_them() {
    let (mut bare, mut with_queues) = (0, 0);
    for height in 14..30 {
        let wall = wall_of_queues(60, height, 4, |number| format!("Queue {number}"));
        let text = wall.text();
        let rows = wall.rows();
        let Some(title) = rows.iter().position(|row| row.contains("1 of 4")) else { continue };
        let below = rows[title + 1..].join("\n");
        let (shown, is_titled) = (below.matches("Queue ").count(), below.contains("longest"));
        assert_eq!(is_titled, shown > 0, "60x{height}\n{text}");
        *(if shown > 0 { &mut with_queues } else { &mut bare }) += 1;
        let hidden = 4 - shown;
        let more = format!("+{hidden} more ({} waiting)", 2 * hidden);
        // Of a department that has its title's row and no other, the title tells how many wait.
        let is_said = below.contains(&more) || title + 2 == rows.len();
        assert_eq!(is_said, hidden > 0, "60x{height}: {more}\n{text}");
    }
    assert!(bare > 0 && with_queues > 0, "{bare} heights without a queue, {with_queues} with some");
}

#[test]
fn a_wall_shows_whole_names_beside_each_other_and_says_how_many_queues_it_does_not() {
    for (width, height) in [(200, 60), (160, 45), (120, 40), (80, 24)] {
        let name = |number: usize| format!("Queue {number} of this department, long");
        let wall = wall_of_queues(width, height, 25, name);
        let text = wall.text();
        let (_, text) = text.split_once("1 of 4").unwrap();
        let is_whole = |number: &usize| text.contains(&name(*number));
        let shown = (1..=25).filter(is_whole).count();
        let named = text.matches("Queue ").count();
        assert!(named > 0 && (shown == named || width == 80), "{width}x{height}\n{text}");
        let hidden = 25 - named;
        let more = format!("+{hidden} more ({} waiting)", hidden * 2);
        assert_eq!(text.contains(&more), hidden > 0, "{width}x{height}: {more}\n{text}");
    }
}

#[test]
fn what_is_said_on_a_wall_that_nobody_touches_stays_as_long_as_anywhere() {
    let mut wall = wall(200, 60);
    wall.wait(Duration::from_secs(300));
    let words = "nothing more is recorded: the disk is full".to_owned();
    wall.tell(Message::Trouble(words.clone()));
    wall.shows(&words);
    wall.wait(Duration::from_secs(19));
    wall.shows(&words);
    wall.wait(Duration::from_secs(1));
    wall.shows_no(&words);
}

#[test]
fn what_was_not_started_as_a_wall_stays_what_somebody_made_of_it() {
    let mut wall = Wall::calm(200, 60, Setup::default());
    wall.press("b");
    wall.wait(Duration::from_secs(600));
    wall.press("1");
    wall.wait(Duration::from_secs(600));
    wall.shows("name, by name");
}

#[test]
fn a_zero_is_open_and_names_and_targets_are_as_big_as_there_is_room_for() {
    let wall = wall(200, 60);
    let rows = wall.rows();
    // Nobody waits: the first of the big figures.
    let zero: Vec<_> = rows.iter().filter(|row| row.contains('█')).take(7).collect();
    let inside = zero[3].chars().skip_while(|it| *it != '█').take(7).collect::<String>();
    assert!(inside.starts_with("██") && inside.contains("   "), "{zero:?}");
    // Names of letters of quarters of a block, not of plain ones.
    assert!(!wall.text().contains("Longest wait") && !wall.text().contains("at most"));
    let wall = self::wall(120, 40);
    wall.shows("Longest wait").shows("at most 0:20");
}

#[test]
fn a_place_is_named_beside_a_figure_that_is_not_as_it_should_be_and_no_other() {
    // At this size names are words, and nothing else says a department's.
    let kiosk = Settings { start: true, ..Settings::default() };
    let setup = Setup { kiosk, ..Setup::default() };
    let mut wall = Wall::calm(120, 40, setup);
    let busy = |department: &str, tick: u64, available: usize| {
        let agents: Vec<_> = (0..10)
            .map(|at| {
                let state = if at < available { "available" } else { "on_call" };
                floor::agent(department, at, state, 7)
            })
            .collect();
        let mut overview = floor::overview(department, tick, &agents);
        overview["summary"]["waitingCalls"] = 0.into();
        overview
    };
    // Nobody is free in Retention, and elsewhere are more than enough.
    for (department, available) in
        [("sales", 4), ("support", 4), ("technical", 4), ("retention", 0)]
    {
        wall.hear(&busy(department, 1, available));
    }
    let rows = |wall: &Wall| wall.rows()[1..].join("\n");
    assert!(!rows(&wall).contains("Retention"), "{}", wall.text());
    for department in floor::departments() {
        wall.hear(&busy(department, 2, 0));
    }
    assert!(rows(&wall).contains("Sales"), "{}", wall.text());
}

#[test]
fn a_wall_begins_with_the_worst_alert_and_turns_through_all_where_they_have_no_room() {
    let mut wall = wall(100, 40);
    for (department, waited) in [("sales", 49), ("support", 762), ("technical", 100)] {
        has_waited(&mut wall, department, 0, waited);
    }
    for told in ["Support Tier 1: a caller waits for 12:4", "Technical", "Sales", "Support"] {
        for second in 0..5 {
            let shown = strip(&wall);
            assert!(shown.contains("3 now") && shown.ends_with("+2 more"), "{shown}");
            assert!(shown.contains(told), "{told}, {second}: {shown}");
            wall.wait(Duration::from_secs(1));
        }
    }
    // It needs nobody to tell it.
    assert!(wall.app.wake_at().unwrap() <= wall.at + Duration::from_secs(5));
    wall.resize(200, 60);
    let shown = strip(&wall);
    assert!(shown.contains("Support") && shown.contains("Sales"), "{shown}");
    assert!(!shown.contains("more"), "{shown}");
}

#[test]
fn the_alert_that_a_wall_has_turned_to_stays_while_others_come_before_it() {
    let mut wall = wall(100, 40);
    has_waited(&mut wall, "sales", 0, 49);
    has_waited(&mut wall, "technical", 0, 100);
    has_waited(&mut wall, "retention", 0, 90);
    assert!(strip(&wall).contains("Technical"), "{}", strip(&wall));
    wall.wait(Duration::from_secs(5));
    assert!(strip(&wall).contains("Retention"), "{}", strip(&wall));
    // The worst of all comes to the front: those that were seen are not seen again before the rest.
    has_waited(&mut wall, "support", 0, 762);
    assert!(strip(&wall).contains("Retention"), "{}", strip(&wall));
    for next in ["Sales", "Support", "Technical"] {
        wall.wait(Duration::from_secs(5));
        assert!(strip(&wall).contains(next), "{next}: {}", strip(&wall));
    }
}

#[test]
fn no_alert_misses_its_turn_on_a_wall_because_the_one_that_is_shown_has_moved_to_the_back() {
    let mut wall = wall(100, 40);
    for (department, waited) in
        [("sales", 49), ("technical", 100), ("retention", 90), ("support", 60)]
    {
        has_waited(&mut wall, department, 0, waited);
    }
    assert!(strip(&wall).contains("Technical"), "{}", strip(&wall));
    wall.wait(Duration::from_secs(5));
    assert!(strip(&wall).contains("Retention"), "{}", strip(&wall));
    // Its longest caller was answered: another waits, not as long as any.
    has_waited(&mut wall, "retention", 0, 30);
    assert!(strip(&wall).contains("Retention"), "{}", strip(&wall));
    for next in ["Support", "Sales", "Technical", "Support"] {
        wall.wait(Duration::from_secs(5));
        assert!(strip(&wall).contains(next), "{next}: {}", strip(&wall));
    }
}

#[test]
fn the_worst_alert_of_a_wall_comes_again_however_many_others_come() {
    let mut wall = wall(100, 40);
    has_waited(&mut wall, "sales", 0, 762);
    let mut shown = Vec::new();
    for turn in 0..4 {
        // Those of before are gone, and others are there.
        for department in ["support", "technical", "retention"] {
            has_waited(&mut wall, department, turn, 100);
        }
        wall.wait(Duration::from_secs(5));
        shown.push(strip(&wall));
    }
    assert!(shown.iter().any(|strip| strip.contains("Sales")), "{shown:#?}");
}

/// Of a department's queues one has a caller who has waited for so many seconds.
fn has_waited(wall: &mut Wall, department: &str, queue: usize, seconds: u64) {
    let mut queues = floor::calm_queues(department, 1);
    queues["queues"].as_array_mut().unwrap().swap(0, queue);
    floor::wait_since(&mut queues, Some(floor::before(seconds)));
    wall.hear(&queues);
}

/// The line of a wall's alerts.
fn strip(wall: &Wall) -> String {
    wall.rows()[1].clone()
}

#[test]
fn of_an_alert_on_a_narrow_wall_names_are_cut_and_its_figure_is_not() {
    for width in [60, 80, 100] {
        let mut wall = wall_of_queues(width, 24, 4, |number| {
            format!("Customers of the older tariff, region {number}")
        });
        let mut queues = floor::calm_queues("sales", 1);
        for number in 1..=4 {
            queues["queues"][number - 1]["id"] = format!("sales_{number}").into();
        }
        floor::wait_since(&mut queues, Some(floor::before(762)));
        wall.hear(&queues);
        let strip = wall.rows()[1].clone();
        assert!(strip.contains("for 12:4") || strip.contains("waits 12:4"), "{width}: {strip}");
        assert!(strip.contains("Sales") && strip.contains("region 1:"), "{width}: {strip}");
    }
}

#[test]
fn nothing_is_put_in_from_a_wall() {
    let mut wall = wall(200, 60);
    wall.press("i").shows("this is a wall; b leaves it");
    assert_eq!(wall.questions(), []);
}
