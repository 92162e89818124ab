//! Crashes and orderly stops: what was acknowledged is there afterwards, what was not is not.

use std::{fs::OpenOptions, path::Path, sync::Arc, time::Duration};

use monti_core::{AgentState, CallId, CallPhase};
use monti_server::{
    centre_file::CentreFile,
    store::{History, Store},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    SECOND,
    floor::{Floor, OPTIONS, act, id, incoming, register, rows, says},
    machine::Machine,
};

/// F4, after however long.
#[test]
fn a_crash_keeps_places_blames_nobody_and_leaves_time_to_come_back() {
    for downtime in [SECOND, 60 * SECOND, 3 * 3_600 * SECOND] {
        let mut floor = Floor::new();
        let (mut callers, mut agents) = (floor.link(), floor.link());
        floor.staff(&mut agents, 1..=2);
        let active = floor.call(&mut callers, "active");
        floor.say(&agents, act("call_accept", "sim-1", active));
        let ringing = floor.call(&mut callers, "ringing");
        let queued = floor.call(&mut callers, "queued");
        let arrivals: Vec<_> = floor.driver.engine().calls().map(|it| it.enqueued_at).collect();

        let mut floor = floor.crash(downtime);
        let engine = floor.driver.engine();
        let phases: Vec<_> = engine.calls().map(|it| (it.id, it.phase)).collect();
        assert!(matches!(phases[0].1, CallPhase::Active { .. }));
        assert_eq!(phases[1..], [(ringing, CallPhase::Waiting), (queued, CallPhase::Waiting)]);
        let now: Vec<_> = engine.calls().map(|it| it.enqueued_at).collect();
        assert_eq!(now, arrivals);
        let blamed = engine.agent(engine.find_agent("sim-2").unwrap()).unwrap();
        assert_eq!(blamed.figures.ring_no_answers, 0);

        floor.pass(29 * SECOND);
        let mut back = floor.link();
        assert_eq!(floor.ask(&mut back, register("sim-1"))["resumedCallId"], json!(active));
        floor.say(&back, register("sim-2"));
        let heard = back.heard();
        assert_eq!(heard[1]["callId"], json!(ringing), "it kept its place: {heard:#?}");
        let mut callers = floor.link();
        let next = floor.ask(&mut callers, incoming("next"));
        assert!(id(&next["callId"]) > queued, "no id is used twice");
    }
}

#[test]
fn an_agent_that_does_not_come_back_after_a_crash_loses_its_call() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    floor.say(&agents, act("call_accept", "sim-1", call));
    let mut floor = floor.crash(60 * SECOND);
    floor.pass(31 * SECOND);
    assert_eq!(floor.state("sim-1"), AgentState::Offline);
    let lost = "SELECT count(*) FROM call_record WHERE status = 'agent_lost'";
    assert_eq!(rows(&floor.path(), lost), 1);
}

/// Its grace ran when the server died, and nobody could come back then.
#[test]
fn an_agent_that_was_away_with_a_call_when_the_server_died_has_time_to_come_back() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    floor.say(&agents, act("call_accept", "sim-1", call));
    floor.close(agents);
    floor.pass(20 * SECOND);
    let mut floor = floor.crash(3_600 * SECOND);
    floor.pass(29 * SECOND);
    let mut back = floor.link();
    assert_eq!(floor.ask(&mut back, register("sim-1"))["resumedCallId"], json!(call));
}

/// Who did not talk is gone as of the last moment before: the time between is nobody's.
#[test]
fn nobody_collects_breaks_and_breaches_while_all_is_down() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=2);
    let pause = json!({"type": "state_change", "agentId": "sim-2", "state": "break"});
    floor.say(&agents, pause);
    floor.pass(10 * SECOND);
    let floor = floor.crash(3_600 * SECOND);
    for login in ["sim-1", "sim-2"] {
        assert_eq!(floor.state(login), AgentState::Offline);
        let engine = floor.driver.engine();
        let figures = engine.agent(engine.find_agent(login).unwrap()).unwrap().figures;
        assert!(figures.login.get() <= 10_000, "{figures:?}");
        assert_eq!(figures.break_breaches, 0);
    }
}

#[test]
fn a_phone_that_rang_when_the_server_died_blames_nobody_however_long_it_was_down() {
    for downtime in [SECOND, 3_600 * SECOND] {
        let mut floor = Floor::new();
        let (mut callers, mut agents) = (floor.link(), floor.link());
        floor.staff(&mut agents, 1..=1);
        let call = floor.call(&mut callers, "call");
        let mut floor = floor.crash(downtime);
        let mut agents = floor.link();
        // Whoever comes first is free for it, and rejects; then the one idle longest has it.
        floor.say(&agents, register("sim-3"));
        agents.heard();
        floor.staff(&mut agents, 1..=2);
        floor.say(&agents, act("call_reject", "sim-3", call));
        assert_eq!(floor.state("sim-1"), AgentState::Ringing, "{downtime:?}");
    }
}

