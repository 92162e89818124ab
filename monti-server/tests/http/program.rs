//! The program itself, run as its users do.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, ExitStatus, Output, Stdio},
};

use monti_core::Centre;
use tempfile::TempDir;

use crate::{child::Child, client::Client};

#[test]
fn the_default_centre_is_printed_and_passes_its_own_check() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run(&folder, &["centre", "default"]);
    assert!(printed.status.success());
    assert_eq!(out(&printed), Centre::DEFAULT_TOML);
    let file = folder.path().join("centre.toml");
    fs::write(&file, &printed.stdout).unwrap();
    let checked = run(&folder, &["centre", "check", file.to_str().unwrap()]);
    assert!(checked.status.success(), "{}", err(&checked));
    assert!(out(&checked).ends_with("4 departments, 16 queues, no faults\n"), "{}", out(&checked));
}

#[test]
fn a_check_names_every_fault_and_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("centre.toml");
    let faulty = "time_zone = \"Mars/Olympus\"\n\n[limits]\nring_timeout = \"soon\"\n";
    fs::write(&file, faulty).unwrap();
    let checked = run(&folder, &["centre", "check", file.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1));
    let errors = err(&checked);
    assert!(errors.contains("centre.toml: line 1, column "), "{errors}");
    assert!(errors.contains("centre.toml: line 4, column "), "{errors}");
    let missing = run(&folder, &["centre", "check", "nowhere.toml"]);
    assert!(!missing.status.success());
    assert!(err(&missing).contains("nowhere.toml"), "{}", err(&missing));
}

#[test]
fn a_token_is_shown_once_and_kept_as_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let added = run(&folder, &["token", "add", "--role", "viewer", "--name", "wall"]);
    assert!(added.status.success(), "{}", err(&added));
    let token = out(&added).trim_end().to_owned();
    assert!(token.starts_with("monti_") && token.len() == 49, "{token}");

    let file = folder.path().join("data/tokens.jsonl");
    let kept = fs::read_to_string(&file).unwrap();
    assert!(kept.contains("\"wall\"") && !kept.contains(&token), "{kept}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let listed = out(&run(&folder, &["token", "list"]));
    assert!(listed.contains("wall") && listed.contains("viewer"), "{listed}");
    assert!(!listed.contains("monti_"), "{listed}");
}

#[test]
fn a_name_is_taken_once_and_free_again_when_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["token", "add", "--role", "simulator", "--name", "load", "--agent", "sim-"];
    assert!(run(&folder, &add).status.success());
    let again = run(&folder, &add);
    assert!(!again.status.success());
    assert!(err(&again).contains("there is a token load already"), "{}", err(&again));
    assert!(run(&folder, &["token", "revoke", "load"]).status.success());
    let again = run(&folder, &["token", "revoke", "load"]);
    assert!(err(&again).contains("there is no token load"), "{}", err(&again));
    assert!(run(&folder, &add).status.success());
}

#[test]
fn where_no_folder_is_named_the_one_in_the_state_folder_is_taken() {
    for (variable, place) in [("XDG_STATE_HOME", "monti"), ("HOME", ".local/state/monti")] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_monti-server"));
        program.env_clear().env(variable, folder.path());
        let added = program.args(["token", "add", "--role", "viewer", "--name", "wall"]).output();
        assert!(added.unwrap().status.success(), "{variable}");
        assert!(folder.path().join(place).join("tokens.jsonl").exists(), "{variable}");
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_monti-server"));
    let listed = program.env_clear().args(["token", "list"]).output().unwrap();
    assert!(err(&listed).contains("say where with --data or MONTI_DATA"), "{}", err(&listed));
}

#[test]
fn wrong_tokens_are_not_made() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (
            &["--role", "agent", "--name", "a"][..],
            "an agent's token needs the agentId it speaks for: --agent",
        ),
        (&["--role", "viewer", "--name", "a", "--agent", "ada"], "is for the roles agent"),
        (&["--role", "root", "--name", "a"], "possible values: viewer, agent, simulator"),
        (&["--role", "viewer", "--name", "a b"], "an identifier has 1 to 64 characters"),
        (&["--role", "viewer"], "--name"),
    ] {
        let added = run(&folder, &[&["token", "add"], arguments].concat());
        assert!(!added.status.success(), "{arguments:?}");
        assert!(err(&added).contains(says), "{arguments:?}: {}", err(&added));
    }
    assert!(!folder.path().join("data/tokens.jsonl").exists());
}

#[test]
fn a_damaged_tokens_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/tokens.jsonl"), "{\"name\":\"wall\"\n").unwrap();
    let listed = run(&folder, &["token", "list"]);
    assert!(!listed.status.success());
    assert!(err(&listed).contains("tokens.jsonl, line 1"), "{}", err(&listed));
}

