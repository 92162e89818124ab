//! The commands that save and restore the data, run as the handbook has them: only the paths are
//! those of a folder, and what needs an administrator or systemd is stood for.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::program::{Serving, err, out, program};

#[test]
fn a_back_up_is_what_the_server_goes_on_from_after_a_crash() {
    let machine = Machine::new();
    let server = machine.start();
    inject(&server, 1);
    let backed_up = machine.run("Back-up", 0);
    assert!(backed_up.status.success(), "{}", err(&backed_up));
    assert!(out(&backed_up).contains("ok"), "{}", out(&backed_up));
    inject(&server, 3);
    // Without a last word: what came last is in the write-ahead log alone.
    drop(server);
    let restored = machine.run("Restore", 0);
    assert!(restored.status.success(), "{}", err(&restored));
    assert_eq!(machine.told_systemd(), "stop monti-server\nstart monti-server\n");
    assert!(machine.path("var/lib/monti-before/monti.db-wal").exists());
    let server = machine.start();
    let stats = server.client(None).get("/internal/calls/stats").ok();
    assert_eq!(stats["total"]["waitingCalls"], 1);
}

#[test]
fn without_a_back_up_nothing_is_upgraded() {
    let machine = Machine::new();
    drop(machine.start());
    let new = machine.path("monti-server-new");
    for (content, installed) in [("first", "first"), ("second", "first")] {
        fs::write(&new, content).unwrap();
        // The second is of the same minute: its back-up would have the name of the first.
        let upgraded = machine.run("Upgrade", 0);
        assert_eq!(upgraded.status.success(), content == "first", "{}", err(&upgraded));
        let program = machine.path("usr/local/bin/monti-server");
        assert_eq!(fs::read_to_string(program).unwrap(), installed);
    }
    assert_eq!(machine.told_systemd(), "restart monti-server\n");
}

#[test]
fn what_damage_leaves_of_the_records_is_saved_and_brought_over() {
    let machine = Machine::new();
    let server = machine.start();
    let calls = inject(&server, 400);
    for call in &calls {
        let end = format!("/internal/calls/{call}/end");
        assert_eq!(server.client(None).post(&end, "").status, 204);
    }
    assert!(server.stop().success());
    let data = machine.path("var/lib/monti/monti.db");
    // Of the records alone, so that what is damaged is sure to be of them.
    let copy = machine.path("monti.db");
    let only_records = "DELETE FROM journal; DELETE FROM snapshot; DELETE FROM snapshot_part;";
    machine.sqlite(&data, &format!("{only_records} VACUUM INTO '{}'", copy.display()));
    damage(&copy, &calls[300]);

    machine.run("A damaged data file", 0);
    let dumped = fs::read_to_string(machine.path("records.sql")).unwrap();
    assert!(dumped.contains("CORRUPTION ERROR"), "as the page says");
    let count = |file: &Path| machine.sqlite(file, "SELECT count(*) FROM call_record");
    let saved: usize = count(&machine.path("recovered.db")).parse().unwrap();
    assert!((301..400).contains(&saved), "{saved}: what stands before the page and after it");

    fs::remove_dir_all(machine.path("var/lib/monti")).unwrap();
    let server = machine.start();
    let brought = machine.run("A damaged data file", 1);
    assert!(brought.status.success(), "{}", err(&brought));
    assert_eq!(count(&data), saved.to_string());
    assert_eq!(server.client(None).get("/health").ok()["status"], "ok");
}

/// Overwrites the page of the file that has the record of `call`.
fn damage(file: &Path, call: &str) {
    const PAGE: usize = 4096;
    let mut bytes = fs::read(file).unwrap();
    let place = bytes.windows(call.len()).position(|it| it == call.as_bytes()).unwrap();
    let page = place / PAGE * PAGE;
    bytes[page..page + PAGE].fill(0xff);
    fs::write(file, bytes).unwrap();
}

/// Puts calls into a queue, and gives their ids.
fn inject(server: &Serving, count: usize) -> Vec<String> {
    let body = format!(r#"{{"vq":"sales_general","count":{count}}}"#);
    let answer = server.client(None).post("/internal/calls/inject", &body).json();
    let calls = answer["calls"].as_array().unwrap();
    calls.iter().map(|call| call.as_str().unwrap().to_owned()).collect()
}

/// What the handbook takes for a machine with the service on it.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        for folder in ["bin", "etc/monti", "usr/local/bin", "var/lib", "var/backups"] {
            fs::create_dir_all(machine.path(folder)).unwrap();
        }
        for file in ["etc/monti/centre.toml", "etc/monti/tokens.jsonl"] {
            fs::write(machine.path(file), "").unwrap();
        }
        let told = machine.path("systemd");
        machine.stub("systemctl", &format!("echo \"$*\" >>'{}'", told.display()));
        machine.stub("sudo", "exec \"$@\"");
        // There is no such account here.
        machine.stub("install", "[ \"$1\" != -o ] || shift 4\nexec /usr/bin/install \"$@\"");
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn stub(&self, name: &str, script: &str) {
        let file = self.path("bin").join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn start(&self) -> Serving {
        let mut program = program(self.0.path());
        program.env("MONTI_DATA", self.path("var/lib/monti"));
        Serving::start(program.args(["--listen", "127.0.0.1:0"]))
    }

    fn told_systemd(&self) -> String {
        fs::read_to_string(self.path("systemd")).unwrap()
    }

    /// Runs the commands of a section: its console block number `block`.
    fn run(&self, section: &str, block: usize) -> Output {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operations.md");
        let page = fs::read_to_string(page).unwrap();
        let (_, section) = page.split_once(&format!("# {section}\n")).expect("a section");
        let commands = section.split("```console\n").nth(block + 1).expect("a block");
        let (commands, _) = commands.split_once("```").expect("its end");
        let lines = commands.lines();
        let lines = lines.filter_map(|line| line.strip_prefix("$ ").or(line.strip_prefix("> ")));
        let root = self.0.path().display();
        let script = lines.collect::<Vec<_>>().join("\n");
        // In the data folder it would keep everybody out.
        let script = script.replace("/var/lib/monti/tokens.jsonl", "/etc/monti/tokens.jsonl");
        let script = ["/var/", "/etc/", "/usr/local/"]
            .into_iter()
            .fold(script, |script, path| script.replace(path, &format!("{root}{path}")))
            .replace("$(date +%F-%H%M)", "2026-01-29-0200")
            // The day that the page takes for today: all records are of days before it.
            .replace("'2026-01-29'", "'9999-12-31'");
        let mut shell = Command::new("bash");
        shell.args(["-c", &script]).current_dir(self.0.path());
        let path = std::env::var("PATH").unwrap();
        shell.env("PATH", format!("{}:{path}", self.path("bin").display()));
        shell.output().unwrap()
    }

    fn sqlite(&self, file: &Path, statements: &str) -> String {
        let said = Command::new("sqlite3").arg(file).arg(statements).output();
        let said = said.expect("sqlite3: sudo apt-get install -y sqlite3");
        assert!(said.status.success(), "{}", err(&said));
        out(&said).trim_end().to_owned()
    }
}
