//! Names of any length: what they are told apart by is shown, and they move no figure.

use std::time::Duration;

use monti_tui::{Answer, Effect, LinkEvent, Message, Question, Refusal, Setup, scrub::Names};
use serde_json::{Value, json};

use crate::{floor, wall::Wall};

/// So many departments whose names are long and begin alike, and whose queues have this name.
fn centre(departments: usize, queue: &str) -> Value {
    let mut welcome = floor::welcome();
    let department = |number: usize| {
        json!({"id": format!("d{number}"), "name": format!("Department of Long Names and Others, Number {number}"),
        "queues": [{
            "id": format!("d{number}_q"), "name": format!("{queue}{number}"), "targetPercent": 80.0,
            "targetSeconds": 20.0, "shortAbandonSeconds": 5.0,
        }]})
    };
    welcome["centre"]["departments"] = (1..=departments).map(department).collect();
    welcome
}

fn wall(width: u16, height: u16, departments: usize, queue: &str) -> Wall {
    let mut wall = Wall::silent(width, height);
    wall.connect();
    wall.hear(&centre(departments, queue));
    for number in 1..=departments {
        wall.hear(&floor::empty_overview(&format!("d{number}")));
        wait(&mut wall, number, None);
    }
    wall
}

/// The oldest call in a department's queue has waited for so many seconds, or none waits.
fn wait(wall: &mut Wall, department: usize, seconds: Option<u64>) {
    let id = format!("d{department}");
    let mut queue = floor::queue("sales", 1, Some(92.0));
    queue["id"] = format!("{id}_q").into();
    queue["waitingCalls"] = u32::from(seconds.is_some()).into();
    queue["oldestEnqueuedAt"] = json!(seconds.map(floor::before));
    let mut queues = floor::queues("sales", 0, [None; 4]);
    (queues["department"], queues["queues"]) = (id.into(), json!([queue]));
    wall.hear(&queues);
}

#[test]
fn where_names_are_initials_no_login_is_on_the_screen() {
    let setup = || Setup { names: Names::Initials, ..Setup::default() };
    let mut wall = Wall::calm(200, 60, setup());
    let mut agents = floor::ten("sales");
    agents[3] = floor::agent("sales", 3, "break", 700);
    wall.hear(&floor::overview("sales", 1, &agents));
    let shows_no_login = |wall: &Wall, what: &str| {
        assert!(!wall.text().contains("sales.0"), "{what}:\n{}", wall.text());
        assert!(!wall.text().contains("Lindqvist"), "{what}:\n{}", wall.text());
    };
    for keys in ["0", "1", "a", "a right", "b", "1 enter", "1 enter x", "1 enter x enter", "1 y"] {
        wall.press("esc esc esc 0").press(keys);
        shows_no_login(&wall, keys);
    }
    // What was done, and what the server has to say of somebody.
    wall.press("1 enter x enter enter");
    let asked = wall.questions();
    let question = asked.iter().find(|it| matches!(it, Question::SetState { .. })).unwrap();
    wall.answer(Answer::Action { question: question.clone(), result: Ok(()) });
    wall.shows("D.L. is set to");
    shows_no_login(&wall, "done");
    let refused = || Refusal::unasked("no agent sales.00003 was logged in");
    wall.answer(Answer::Action { question: question.clone(), result: Err(refused()) });
    wall.shows("not done: no agent ? was logged in");
    shows_no_login(&wall, "not done");
    let agent = question.agent().unwrap().clone();
    wall.answer(Answer::History { agent: agent.clone(), days: 7, result: Err(refused()) });
    wall.shows("no agent ? was logged in");
    shows_no_login(&wall, "history");
    // What is copied is whole.
    wall.press("y").shows("copied");
    assert!(wall.effects.contains(&Effect::Copy(agent.to_string())), "{:?}", wall.effects);
    shows_no_login(&wall, "copied");
    // Who is not on the board any more has no other name.
    wall.hear(&floor::overview("sales", 2, &[]));
    wall.shows("not on the board any more");
    shows_no_login(&wall, "gone");
    wall.hear(&json!({"type": "activity", "timestamp": floor::start(), "tick": 2, "events": [
        {"kind": "logout", "agentId": "sales.00003", "department": "sales"}]}));
    wall.press("esc v").shows("logout");
    shows_no_login(&wall, "activity");
}

