//! The journal: what is not as it was written is not read.

use std::{fs, sync::LazyLock};

use monti_core::{AgentAction, CallId, Day, DepartmentId, Input, Registration, Timestamp, VqId};
use monti_server::{
    centre_file::CentreFile,
    journal::{Entries, check_sum, read},
    recovery::{RecoveryError, recover},
    store::{Store, StoreErrorKind},
};
use proptest::prelude::*;
use rand::{SeedableRng as _, rngs::StdRng};

use super::{cases, mutation::bytes};
use crate::{
    SECOND,
    floor::{Floor, OPTIONS, act, incoming, says},
};

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn entries_that_were_changed_are_read_up_to_the_fault(bytes in bytes(vec![GROUP.clone()])) {
        let read: Vec<_> = read(7, &bytes).collect();
        let faults = read.iter().filter(|entry| entry.is_err()).count();
        prop_assert!(faults <= 1 && read.iter().rev().skip(1).all(Result::is_ok));
        for fault in read.into_iter().filter_map(Result::err) {
            prop_assert_eq!(fault.kind(), StoreErrorKind::Damaged);
        }
        let is_good = bytes == *GROUP;
        prop_assert!(is_good || check_sum(7, &bytes) != check_sum(7, &GROUP));
    }
}

/// A group with an entry of each kind.
static GROUP: LazyLock<Vec<u8>> = LazyLock::new(entries);

fn entries() -> Vec<u8> {
    let at = Timestamp::from_millis(1_769_678_100_250);
    let call = CallId { day: Day::new(2026, 1, 29).unwrap(), number: 1 };
    let ada = || Registration::new("ada".parse().unwrap(), DepartmentId(0));
    let mut floor = Floor::new();
    let mut link = floor.link();
    floor.staff(&mut link, 1..=1);
    let engine = floor.driver.engine();
    let agent = engine.agent(engine.find_agent("sim-1").unwrap()).unwrap();
    let (agent, session) = (agent.id, agent.session);
    let complete = AgentAction::Complete { call, outcome: Some("sold".parse().unwrap()) };
    let inputs = [
        Input::call(VqId(3), Some("request".parse().unwrap())),
        Input::Abandon { call },
        Input::Register(Box::new(ada())),
        Input::Agent { agent, session, action: complete },
        Input::LinkLost { agents: vec![(agent, session)] },
        Input::LogOut { agent },
        Input::EndCall { call, agent: Some(agent) },
        Input::BusinessDay(engine.today()),
        Input::Restart,
        Input::Standstill { since: at },
    ];
    let mut entries = Entries::default();
    inputs.iter().for_each(|input| entries.push(at, Some(input)));
    entries.push(at, None);
    entries.as_bytes().to_vec()
}

/// Any byte of the files is another: a start finds that, or everything is there all the same.
#[test]
fn a_byte_that_was_changed_on_the_disk_is_found_or_does_not_matter() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    floor.staff(&mut link, 1..=2);
    for number in 0..20 {
        let call = floor.call(&mut link, &format!("call-{number}"));
        floor.turn([
            says(&link, act("call_accept", "sim-1", call)),
            says(&link, act("call_complete", "sim-1", call)),
            says(&link, incoming("once-more")),
        ]);
        floor.pass(SECOND);
    }
    let (log, clock) = (floor.disk_now(), floor.clock.clone());
    let whole = floor.driver.engine().snapshot();
    // The same in the file itself, as it is after an orderly stop.
    let copied = floor.disk_now();
    rusqlite::Connection::open(copied.path().join("monti.db"))
        .unwrap()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let mut dice = StdRng::seed_from_u64(1);
    for (disk, name) in [(log, "monti.db-wal"), (copied, "monti.db")] {
        let good = fs::read(disk.path().join(name)).unwrap();
        let other = if name == "monti.db" { "monti.db-wal" } else { "monti.db" };
        let beside = fs::read(disk.path().join(other)).unwrap_or_default();
        let mut found = 0;
        for _ in 0..200 {
            let at = dice.random_range(0..good.len());
            let folder = tempfile::tempdir().unwrap();
            let mut bytes = good.clone();
            bytes[at] ^= 1 << dice.random_range(0..8);
            fs::write(folder.path().join(name), bytes).unwrap();
            fs::write(folder.path().join(other), &beside).unwrap();
            let started = Store::open(folder.path(), OPTIONS)
                .map_err(RecoveryError::from)
                .and_then(|mut store| recover(&mut store, &CentreFile::default(), clock.now()));
            match started {
                Ok(recovered) => {
                    let mut engine = recovered.engine;
                    engine.handle_timeout(floor.driver.engine().now());
                    while engine.poll_output().is_some() {}
                    assert!(engine.snapshot() == whole, "{name}, byte {at}: something is missing");
                }
                Err(RecoveryError::Store(error)) => {
                    assert_eq!(error.kind(), StoreErrorKind::Damaged, "{name}, byte {at}: {error}");
                    found += 1;
                }
                Err(error) => panic!("{name}, byte {at}: {error}"),
            }
        }
        println!("{name}: {found} of 200 changed bytes were found, the others did not matter");
        assert!(found > 0);
    }
}
