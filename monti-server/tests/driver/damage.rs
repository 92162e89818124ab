//! F24: damage is found, and said where; nothing is passed over. And a folder is one server's.

use std::{path::Path, sync::Arc};

use monti_server::{
    centre_file::CentreFile,
    recovery::RecoveryError,
    store::{Backlog, History, Outbox, Store, StoreError, StoreErrorKind},
};
use tempfile::TempDir;

use crate::{
    floor::{Floor, MORNING, OPTIONS},
    logged,
    machine::Machine,
};

#[test]
fn a_changed_byte_in_the_journal_is_found() {
    let error = damaged_by("UPDATE journal SET entries = zeroblob(length(entries)) WHERE seq = 3");
    assert!(error.contains("journal group 3 has a wrong check sum"), "{error}");
    assert!(error.contains(".dump"), "{error}");
}

#[test]
fn a_missing_group_is_found() {
    let error = damaged_by("DELETE FROM journal WHERE seq = 3");
    assert!(error.contains("journal group 3 is missing"), "{error}");
}

#[test]
fn a_swapped_group_is_found() {
    let swap = "UPDATE journal SET entries = (SELECT entries FROM journal WHERE seq = 2),
                crc = (SELECT crc FROM journal WHERE seq = 2) WHERE seq = 3";
    assert!(damaged_by(swap).contains("journal group 3"));
}

#[test]
fn a_damaged_snapshot_without_another_is_found() {
    let error = damaged_by("UPDATE snapshot_part SET bytes = zeroblob(length(bytes))");
    assert!(error.contains("snapshot after group 0"), "{error}");
}

#[test]
fn no_snapshot_before_a_journal_is_found() {
    let error = damaged_by("DELETE FROM snapshot");
    assert!(error.contains("no snapshot"), "{error}");
}

/// The one before it, with the journal since, is as good.
#[test]
fn a_damaged_snapshot_costs_nothing_while_there_is_another() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    let call = floor.call(&mut link, "call");
    let floor = floor.restart(std::time::Duration::ZERO);
    let disk = floor.disk_now();
    change(disk.path(), "UPDATE snapshot SET crc = crc + 1 WHERE seq > 0");
    let floor = Floor::open(disk, &CentreFile::default(), floor.machine).unwrap();
    let calls: Vec<_> = floor.driver.engine().calls().map(|it| it.id).collect();
    assert_eq!(calls, [call]);
}

/// The journal since was written under the newer centre, and names its queues by their places.
#[test]
fn a_damaged_snapshot_of_another_centre_is_found() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    floor.call(&mut link, "call");
    let (folder, machine) = (floor.folder, floor.machine);
    floor.driver.shut_down().unwrap();
    let text = CentreFile::default().text().replace("name = \"MONTI\"", "name = \"Another\"");
    let other = CentreFile::parse(&text).unwrap();
    let floor = Floor::open(folder, &other, machine).unwrap();
    let changes = [
        "UPDATE snapshot SET crc = crc + 1 WHERE seq > 0",
        "UPDATE snapshot SET centre = CAST(x'ff' AS TEXT) WHERE seq > 0",
    ];
    for sql in changes {
        let disk = floor.disk_now();
        change(disk.path(), sql);
        let RecoveryError::Store(error) =
            Floor::open(disk, &other, floor.machine.clone()).err().unwrap()
        else {
            panic!("it is no matter of the new centre")
        };
        assert_eq!(error.kind(), StoreErrorKind::Damaged);
        let said = error.to_string();
        assert!(said.contains("another centre") && said.contains(".dump"), "{said}");
    }
}

#[test]
fn what_is_no_database_is_refused() {
    for content in [b"not a database, but longer than its header would be".repeat(20), Vec::new()] {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("monti.db"), &content).unwrap();
        let outcome = Store::open(folder.path(), OPTIONS);
        match content.is_empty() {
            // A file that was made and never written to.
            true => assert!(outcome.is_ok()),
            false => assert_eq!(outcome.unwrap_err().kind(), StoreErrorKind::Damaged),
        }
    }
}