#[test]
fn wrong_options_say_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (&["--listen", "localhost"][..], "an address and a port"),
        (&["--clock-speed", "0"], "a number from 0.1 to 1000"),
        (&["--tls-cert", "cert.pem"], "--tls-key"),
        (&["--log-format", "xml"], "possible values: text, json"),
        (&["--sync", "never"], "possible values: full, normal"),
        (&["--log", "warning"], "allowed are `off`, `error`, `warn`"),
    ] {
        let refused = run(&folder, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(err(&refused).contains(says), "{arguments:?}: {}", err(&refused));
    }
}

#[test]
fn every_option_has_a_variable_and_a_line_of_help() {
    let folder = tempfile::tempdir().unwrap();
    let help = out(&run(&folder, &["--help"]));
    for option in [
        "--listen",
        "--data",
        "--centre",
        "--tokens",
        "--clock-speed",
        "--tls-cert",
        "--tls-key",
        "--log-format",
        "--sync",
    ] {
        let variable = format!("MONTI_{}", option[2..].replace('-', "_").to_uppercase());
        assert!(help.contains(option) && help.contains(&variable), "{option}\n{help}");
    }
}

#[test]
fn it_serves_on_a_port_that_it_takes_and_prints() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    assert_eq!(server.client(None).get("/ready").ok()["status"], "ok");
    let body = r#"{"vq":"sales_general"}"#;
    assert_eq!(server.client(None).post("/internal/calls/inject", body).status, 202);
    assert!(server.stop().success());
    assert!(folder.path().join("data/monti.db").exists());

    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let stats = server.client(None).get("/internal/calls/stats").ok();
    assert_eq!(stats["total"]["waitingCalls"], 1);
    assert!(server.stop().success());
}

/// Nobody has to hear where it listens.
#[test]
fn without_room_for_what_it_prints_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = program(folder.path());
    program.args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped());
    program.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let mut child = Child::start(&mut program);
    let log = BufReader::new(child.process.stderr.take().unwrap());
    let mut addresses = log.lines().filter_map(|line| {
        let line = line.unwrap();
        let (_, told) = line.split_once("serving address=")?;
        told.split(' ').next()?.parse().ok()
    });
    let client = Client { address: addresses.next().expect("it serves"), token: None };
    assert_eq!(client.get("/ready").ok()["status"], "ok");
    child.ask_to_stop();
    assert!(child.wait().success());
}

/// Whoever copies `monti.db` alone after a stop has all of it.
#[test]
fn after_a_stop_the_log_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let body = r#"{"vq":"sales_general"}"#;
    assert_eq!(server.client(None).post("/internal/calls/inject", body).status, 202);
    let log = folder.path().join("data/monti.db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    assert!(server.stop().success());
    assert_eq!(fs::metadata(&log).map_or(0, |log| log.len()), 0);
}

#[test]
fn without_tokens_it_does_not_listen_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(&folder, &["--listen", "0.0.0.0:0"]);
    assert!(!refused.status.success());
    assert!(err(&refused).contains("monti-server token add --role"), "{}", err(&refused));
    assert!(!folder.path().join("data").exists());

    let missing = run(&folder, &["--listen", "127.0.0.1:0", "--tokens", "nowhere.jsonl"]);
    assert!(!missing.status.success());
    assert!(err(&missing).contains("nowhere.jsonl"), "{}", err(&missing));

    assert!(run(&folder, &["token", "add", "--role", "viewer", "--name", "wall"]).status.success());
    let server = Serving::start(program(folder.path()).args(["--listen", "0.0.0.0:0"]));
    assert_eq!(server.client(None).get("/api/snapshot").status, 401);
    assert!(server.stop().success());
}

#[test]
fn without_a_good_certificate_it_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = [0, 1].map(|_| {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate")
    });
    fs::write(folder.path().join("cert.pem"), first.cert.pem()).unwrap();
    fs::write(folder.path().join("other.pem"), second.signing_key.serialize_pem()).unwrap();
    for (certificate, key, says) in [
        ("nowhere.pem", "other.pem", "nowhere.pem"),
        ("cert.pem", "nowhere.pem", "nowhere.pem"),
        ("other.pem", "other.pem", "other.pem"),
        ("cert.pem", "cert.pem", "cert.pem"),
        ("cert.pem", "other.pem", "the certificate and its key"),
    ] {
        let refused = run(&folder, &["--tls-cert", certificate, "--tls-key", key]);
        assert_eq!(refused.status.code(), Some(1), "{certificate} {key}");
        assert!(err(&refused).contains(says), "{certificate} {key}: {}", err(&refused));
    }
}

#[test]
fn a_port_and_a_data_folder_are_one_servers_own() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let address = server.address.to_string();
    let refused = run(&folder, &["--listen", &address]);
    assert!(err(&refused).contains(&format!("cannot listen on {address}")), "{}", err(&refused));
    let refused = run(&folder, &["--listen", "127.0.0.1:0"]);
    assert!(!refused.status.success());
    assert!(err(&refused).contains("the data folder"), "{}", err(&refused));
    assert!(server.stop().success());
}

