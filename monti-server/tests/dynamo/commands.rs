//! The program with DynamoDB, as its users run it.

use std::{
    collections::BTreeSet,
    io::Write as _,
    net::TcpStream,
    path::Path,
    process::{Command, Output, Stdio},
};

use monti_server::store::Outbox;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    SECOND,
    centre::Centre,
    floor::MORNING,
    kills::Serving,
    proxy::{Fault, Proxy},
    rest,
    servers::{Kind, Server, Tables},
    writing::{Writing, wait_for, wait_until},
};

#[test]
fn the_tables_are_made_and_checked() {
    let server = Server::start(Kind::Dynoxide);
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = program(folder.path());
        command.env("DYNAMO_USE_LOCAL", "true").env("DYNAMO_ENDPOINT", &server.endpoint);
        command.env("DYNAMO_TABLE_PREFIX", "ours-").args(arguments).output().unwrap()
    };
    let checked = run(&["dynamo", "check"]);
    assert!(!checked.status.success());
    assert!(out(&checked).contains("FAILED  ours-monti-call-records"), "{}", out(&checked));
    for outcome in ["made", "was there"] {
        let made = run(&["dynamo", "create-tables"]);
        assert!(made.status.success(), "{made:?}");
        let names = ["ours-monti-call-records", "ours-monti-agent-daily-stats"];
        assert_eq!(out(&made), names.map(|name| format!("{name}: {outcome}\n")).concat());
    }
    let checked = run(&["dynamo", "check"]);
    assert!(checked.status.success(), "{}", out(&checked));
    assert_eq!(out(&checked).lines().filter(|line| line.starts_with("ok ")).count(), 6);
}

#[test]
fn what_waits_and_what_was_refused_is_told_and_sent_again() {
    let tables = Tables::on(Kind::Dynoxide);
    let mut centre = Centre::with_agents(3);
    centre.second(3);
    let folder = centre.folder();
    let file = rusqlite::Connection::open(folder.join("monti.db")).unwrap();
    file.execute("UPDATE outbox SET body = '{\"callId\": \"\"}' WHERE id = 2", []).unwrap();
    let run = |arguments: &[&str]| program(&folder).args(arguments).output().unwrap();
    let status = out(&run(&["outbox", "status"]));
    assert!(status.starts_with("waiting:      3\noldest:       2026-01-29T"), "{status}");
    assert!(status.ends_with("dead letters: 0\n"), "{status}");

    let writing = Writing::start(&centre, tables.options(&tables.server.endpoint));
    writing.wait_until_empty();
    drop(writing);
    assert_eq!(out(&run(&["outbox", "status"])), "waiting:      0\ndead letters: 1\n");
    let listed = out(&run(&["outbox", "dead-letters"]));
    assert!(listed.starts_with("2  call CALL-20260129-000002  "), "{listed}");
    assert!(listed.contains("ValidationException"), "{listed}");
    let listed = out(&run(&["outbox", "dead-letters", "--json"]));
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed["id"], &listed["kind"]), (&2.into(), &"call".into()));

    assert!(!run(&["outbox", "retry"]).status.success(), "which?");
    let retried = run(&["outbox", "retry", "77"]);
    assert!(!retried.status.success() && err(&retried).contains("no dead letter 77"));
    assert_eq!(out(&run(&["outbox", "retry", "2"])), "1 record is sent again\n");
    assert!(out(&run(&["outbox", "status"])).starts_with("waiting:      1\n"));
    assert_eq!(out(&run(&["outbox", "retry", "--all"])), "0 records are sent again\n");
}

/// A server that runs on the file has its turns between the portions.
#[test]
fn many_records_are_sent_again_in_portions() {
    let centre = Centre::with_agents(1);
    let file = rusqlite::Connection::open(centre.folder().join("monti.db")).unwrap();
    let sql = "WITH RECURSIVE numbers(number) AS \
               (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 1700) \
               INSERT INTO dead_letter SELECT number, 'call', printf('CALL-20260128-%06d', number), \
               number, 0, 'body', 'refused', 0 FROM numbers";
    file.execute(sql, []).unwrap();
    let mut command = program(&centre.folder());
    let command = command.args(["outbox", "retry", "--all"]).stdout(Stdio::piped());
    let mut retry = command.spawn().unwrap();
    let mut seen = BTreeSet::new();
    while retry.try_wait().unwrap().is_none() {
        let sql = "SELECT count(*) FROM dead_letter";
        seen.insert(file.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap());
    }
    assert_eq!(out(&retry.wait_with_output().unwrap()), "1700 records are sent again\n");
    // What others see meanwhile: some portions are there, others are not.
    assert!(seen.is_subset(&BTreeSet::from([0, 200, 700, 1_200, 1_700])), "{seen:?}");
    assert!(seen.range(1..1_700).next().is_some(), "{seen:?}");
    let oldest = Outbox::open(&centre.folder()).unwrap().backlog().unwrap().oldest_at.unwrap();
    assert!(oldest >= MORNING.parse().unwrap(), "they begin to wait now: {oldest}");
}

/// A server over the file shows the same.
#[test]
fn how_long_records_wait_is_told_by_the_centres_clock() {
    let mut centre = Centre::at(FUTURE, 3);
    centre.second(3);
    centre.floor.pass(320 * SECOND);
    let told = program(&centre.folder()).args(["outbox", "status"]).output().unwrap();
    let told = out(&told);
    let (_, age) = told.split_once("oldest:       2126-01-29T08:00:01.000Z, ").expect(&told);
    let age: u64 = age.split_once(" s ago").unwrap().0.parse().unwrap();
    // The file is told the time each ten seconds.
    assert!((310..=320).contains(&age), "{told}");
}

