//! The program itself, run as its users do.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Output, Stdio},
};

use serde_json::json;

use crate::{http, server::Server};

#[test]
fn wrong_options_say_what_is_allowed() {
    for (arguments, says) in [
        (&["run", "--connect", "ftp://localhost"][..], "allowed are host:8080"),
        (&["run", "--connections", "0"], "allowed is a number from 1 to 60000, or per-agent"),
        (&["run", "--connections", "many"], "allowed is a number from 1 to 60000, or per-agent"),
        (&["run", "--agents", "1000001"], "0..=1000000"),
        (&["run", "--calls-per-minute", "NaN"], "allowed is a number from 0 to 1000000"),
        (&["run", "--control", "8081"], "invalid socket address"),
        (&["run", "--prefix", "no spaces"], "allowed are up to 20 characters"),
        (&["run", "--stop-after", "soon"], "soon"),
        (&["run", "--log", "warning"], "`warning` is no level: allowed are `off`, `error`"),
        (&["run", "--log", "monti_sim=loud"], "allowed are `off`, `error`"),
    ] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(err(&refused).contains(says), "{arguments:?}: {}", err(&refused));
    }
    for (option, value, says) in [
        ("--from", "2026-01-29T08:00", "allowed is a time of the day, such as 08:00"),
        ("--from", "08:00-05:00", "allowed is a time of the day, such as 08:00"),
        ("--date", "2026-01-29T08:00", "allowed is a date, such as 2026-01-29"),
    ] {
        let refused = run(&["replay", "nowhere", "--format", "csv", option, value]);
        assert_eq!(refused.status.code(), Some(2), "{value}");
        assert!(err(&refused).contains(says), "{value}: {}", err(&refused));
    }
    let refused = run(&["run", "--control", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("the control port asks for no token"), "{}", err(&refused));
    let refused = run(&["run", "--control", "127.0.0.1:0", "--token-file", "nowhere"]);
    assert!(err(&refused).contains("the token's file nowhere"), "{}", err(&refused));
}

