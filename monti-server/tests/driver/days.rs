//! F15: midnights, of days that have 23, 24 and 25 hours.

use std::time::Duration;

use monti_core::Millis;
use monti_server::centre_file::CentreFile;

use crate::{
    SECOND,
    floor::{Floor, act, rows},
};

/// A zone, a moment some minutes before a midnight, the date that begins then and its hours.
const MIDNIGHTS: [(&str, &str, &str, u64); 5] = [
    ("Europe/Berlin", "2026-01-28T22:58:00Z", "2026-01-29", 24),
    ("Europe/Berlin", "2026-03-28T22:58:00Z", "2026-03-29", 23),
    ("Europe/Berlin", "2026-10-24T21:58:00Z", "2026-10-25", 25),
    // The date begins at one o'clock.
    ("America/Sao_Paulo", "2018-11-04T02:58:00Z", "2018-11-04", 23),
    ("America/Sao_Paulo", "2018-02-17T01:58:00Z", "2018-02-17", 25),
];

#[test]
fn a_call_across_midnight_belongs_to_the_date_of_its_arrival() {
    for (zone, moment, day, hours) in MIDNIGHTS {
        let mut floor = floor_in(zone, moment);
        let (mut callers, mut agents) = (floor.link(), floor.link());
        floor.staff(&mut agents, 1..=1);
        let active = floor.call(&mut callers, "active");
        floor.say(&agents, act("call_accept", "sim-1", active));
        let waiting = floor.call(&mut callers, "waiting");
        floor.pass(150 * SECOND);

        let today = floor.driver.engine().today();
        assert_eq!(today.day.to_string(), day, "{zone}");
        assert_eq!(
            today.ends_at.since(today.starts_at),
            Millis::from_secs(hours * 3_600),
            "{zone}"
        );
        let live: Vec<_> = floor.driver.engine().calls().map(|call| call.id).collect();
        assert_eq!(live, [active, waiting]);
        assert_eq!(waiting.day.next(), today.day);
        let next = floor.call(&mut callers, "next");
        assert_eq!((next.day, next.number), (today.day, 1));
        let path = floor.path();
        assert_eq!(rows(&path, "SELECT login_ms FROM agent_day"), 120_000);
        floor.say(&agents, act("call_complete", "sim-1", active));
        floor.pass(301 * SECOND);
        let end = serde_json::json!({"type": "unregister", "agentId": "sim-1"});
        floor.say(&agents, end);
        let date = format!("SELECT count(*) FROM call_record WHERE date = '{}'", active.day);
        assert_eq!(rows(&path, &date), 1);
    }
}

/// The engine takes a date to have 24 hours; the driver tells it better the moment it begins, so
/// that it also ends in time.
#[test]
fn a_date_of_25_hours_ends_after_25_hours() {
    let mut floor = floor_in("Europe/Berlin", "2026-10-24T21:59:59Z");
    floor.pass(2 * SECOND);
    for (after, date) in [(24 * 3_600, "2026-10-25"), (3_600, "2026-10-26")] {
        // Nobody is there: it is enough to look in now and then.
        for _ in 0..after / 900 {
            floor.machine.pass(900 * SECOND);
            floor.turn([]);
        }
        assert_eq!(floor.driver.engine().today().day.to_string(), date);
    }
}

/// Days that nobody was there for end when they ended, and nobody collects idle time in them.
#[test]
fn a_weekend_of_downtime_is_no_time_at_work() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=1);
    floor.pass(60 * SECOND);
    let floor = floor.crash(Duration::from_secs(3 * 86_400));
    assert_eq!(floor.driver.engine().today().day.to_string(), "2026-02-01");
    let path = floor.path();
    assert_eq!(rows(&path, "SELECT count(*) FROM agent_day"), 1);
    let worked = rows(&path, "SELECT login_ms FROM agent_day");
    assert!((50_000..=60_000).contains(&worked), "{worked}");
}

/// A stop on the Saturday before the clocks change, a start on the Monday after it.
#[test]
fn a_start_after_a_clock_change_knows_how_long_the_dates_were() {
    let floor = floor_in("Europe/Berlin", "2026-10-24T20:00:00Z");
    let (disk, machine) = (floor.disk_now(), floor.machine);
    machine.pass(Duration::from_secs(35 * 3_600));
    let floor = Floor::open(disk, &centre_in("Europe/Berlin"), machine).unwrap();
    let today = floor.driver.engine().today();
    assert_eq!(today.day.to_string(), "2026-10-26");
    assert_eq!(today.starts_at, "2026-10-25T23:00:00Z".parse().unwrap());
    assert_eq!(today.ends_at, "2026-10-26T23:00:00Z".parse().unwrap());
}

/// From that Saturday until late on the Sunday of 25 hours, and longer: its clock, which the test
/// moves, goes on meanwhile.
#[test]
fn a_machine_that_slept_through_a_clock_change_knows_how_long_the_dates_were() {
    for (hours, date, ends_at) in [
        (26, "2026-10-25", "2026-10-25T23:00:00Z"),
        (27, "2026-10-26", "2026-10-26T23:00:00Z"),
        (24 * 30, "2026-11-23", "2026-11-23T23:00:00Z"),
    ] {
        let mut floor = floor_in("Europe/Berlin", "2026-10-24T20:30:00Z");
        floor.machine.pass(Duration::from_secs(hours * 3_600));
        let mut callers = floor.link();
        assert_eq!(floor.call(&mut callers, "call").day.to_string(), date);
        let today = floor.driver.engine().today();
        assert_eq!(
            (today.day.to_string().as_str(), today.ends_at),
            (date, ends_at.parse().unwrap())
        );
    }
}

fn floor_in(zone: &str, moment: &str) -> Floor {
    Floor::with_centre(&centre_in(zone), moment)
}

fn centre_in(zone: &str) -> CentreFile {
    let text = format!("time_zone = \"{zone}\"\n");
    let departments = "[[departments]]\nid = \"sales\"\nqueues = [{ id = \"general\" }]\n";
    CentreFile::parse(&format!("{text}{departments}")).unwrap()
}