#[test]
fn records_that_are_sent_again_begin_to_wait_by_the_centres_clock() {
    let centre = Centre::at(FUTURE, 1);
    let file = rusqlite::Connection::open(centre.folder().join("monti.db")).unwrap();
    let sql = "INSERT INTO dead_letter VALUES (1, 'call', 'key', 1, 0, 'body', 'refused', 0)";
    file.execute(sql, []).unwrap();
    let retried = program(&centre.folder()).args(["outbox", "retry", "1"]).output().unwrap();
    assert_eq!(out(&retried), "1 record is sent again\n");
    let waits = Outbox::open(&centre.folder()).unwrap().backlog().unwrap();
    assert_eq!(waits.oldest_at, Some(FUTURE.parse().unwrap()));
}

#[test]
fn an_endpoint_that_is_none_is_refused_with_what_is_allowed() {
    let folder = TempDir::new().unwrap();
    for endpoint in ["localhost:8000", "ftp://db", "http://"] {
        let mut command = program(folder.path());
        command.env("DYNAMO_USE_LOCAL", "true").env("DYNAMO_ENDPOINT", endpoint);
        let refused = command.output().unwrap();
        assert!(!refused.status.success());
        assert!(err(&refused).contains("allowed is http://"), "{}", err(&refused));
    }
}

/// The server itself: an outage is something to read about, nothing that hurts.
#[test]
fn a_server_without_its_dynamodb_is_ready_says_so_and_makes_up_for_it() {
    let tables = Tables::on(Kind::Dynoxide);
    let proxy = Proxy::before(&tables.server.endpoint);
    proxy.set_open(false);
    let folder = TempDir::new().unwrap();
    let server = Serving::start(folder.path(), &tables, &proxy.endpoint);
    let get = |path: &str| ask(&server, "GET", path, "");
    let injected = ask(&server, "POST", "/internal/calls/inject", r#"{"vq": "sales_general"}"#);
    let call = injected["calls"][0].as_str().unwrap().to_owned();
    ask(&server, "POST", &format!("/internal/calls/{call}/end"), "");
    wait_until(|| get("/health")["status"] == "degraded", || get("/health").to_string());
    let ready = get("/ready");
    assert_eq!((&ready["acceptingCalls"], &ready["backlogRecords"]), (&true.into(), &1.into()));
    let page = get("/api/calls");
    assert_eq!(
        (&page["calls"][0]["callId"], &page["partial"]),
        (&call.clone().into(), &true.into())
    );

    proxy.set_open(true);
    wait_for(folder.path(), |backlog| backlog.records == 0);
    wait_until(|| get("/health")["status"] == "ok", || get("/health").to_string());
    let page = get("/api/calls");
    assert_eq!((&page["calls"][0]["callId"], &page["partial"]), (&call.into(), &Value::Null));
    let there = crate::servers::run(async {
        let scan = tables.client().await.scan().table_name(tables.layout.calls_table());
        scan.send().await.unwrap().count
    });
    assert_eq!(there, 1);
}

/// What came last is delivered while the server stops.
#[test]
fn a_server_that_stops_leaves_nothing_behind_if_it_can() {
    let tables = Tables::on(Kind::Dynoxide);
    let folder = TempDir::new().unwrap();
    let server = Serving::start(folder.path(), &tables, &tables.server.endpoint);
    let body = r#"{"vq": "sales_general", "count": 30}"#;
    let injected = ask(&server, "POST", "/internal/calls/inject", body);
    for call in injected["calls"].as_array().unwrap() {
        let call = call.as_str().unwrap();
        ask(&server, "POST", &format!("/internal/calls/{call}/end"), "");
    }
    assert!(server.stop().success());
    assert_eq!(Outbox::open(folder.path()).unwrap().backlog().unwrap().records, 0);
}

/// They wait to ask DynamoDB once more when the process ends.
#[test]
fn a_server_that_stops_while_the_past_is_asked_for_ends_well() {
    const ASKERS: u64 = 10;
    let tables = Tables::on(Kind::Dynoxide);
    let proxy = Proxy::before(&tables.server.endpoint);
    // A record is on its way, which the end waits for a while.
    let writing = Fault::AnswerLate(60 * SECOND);
    proxy.plan(move |number| if number == 0 { writing } else { Fault::Throttle });
    let folder = TempDir::new().unwrap();
    let server = Serving::start(folder.path(), &tables, &proxy.endpoint);
    let injected = ask(&server, "POST", "/internal/calls/inject", r#"{"vq": "sales_general"}"#);
    let call = injected["calls"][0].as_str().unwrap();
    ask(&server, "POST", &format!("/internal/calls/{call}/end"), "");
    proxy.wait_for(1);
    let asking = (0..ASKERS).map(|_| {
        let mut stream = TcpStream::connect(&server.1).unwrap();
        stream.write_all(b"GET /api/calls HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        stream
    });
    let asking: Vec<_> = asking.collect();
    proxy.wait_for(1 + ASKERS);
    drop(asking);
    let ended = server.stop();
    assert!(ended.success(), "{ended}");
}

/// Asks the server something.
fn ask(server: &Serving, method: &str, path: &str, body: &str) -> Value {
    let (status, answer) = rest::send(server.1.parse().unwrap(), method, path, body).unwrap();
    assert!((200..300).contains(&status), "{status}: {answer}");
    serde_json::from_str(&answer).unwrap_or_default()
}

/// No machine's clock is there yet.
const FUTURE: &str = "2126-01-29T08:00:00Z";

/// The program with a data folder, and nothing else of this environment.
fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_monti-server"));
    program.current_dir(folder).env_clear().env("MONTI_DATA", folder);
    program
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
