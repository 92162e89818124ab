//! The past while some of it is on its way, and while it cannot be read.

use std::{collections::BTreeSet, sync::Arc};

use monti_core::{CallId, wire::CallRecord};
use monti_server::{
    dynamo::{Dynamo, DynamoOptions, Layout, Patience},
    history::DynamoHistory,
    http::{History as _, Past},
    observations::OutboxFigures,
    store::{History, Outbox},
};
use tokio::runtime::Runtime;

use crate::{
    centre::{Centre, today},
    proxy::Proxy,
    servers::{Kind, Tables, background},
    writing::Writing,
};

#[test]
fn what_is_on_its_way_is_read_with_what_is_there() {
    let tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(50);
    (0..4).for_each(|_| centre.second(50));
    let writing = Writing::start(&centre, tables.options(&tables.server.endpoint));
    writing.wait_until_empty();
    drop(writing);
    // Every second of the next is there as well as on its way: that is not known yet.
    (0..4).for_each(|_| centre.second(50));
    centre.midnight();
    let outbox = Outbox::open(&centre.folder()).unwrap();
    let undelivered = outbox.oldest_after(0, 1_000).unwrap();
    assert_eq!(undelivered.len(), 250, "calls and days");
    crate::servers::run(async {
        use monti_server::outbox::Sink as _;
        let dynamo = tables.reach().await;
        for letter in undelivered.iter().step_by(2) {
            if letter.agent().is_some() {
                dynamo.deliver_day(letter).await.unwrap();
            } else {
                dynamo.deliver_calls(&[letter]).await.unwrap();
            }
        }
    });
    let (history, _runtime) = history(&centre, &tables.options(&tables.server.endpoint));
    let local = centre.recorded(today());
    assert_eq!(local.len(), 400);
    for limit in [7, 100, 1_000] {
        let pages = pages(&history, limit);
        assert!(pages.iter().all(|page| !page.is_partial));
        let read: Vec<CallRecord> = pages.into_iter().flat_map(|page| page.found).collect();
        assert!(read == local, "{limit} at a time");
    }
    for agent in 0..50 {
        let login = format!("sim-{agent}").parse().unwrap();
        let days = history.agent_days(&login, today()..=today()).unwrap();
        assert_eq!((days.found.len(), days.is_partial), (1, false));
        assert_eq!(days.found[0].calls_handled, 8);
    }
}

#[test]
fn while_it_cannot_be_read_what_is_local_is_told_and_that_it_may_not_be_all() {
    let tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(5);
    centre.second(5);
    centre.midnight();
    let gone = tables.options("http://127.0.0.1:1");
    let missing = DynamoOptions {
        layout: Layout { prefix: "missing-".to_owned(), shards: 1 },
        ..tables.options(&tables.server.endpoint)
    };
    for options in [gone, missing] {
        let (history, _runtime) = history(&centre, &options);
        let calls = history.calls(today(), None, 3).unwrap();
        assert_eq!((calls.found.len(), calls.is_partial), (3, true));
        let days = history.agent_days(&"sim-1".parse().unwrap(), today()..=today()).unwrap();
        assert_eq!((days.found.len(), days.is_partial), (1, true));
        assert_eq!(days.found[0].calls_handled, 1);
    }
}

/// Calls that were over before DynamoDB was used are nowhere else.
#[test]
fn what_never_went_there_is_read_from_here() {
    let tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(5);
    centre.second(5);
    centre.midnight();
    let file = rusqlite::Connection::open(centre.folder().join("monti.db")).unwrap();
    file.execute("DELETE FROM outbox", []).unwrap();
    let (history, _runtime) = history(&centre, &tables.options(&tables.server.endpoint));
    let calls = history.calls(today(), None, 10).unwrap();
    assert_eq!((calls.found, calls.is_partial), (centre.recorded(today()), false));
    let days = history.agent_days(&"sim-1".parse().unwrap(), today()..=today()).unwrap();
    assert_eq!((days.found.len(), days.is_partial), (1, false));
}

