//! Lists longer than their room: how much of them is not in view, and what matters of that.

use serde_json::{Value, json};

use crate::{floor, wall::Wall};

/// A centre of so many departments with so many queues each.
fn centre(departments: usize, queues: usize) -> Value {
    let mut welcome = floor::welcome();
    let queue = |department: usize, queue: usize| {
        json!({
            "id": format!("d{department}_q{queue}"), "name": format!("Queue {queue}"),
            "targetPercent": 80.0, "targetSeconds": 20.0, "shortAbandonSeconds": 5.0,
        })
    };
    let department = |department: usize| {
        let queues: Vec<_> = (1..=queues).map(|it| queue(department, it)).collect();
        json!({"id": format!("d{department}"), "name": format!("Part {department}"), "queues": queues})
    };
    welcome["centre"]["departments"] = (1..=departments).map(department).collect();
    welcome
}

/// The queues of one of them: in each so many calls wait, the oldest for so many seconds.
fn queues(department: usize, waits: &[(u32, u64)]) -> Value {
    let queue = |(place, (waiting, seconds)): (usize, &(u32, u64))| {
        let mut queue = floor::queue("sales", 1, Some(92.0));
        queue["id"] = format!("d{department}_q{}", place + 1).into();
        queue["name"] = format!("Queue {}", place + 1).into();
        queue["waitingCalls"] = (*waiting).into();
        queue["oldestEnqueuedAt"] = json!((*waiting > 0).then(|| floor::before(*seconds)));
        queue
    };
    let all: Vec<_> = waits.iter().enumerate().map(queue).collect();
    let mut message = floor::queues("sales", 0, [None; 4]);
    (message["department"], message["queues"]) = (format!("d{department}").into(), json!(all));
    message
}

/// The whole of one, with so many agents of whom the first is over a limit.
fn whole(department: usize, agents: usize, waits: &[(u32, u64)]) -> [Value; 2] {
    let id = format!("d{department}");
    let mut of_sales = floor::agents("sales", agents);
    of_sales[0] = floor::agent("sales", 0, "after_call_work", 400);
    for agent in &mut of_sales {
        let login = agent["agentId"].as_str().unwrap().replace("sales", &id);
        (agent["agentId"], agent["department"]) = (login.into(), id.clone().into());
    }
    let mut overview = floor::overview(&id, 0, &of_sales);
    overview["summary"]["waitingCalls"] =
        waits.iter().map(|(waiting, _)| *waiting).sum::<u32>().into();
    [overview, queues(department, waits)]
}

fn wall(size: (u16, u16), departments: usize, agents: usize, waits: &[(u32, u64)]) -> Wall {
    let mut wall = Wall::silent(size.0, size.1);
    wall.connect();
    wall.hear(&centre(departments, waits.len()));
    for department in 1..=departments {
        whole(department, agents, waits).iter().for_each(|message| wall.hear(message));
    }
    wall
}

/// 25 queues; in the 20th 20 calls wait for too long, in the last two for as long as they may.
fn busy_at_the_end() -> Vec<(u32, u64)> {
    let mut waits = vec![(0, 0); 25];
    (waits[19], waits[24]) = ((20, 21), (2, 20));
    waits
}

#[test]
fn a_list_of_queues_says_how_many_more_there_are_and_what_waits_in_them() {
    let mut wall = wall((120, 36), 1, 3, &busy_at_the_end());
    wall.press("1").shows("Queue 16 ").shows_no("Queue 17 ");
    wall.shows("+9 more (22 waiting)  !1 over target");
    // It goes along with what is selected.
    wall.press("right end");
    for _ in 0..24 {
        wall.press("down");
    }
    wall.shows("Queue 25 ")
        .shows_no("Queue 9 ")
        .shows("+9 above (0 waiting)")
        .shows_no("over target");
    wall.press("up").shows("Queue 24 ");
    wall.press("up up up up").shows("+4 above, +5 more (2 waiting)");
}

#[test]
fn a_page_is_as_long_as_the_panel_that_has_the_keys() {
    let mut wall = wall((120, 40), 1, 3, &[(0, 0); 60]);
    wall.press("1 right z");
    let rows = row_count(&wall, |row| row.contains("Queue "));
    wall.press("pagedown enter").shows(&format!("d1_q{rows} "));
}

