//! Recorded days through the whole chain: played call by call against the real server, shown by the
//! real wallboard, and counted again from the records.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    load::assert_figures,
    server::{Server, built},
};

#[test]
fn a_made_up_morning_comes_out_as_it_went_in() {
    let file = root().join("examples/recordings/bank.txt");
    assert_eq!(comes_out_as_it_went_in(&file, "2026-01-29"), 157);
}

/// Plays a day a thousand times as fast as it was. Answers how many calls came.
fn comes_out_as_it_went_in(file: &Path, date: &str) -> u64 {
    let recording = [file.to_str().unwrap(), "--format", "anonymous-bank"];
    let printed = replay(&recording, &["--print-centre"]);
    let folder = tempfile::tempdir().unwrap();
    let centre = folder.path().join("centre.toml");
    let file = format!("time_zone = \"{}\"\n{}", small_hours(), text(&printed.stdout));
    fs::write(&centre, file).unwrap();
    let server = Server::start(&["--centre", centre.to_str().unwrap(), "--clock-speed", "1000"]);
    let address = server.address.to_string();
    let play = ["--date", date, "--connect", &address, "--control", "127.0.0.1:0"];
    let played = replay(&recording, &play);
    let said = text(&played.stderr);
    let sent = |name: &str| -> u64 {
        let from = said.rsplit_once(&format!(" {name}=")).unwrap_or_else(|| panic!("{said}")).1;
        from.split_whitespace().next().unwrap().parse().unwrap()
    };

    let total = server.total();
    assert_eq!(total["conserved"], true, "{total}");
    assert_eq!(total["callsOffered"], sent("calls"), "{total}");
    assert_eq!(total["callsCompleted"], sent("completed"), "{total}");
    assert_eq!(total["callsAbandoned"], sent("calls") - sent("answered"), "{total}");
    let records = server.records();
    assert_eq!(records.len() as u64, sent("calls"));
    assert_figures(&server, &records);

    let once = ["--once", "--format", "json", "--connect", &address];
    let board = Command::new(built("monti-tui")).args(once).output().unwrap();
    let board: Value = serde_json::from_slice(&board.stdout).unwrap();
    let shown = board["departments"][0]["queues"].as_array().unwrap();
    for queue in shown {
        let of_queue = records.iter().filter(|record| record["vq"] == queue["id"]);
        let (answered, others) =
            of_queue.partition::<Vec<_>, _>(|record| record["status"] == "completed");
        let level = &queue["serviceLevel"];
        assert_eq!(level["callsAnswered"], answered.len(), "{queue}");
        assert_eq!(level["callsAbandoned"], others.len(), "{queue}");
    }
    sent("calls")
}

fn replay(recording: &[&str], options: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_monti-sim"));
    let output = program.arg("replay").args(recording).args(options).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

/// A time zone in which a business date has just begun: a day at speed does not reach its end.
fn small_hours() -> String {
    let hour = i64::from(jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).hour());
    let ahead = (1 - hour + 12).rem_euclid(24) - 12;
    // The names have it the other way round.
    format!("Etc/GMT{:+}", -ahead)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
