//! The same load over a disk that is full now and then, and over one that does not confirm.

use std::{
    fs,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use monti_server::store::StoreErrorKind;
use rand::RngExt as _;

use crate::{Trial, inside::Inside, program::Program, rest, small_disk::SmallDisk};

/// How often the server dies of its disk.
const LIVES: usize = 5;

/// For how long something is waited for that has to come.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_disk_that_does_not_confirm_ends_the_server_and_loses_nothing() {
    let mut trial = Trial::begin();
    for _ in 0..LIVES {
        let inside = begin(&mut trial);
        trial.pass(500..3_000);
        break_down(inside, &mut trial);
    }
    trial.end();
}

#[test]
fn a_disk_that_is_full_now_and_then_loses_nothing() {
    let mut trial = Trial::begin();
    for _ in 0..LIVES {
        let inside = begin(&mut trial);
        trial.pass(500..2_500);
        let switch = inside.switch.clone();
        switch.set_reserve(trial.dice.random_bool(0.5));
        switch.fail(Some(StoreErrorKind::Full));
        wait_until(inside.address(), "/ready", 503);
        trial.pass(300..1_500);
        // What there is can be looked at all the time.
        let (status, body) = rest::send(inside.address(), "GET", "/api/snapshot", "").unwrap();
        assert_eq!(status, 200, "{body}");
        if trial.dice.random_bool(0.7) {
            switch.fail(None);
            switch.set_reserve(true);
            wait_until(inside.address(), "/ready", 200);
            // It takes its time now and then.
            let (begins, go_on) = switch.hold();
            begins.recv_timeout(PATIENCE).unwrap();
            trial.pass(100..800);
            go_on.send(()).unwrap();
            trial.pass(500..1_500);
        }
        println!("{} groups were kept", switch.commits());
        break_down(inside, &mut trial);
    }
    trial.end();
}

/// A disk that really is small, where one may be mounted, and the real program.
#[test]
fn on_a_small_disk_nothing_is_lost() {
    let mut trial = Trial::begin();
    let data = trial.folder.path().join("data");
    fs::create_dir(&data).unwrap();
    // Room for the server's reserve and a little more.
    let Some(disk) = SmallDisk::mount(&data, 48 << 20) else { return };
    let disk = Arc::new(disk);
    trial.disk = Some(Arc::clone(&disk));
    for _ in 0..2 {
        let begun = Instant::now();
        let mut program = Program::start(trial.folder.path());
        let address = program.address();
        trial.floor.serve(address, begun);
        trial.pass(500..1_500);
        // A few groups have room.
        disk.fill(300 << 10);
        wait_until(address, "/ready", 503);
        trial.pass(500..2_000);
        drop(program);
        // The log that a start brings into the file makes room, but not enough of it.
        disk.fill(300 << 10);

        let begun = Instant::now();
        let mut program = Program::start(trial.folder.path());
        let address = program.address();
        trial.floor.serve(address, begun);
        assert_eq!(rest::send(address, "GET", "/ready", "").unwrap().0, 503);
        trial.pass(500..2_000);
        disk.empty();
        wait_until(address, "/ready", 200);
        trial.pass(500..1_500);
    }
    drop(disk);
    trial.end();
}

/// The same without one: a layer under the store counts the bytes.
#[test]
fn on_a_counted_disk_nothing_is_lost() {
    let mut trial = Trial::begin();
    let data = trial.folder.path().join("data");
    for _ in 0..LIVES {
        let inside = begin(&mut trial);
        trial.pass(500..1_500);
        inside.switch.leave_room(&data, 100 << 10);
        wait_until(inside.address(), "/ready", 503);
        trial.pass(500..2_000);
        inside.switch.make_room();
        wait_until(inside.address(), "/ready", 200);
        break_down(inside, &mut trial);
    }
    trial.end();
}

fn begin(trial: &mut Trial) -> Inside {
    let begun = Instant::now();
    let inside = Inside::start(trial.folder.path());
    trial.floor.serve(inside.address(), begun);
    inside
}

/// The disk does not confirm a write, of which it has all or nothing.
fn break_down(inside: Inside, trial: &mut Trial) {
    let switch = inside.switch.clone();
    let failures = switch.failures();
    if trial.dice.random_bool(0.5) {
        switch.fail_late(StoreErrorKind::Sync);
    } else {
        switch.fail(Some(StoreErrorKind::Sync));
    }
    assert_eq!(inside.died().kind(), StoreErrorKind::Sync);
    // What waited for room may have failed for want of it in the same moment.
    assert!((1..=2).contains(&(switch.failures() - failures)), "it is never tried again");
    trial.floor.check();
}

/// Waits until a path answers so.
fn wait_until(address: SocketAddr, path: &str, status: u16) {
    let until = Instant::now() + PATIENCE;
    loop {
        let (answered, body) = rest::send(address, "GET", path, "").unwrap();
        if answered == status {
            return;
        }
        assert!(Instant::now() < until, "{path} is {answered} still: {body}");
    }
}
