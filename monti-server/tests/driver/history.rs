//! What is read of calls and days that are over.

use std::sync::Arc;

use monti_core::{CallId, Day, wire::CallRecord};
use monti_server::{
    centre_file::CentreFile,
    store::{History, Outbox, Store, StoreOptions},
};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    SECOND,
    floor::{Floor, MORNING, OPTIONS, act, incoming, rows},
    machine::Machine,
};

#[test]
fn calls_are_read_page_by_page_as_they_were_recorded() {
    let (mut floor, history) = floor_with_history(OPTIONS);
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    for number in 0..5 {
        let mut call = incoming(&format!("call-{number}"));
        call["callerNumber"] = json!("+4930123456");
        call["priority"] = json!(number);
        floor.say(&callers, call);
        let queued = callers.heard().remove(0);
        let call = crate::floor::id(&queued["callId"]);
        floor.pass(SECOND);
        floor.say(&agents, act("call_accept", "sim-1", call));
        floor.pass(3 * SECOND);
        let mut done = act("call_complete", "sim-1", call);
        done["outcome"] = json!("sold");
        floor.say(&agents, done);
        floor.pass(2 * SECOND);
        let back = json!({"type": "state_change", "agentId": "sim-1", "state": "available"});
        floor.say(&agents, back);
        callers.heard();
    }
    let day = Day::new(2026, 1, 29).unwrap();
    let mut pages: Vec<Vec<CallRecord>> = Vec::new();
    let mut after: Option<CallId> = None;
    while pages.last().is_none_or(|page| !page.is_empty()) {
        pages.push(history.calls(day, after, 2).unwrap());
        after = pages.last().and_then(|page| page.last()).map(|call| call.call_id);
    }
    let sizes: Vec<_> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [2, 2, 1, 0]);
    let second = serde_json::to_value(&pages[0][1]).unwrap();
    assert_eq!(second["callId"], "CALL-20260129-000002");
    for (key, value) in [
        ("vq", json!("sales_general")),
        ("department", json!("sales")),
        ("callerNumber", json!("+4930123456")),
        ("priority", json!(1)),
        ("status", json!("completed")),
        ("outcome", json!("sold")),
        ("agentId", json!("sim-1")),
        ("ringSeconds", json!(1.0)),
        ("talkSeconds", json!(3.0)),
        ("acwSeconds", json!(2.0)),
        ("answeredInTarget", json!(true)),
        ("offers", json!(1)),
    ] {
        assert_eq!(second[key], value, "{key}");
    }
    assert!(history.calls(day.next(), None, 10).unwrap().is_empty());
}

#[test]
fn an_agents_days_are_read_newest_first() {
    let (mut floor, history) = floor_with_history(OPTIONS);
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=1);
    for _ in 0..3 {
        floor.machine.pass(24 * 3_600 * SECOND);
        floor.turn([]);
    }
    let login = "sim-1".parse().unwrap();
    let day = |day| Day::new(2026, 1, day).unwrap();
    let days = history.agent_days(&login, day(30)..=day(31)).unwrap();
    let dates: Vec<_> = days.iter().map(|(_, it)| it.day).collect();
    assert_eq!(dates, [day(31), day(30)]);
    assert_eq!(days[0].1.figures.login.get(), 24 * 3_600_000);
    let nobody = "nobody".parse().unwrap();
    assert!(history.agent_days(&nobody, day(1)..=day(31)).unwrap().is_empty());
}

/// What a sink has to send is written with the record, or not at all.
#[test]
fn the_outbox_is_filled_for_a_sink_only() {
    for has_sink in [false, true] {
        let (mut floor, _) = floor_with_history(StoreOptions { has_sink, ..OPTIONS });
        let mut callers = floor.link();
        let call = floor.call(&mut callers, "call");
        floor.say(&callers, json!({"type": "call_abandon", "callId": call}));
        let waiting = "SELECT count(*) FROM outbox WHERE key = 'CALL-20260129-000001'";
        assert_eq!(rows(&floor.path(), waiting), i64::from(has_sink));
    }
}

/// What is no record is set aside in its time, and takes no other's place on a page.
#[test]
fn a_page_of_what_waits_has_as_many_records_as_were_asked_for() {
    let (mut floor, history) = floor_with_history(StoreOptions { has_sink: true, ..OPTIONS });
    let mut callers = floor.link();
    for number in 0..4 {
        let call = floor.call(&mut callers, &format!("call-{number}"));
        floor.say(&callers, json!({"type": "call_abandon", "callId": call}));
        callers.heard();
    }
    let file = rusqlite::Connection::open(floor.path().join("monti.db")).unwrap();
    file.execute("UPDATE outbox SET body = 'no record' WHERE id <= 2", []).unwrap();
    let calls = history.undelivered_calls(Day::new(2026, 1, 29).unwrap(), None, 2).unwrap();
    assert_eq!(calls.iter().map(|call| call.call_id.number).collect::<Vec<_>>(), [3, 4]);
}

/// A centre that closes in the evening has its agents' days then, not at midnight.
#[test]
fn an_agents_day_so_far_goes_to_the_sink_when_it_logs_out_and_again_when_it_is_over() {
    let (mut floor, _) = floor_with_history(StoreOptions { has_sink: true, ..OPTIONS });
    let mut agents = floor.link();
    for _ in 0..2 {
        floor.staff(&mut agents, 1..=1);
        floor.pass(60 * SECOND);
        floor.say(&agents, json!({"type": "unregister", "agentId": "sim-1"}));
        agents.heard();
    }
    floor.staff(&mut agents, 2..=2);
    floor.machine.pass(24 * 3_600 * SECOND);
    floor.turn([]);
    let letters = Outbox::open(&floor.path()).unwrap().oldest_after(0, 10).unwrap();
    let seconds = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap();
    let told: Vec<_> = letters
        .iter()
        .map(|it| (it.key.as_str(), seconds(&it.body)["loginSeconds"].as_f64().unwrap()))
        .collect();
    let day = "sim-1/2026-01-29";
    assert_eq!(told[..3], [(day, 60.0), (day, 120.0), (day, 120.0)]);
    assert_eq!(told[3].0, "sim-2/2026-01-29");
    assert_eq!(told.len(), 4);
    assert!(letters.is_sorted_by(|a, b| a.ver < b.ver || a.key != b.key));
    assert_eq!(rows(&floor.path(), "SELECT count(*) FROM agent_day"), 2);
}

fn floor_with_history(options: StoreOptions) -> (Floor, History) {
    let folder = Arc::new(TempDir::new().unwrap());
    let store = Store::open(folder.path(), options).unwrap();
    let history = store.history().unwrap();
    let centre = CentreFile::default();
    (Floor::of_store(store, folder, &centre, Machine::at(MORNING)).unwrap(), history)
}