#[test]
fn the_tab_of_the_department_that_is_shown_is_in_view_and_what_is_not_is_seen_to_be() {
    for (width, height) in [(60, 16), (80, 24), (160, 40)] {
        let mut wall = wall(width, height, 20, "Queue ");
        wall.press("1");
        for number in 1..=20 {
            let tabs = wall.rows()[1].clone();
            assert!(format!("{tabs} ").contains(&format!("ber {number} ")), "{number} {tabs}");
            assert_eq!(tabs.starts_with('…'), !tabs.contains(" 1 Dep"), "{tabs}");
            assert_eq!(tabs.trim_end().ends_with('…'), !tabs.contains("Number 20"), "{tabs}");
            wall.press("tab");
        }
        // What is over in one that is not in view shows.
        wall.press("1");
        wait(&mut wall, 20, Some(21));
        assert!(wall.rows()[1].ends_with("…!"), "{}", wall.rows()[1]);
        wall.press("backtab");
        assert!(!wall.rows()[1].contains("…!"), "{}", wall.rows()[1]);
    }
}

#[test]
fn a_click_on_a_tab_opens_it_where_the_tabs_are_scrolled() {
    let mut wall = wall(80, 24, 20, "Queue ");
    wall.press("backtab");
    let column = wall.rows()[1].find("er 19").unwrap();
    wall.click(u16::try_from(column).unwrap() - 8, 1);
    assert_eq!(wall.app.screen().department(), Some(18));
}

#[test]
fn titles_that_begin_alike_are_told_apart() {
    for (width, height) in [(100, 30), (120, 40), (160, 40), (200, 60)] {
        let mut wall = wall(width, height, 20, "Queue ");
        for _ in 0..19 {
            wall.press("tab");
        }
        wall.press("enter");
        let title = wall.rows()[2].split("Agents").next().unwrap().to_owned();
        assert!(title.contains("…") && title.contains("Number 20"), "{title}");
    }
}

/// Where the figures of the header are, if they are.
fn places(wall: &Wall) -> [Option<usize>; 5] {
    let header = wall.rows()[0].clone();
    let place = |text: &str| {
        let at = header.find(text)?;
        Some(header[..at].chars().count())
    };
    ["offered", "answered", "SL", "longest", "alert"].map(place)
}

#[test]
fn no_figure_moves_with_how_fresh_it_is() {
    let sizes = (40..=200).map(|width| (width, 40)).chain([(30, 5)]);
    for (width, height) in sizes {
        let mut wall = Wall::of(width, height, 10);
        wall.tick();
        let live = places(&wall);
        for seconds in [3, 7, 50] {
            wall.wait(Duration::from_secs(seconds));
            assert_eq!(places(&wall), live, "{width}x{height} {}", wall.rows()[0]);
        }
        wall.shows("stale 1:00");
        wall.tell(Message::Link(LinkEvent::Down {
            reason: "the server closed the link".to_owned(),
            retry_after: Duration::from_secs(3),
        }));
        // That it is lost takes more words: the first of the figures gives way, and none moves.
        let lost = places(&wall);
        let gone: Vec<_> = (0..5).filter(|at| lost[*at] != live[*at]).collect();
        assert!(gone.len() <= 1 && gone.iter().all(|at| lost[*at].is_none()), "{width} {gone:?}");
        let header = &wall.rows()[0];
        assert!(header.contains("lost 1:00"), "{width}x{height} {header}");
        assert!(width < 80 || header.contains(" 3 s "), "{width}x{height} {header}");
    }
}

