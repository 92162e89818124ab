//! Recorded days through the whole chain: played call by call against the real server, shown by the
//! real wallboard, and counted again from the records.
//!
//! As it is here the days pass a thousand times as fast as they did. `MONTI_DAY_CLOCK_SPEED=60` plays
//! the bank's in eighteen minutes.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Instant,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    built::built,
    dynamo,
    dynoxide::Dynoxide,
    load::assert_figures,
    server::{PATIENCE, Server, program},
    shared::shared,
    watch::Watch,
};

#[test]
fn a_made_up_morning_comes_out_as_it_went_in() {
    let file = root().join("examples/recordings/bank.txt");
    let day = Day { file, date: "2026-01-29", from: "00:00", calls: 157 };
    comes_out_as_it_went_in(&day, None);
}

/// The 3rd of January 1999, from when the bank opens: then the day ends well before the server's own.
#[test]
fn a_banks_real_day_comes_out_as_it_went_in() {
    let file = shared("data/anonymous-bank/january-1999.txt", &mut io::stdout());
    let Some(file) = file else { return };
    let day = Day { file, date: "1999-01-03", from: "07:00", calls: 2_046 };
    comes_out_as_it_went_in(&day, Some(&Dynoxide::start()));
}

/// A day of a recording in the format of the bank's.
struct Day {
    file: PathBuf,
    date: &'static str,
    from: &'static str,
    /// How many calls came from then on, by another's count.
    calls: usize,
}

/// Plays a day; its records go to `dynamo`, or are the server's alone.
fn comes_out_as_it_went_in(day: &Day, dynamo: Option<&Dynoxide>) {
    // Before the clock runs: a day at speed leaves no time to build in.
    let board = built("monti-tui", env!("CARGO_BIN_EXE_monti-sim"));
    let recording = [day.file.to_str().unwrap(), "--format", "anonymous-bank"];
    let folder = tempfile::tempdir().unwrap();
    let centre = folder.path().join("centre.toml");
    // The server's own day has just begun: that the recorded one is another does not matter.
    let printed = text(replay(&recording, &["--print-centre"]).stdout);
    let printed = printed.replace("\"UTC\"", &format!("{:?}", small_hours()));
    // At speed the usual 20 seconds are a moment, in which a busy machine may answer no phone.
    let limits = "[limits]\nring_timeout = \"10m\"\n\n[priority]";
    let patient = printed.replace("[priority]", limits);
    assert_ne!(patient, printed, "the limits have found no place");
    fs::write(&centre, patient).unwrap();
    let speed = env::var("MONTI_DAY_CLOCK_SPEED").unwrap_or_else(|_| "1000".to_owned());
    let server = serve(&["--centre", centre.to_str().unwrap(), "--clock-speed", &speed], dynamo);
    let watch = Watch::start(server.address);
    let address = server.address.to_string();
    let options =
        ["--date", day.date, "--from", day.from, "--connect", &address, "--control", "127.0.0.1:0"];
    let said = text(replay(&recording, &options).stderr);
    let sent = |name: &str| -> usize {
        let from = said.rsplit_once(&format!(" {name}=")).unwrap_or_else(|| panic!("{said}")).1;
        from.split_whitespace().next().unwrap().parse().unwrap()
    };
    let (answered, abandoned) = (sent("answered"), sent("abandoned"));
    assert_eq!((sent("calls"), answered + abandoned), (day.calls, day.calls), "{said}");
    assert_eq!((sent("completed"), sent("live"), sent("errors")), (answered, 0, 0), "{said}");

    let total = server.total();
    assert_eq!(total["conserved"], true, "{total}");
    let fates = ["callsOffered", "callsCompleted", "callsAbandoned"].map(|it| total[it].as_u64());
    assert_eq!(fates, [day.calls, answered, abandoned].map(|it| u64::try_from(it).ok()), "{total}");
    let records = all_records(&server, dynamo, day.calls);
    let count = |status: &str| records.iter().filter(|it| it["status"] == status).count();
    assert_eq!((count("completed"), count("abandoned")), (answered, abandoned));

    assert_figures(&server.queues(), &records);
    let once = ["--once", "--format", "json", "--connect", &address];
    let board = Command::new(board).args(once).output().unwrap();
    let board: Value = serde_json::from_slice(&board.stdout).unwrap();
    assert_figures(board["departments"][0]["queues"].as_array().unwrap(), &records);
    assert_shown(watch, &records);
}

/// A server whose records go to `dynamo`, if there is one.
fn serve(options: &[&str], dynamo: Option<&Dynoxide>) -> Server {
    let Some(dynamo) = dynamo else { return Server::start(options) };
    let endpoint = format!("http://{}", dynamo.address);
    let place = ["--dynamo-use-local", "true", "--dynamo-endpoint", &endpoint];
    let tables = Command::new(program()).args(["dynamo", "create-tables"]).args(place).output();
    let tables = tables.unwrap();
    assert!(tables.status.success(), "{}", text(tables.stderr));
    Server::start(&[options, &place].concat())
}

/// All records, when they have arrived where they go.
fn all_records(server: &Server, dynamo: Option<&Dynoxide>, wanted: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let records = match dynamo {
            Some(dynamo) => dynamo::records(dynamo.address),
            None => server.records(),
        };
        if records.len() >= wanted {
            return records;
        }
        assert!(begun.elapsed() < PATIENCE, "{} of {wanted} records", records.len());
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

/// What the wallboards' link showed: each second no call too many or too few, and in the end what the
/// records say.
fn assert_shown(watch: Watch, records: &[Value]) {
    let shown = watch.end();
    let mut offered_before = vec![0; shown[0].queues.len()];
    for overview in &shown {
        for (before, queue) in offered_before.iter_mut().zip(&overview.queues) {
            let level = &queue.service_level;
            let known = queue.waiting_calls + queue.ringing_calls;
            let decided = level.calls_answered + level.calls_abandoned;
            assert_eq!(level.calls_offered, known + decided, "{queue:?}");
            assert!(level.calls_offered >= *before, "{queue:?}");
            *before = level.calls_offered;
        }
    }
    let last = shown.last().unwrap().queues.iter().map(serde_json::to_value);
    assert_figures(&last.map(Result::unwrap).collect::<Vec<_>>(), records);
}

fn replay(recording: &[&str], options: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_monti-sim"));
    let output = program.arg("replay").args(recording).args(options).output().unwrap();
    assert!(output.status.success(), "{}", text(output.stderr));
    output
}

/// A time zone in which a business date has just begun: a day at speed does not reach its end.
fn small_hours() -> String {
    let hour = i64::from(jiff::tz::TimeZone::UTC.to_datetime(Timestamp::now()).hour());
    let ahead = (12 - hour).rem_euclid(24) - 12;
    // The names have it the other way round.
    format!("Etc/GMT{:+}", -ahead)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}
