//! The handbook and what is packaged with it: they name what there is, and all of it.

use std::{collections::BTreeSet, fs, net::TcpListener, path::Path};

use crate::{
    program::{Serving, err, out, program, run},
    world::World,
};

#[test]
fn every_option_and_variable_is_in_the_handbook() {
    let folder = tempfile::tempdir().unwrap();
    let handbook = read("docs/operations.md");
    let mut told = BTreeSet::new();
    for command in [
        &["--help"][..],
        &["token", "add", "--help"],
        &["token", "list", "--help"],
        &["token", "revoke", "--help"],
        &["centre", "check", "--help"],
    ] {
        told.extend(words(&out(&run(&folder, command)), &["--", "MONTI_"]));
    }
    assert!(told.contains("--listen") && told.contains("MONTI_SYNC"), "{told:?}");
    let written = words(&handbook, &["--", "MONTI_"]);
    let missing: Vec<_> = told.difference(&written).collect();
    assert!(missing.is_empty(), "docs/operations.md lacks {missing:?}");
    let unit = words(&read("packaging/monti-server.service"), &["MONTI_"]);
    assert!(unit.contains("MONTI_DATA"));
    let unknown = |name: &&String| name.starts_with("MONTI_") && !told.contains(*name);
    assert_eq!(written.iter().chain(&unit).find(unknown), None);
}

#[test]
fn every_metric_is_in_the_handbook_and_no_other() {
    let metrics = metrics();
    let handbook = read("docs/operations.md");
    let rows = handbook.lines().filter_map(|line| line.strip_prefix("| `monti_"));
    let written: BTreeSet<_> =
        rows.map(|row| format!("monti_{}", row.split('`').next().unwrap())).collect();
    let named = metrics.iter().filter(|name| !is_of_histogram(name));
    assert_eq!(written, named.cloned().collect());
}

#[test]
fn the_dashboard_and_the_alerts_ask_for_metrics_that_there_are() {
    let metrics = metrics();
    let dashboard = read("packaging/monti-dashboard.json");
    let parsed: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    let panels = parsed["panels"].as_array().unwrap();
    let shown = panels.iter().flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    let shown: BTreeSet<_> =
        shown.flat_map(|target| words(target["expr"].as_str().unwrap(), &["monti_"])).collect();
    let unknown: Vec<_> = shown.difference(&metrics).collect();
    assert!(unknown.is_empty(), "the dashboard asks for {unknown:?}");
    let bare = |name: &String| {
        shown.iter().any(|shown| shown == name || shown.starts_with(&format!("{name}_")))
    };
    let forgotten: Vec<_> =
        metrics.iter().filter(|name| !is_of_histogram(name) && !bare(name)).collect();
    assert!(forgotten.is_empty(), "the dashboard does not show {forgotten:?}");

    let alerts = read("packaging/monti-alerts.yml");
    let asked = words(&alerts, &["monti_"]);
    assert!(!asked.is_empty());
    let unknown: Vec<_> = asked.difference(&metrics).collect();
    assert!(unknown.is_empty(), "the alerts ask for {unknown:?}");
    let handbook = read("docs/operations.md");
    for name in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(handbook.contains(name), "docs/operations.md does not tell of {name}");
    }
}

#[test]
fn every_path_of_rest_is_in_the_protocol_with_its_method() {
    let page = read("docs/protocol.md");
    // The simulator has paths of the same names.
    let (page, _) = page.split_once("\n## The simulator's control port\n").unwrap();
    let document = World::open().anyone().get("/openapi.json").ok();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            let mut rows = page.lines().filter(|line| line.starts_with(&format!("| {method} ")));
            let is_there = rows.any(|row| {
                [format!("`{path}`"), format!("`{path}?")].iter().any(|it| row.contains(it))
            });
            assert!(is_there, "docs/protocol.md lacks {method} {path}");
        }
    }
}

/// What the handbook says of a failed start is what the program says.
#[test]
fn what_keeps_it_from_starting_is_in_the_handbook() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("centre.toml", "time_zone = \"Mars/Olympus\"\n");
    put("empty.pem", "");
    fs::create_dir_all(folder.path().join("locked/monti.lock")).unwrap();
    for name in ["tokens.jsonl", "foreign/monti.db", "gone/monti.reserve"] {
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        put(name, "{}\n");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let used = Serving::start(program(folder.path()).args(["--listen", "127.0.0.1:0"]));
    let free = ["--listen", "127.0.0.1:0", "--data", "other"];
    for (arguments, says) in [
        (&["--listen", "127.0.0.1:0"][..], "is in use by another server"),
        (&["--listen", &taken, "--data", "other"], "cannot listen on"),
        (&["--listen", "0.0.0.0:0"], "without tokens everybody who can reach"),
        (&[&free[..], &["--tokens", "tokens.jsonl"]].concat(), "the tokens' file"),
        (&[&free[..], &["--tokens", "nowhere.jsonl"]].concat(), "the tokens' file"),
        (&[&free[..], &["--centre", "centre.toml"]].concat(), "centre.toml"),
        (&[&free[..], &["--tls-cert", "empty.pem", "--tls-key", "empty.pem"]].concat(), "pem"),
        (&["--listen", "127.0.0.1:0", "--data", "/proc/monti"], "making the data folder"),
        (&["--listen", "127.0.0.1:0", "--data", "foreign"], "monti.db is damaged"),
        (&["--listen", "127.0.0.1:0", "--data", "gone"], "monti.db is damaged: it is missing"),
        (&["--listen", "127.0.0.1:0", "--data", "locked"], "monti.lock"),
    ] {
        let refused = run(&folder, arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {}", err(&refused));
        assert!(err(&refused).contains(says), "{arguments:?}: {}", err(&refused));
        let handbook = read("docs/operations.md");
        let row = handbook.lines().find(|line| line.starts_with("| `") && line.contains(says));
        assert!(row.is_some(), "docs/operations.md does not tell of `{says}`");
    }
    assert!(used.stop().success());
}

/// The metrics that there are when all figures have a value.
fn metrics() -> BTreeSet<String> {
    let world = World::open();
    world.log_in("ada");
    let [_, abandoned, _] = [world.call(), world.call(), world.call()];
    world.happen(monti_core::Input::Abandon { call: abandoned });
    let text = world.anyone().get("/metrics").body;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let samples = lines.map(|line| line.split(['{', ' ']).next().unwrap().to_owned());
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let histograms = types.filter_map(|line| line.strip_suffix(" histogram").map(str::to_owned));
    samples.chain(histograms).collect()
}

fn is_of_histogram(name: &str) -> bool {
    ["_bucket", "_count", "_sum"].iter().any(|end| name.ends_with(end))
}

/// The words of `text` that begin with one of `beginnings`.
fn words(text: &str, beginnings: &[&str]) -> BTreeSet<String> {
    let is_of_word =
        |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    let all = text.split(|character| !is_of_word(character)).filter(|word| {
        beginnings
            .iter()
            .any(|beginning| word.len() > beginning.len() && word.starts_with(beginning))
    });
    all.filter(|word| !word.trim_start_matches('-').is_empty()).map(str::to_owned).collect()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
