//! F23: a disk without room, and one that does not confirm.

use std::{path::Path, process::Command, sync::Arc};

use monti_core::wire::{ErrorCode, Persistence};
use monti_server::{
    centre_file::CentreFile,
    inbox::Request,
    store::{Store, StoreErrorKind},
};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{
    SECOND,
    floor::{Floor, MORNING, OPTIONS, act, incoming},
    machine::Machine,
};

#[test]
fn on_a_full_disk_agents_are_served_from_the_reserve_and_new_calls_refused() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    agents.heard();
    floor.switch.set_reserve(true);
    floor.switch.fail(Some(StoreErrorKind::Full));
    assert_eq!(floor.ask(&mut agents, act("call_accept", "sim-1", call))["type"], "ack");
    assert_eq!(floor.observations.persistence(), Persistence::ReadOnly);
    assert_eq!(floor.ask(&mut callers, incoming("new"))["code"], "read_only");
    let refused = floor.answer(|answer| Request::Inject { request: injection(), answer });
    assert_eq!(refused.unwrap_err().code, ErrorCode::ReadOnly);
    assert_eq!(floor.ask(&mut agents, act("call_complete", "sim-1", call))["type"], "ack");

    floor.switch.set_reserve(true);
    floor.second();
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
    callers.heard();
    floor.say(&callers, incoming("new"));
    assert_eq!(callers.heard_types(), ["call_queued"]);
}

#[test]
fn without_room_nothing_is_taken_in_or_shown_and_nothing_is_lost() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=2);
    let call = floor.call(&mut callers, "call");
    agents.heard();
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    // It is applied, but cannot be kept: nobody hears of it.
    floor.say(&agents, act("call_accept", "sim-1", call));
    assert!(agents.heard().is_empty());
    // From here on nothing is taken in.
    let refused = floor.ask(&mut agents, act("call_accept", "sim-2", call));
    assert_eq!(refused["code"], "read_only");
    let (answer, mut answered) = oneshot::channel();
    floor.request(Request::Ask(Box::new(move |engine| answer.send(engine.now()).unwrap())));
    assert!(answered.try_recv().is_err(), "nothing is told that is not durable");
    let mut lost = floor.link();
    floor.close(lost);
    floor.pass(60 * SECOND);
    assert!(agents.heard().is_empty(), "time stands still for the engine");

    floor.switch.fail(None);
    floor.second();
    assert_eq!(agents.heard()[0]["type"], "ack", "what had to wait is told now");
    floor.switch.set_reserve(true);
    floor.second();
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
    lost = floor.link();
    floor.say(&lost, incoming("new"));
    assert_eq!(lost.heard()[0]["type"], "call_queued");
}

/// A power cut while something waits to be kept: nobody was told, and it is not there.
#[test]
fn what_could_not_be_kept_is_not_there_after_a_crash() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, incoming("call"));
    assert!(callers.heard().is_empty());
    let floor = floor.crash(SECOND);
    assert_eq!(floor.driver.engine().calls().count(), 0);
}

#[test]
fn a_disk_that_does_not_confirm_stops_the_server_at_once() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.switch.fail(Some(StoreErrorKind::Sync));
    let call = crate::floor::says(&callers, incoming("call"));
    let error = floor.try_turn([call]).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Sync);
    assert!(error.to_string().contains("did not confirm"), "{error}");
    assert!(callers.heard().is_empty());
    assert_eq!(floor.switch.commits(), 1, "it is not tried again");
}

/// Somebody who writes to the file with another program holds everything up, and breaks nothing.
#[test]
fn another_programs_write_lock_is_waited_for() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let other = rusqlite::Connection::open(floor.path().join("monti.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    floor.say(&callers, incoming("held"));
    assert!(callers.heard().is_empty());
    assert_eq!(floor.ask(&mut callers, incoming("refused"))["code"], "read_only");
    other.execute_batch("ROLLBACK").unwrap();
    floor.second();
    assert_eq!(callers.heard_one()["requestId"], "held");
    floor.second();
    assert_eq!(floor.ask(&mut callers, incoming("taken"))["type"], "call_queued");
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
}

/// The same with a disk that is really full, where a small one can be had.
#[test]
fn a_small_disk_fills_up_and_is_emptied() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: no file system may be mounted here");
        return;
    };
    let store = Store::open(&disk.data(), OPTIONS).unwrap();
    let machine = Machine::at(MORNING);
    let folder = Arc::clone(&disk.folder);
    let centre = CentreFile::default();
    let mut floor = Floor::of_store(store, folder, &centre, machine).unwrap();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let mut taken = Vec::new();
    disk.fill();
    let refused = loop {
        floor.say(&callers, incoming(&format!("call-{}", taken.len())));
        let mut heard = callers.heard();
        match heard.pop() {
            Some(queued) if queued["type"] == "call_queued" => taken.push(queued["callId"].clone()),
            refused => break refused,
        }
        assert!(taken.len() < 10_000, "the disk does not fill up");
    };
    assert!(refused.is_none_or(|error| error["code"] == "read_only"));
    assert_eq!(floor.observations.persistence(), Persistence::ReadOnly);
    let first = taken[0].as_str().unwrap().parse().unwrap();
    agents.heard();
    let accepted = floor.ask(&mut agents, act("call_accept", "sim-1", first));
    assert_eq!(accepted["type"], "ack");

    disk.empty();
    floor.pass(3 * SECOND);
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
    floor.say(&callers, incoming("after"));
    assert_eq!(callers.heard().last().unwrap()["type"], "call_queued");
    let live = floor.driver.engine().calls().map(|call| json!(call.id));
    let live: Vec<_> = live.collect();
    assert!(taken.iter().all(|call| live.contains(call)), "all that was taken in is there");
}

fn injection() -> monti_core::wire::InjectRequest {
    monti_core::wire::parse_body(r#"{"vq": "sales_general"}"#).unwrap()
}

/// A file system of a megabyte.
struct SmallDisk {
    folder: Arc<TempDir>,
}

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = Arc::new(TempDir::new().unwrap());
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(folder.path());
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then_some(Self { folder })
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().to_owned()
    }

    fn ballast(&self) -> std::path::PathBuf {
        self.folder.path().join("ballast")
    }

    /// Leaves no room but what the server keeps back and a few pages.
    fn fill(&self) {
        let mut size = 1 << 20;
        while size >= 4_096 {
            let mut ballast = std::fs::read(self.ballast()).unwrap_or_default();
            ballast.resize(ballast.len() + size, 0);
            if write(&self.ballast(), &ballast).is_err() {
                ballast.truncate(ballast.len() - size);
                write(&self.ballast(), &ballast).unwrap();
            }
            size /= 2;
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the floor may have its files open still.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).output();
    }
}