/// SQLite would begin an empty file and delete the log.
#[test]
fn a_log_whose_file_is_missing_or_empty_is_refused_and_kept() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    floor.call(&mut link, "call");
    for (what, lose) in [
        ("missing", (|file| std::fs::remove_file(file)) as fn(&Path) -> std::io::Result<()>),
        ("empty", |file| std::fs::write(file, "")),
    ] {
        let disk = floor.disk_now();
        let (file, log) = (disk.path().join("monti.db"), disk.path().join("monti.db-wal"));
        let bytes = std::fs::read(&log).unwrap();
        lose(&file).unwrap();
        let errors = [
            Store::open(disk.path(), OPTIONS).map(drop),
            Outbox::open(disk.path()).map(drop),
            History::open(disk.path()).map(drop),
        ];
        for error in errors.map(Result::unwrap_err) {
            assert_eq!(error.kind(), StoreErrorKind::Damaged);
            let said = format!("it is {what}, while its log monti.db-wal is not");
            assert!(error.to_string().contains(&said), "{error}");
        }
        assert_eq!(std::fs::read(&log).unwrap(), bytes);
        assert_eq!(file.exists(), what == "empty", "nothing is made");
    }
}

/// After an orderly stop the log is empty, and says nothing. A new centre would give the ids of the
/// calls that are lost once more.
#[test]
fn a_folder_that_was_in_use_and_lost_its_file_is_refused_until_that_is_back() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    let call = floor.call(&mut link, "call");
    let (folder, machine) = (floor.folder, floor.machine);
    floor.driver.shut_down().unwrap();
    let (file, elsewhere) = (folder.path().join("monti.db"), folder.path().join("elsewhere"));
    std::fs::rename(&file, &elsewhere).unwrap();
    for what in ["missing", "empty"] {
        if what == "empty" {
            std::fs::write(&file, "").unwrap();
        }
        let errors =
            [Store::open(folder.path(), OPTIONS).map(drop), Outbox::open(folder.path()).map(drop)];
        for error in errors.map(Result::unwrap_err) {
            assert_eq!(error.kind(), StoreErrorKind::Damaged);
            let said = format!("it is {what}, while the folder has been in use, as monti.reserve");
            assert!(error.to_string().contains(&said), "{error}");
        }
        assert_eq!(file.exists(), what == "empty", "nothing is made");
    }
    std::fs::rename(&elsewhere, &file).unwrap();
    let centre = CentreFile::default();
    let (floor, said) = logged(|| Floor::open(Arc::clone(&folder), &centre, machine).unwrap());
    assert_eq!(floor.driver.engine().calls().map(|it| it.id).collect::<Vec<_>>(), [call]);
    assert!(!said.contains("a new centre begins"), "{said}");
}

/// Its lock is there before there is anything else, whatever keeps the first start from more.
#[test]
fn in_a_folder_with_nothing_but_a_lock_a_new_centre_begins_and_says_so() {
    let folder = Arc::new(TempDir::new().unwrap());
    std::fs::write(folder.path().join("monti.lock"), "").unwrap();
    let (centre, machine) = (CentreFile::default(), Machine::at(MORNING));
    let (_, said) = logged(|| Floor::open(folder, &centre, machine).unwrap());
    assert!(said.contains("a new centre begins"), "{said}");
}