#[test]
fn a_short_time_down_sends_nobody_home() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=1);
    let mut floor = floor.crash(5 * SECOND);
    assert_eq!(floor.state("sim-1"), AgentState::Available);
    floor.pass(29 * SECOND);
    assert_eq!(floor.state("sim-1"), AgentState::Available);
    floor.pass(2 * SECOND);
    assert_eq!(floor.state("sim-1"), AgentState::Offline);
}

/// What had not reached the disk is torn off, whole groups of it.
#[test]
fn a_torn_write_is_as_if_it_had_not_been() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let kept = floor.call(&mut callers, "kept");
    let torn = floor.call(&mut callers, "torn");
    let disk = floor.disk_now();
    let log = disk.path().join("monti.db-wal");
    let length = std::fs::metadata(&log).unwrap().len();
    OpenOptions::new().write(true).open(&log).unwrap().set_len(length - 100).unwrap();

    let centre = CentreFile::default();
    let mut floor = Floor::open(disk, &centre, floor.machine).unwrap();
    let calls: Vec<_> = floor.driver.engine().calls().map(|it| it.id).collect();
    assert_eq!(calls, [kept]);
    // It was never acknowledged, had the power really gone before it was on the disk.
    let mut callers = floor.link();
    assert_eq!(floor.call(&mut callers, "another"), torn);
}

/// The journal replayed is the live state, to the byte.
#[test]
fn a_replay_is_the_live_state() {
    let mut floor = Floor::new();
    busy_hour(&mut floor);
    let disk = floor.disk_now();
    let mut store = Store::open(disk.path(), OPTIONS).unwrap();
    let recovered =
        monti_server::recovery::recover(&mut store, &CentreFile::default(), floor.clock.now());
    let mut replayed = recovered.unwrap().engine;
    replayed.handle_timeout(floor.driver.engine().now());
    while replayed.poll_output().is_some() {}
    assert_eq!(replayed.snapshot(), floor.driver.engine().snapshot());
}

/// F28.
#[test]
fn an_orderly_stop_leaves_a_snapshot_and_no_journal_to_replay() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    busy_hour(&mut floor);
    let before = floor.driver.engine().snapshot();
    let (folder, clock) = (floor.folder, floor.clock);
    floor.driver.shut_down().unwrap();
    assert!(link.heard().is_empty() && link.is_closed());
    let mut store = Store::open(folder.path(), OPTIONS).unwrap();
    let centre = CentreFile::default();
    let recovered = monti_server::recovery::recover(&mut store, &centre, clock.now()).unwrap();
    assert_eq!(recovered.journal_depth, 0);
    assert_eq!(recovered.engine.snapshot(), before);
}

/// After a sync that failed the log may be in the system's memory alone, and read like one that is
/// on the disk.
#[test]
fn what_a_start_goes_on_from_is_in_the_file_and_not_in_the_log_alone() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    let calls = ["a", "b", "c"].map(|key| floor.call(&mut link, key));
    let floor = floor.crash(SECOND);
    assert_eq!(calls_in_the_file(&floor.path(), floor.machine), calls);
}

#[test]
fn after_an_orderly_stop_the_file_has_everything() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    let calls = ["a", "b", "c"].map(|key| floor.call(&mut link, key));
    // One that reads as the server's own history does.
    let _history = History::open(&floor.path()).unwrap();
    let (folder, machine) = (floor.folder, floor.machine);
    floor.driver.shut_down().unwrap();
    assert_eq!(calls_in_the_file(folder.path(), machine), calls);
}

/// The calls of a centre that has the `monti.db` of a folder, and not what is beside it.
fn calls_in_the_file(folder: &Path, machine: Machine) -> Vec<CallId> {
    let disk = Arc::new(TempDir::new().unwrap());
    std::fs::copy(folder.join("monti.db"), disk.path().join("monti.db")).unwrap();
    let floor = Floor::open(disk, &CentreFile::default(), machine).unwrap();
    floor.driver.engine().calls().map(|call| call.id).collect()
}

/// A snapshot is written while calls go on, and the journal before the one before it goes.
#[test]
fn snapshots_are_written_in_time_and_the_journal_is_pruned() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    for hour in 0..3 {
        floor.call(&mut link, &format!("call-{hour}"));
        floor.pass(3_700 * SECOND);
    }
    let path = floor.path();
    assert_eq!(rows(&path, "SELECT count(*) FROM snapshot"), 2);
    let kept = rows(&path, "SELECT min(seq) FROM snapshot");
    assert!(kept > 0);
    assert_eq!(rows(&path, "SELECT min(seq) FROM journal"), kept + 1);
    let floor = floor.crash(SECOND);
    assert_eq!(floor.driver.engine().calls().count(), 3);
}

