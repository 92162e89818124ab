//! What it prints and ends with, without a terminal.

use std::process::{Command, Output};

use crate::{
    floor::Floor,
    programs::{Server, WALLBOARD},
};

#[test]
fn once_prints_the_state_in_every_format() {
    let server = Server::start("5m", "10m");
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "training");
    floor.register("bob", "support", "Bob Ross", "training");
    floor.call("sales_general", "r-1");
    let address = server.address.to_string();
    let once = |format: &str| out(&run(&["--connect", &address, "--once", "--format", format]));

    let table = once("table");
    assert!(table.contains("sales/General") && table.contains("0 past a limit"), "{table}");
    assert!(table.contains("offered 1   answered 0   abandoned 0   SL –   waiting 1"), "{table}");
    let all = table.lines().find(|line| line.starts_with("all ")).expect(&table);
    assert_eq!(all.split_whitespace().collect::<Vec<_>>(), ["all", "2", "2"], "{table}");
    assert!(table.contains("TRAINING"), "{table}");
    let json: serde_json::Value = serde_json::from_str(&once("json")).unwrap();
    assert_eq!(json["departments"][0]["queues"][0]["waitingCalls"], 1);
    let csv = once("csv");
    let fields = csv.lines().map(|line| line.split(',').count()).collect::<Vec<_>>();
    assert_eq!(fields, [16; 17], "{csv}");
    let prom = once("prom");
    let sample = "monti_board_waiting_calls{department=\"sales\",vq=\"sales_general\"} 1\n";
    assert!(prom.contains(sample), "{prom}");
}

#[test]
fn a_table_in_ascii_holds_nothing_else() {
    let server = Server::start("1s", "1s");
    let mut floor = Floor::open(server.address);
    // Nothing has a value yet, and there is no room for the name of who is past a limit.
    floor.register("ada", "sales", "Ada Lovelace, Countess of Lovelace", "break");
    let address = server.address.to_string();
    let start = std::time::Instant::now();
    let table = loop {
        let table = out(&run(&["--connect", &address, "--once", "--symbols", "ascii"]));
        if table.contains("1 past a limit") {
            break table;
        }
        assert!(start.elapsed().as_secs() < 30, "no breach");
    };
    assert!(table.is_ascii(), "{table}");
    assert!(table.contains("SL -") && table.contains("Counte~"), "{table}");
}

#[test]
fn without_a_terminal_it_prints_once() {
    let server = Server::start("5m", "10m");
    let printed = run(&["--connect", &server.address.to_string()]);
    assert!(out(&printed).contains("sales/General"));
}

#[test]
fn the_exit_code_says_what_came_of_it() {
    let server = Server::start("1s", "1s");
    let address = server.address.to_string();
    let once = ["--connect", &address, "--once", "--fail-on", "breach"];
    assert_eq!(run(&once).status.code(), Some(0));
    let mut floor = Floor::open(server.address);
    floor.register("ada", "sales", "Ada Lovelace", "break");
    let start = std::time::Instant::now();
    while run(&once).status.code() != Some(3) {
        assert!(start.elapsed().as_secs() < 30, "no breach");
    }
    let json = [&once[..], &["--format", "json", "--privacy"]].concat();
    let json: serde_json::Value = serde_json::from_str(&out(&run(&json))).unwrap();
    assert_eq!(json["breaches"][0]["name"], "A.L.");
    assert_eq!(json["breaches"][0]["breach"], "break");
    assert_eq!(json["breaches"][0].get("agentId"), None);

    drop(server);
    let unanswered = run(&once);
    assert_eq!(unanswered.status.code(), Some(4));
    assert!(err(&unanswered).contains("cannot reach"), "{}", err(&unanswered));
    assert_eq!(run(&["--format", "xml"]).status.code(), Some(2));
}