/// F24: it says what is wrong, and where to read what helps; and it leaves the file as it is.
#[test]
fn a_damaged_data_file_keeps_the_program_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let body = r#"{"vq":"sales_general","count":20}"#;
    assert_eq!(server.client(None).post("/internal/calls/inject", body).status, 202);
    // Without a last word: all is in the write-ahead log.
    drop(server);
    let log = folder.path().join("data/monti.db-wal");
    let mut bytes = fs::read(&log).unwrap();
    // In the page of the first frame.
    bytes[32 + 24 + 100] ^= 1;
    fs::write(&log, &bytes).unwrap();
    let refused = run(&folder, &["--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
    let said = err(&refused);
    assert!(said.contains("damaged") && said.contains("frame 1 of monti.db-wal"), "{said}");
    assert!(said.contains("docs/operations.md"), "{said}");
    assert_eq!(fs::read(&log).unwrap(), bytes);
}

/// Connections take no file that the store needs: those for which there is none wait.
#[test]
fn where_few_files_may_be_open_connections_wait_for_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 80 && exec \"$@\"", "sh", env!("CARGO_BIN_EXE_monti-server")]);
    limited.current_dir(folder.path()).env_clear().env("MONTI_DATA", folder.path().join("data"));
    limited.args(["--listen", "127.0.0.1:0"]).stderr(fs::File::create(&log).unwrap());
    let server = Serving::start(&mut limited);
    let waiting: Vec<_> = (0..100).map(|_| crate::client::connect(server.address)).collect();
    drop(waiting);
    assert_eq!(server.client(None).get("/ready").ok()["status"], "ok");
    assert!(server.stop().success());
    let log = fs::read_to_string(log).unwrap();
    assert!(!log.contains("cannot accept"), "{log}");
}

#[test]
fn tokens_are_good_from_when_they_are_made_until_they_are_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let status = |token: Option<&str>| server.client(token).get("/api/snapshot").status;
    assert_eq!(status(None), 200);
    let add = |name: &str| {
        let added = run(&folder, &["token", "add", "--role", "viewer", "--name", name]);
        out(&added).trim_end().to_owned()
    };
    let (wall, desk) = (add("wall"), add("desk"));
    assert_eq!((status(None), status(Some(&wall)), status(Some(&desk))), (401, 200, 200));
    assert!(run(&folder, &["token", "revoke", "wall"]).status.success());
    assert_eq!((status(Some(&wall)), status(Some(&desk))), (401, 200));
    let revoked = run(&folder, &["token", "revoke", "desk"]);
    assert!(err(&revoked).contains("nobody can enter"), "{}", err(&revoked));
    assert_eq!((status(None), status(Some(&desk))), (401, 401));
}

#[test]
fn no_callers_number_and_no_token_gets_into_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let added = run(&folder, &["token", "add", "--role", "supervisor", "--name", "desk"]);
    let token = out(&added).trim_end().to_owned();
    let log = folder.path().join("log");
    let server = Serving::start(
        program(folder.path())
            .args(["--listen", "127.0.0.1:0", "--log-format", "json", "--log", "trace"])
            .stderr(fs::File::create(&log).unwrap()),
    );
    let body = r#"{"vq":"sales_general","callerNumber":"+4930987654"}"#;
    let injected = server.client(Some(&token)).post("/internal/calls/inject", body);
    let call = injected.json()["calls"][0].as_str().unwrap().to_owned();
    let end = format!("/internal/calls/{call}/end");
    assert_eq!(server.client(Some(&token)).post(&end, "").status, 204);
    let page = server.client(Some(&token)).get("/api/calls").ok();
    assert_eq!(page["calls"][0]["callerNumber"], "+4930987654");
    assert!(server.stop().success());

    let log = fs::read_to_string(log).unwrap();
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert!(log.contains("/internal/calls/inject"), "{log}");
    assert!(!log.contains("4930987654") && !log.contains(&token), "{log}");
}

/// A server that runs, and is killed when the test is over.
pub(crate) struct Serving {
    child: Child,
    address: SocketAddr,
}

impl Serving {
    pub(crate) fn start(program: &mut Command) -> Self {
        let mut child = Child::start(program.stdout(Stdio::piped()));
        let port = child.address().port();
        Self { child, address: (Ipv4Addr::LOCALHOST, port).into() }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn client(&self, token: Option<&str>) -> Client {
        Client { address: self.address, token: token.map(str::to_owned) }
    }

    /// Sends SIGTERM, and waits for the end.
    pub(crate) fn stop(mut self) -> ExitStatus {
        self.child.ask_to_stop();
        self.child.wait()
    }
}

/// Runs the program with `folder` as its home and nothing else of this environment.
pub(crate) fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    program(folder.path()).args(arguments).stderr(Stdio::piped()).output().unwrap()
}

pub(crate) fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_monti-server"));
    program.current_dir(folder).env_clear().env("MONTI_DATA", folder.join("data"));
    program.stderr(Stdio::null());
    program
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