/// SQLite would take what is before the change for all of it, and delete the rest.
#[test]
fn a_log_that_was_changed_is_refused_and_kept_whoever_opens_the_file_first() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    for key in ["a", "b", "c", "d"] {
        floor.call(&mut link, key);
    }
    let disk = floor.disk_now();
    let log = disk.path().join("monti.db-wal");
    let mut bytes = std::fs::read(&log).unwrap();
    // In the page of its first frame.
    bytes[32 + 24] ^= 1;
    std::fs::write(&log, &bytes).unwrap();
    let errors = [
        Outbox::open(disk.path()).map(drop),
        History::open(disk.path()).map(drop),
        Store::open(disk.path(), OPTIONS).map(drop),
    ];
    for error in errors.map(Result::unwrap_err) {
        assert_eq!(error.kind(), StoreErrorKind::Damaged);
        assert!(error.to_string().contains("frame 1 of monti.db-wal was changed"), "{error}");
    }
    assert!(std::fs::read(&log).unwrap() == bytes);
}

/// What it writes while somebody looks is no damage.
#[test]
fn a_log_that_a_server_writes_is_looked_at_by_nobody_else() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    for key in ["a", "b", "c", "d"] {
        floor.call(&mut link, key);
    }
    let log = floor.path().join("monti.db-wal");
    let mut bytes = std::fs::read(&log).unwrap();
    // In the check sum of its first frame, which nobody reads again.
    bytes[32 + 16] ^= 1;
    std::fs::write(&log, &bytes).unwrap();
    Outbox::open(&floor.path()).unwrap();
}

#[test]
fn anothers_database_is_refused() {
    let folder = TempDir::new().unwrap();
    change(folder.path(), "CREATE TABLE theirs (a)");
    let error = Store::open(folder.path(), OPTIONS).unwrap_err();
    assert!(error.to_string().contains("no file of MONTI's"), "{error}");
}

/// Version 1 had no dead letters and no index of the outbox.
#[test]
fn an_older_versions_file_is_brought_up_to_date() {
    let mut floor = Floor::new();
    let mut link = floor.link();
    let call = floor.call(&mut link, "call");
    let folder = floor.disk_now();
    change(folder.path(), "DROP TABLE dead_letter");
    change(folder.path(), "DROP INDEX outbox_key");
    change(folder.path(), "UPDATE meta SET value = '1' WHERE key = 'schema'");
    assert!(Outbox::open(folder.path()).is_err(), "not before a server has been here");
    let floor = Floor::open(folder, &CentreFile::default(), floor.machine).unwrap();
    assert_eq!(floor.driver.engine().calls().map(|it| it.id).collect::<Vec<_>>(), [call]);
    let outbox = Outbox::open(&floor.path()).unwrap();
    assert_eq!(outbox.backlog().unwrap(), Backlog::default());
}

#[test]
fn a_newer_versions_file_is_refused() {
    let folder = TempDir::new().unwrap();
    drop(Store::open(folder.path(), OPTIONS).unwrap());
    change(folder.path(), "UPDATE meta SET value = '1000' WHERE key = 'schema'");
    assert_eq!(Store::open(folder.path(), OPTIONS).unwrap_err().kind(), StoreErrorKind::Newer);
}

#[test]
fn a_folder_in_use_is_refused() {
    let folder = TempDir::new().unwrap();
    let first = Store::open(folder.path(), OPTIONS).unwrap();
    let error = Store::open(folder.path(), OPTIONS).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::InUse);
    assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
    drop(first);
    assert!(Store::open(folder.path(), OPTIONS).is_ok());
}

/// What a start says after somebody changed the file so.
fn damaged_by(sql: &str) -> String {
    let mut floor = Floor::new();
    let mut link = floor.link();
    for key in ["a", "b", "c", "d"] {
        floor.call(&mut link, key);
    }
    let disk: Arc<TempDir> = floor.disk_now();
    change(disk.path(), sql);
    let outcome = Floor::open(disk, &CentreFile::default(), Machine::at(MORNING));
    let error: StoreError = match outcome.err().unwrap() {
        RecoveryError::Store(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
    error.to_string()
}

fn change(folder: &Path, sql: &str) {
    let file = rusqlite::Connection::open(folder.join("monti.db")).unwrap();
    file.execute_batch(sql).unwrap();
}