#[test]
fn an_option_that_would_do_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.jsonl");
    for option in [&["--format", "json"][..], &["--fail-on", "breach"]] {
        let refused = run(&[option, &["--replay", "day.jsonl"]].concat());
        assert_eq!(refused.status.code(), Some(2), "{option:?}");
    }
    let refused = run(&["--once", "--log", "debug"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("--log-file"), "{}", err(&refused));
    let log = folder.path().join("log");
    let refused = run(&["--once", "--log", "warning", "--log-file", log.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("`warning` is no level"), "{}", err(&refused));
    // Without a terminal there is nothing that could be recorded.
    let refused = run(&["--connect", "127.0.0.1:9", "--record", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("--record needs a terminal"), "{}", err(&refused));
    assert!(!file.exists());
}

#[test]
fn a_variable_that_is_empty_counts_as_not_set() {
    let variables = ["MONTI_TOKEN", "MONTI_TOKEN_FILE", "MONTI_CA", "MONTI_ROTATE", "MONTI_THEME"];
    let mut command = Command::new(WALLBOARD);
    let command = command.env_clear().envs(variables.map(|name| (name, "")));
    let printed = out(&command.arg("--print-config").output().unwrap());
    for setting in ["# token_file =", "# token =", "# ca =", "# rotate ="] {
        let line = printed.lines().find(|line| line.starts_with(setting));
        assert!(line.is_some_and(|line| line.ends_with("not set")), "{setting}\n{printed}");
    }
}

#[test]
fn where_the_token_comes_from_is_printed_and_the_token_never() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wall.token");
    std::fs::write(&file, "monti_secret\n").unwrap();
    let printed = |variables: &[(&str, &str)]| {
        let mut command = Command::new(WALLBOARD);
        let command = command.env_clear().envs(variables.iter().copied());
        let printed = out(&command.arg("--print-config").output().unwrap());
        assert!(!printed.contains("monti_secret"), "{printed}");
        let line = printed.lines().find(|line| line.starts_with("# token ="));
        line.expect(&printed).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let variable = ("MONTI_TOKEN", "monti_secret");
    assert_eq!(printed(&[variable]), "# token = MONTI_TOKEN # environment");
    let named = ("MONTI_TOKEN_FILE", file.to_str().unwrap());
    let told = "# token = the first line of token_file # environment";
    assert_eq!(printed(&[variable, named]), told);
    assert_eq!(printed(&[]), "# token = # not set");
}

#[test]
fn a_faulty_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tui.toml");
    let check = || run(&["--check-config", "--config", file.to_str().unwrap()]);
    std::fs::write(&file, "theme = \"dark\"\n\n[kiosk]\nrotate = \"soon\"\n").unwrap();
    let faulty = check();
    assert_eq!(faulty.status.code(), Some(1));
    assert!(err(&faulty).contains("tui.toml: line 4, column 10: "), "{}", err(&faulty));
    assert!(!err(&faulty).contains("line 1"), "{}", err(&faulty));
    std::fs::write(&file, "theme = 1\n\n[keys]\nquit = []\n").unwrap();
    let faulty = err(&check());
    assert!(faulty.contains(": line 1, ") && faulty.contains(": line 4, "), "{faulty}");
    std::fs::write(&file, "theme = \"dark\"\nlog = \"loud\"\n").unwrap();
    let faulty = err(&check());
    assert!(faulty.contains("line 2, column 7: log: `loud` is no level"), "{faulty}");
    std::fs::write(&file, "theme = \"dark\"\n").unwrap();
    assert!(out(&check()).contains("no faults"));
    let printed = out(&run(&["--print-config", "--config", file.to_str().unwrap()]));
    assert!(
        printed.lines().any(|line| line.starts_with("theme = \"dark\"") && line.ends_with("file"))
    );
}

#[test]
fn where_no_file_is_named_the_one_in_the_configuration_folder_is_read() {
    for (variable, place) in [("XDG_CONFIG_HOME", "monti"), ("HOME", ".config/monti")] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(place)).unwrap();
        std::fs::write(folder.path().join(place).join("tui.toml"), "privacy = true\n").unwrap();
        let mut command = Command::new(WALLBOARD);
        let command = command.env_clear().env(variable, folder.path()).arg("--print-config");
        let printed = out(&command.output().unwrap());
        assert!(printed.lines().any(|line| line.starts_with("privacy = true")), "{printed}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_a_line_and_where_in_the_source_that_showed_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("letter"), "Dear Ada,\n").unwrap();
    std::fs::write(path("taken"), "").unwrap();
    for (arguments, says) in [
        (vec!["--replay", &path("none")], "none: No such file"),
        (vec!["--replay", &path("letter")], "letter, line 1: this is no recording"),
        (vec!["--config", &path("none"), "--once"], "none: No such file"),
        (vec!["--ca", &path("letter"), "--connect", "wss://localhost", "--once"], "letter: "),
    ] {
        let failed = run(&arguments);
        assert_eq!(failed.status.code(), Some(1), "{arguments:?}");
        let said = err(&failed);
        assert!(said.starts_with("monti-tui: ") && said.contains(says), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn completions_and_the_manual_are_printed() {
    for what in ["completion:bash", "completion:zsh", "completion:fish", "man"] {
        let printed = out(&run(&["--generate", what]));
        assert!(printed.contains("print-config") || printed.contains("print\\-config"), "{what}");
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(WALLBOARD).env_clear().args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{}", err(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