#[test]
fn no_figure_moves_when_it_is_another_queues_turn() {
    for (width, height) in [(80, 24), (100, 30), (120, 40), (200, 60)] {
        let mut wall = Wall::of(width, height, 10);
        let of_general = places(&wall);
        assert!(of_general[2].is_some() && of_general[3].is_some(), "{}", wall.text());
        for (department, id) in [("sales", 1), ("support", 0), ("retention", 3)] {
            let mut queues = floor::queues(department, 0, [Some(92.0); 4]);
            queues["queues"][id]["waitingCalls"] = 1.into();
            queues["queues"][id]["oldestEnqueuedAt"] = json!(floor::before(4_000));
            wall.hear(&queues);
            assert_eq!(places(&wall), of_general, "{}", wall.text());
        }
        // Nor when none waits.
        for department in floor::departments() {
            wall.hear(&floor::calm_queues(department, 0));
        }
        assert_eq!(places(&wall)[..4], of_general[..4], "{}", wall.text());
    }
}

#[test]
fn the_longest_wait_stays_where_its_queue_has_a_long_name_or_the_link_is_lost() {
    let mut wall = wall(80, 24, 2, "A queue with a rather long name, number ");
    wait(&mut wall, 2, Some(41));
    let header = wall.rows().remove(0);
    assert!(header.contains("longest    !0:41 A "), "{header}");
    assert!(header.contains("ber 2") || header.contains(" 2"), "{header}");
    wall.tell(Message::Link(LinkEvent::Down {
        reason: "the server closed the link".to_owned(),
        retry_after: Duration::from_secs(3),
    }));
    wall.wait(Duration::from_secs(1));
    let header = wall.rows().remove(0);
    assert!(header.contains("lost 0:01, retry 2 s"), "{header}");
    assert!(header.contains("longest    !0:41"), "{header}");
}

#[test]
fn names_of_queues_have_room_before_bars_do() {
    for (width, height, name) in
        [(100, 30, "Queue 16 of "), (120, 40, "Queue 16 of "), (200, 60, "Queue sixteen of ")]
    {
        let mut wall = wall(width, height, 3, name);
        wall.press("1");
        let is_row = |row: &String| {
            row.contains(&format!("{name}1")) && (row.contains("92%") || row.contains("92 %"))
        };
        assert!(wall.rows().iter().any(is_row), "{}", wall.text());
    }
    // Short names leave room for bars.
    Wall::of(200, 60, 10).press("1").shows("Enterprise").shows("━━━━");
}

#[test]
fn alerts_and_lines_are_told_apart_however_long_names_are() {
    let name = "Customer service queue of the northern region, number ";
    for (width, height, keys) in [(160, 40, "a"), (80, 24, "a"), (40, 8, "0")] {
        let mut wall = wall(width, height, 4, name);
        for number in 1..=4 {
            wait(&mut wall, number, Some(90));
        }
        wall.press(keys);
        let rows = wall.rows();
        let long = rows.iter().filter(|row| row.contains('…') && !row.contains("longest"));
        let mut told: Vec<_> = long.clone().collect();
        told.dedup();
        assert!(told.len() >= 4 && told.len() == long.count(), "{keys}: {}", wall.text());
        assert!(told.iter().all(|row| row.contains(char::is_numeric)), "{}", wall.text());
    }
}

#[test]
fn a_trend_is_on_the_card_of_each_queue_that_calls_waited_in_where_there_is_room() {
    let mut wall = wall(200, 60, 4, "Queue ");
    wait(&mut wall, 3, Some(1));
    wall.shows("peak     1 in  1 min").shows("▂");
    assert_eq!(wall.text().matches("peak").count(), 1, "nobody waited elsewhere: {}", wall.text());
    for _ in 0..200 {
        wall.tick();
    }
    wall.shows("peak     1 in  4 min");
}
