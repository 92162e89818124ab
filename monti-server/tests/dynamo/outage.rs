//! F6: DynamoDB is gone for long. The centre's time runs as fast as the engine does, and the
//! writer's pauses are a thousandth of what they are, so that hours take seconds.

use monti_core::wire::Persistence;

use crate::{
    centre::{Centre, assert_all_is_there},
    proxy::Proxy,
    servers::{Kind, Tables},
    writing::{Writing, wait_until},
};

#[test]
fn a_minute_at_two_hundred_calls_a_second_is_made_up_for() {
    outage(60, 200, 1);
}

#[test]
fn four_hours_are_made_up_for() {
    outage(4 * 3_600, 1, 10);
}

/// So many seconds without DynamoDB, with so many calls in each `every` of them.
fn outage(seconds: u64, calls: usize, every: u64) {
    let tables = Tables::on(Kind::Dynoxide);
    let proxy = Proxy::before(&tables.server.endpoint);
    let mut centre = Centre::with_agents(calls);
    let writing = Writing::start(&centre, tables.options(&proxy.endpoint));
    let observations = std::sync::Arc::clone(&centre.floor.observations);
    let health = |centre: &Centre| observations.health(centre.floor.clock.now());

    (0..5).for_each(|_| centre.second(calls));
    writing.wait_until_empty();
    wait_until(|| observations.persistence() == Persistence::Ok, || "all is well".to_owned());

    proxy.set_open(false);
    let rounds = seconds / every;
    for _ in 0..rounds {
        centre.second(calls);
        centre.floor.machine.pass((u32::try_from(every).unwrap() - 1) * crate::SECOND);
        centre.floor.turn([]);
    }
    let waiting = rounds * calls as u64;
    wait_until(|| observations.outbox().records == waiting, || format!("{:?}", health(&centre)));
    let told = health(&centre);
    assert_eq!(told.persistence, Persistence::Degraded);
    assert_eq!(told.backlog_records, Some(waiting));
    let age = told.backlog_oldest_seconds.unwrap().0.get() / 1_000;
    assert!((seconds - every..=seconds + every).contains(&age), "{age}");

    proxy.set_open(true);
    centre.midnight();
    writing.wait_until_empty();
    wait_until(|| observations.persistence() == Persistence::Ok, || "well again".to_owned());
    drop(writing);
    let (there, days) = assert_all_is_there(&centre.folder(), &centre.history, &tables);
    assert_eq!((there as u64, days), (waiting + 5 * calls as u64, calls));
}
