//! Nothing is delivered before it is durable, and the driver's thread ends as it should.

use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc, thread};

use monti_core::Timestamp;
use monti_server::{
    driver::run,
    inbox::{Grant, Request, Role, inbox},
    store::StoreErrorKind,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    SECOND,
    floor::{Floor, incoming, says},
};

/// Callers' numbers are in it, and the folder can be one that others look into.
#[test]
fn the_files_are_their_owners_alone() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.call(&mut callers, "call");
    for file in ["monti.db", "monti.db-wal", "monti.db-shm"] {
        let mode = fs::metadata(floor.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn nothing_is_delivered_while_the_commit_takes_its_time() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let (inbox, outlet) = inbox(100, floor.clock.now());
    let (begins, go_on) = floor.switch.hold();
    let driver = floor.driver;
    let thread = thread::spawn(move || run(driver, &outlet));

    let (answer, mut answered) = oneshot::channel::<Timestamp>();
    inbox.try_send(says(&callers, incoming("call"))).unwrap_or_else(|_| panic!("no room"));
    begins.recv().unwrap();
    let question = Box::new(move |engine: &monti_core::Engine| answer.send(engine.now()).unwrap());
    inbox.try_send(Request::Ask(question)).unwrap_or_else(|_| panic!("no room"));
    assert!(callers.heard().is_empty());
    assert!(answered.try_recv().is_err());
    go_on.send(()).unwrap();
    inbox.stop();
    thread.join().unwrap().unwrap();
    assert_eq!(callers.heard_one()["type"], "call_queued");
    assert!(answered.try_recv().is_ok());
}

/// F28: what is in the inbox when the server is told to stop is done; then all links are closed.
#[test]
fn stopping_does_what_was_taken_in_and_closes_the_links() {
    let floor = Floor::new();
    let (inbox, outlet) = inbox(100, floor.clock.now());
    let link = inbox.next_link();
    let (sender, mut receiver) = mpsc::channel(10);
    let grant = Arc::new(Grant { name: "test".to_owned(), role: Role::Simulator, agents: None });
    let opened = Request::LinkOpened { link, sender, grant };
    inbox.try_send(opened).unwrap_or_else(|_| panic!("no room"));
    let register = monti_core::wire::AgentClientMessage::parse(
        r#"{"type":"register","agentId":"sim-1","department":"sales"}"#,
    );
    let request = Request::LinkMessage { link, message: register };
    inbox.try_send(request).unwrap_or_else(|_| panic!("no room"));
    inbox.stop();
    let (driver, folder) = (floor.driver, floor.folder);
    run(driver, &outlet).unwrap();
    assert_eq!(receiver.blocking_recv().unwrap().type_name(), "registered");
    assert!(receiver.blocking_recv().is_none());
    let snapshots = "SELECT count(*) FROM snapshot WHERE seq = (SELECT max(seq) FROM journal)";
    assert_eq!(crate::floor::rows(folder.path(), snapshots), 1);
}

#[test]
fn the_thread_ends_with_the_stores_error() {
    let mut floor = Floor::new();
    let callers = floor.link();
    let (inbox, outlet) = inbox(100, floor.clock.now());
    floor.switch.fail(Some(StoreErrorKind::Sync));
    inbox.try_send(says(&callers, incoming("call"))).unwrap_or_else(|_| panic!("no room"));
    let error = run(floor.driver, &outlet).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Sync);
    assert!(callers.is_closed());
}

/// What a start would replay it replays until the snapshot is there whole.
#[test]
fn the_journal_is_as_deep_as_before_until_the_snapshot_is_written() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.call(&mut callers, "key");
    let newest = |floor: &Floor| {
        crate::floor::rows(&floor.path(), "SELECT coalesce(max(seq), 0) FROM snapshot")
    };
    let before = newest(&floor);
    // One is made after an hour.
    let mut depth = 0;
    for _ in 0..2 * 60 * 60 {
        floor.pass(SECOND);
        if newest(&floor) > before {
            break;
        }
        assert!(floor.observations.journal_entries() >= depth);
        depth = floor.observations.journal_entries();
    }
    assert!(newest(&floor) > before && depth > 1);
    floor.pass(2 * SECOND);
    assert!(floor.observations.journal_entries() < depth, "what came since is a start's to replay");
}

/// One commit for a whole group.
#[test]
fn a_group_is_one_commit() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let commits = floor.switch.commits();
    let calls = (0..100).map(|number| says(&callers, incoming(&format!("call-{number}"))));
    let calls: Vec<_> = calls.collect();
    floor.turn(calls);
    assert_eq!(floor.switch.commits(), commits + 1);
    assert_eq!(callers.heard().len(), 100);
}