#[test]
fn what_goes_wrong_is_told_in_a_line_without_a_backtrace() {
    for (arguments, says) in [
        (
            &["run", "--control", "0.0.0.0:0"][..],
            "monti-sim: --control 0.0.0.0:0: the control port",
        ),
        (&["study", "nowhere.toml"], "monti-sim: nowhere.toml: No such file"),
        (&["replay", "nowhere", "--format", "csv", "--study"], "monti-sim: nowhere: No such file"),
    ] {
        let refused = program().env("RUST_BACKTRACE", "1").args(arguments).output().unwrap();
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        let said = err(&refused);
        assert!(said.starts_with(says) && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn who_stops_reading_what_it_prints_has_what_they_wanted() {
    let server = Server::start(&[]);
    let recording = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/recordings/bank.txt");
    let address = server.address.to_string();
    for arguments in [
        &["replay", recording, "--format", "anonymous-bank", "--print-centre"][..],
        &["run", "--connect", &address, "--control", "127.0.0.1:0", "--stop-after", "1s"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = program().args(arguments).stdout(writer).output().unwrap();
        assert!(ended.status.success(), "{arguments:?}: {}", err(&ended));
        assert!(!err(&ended).contains("panic"), "{arguments:?}: {}", err(&ended));
    }
}

#[test]
fn a_server_in_the_environment_is_for_live_plays_and_passed_over_by_others() {
    let recording = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/recordings/bank.txt");
    for offline in [&["--print-centre"][..], &["--study", "--replications", "1"]] {
        let arguments = [&["replay", recording, "--format", "anonymous-bank"][..], offline];
        let with = |variable: &str, more: &[&str]| {
            let mut program = program();
            program.args(arguments.concat()).args(more);
            program.env("MONTI_CONNECT", variable).output().unwrap()
        };
        let played = with("127.0.0.1:8080", &[]);
        assert!(played.status.success(), "{offline:?}: {}", err(&played));
        let refused = with("", &["--connect", "127.0.0.1:8080"]);
        assert_eq!(refused.status.code(), Some(2), "{offline:?}");
        let said = format!("'{}' cannot be used with '--connect'", offline[0]);
        assert!(err(&refused).contains(&said), "{offline:?}: {}", err(&refused));
    }
}

#[test]
fn until_the_server_is_reached_the_control_port_says_so_and_the_time_to_stop_counts() {
    let mut sim = program()
        .args(["run", "--connect", &nobody(), "--control", "127.0.0.1:0"])
        .args(["--stop-after", "3s"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(sim.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("the control port listens") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "it never listens");
    }
    let (_, control) = line.trim_end().split_once("address=").expect(&line);
    for (method, path) in
        [("GET", "/health"), ("GET", "/status"), ("POST", "/start"), ("GET", "/metrics")]
    {
        let answer = http::request(control.parse().unwrap(), method, path, None);
        assert_eq!(answer.status, 503, "{path}: {}", answer.body);
        let problem = answer.json();
        assert_eq!(
            (&problem["code"], &problem["retryAfterSeconds"]),
            (&json!("busy"), &json!(1.0))
        );
        assert!(answer.body.contains("the server has not been reached yet"), "{}", answer.body);
    }
    // What is wrong with a body can be told at once.
    let answer = http::request(control.parse().unwrap(), "POST", "/scale", Some("{"));
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("malformed")));
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert_eq!(sim.wait().unwrap().code(), Some(1), "{rest}");
    assert!(rest.contains("was not reached before it was time to stop"), "{rest}");
}

/// On a terminal the log shows warnings, and nothing else is shown before the server is reached.
#[test]
fn a_server_that_cannot_be_reached_is_told_once_in_a_log_that_shows_warnings_alone() {
    let nobody = nobody();
    let tried = ["run", "--connect", &nobody, "--control", "127.0.0.1:0", "--log", "warn"];
    let tried = run(&[&tried[..], &["--stop-after", "2s"]].concat());
    let told = err(&tried);
    assert_eq!(told.matches("cannot be reached yet; trying again").count(), 1, "{told}");
    assert!(told.contains(&format!("reason=\"cannot reach {nobody}")), "{told}");
}

#[test]
fn counted_calls_that_are_not_played_are_told_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("calls.csv"), "Calls\n3\n4\n5\n").unwrap();
    let scenario = "start = 2026-01-29T08:00:00\nduration = \"90s\"\n\
        staff = [{ department = \"sales\", agents = 1 }]\n[[arrivals]]\nvq = \"sales_general\"\n\
        counts = { file = \"calls.csv\", column = \"Calls\", interval = \"1m\" }\n\
        [behaviour]\ntalk = { constant = \"1s\" }\n";
    fs::write(path("scenario.toml"), scenario).unwrap();
    // A live play says it before it looks for the server: this one ends there.
    let live = ["run", "--control", "127.0.0.1:0", "--token-file", "nowhere", "--scenario"];
    for command in [&live[..], &["study", "--replications", "1"]] {
        let told = err(&run(&[command, &[&path("scenario.toml")]].concat()));
        assert!(told.contains("5 calls of the counts are outside the scenario's time"), "{told}");
        assert!(told.contains("4 calls of the counts are in intervals across"), "{told}");
    }
}

#[test]
fn calls_before_the_begin_of_a_day_that_is_played_live_are_told() {
    let server = Server::start(&["--clock-speed", "1000"]);
    let (recording, address) = (server.folder().join("calls.csv"), server.address.to_string());
    let calls = "arrival,queue,outcome,wait_seconds,service_seconds,agent\n\
        2026-01-29 09:00:00,sales_general,abandoned,30,,\n\
        2026-01-29 09:02:00,sales_general,answered,0,60,Kim\n\
        2026-01-29 09:03:00,sales_general,answered,0,60,Kim\n";
    fs::write(&recording, calls).unwrap();
    let play = ["replay", recording.to_str().unwrap(), "--format", "csv", "--connect", &address];
    let told = err(&run(&[&play[..], &["--control", "127.0.0.1:0"]].concat()));
    assert!(
        told.contains("1 calls of 2026-01-29 came before 09:02:00 and are not played"),
        "{told}"
    );
    assert!(told.contains("ended calls=2"), "{told}");
}

/// With them the day is over, and nobody waits for its end.
#[test]
fn calls_that_come_while_a_day_that_is_played_live_is_stopped_are_told() {
    let server = Server::start(&["--clock-speed", "60"]);
    let (mut sim, control) = replay_live(&server);
    let made = || http::request(control, "GET", "/calls/stats", None).json()["callsMade"].clone();
    while made() == 0 {}
    assert_eq!(http::request(control, "POST", "/stop", None).status, 200);
    let told = told_at_the_end(&mut sim);
    assert!(told.contains("2 calls came while it was stopped and are not played"), "{told}");
    assert!(told.contains("ended calls=1 "), "{told}");
}

#[test]
fn a_day_that_is_played_live_is_not_over_before_its_calls_came_whoever_else_calls() {
    let server = Server::start(&["--clock-speed", "60"]);
    let (mut sim, control) = replay_live(&server);
    let one = r#"{"vq":"sales_general"}"#;
    assert_eq!(http::request(control, "POST", "/calls/inject", Some(one)).status, 202);
    let told = told_at_the_end(&mut sim);
    assert!(told.contains("ended calls=4 "), "{told}");
}

/// Plays three calls at one minute a second; between the last two nobody is at work.
fn replay_live(server: &Server) -> (Child, SocketAddr) {
    let recording = server.folder().join("calls.csv");
    let calls = "arrival,queue,outcome,wait_seconds,service_seconds,agent\n\
        2026-01-29 09:00:00,sales_general,answered,0,10,Kim\n\
        2026-01-29 09:04:00,sales_general,answered,0,10,Kim\n\
        2026-01-29 09:10:00,sales_general,answered,0,120,Lee\n";
    fs::write(&recording, calls).unwrap();
    let mut sim = program()
        .args(["replay", recording.to_str().unwrap(), "--format", "csv"])
        .args(["--connect", &server.address.to_string(), "--control", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let control = control(&mut sim);
    (sim, control)
}

/// Where the control port of a program that plays listens.
fn control(sim: &mut Child) -> SocketAddr {
    let mut line = String::new();
    BufReader::new(sim.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let (_, control) = line.trim_end().split_once("control on http://").expect(&line);
    control.parse().unwrap()
}

/// All that a program that ends well has said.
fn told_at_the_end(sim: &mut Child) -> String {
    let mut told = String::new();
    sim.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(sim.wait().unwrap().success(), "{told}");
    told
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_anything_is_played() {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/two-thousand.toml");
    let refused = run(&["study", scenario, "--report", "/nowhere/report.html"]);
    assert!(err(&refused).contains("/nowhere/report.html"), "{}", err(&refused));
    assert!(refused.stdout.is_empty());
}

#[test]
fn it_plays_two_hundred_agents_says_how_it_goes_and_ends_when_told() {
    let server = Server::start(&["--clock-speed", "60"]);
    let mut sim = program()
        .args(["run", "--connect", &server.address.to_string(), "--control", "127.0.0.1:0"])
        .args(["--seed", "42", "--stop-after", "12s"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let control = control(&mut sim);
    let config = http::request(control, "GET", "/config", None).json();
    assert_eq!((&config["seed"], &config["agents"]), (&json!(42), &json!(200)));
    assert_eq!((&config["clockSpeed"], &config["connections"]), (&json!(60.0), &json!("1")));
    let departments = config["calls"]["departments"].as_object().unwrap();
    let rates = departments.values().map(|it| it["callsPerMinute"].as_f64().unwrap());
    let rate = rates.sum::<f64>();
    assert!((8.5..9.5).contains(&rate), "{rate}");
    assert_eq!(http::request(control, "GET", "/health", None).status, 200);
    server.total_when(|total| total["activeCalls"].as_u64().unwrap() > 10);

    let log = told_at_the_end(&mut sim);
    assert!(log.contains("agents 200/200 · calls "), "{log}");
    assert!(log.contains("errors=0"), "{log}");
}

/// An address at which nobody listens.
fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_monti-sim"));
    program.env_clear();
    program
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