/// The journal is replayed under the centre that it was written under.
#[test]
fn another_centre_file_takes_over_what_there_is() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    let call = floor.call(&mut link, "call");
    let disk = floor.disk_now();
    let text = format!("{}\n[[departments]]\nid = \"sales\"\n", "name = \"Other\"");
    let centre = CentreFile::parse(&format!("{text}queues = [{{ id = \"general\" }}]\n"));
    let centre = centre.unwrap();
    let mut other = Floor::open(disk.clone(), &centre, floor.machine.clone()).unwrap();
    assert_eq!(other.driver.engine().calls().map(|it| it.id).collect::<Vec<_>>(), [call]);
    let mut link = other.link();
    other.call(&mut link, "another");
    drop(other);
    let other = Floor::open(disk, &centre, floor.machine).unwrap();
    assert_eq!(other.driver.engine().calls().count(), 2);
}

#[test]
fn a_centre_file_without_a_queue_that_has_calls_is_refused() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    floor.call(&mut link, "call");
    let disk = floor.disk_now();
    let text = "[[departments]]\nid = \"sales\"\nqueues = [{ id = \"upsell\" }]\n";
    let centre = CentreFile::parse(text).unwrap();
    let error = Floor::open(disk, &centre, floor.machine).err().unwrap().to_string();
    assert!(error.contains("sales_general"), "{error}");
}

/// The power goes at any moment, again and again: no call that was acknowledged is lost or there
/// twice, none overtakes another, and no id names two calls.
#[test]
fn whenever_the_power_goes_what_was_acknowledged_is_there() {
    for seed in 1..=8_u64 {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut floor = Floor::new();
        let (mut acknowledged, mut over) = (Vec::new(), Vec::new());
        for life in 0..6 {
            let mut link = floor.link();
            (1..=3).for_each(|number| floor.say(&link, register(&format!("sim-{number}"))));
            for step in 0..dice.random_range(5..25) {
                let group = (0..dice.random_range(0..5))
                    .map(|number| says(&link, incoming(&format!("{life}-{step}-{number}"))));
                let group: Vec<_> = group.collect();
                floor.turn(group);
                for told in link.heard() {
                    let login = told["agentId"].as_str();
                    match told["type"].as_str().unwrap() {
                        "call_queued" => acknowledged.push(id(&told["callId"])),
                        "call_assign" if dice.random_bool(0.5) => {
                            let (login, call) = (login.unwrap(), id(&told["callId"]));
                            over.push(call);
                            floor.turn([
                                says(&link, act("call_accept", login, call)),
                                says(&link, act("call_complete", login, call)),
                                says(&link, available(login)),
                            ]);
                        }
                        _ => {}
                    }
                }
                floor.pass(Duration::from_millis(dice.random_range(0..3_000)));
            }
            floor = floor.crash(Duration::from_secs(dice.random_range(0..100)));
        }
        assert!(acknowledged.is_sorted_by(|a, b| a < b), "seed {seed}");
        let path = floor.path();
        let recorded = "SELECT count(*) FROM call_record WHERE number = ";
        let engine = floor.driver.engine();
        for call in &acknowledged {
            let records = rows(&path, &format!("{recorded}{}", call.number));
            let is_live = engine.call(*call).is_some();
            assert_eq!(records + i64::from(is_live), 1, "seed {seed}: {call} is in one place");
            assert!(records == 1 || !over.contains(call), "seed {seed}: {call} was completed");
        }
        let known =
            rows(&path, "SELECT count(*) FROM call_record") + as_rows(engine.calls().count());
        assert_eq!(known, as_rows(acknowledged.len()), "seed {seed}");
    }
}

fn as_rows(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}

fn available(login: &str) -> serde_json::Value {
    json!({"type": "state_change", "agentId": login, "state": "available"})
}

/// Agents that take calls, come and go, for the time that it takes.
fn busy_hour(floor: &mut Floor) {
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=5);
    for round in 0..40_u32 {
        floor.say(&callers, incoming(&format!("call-{round}")));
        callers.heard();
        for assigned in agents.heard().iter().filter(|it| it["type"] == "call_assign") {
            let login = assigned["agentId"].as_str().unwrap();
            let call = id(&assigned["callId"]);
            match round % 4 {
                0 => floor.say(&agents, act("call_reject", login, call)),
                1 => {}
                _ => floor.turn([
                    says(&agents, act("call_accept", login, call)),
                    says(&agents, act("call_complete", login, call)),
                    says(&agents, available(login)),
                ]),
            }
        }
        floor.pass(Duration::from_millis(7_300));
        if round % 10 == 9 {
            let lost = std::mem::replace(&mut agents, floor.link());
            floor.close(lost);
            (1..=5).for_each(|number| floor.say(&agents, register(&format!("sim-{number}"))));
        }
    }
}