/// What was refused once and was made good by a later version is not what counts.
#[test]
fn of_two_versions_of_a_day_the_later_is_read_wherever_it_is() {
    let tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(1);
    (0..3).for_each(|_| centre.second(1));
    centre.midnight();
    let writing = Writing::start(&centre, tables.options(&tables.server.endpoint));
    writing.wait_until_empty();
    drop(writing);
    let file = rusqlite::Connection::open(centre.folder().join("monti.db")).unwrap();
    let (history, _runtime) = history(&centre, &tables.options(&tables.server.endpoint));
    let handled = |handled: u32, ver: i64| {
        let body = format!(
            r#"{{"date": "2026-01-29", "callsHandled": {handled}, "talkSeconds": 0, "acwSeconds": 0,
                 "holdSeconds": 0, "breakSeconds": 0, "loginSeconds": 0, "occupancyPercent": null,
                 "acwBreaches": 0, "breakBreaches": 0, "ringNoAnswers": 0}}"#
        );
        let sql = "INSERT INTO dead_letter VALUES \
                   (?1, 'agent_day', 'sim-0/2026-01-29', ?1, 0, ?2, 'refused', 0)";
        file.execute(sql, rusqlite::params![ver, body]).unwrap();
        let days = history.agent_days(&"sim-0".parse().unwrap(), today()..=today()).unwrap();
        days.found[0].calls_handled
    };
    assert_eq!(handled(2, 1), 3, "an older one");
    assert_eq!(handled(7, 1_000_000), 7, "a later one");
}

/// Nobody waits for what others have found out.
#[test]
fn while_the_writer_knows_that_it_is_gone_nobody_asks_it() {
    let tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(5);
    centre.second(5);
    let proxy = Proxy::before(&tables.server.endpoint);
    let (history, _runtime) = history(&centre, &tables.options(&proxy.endpoint));
    let observations = &centre.floor.observations;
    for (is_gone, requests) in [(true, 0), (false, 1)] {
        observations.set_outbox(OutboxFigures { is_gone, ..OutboxFigures::default() });
        let calls = history.calls(today(), None, 10).unwrap();
        assert_eq!((calls.found.len(), calls.is_partial), (5, is_gone));
        assert_eq!(proxy.requests(), requests);
    }
}

/// A date's calls are spread over partitions; those from before are read all the same.
#[test]
fn calls_are_spread_over_the_partitions_of_a_date_and_read_together() {
    let mut tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(20);
    for shards in [1, 4] {
        tables.layout.shards = shards;
        (0..3).for_each(|_| centre.second(20));
        let writing = Writing::start(&centre, tables.options(&tables.server.endpoint));
        writing.wait_until_empty();
    }
    let partitions: BTreeSet<String> = crate::servers::run(async {
        let scan = tables.client().await.scan().table_name(tables.layout.calls_table());
        let items = scan.send().await.unwrap().items.unwrap();
        items.iter().map(|item| item["Date"].as_s().unwrap().clone()).collect()
    });
    let partitions: Vec<_> = partitions.iter().map(String::as_str).collect();
    assert_eq!(
        partitions,
        ["2026-01-29", "2026-01-29#00", "2026-01-29#01", "2026-01-29#02", "2026-01-29#03"]
    );
    let (history, _runtime) = history(&centre, &tables.options(&tables.server.endpoint));
    let pages = pages(&history, 50);
    let read: Vec<CallRecord> = pages.into_iter().flat_map(|page| page.found).collect();
    assert!(read == centre.recorded(today()));
}

fn history(centre: &Centre, options: &DynamoOptions) -> (DynamoHistory, Runtime) {
    let runtime = background();
    let dynamo = runtime.block_on(Dynamo::connect(options, Patience::READING)).unwrap();
    let local = History::open(&centre.folder()).unwrap();
    let observations = Arc::clone(&centre.floor.observations);
    (DynamoHistory::new(dynamo, local, runtime.handle().clone(), observations), runtime)
}

fn pages(history: &DynamoHistory, limit: usize) -> Vec<Past<CallRecord>> {
    let mut after: Option<CallId> = None;
    let mut pages = Vec::new();
    loop {
        let page = history.calls(today(), after, limit).unwrap();
        let Some(last) = page.found.last() else { return pages };
        after = Some(last.call_id);
        pages.push(page);
    }
}
