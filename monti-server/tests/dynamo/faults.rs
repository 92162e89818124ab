//! F6 and F7: whatever goes wrong on the way, everything arrives, once, and as it was.

use std::time::Duration;

use monti_server::dynamo::{DynamoOptions, Patience, Place};

use crate::{
    SECOND,
    centre::{Centre, assert_all_is_there},
    proxy::{Fault, Proxy},
    servers::{Kind, Tables, run},
    writing::{PATIENCE, Writing, wait_until},
};

#[test]
fn answers_that_are_lost_lose_and_double_nothing() {
    arrives_in_spite_of(|number| if one_in(number, 3) { Fault::LoseAnswer } else { Fault::None });
}

#[test]
fn throttling_of_three_in_ten_delays_and_loses_nothing() {
    arrives_in_spite_of(|number| if three_in_ten(number) { Fault::Throttle } else { Fault::None });
}

/// They alone: what was taken with them is not.
#[test]
fn items_that_are_given_back_unprocessed_are_sent_again() {
    let tables = Tables::on(Kind::Dynoxide);
    let proxy = Proxy::before(&tables.server.endpoint);
    proxy.plan(|number| if one_in(number, 2) { Fault::Unprocessed } else { Fault::None });
    // Nothing is sent again because its answer took too long.
    let patience = Patience { attempt: 20 * SECOND, ..PATIENCE };
    let writing =
        |centre: &Centre| Writing::with_patience(centre, tables.options(&proxy.endpoint), patience);
    arrives(&tables, writing);
    let calls = proxy.calls();
    assert_eq!(calls.len(), 600);
    assert!(calls.values().any(|call| call.given_back > 0), "nothing was given back");
    let wrong = calls.iter().filter(|(_, call)| call.sent != 1 + call.given_back);
    assert_eq!(wrong.collect::<Vec<_>>(), []);
}

#[test]
fn answers_that_come_after_the_timeout_lose_and_double_nothing() {
    let late = Fault::AnswerLate(PATIENCE.attempt + Duration::from_millis(300));
    arrives_in_spite_of(move |number| if one_in(number, 10) { late } else { Fault::None });
}

#[test]
fn connections_that_end_before_the_request_is_carried_out_lose_nothing() {
    arrives_in_spite_of(|number| if one_in(number, 3) { Fault::Drop } else { Fault::None });
}

#[test]
fn answers_that_make_no_sense_count_for_nothing() {
    arrives_in_spite_of(|number| if one_in(number, 3) { Fault::Garbage } else { Fault::None });
}

#[test]
fn a_server_with_troubles_of_its_own_is_asked_again() {
    arrives_in_spite_of(|number| if one_in(number, 3) { Fault::ServerError } else { Fault::None });
}

/// All of it at once, and the connections refused now and then.
#[test]
fn everything_at_once_loses_and_doubles_nothing() {
    let faults = [
        Fault::Throttle,
        Fault::Unprocessed,
        Fault::LoseAnswer,
        Fault::Drop,
        Fault::Garbage,
        Fault::ServerError,
    ];
    let plan = move |number| {
        let any = faults[usize::try_from(mixed(number) / 7 % 6).unwrap()];
        if one_in(number, 2) { any } else { Fault::None }
    };
    arrives_in_spite_of(plan);
}

/// A name that does not resolve, and then the right one: the server is configured anew.
#[test]
fn a_name_that_does_not_resolve_keeps_everything_for_later() {
    let tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(10);
    (0..5).for_each(|_| centre.second(10));
    let endpoint = Some("http://no-such-host.invalid:8000".to_owned());
    let place = Place::Local { endpoint, region: None };
    let nowhere = DynamoOptions { place, layout: tables.layout.clone() };
    {
        let _lost = Writing::start(&centre, nowhere);
        let observations = &centre.floor.observations;
        wait_until(|| observations.outbox().lags, || "it should lag".to_owned());
        assert_eq!(observations.outbox().records, 50);
    }
    let writing = Writing::start(&centre, tables.options(&tables.server.endpoint));
    writing.wait_until_empty();
    let there = assert_all_is_there(&centre.folder(), &centre.history, &tables);
    assert_eq!(there, (50, 0));
}

/// A centre's morning and its agents' days arrive over a proxy that disturbs.
fn arrives_in_spite_of(plan: impl Fn(u64) -> Fault + Send + 'static) {
    let tables = Tables::on(Kind::Dynoxide);
    let proxy = Proxy::before(&tables.server.endpoint);
    proxy.plan(plan);
    arrives(&tables, |centre| Writing::start(centre, tables.options(&proxy.endpoint)));
}

/// A centre's morning and its agents' days arrive by the writer that is begun for it.
fn arrives(tables: &Tables, begin: impl FnOnce(&Centre) -> Writing) {
    let mut centre = Centre::with_agents(40);
    let writing = begin(&centre);
    for _ in 0..15 {
        centre.second(40);
    }
    centre.midnight();
    writing.wait_until_empty();
    drop(writing);
    let there = assert_all_is_there(&centre.folder(), &centre.history, tables);
    assert_eq!(there, (600, 40));
    assert_eq!(centre.floor.observations.outbox().dead_letters, 0);
}

fn one_in(number: u64, how_many: u64) -> bool {
    mixed(number).is_multiple_of(how_many)
}

fn three_in_ten(number: u64) -> bool {
    mixed(number) % 10 < 3
}

/// A number that looks like chance, the same each time (splitmix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Totals are absolute: who has the last has them all.
#[test]
fn of_an_agents_day_the_newest_version_is_sent_alone() {
    let tables = Tables::on(Kind::Dynoxide);
    let centre = Centre::with_agents(1);
    let file = rusqlite::Connection::open(centre.folder().join("monti.db")).unwrap();
    for ver in [1, 3, 2] {
        let body = format!(r#"{{"date": "2026-01-29", "callsHandled": {ver}}}"#);
        let sql = "INSERT INTO outbox (kind, key, ver, at_ms, body) \
                   VALUES ('agent_day', 'sim-0/2026-01-29', ?1, 0, ?2)";
        file.execute(sql, rusqlite::params![ver, body]).unwrap();
    }
    let proxy = Proxy::before(&tables.server.endpoint);
    let writing = Writing::start(&centre, tables.options(&proxy.endpoint));
    writing.wait_until_empty();
    drop(writing);
    assert_eq!((proxy.requests(), centre.floor.observations.delivered_records()), (1, 1));
    let item = run(async {
        let scan = tables.client().await.scan().table_name(tables.layout.days_table());
        scan.send().await.unwrap().items.unwrap().remove(0)
    });
    assert_eq!(item["CallsHandled"].as_n().unwrap(), "3");
}
