//! What is over.

use monti_core::{
    AgentDay, AgentFigures, CallId, CallStatus, Millis, Priority, Timestamp,
    wire::{CallRecord, Seconds},
};

use crate::world::{Past, Wish, World, day};

#[test]
fn an_agents_days_are_newest_first_with_todays_up_to_now() {
    let days = vec![kept("ada", 28), kept("bea", 28), kept("ada", 20)];
    let world = World::of(Wish { past: Past { days, ..Past::default() }, ..Wish::default() });
    world.log_in("ada");
    world.pass(90);
    let dates = |query: &str| {
        let history = world.anyone().get(&format!("/api/agents/ada/history{query}")).ok();
        assert_eq!(history["agentId"], "ada");
        let days = history["days"].as_array().unwrap().clone();
        assert_eq!(days[0]["loginSeconds"], 90.0);
        days.iter().map(|day| day["date"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(dates(""), ["2026-01-29", "2026-01-28"]);
    assert_eq!(dates("?days=1"), ["2026-01-29"]);
    assert_eq!(dates("?days=9"), ["2026-01-29", "2026-01-28"]);
    assert_eq!(dates("?days=10"), ["2026-01-29", "2026-01-28", "2026-01-20"]);
}

/// On a full disk what is durable stays at the date on which it filled up.
#[test]
fn figures_of_a_date_end_with_it_though_no_other_begins() {
    let world = World::open();
    world.pass(14 * 3_600 + 50 * 60);
    world.log_in("ada");
    world.pass(5 * 60);
    world.call();
    world.pass(15 * 60);
    assert_eq!(world.now(), "2026-01-30T00:10:00Z".parse().unwrap());
    let get = |path| world.anyone().get(path).ok();
    let history = get("/api/agents/ada/history?days=1");
    assert_eq!(history["days"][0]["date"], "2026-01-29");
    assert_eq!(history["days"][0]["loginSeconds"], 600.0);
    let intervals = get("/api/queues/sales_general/intervals");
    let last = intervals["intervals"].as_array().unwrap().last().unwrap();
    assert_eq!(last["startsAt"], "2026-01-29T23:45:00.000Z");
    let staffed = last["staffedAgents"].as_f64().unwrap();
    assert!((staffed - 10.0 / 15.0).abs() < 0.001, "{staffed}");
    let state = get("/api/snapshot");
    assert_eq!(state["departments"][0]["summary"]["occupancyPercent"], 50.0);
    assert_eq!(state["timestamp"], "2026-01-30T00:10:00.000Z", "what is, is so now");
}

#[test]
fn an_agent_that_is_not_there_today_has_its_days_all_the_same() {
    let past = Past { days: vec![kept("bea", 27)], ..Past::default() };
    let world = World::of(Wish { past, ..Wish::default() });
    let history = world.anyone().get("/api/agents/bea/history").ok();
    assert_eq!(history["days"].as_array().unwrap().len(), 1);
    assert_eq!(history["days"][0]["callsHandled"], 7);
    let answer = world.anyone().get("/api/agents/bea/history?days=2");
    assert_eq!((answer.status, answer.problem().as_str()), (404, "unknown_agent"));
}

#[test]
fn a_dates_calls_come_page_by_page() {
    let calls = (1..=5).map(|number| record(29, number)).chain([record(30, 1)]).collect();
    let world = World::of(Wish { past: Past { calls, ..Past::default() }, ..Wish::default() });
    let page = |query: &str| {
        let page = world.anyone().get(&format!("/api/calls{query}")).ok();
        let calls = page["calls"].as_array().unwrap().iter();
        let numbers: Vec<_> =
            calls.map(|call| call["callId"].as_str().unwrap()[14..].to_owned()).collect();
        (numbers.join(" "), page.get("cursor").map(|cursor| cursor.as_str().unwrap().to_owned()))
    };
    let (first, cursor) = page("?date=2026-01-29&limit=2");
    assert_eq!(first, "000001 000002");
    let (second, cursor) = page(&format!("?date=2026-01-29&limit=2&cursor={}", cursor.unwrap()));
    assert_eq!(second, "000003 000004");
    let (third, cursor) = page(&format!("?date=2026-01-29&limit=2&cursor={}", cursor.unwrap()));
    assert_eq!((third.as_str(), cursor), ("000005", None));
    assert_eq!(page("").0, "000001 000002 000003 000004 000005");
    assert_eq!(page("?date=2026-01-28").0, "");
}

/// It is the 29th: who began yesterday turns the pages of yesterday.
#[test]
fn pages_of_a_date_go_on_past_midnight() {
    let calls = (1..=3).map(|number| record(28, number)).chain([record(29, 1)]).collect();
    let world = World::of(Wish { past: Past { calls, ..Past::default() }, ..Wish::default() });
    let page = world.anyone().get("/api/calls?cursor=CALL-20260128-000002").ok();
    assert_eq!(page["date"], "2026-01-28");
    let calls = page["calls"].as_array().unwrap().iter();
    assert_eq!(calls.map(|call| &call["callId"]).collect::<Vec<_>>(), ["CALL-20260128-000003"]);
    let other = world.anyone().get("/api/calls?date=2026-01-29&cursor=CALL-20260128-000002");
    assert_eq!((other.status, other.problem().as_str()), (422, "invalid_value"));
}

/// Nobody takes what is there for all that there is.
#[test]
fn what_may_not_be_all_says_so() {
    for is_partial in [false, true] {
        let past = Past {
            days: vec![kept("ada", 28)],
            calls: vec![record(29, 1)],
            is_partial,
            ..Past::default()
        };
        let world = World::of(Wish { past, ..Wish::default() });
        let marks: &[_] = if is_partial { &[true] } else { &[] };
        for path in ["/api/calls", "/api/agents/ada/history"] {
            let answer = world.anyone().get(path).ok();
            let told: Vec<_> =
                answer.get("partial").and_then(|it| it.as_bool()).into_iter().collect();
            assert_eq!(told, marks, "{answer}");
        }
        let unknown = world.anyone().get("/api/agents/nobody/history");
        assert_eq!(unknown.status, if is_partial { 200 } else { 404 }, "{}", unknown.body);
    }
}

#[test]
fn what_cannot_be_read_is_no_secret_but_why_is() {
    let past = Past { is_unreadable: true, ..Past::default() };
    let world = World::of(Wish { past, ..Wish::default() });
    for path in ["/api/calls", "/api/agents/ada/history"] {
        let answer = world.anyone().get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (503, "busy"));
        assert_eq!(answer.json()["retryAfterSeconds"], 1.0);
        assert!(!answer.body.contains("/secret/path"), "{}", answer.body);
    }
    assert!(world.log.text().contains("/secret/path"));
}

fn kept(login: &str, date: i8) -> AgentDay {
    let figures = AgentFigures { calls_handled: 7, ..AgentFigures::default() };
    AgentDay { login: login.parse().unwrap(), day: day(date), figures }
}

fn record(date: i8, number: u32) -> CallRecord {
    let none = Seconds(Millis::ZERO);
    CallRecord {
        call_id: CallId { day: day(date), number },
        date: day(date),
        vq: "sales_general".to_owned(),
        department: "sales".to_owned(),
        caller_number: None,
        priority: Priority::default(),
        status: CallStatus::Abandoned,
        outcome: None,
        agent_id: None,
        enqueued_at: Timestamp::from_millis(0),
        assigned_at: None,
        answered_at: None,
        ended_at: Timestamp::from_millis(0),
        wait_seconds: none,
        ring_seconds: none,
        talk_seconds: none,
        hold_seconds: none,
        acw_seconds: none,
        answered_in_target: false,
        offers: 0,
    }
}