#[test]
fn what_stands_in_the_last_row_of_a_list_is_no_entry_to_click() {
    let mut wall = wall((120, 36), 1, 100, &busy_at_the_end());
    wall.press("1");
    for (words, column) in [("+9 more", 90), ("+70 more", 30)] {
        let row = wall.rows().iter().position(|row| row.contains(words));
        let row = row.unwrap_or_else(|| panic!("{}", wall.text()));
        wall.click(column, row.try_into().unwrap());
        assert!(wall.app.popups().is_empty(), "{}", wall.text());
        wall.shows(words);
    }
}

#[test]
fn a_table_of_agents_says_how_many_more_there_are_whatever_its_columns() {
    for (width, height) in [(60, 16), (80, 24), (100, 30), (160, 40), (200, 60)] {
        let mut wall = wall((width, height), 1, 100, &[(0, 0)]);
        wall.press("1");
        let in_view = |wall: &Wall| {
            let rows = wall.rows();
            let row = |text: &str| rows.iter().position(|row| row.contains(text)).unwrap();
            row(" +") - row("name, by name") - 1
        };
        let shown = in_view(&wall);
        wall.shows(&format!("+{} more", 100 - shown)).shows_no("above");
        wall.press("end").shows(&format!("+{} above  !1 ACW", 100 - shown)).shows_no(" above, ");
        assert_eq!(in_view(&wall), shown, "{}", wall.text());
    }
}

fn row_count(wall: &Wall, is_one: impl Fn(&String) -> bool) -> usize {
    wall.rows().iter().filter(|row| is_one(row)).count()
}

#[test]
fn departments_without_room_are_counted_and_come_with_the_selection() {
    let mut wall = wall((200, 60), 20, 3, &[(2, 21), (1, 5)]);
    let shown = (1..=20).filter(|it| wall.text().contains(&format!("Part {it} "))).count();
    let hidden = 20 - shown;
    wall.shows(&format!(
        "+{hidden} more ({} waiting)  !{hidden} over target, {hidden} over limit",
        hidden * 3
    ));
    wall.press("backtab").shows("Part 20 ").shows_no("Part 1 ").shows(" above (");
    wall.press("tab").shows("Part 1 ").shows(&format!("+{hidden} more ("));
}

#[test]
fn departments_that_all_fit_leave_no_row_for_more() {
    wall((200, 60), 4, 3, &[(0, 0)]).shows_no("more");
}

#[test]
fn cards_of_all_bands_are_alike() {
    // Some bands have a row more than others.
    for height in 30..60 {
        let wall = wall((200, height), 8, 3, &[(0, 0), (0, 0), (0, 0)]);
        let titles = row_count(&wall, |row| row.contains("longest") && !row.contains("MONTI"));
        let cards = row_count(&wall, |row| row.contains("wait ") && !row.contains("longest"));
        assert!(titles == 0 || cards == 0, "{height}\n{}", wall.text());
    }
}

#[test]
fn intervals_facts_and_activity_say_how_many_more_there_are() {
    let mut wall = Wall::of(80, 24, 3);
    wall.press("1 right enter");
    let quarter = |number: u64| floor::quarter(floor::before(900 * (40 - number)), 9, Some(90.0));
    wall.answer(floor::day(&(0..41).map(quarter).collect::<Vec<_>>()));
    let rows = row_count(&wall, |row| row.contains(" 90 %"));
    assert!(rows > 3, "{}", wall.text());
    wall.shows(&format!("+{} more", 41 - rows));
    wall.press("end").shows_no(" more ─");
    // Its facts, where there is room for nothing else.
    let mut wall = Wall::of(30, 5, 3);
    wall.press("1 right enter").shows("+18");
    wall.press("down").shows("+17");
    let mut wall = Wall::of(200, 10, 3);
    wall.press("1 right enter").shows("+14 more");
    wall.press("end").shows("longest wait ended");
    let mut wall = Wall::of(80, 24, 3);
    let events: Vec<_> = (0..40)
        .map(|_| json!({"kind": "breach", "agentId": "sales.00001", "department": "sales"}))
        .collect();
    wall.hear(
        &json!({"type": "activity", "timestamp": floor::start(), "tick": 0, "events": events}),
    );
    wall.press("v");
    wall.shows("newest first  +20 more");
}
