//! The wallboard's handbook says what the program does.

use std::{fs, path::Path};

use clap::CommandFactory as _;
use monti_core::wire::LiveState;
use monti_tui::{
    config::{self, Format},
    keymap::Keymap,
    once,
    scrub::Names,
    theme::Symbols,
};

#[test]
fn every_key_is_in_the_handbook_as_it_is() {
    let handbook = handbook();
    let keymap = Keymap::default();
    let rows = keymap.bindings().iter().map(|binding| {
        let keys: Vec<_> = binding.keys.iter().map(|key| format!("`{}`", key.name())).collect();
        format!("| {} | `{}` | {} |", keys.join(", "), binding.name, binding.help)
    });
    let missing: Vec<_> = rows.filter(|row| !handbook.lines().any(|line| line == row)).collect();
    assert!(missing.is_empty(), "the handbook lacks:\n{}", missing.join("\n"));
    let table = handbook.lines().skip_while(|line| !line.starts_with("| keys |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|')).count();
    assert_eq!(rows, keymap.bindings().len(), "the handbook has keys that there are not");
}

#[test]
fn every_option_is_in_the_handbook_with_its_variable() {
    let handbook = handbook();
    for option in config::CommandLine::command().get_arguments() {
        let Some(name) = option.get_long() else { continue };
        let row = handbook.lines().find(|line| line.starts_with(&format!("| `--{name}` |")));
        let row = row.unwrap_or_else(|| panic!("--{name} is not in the handbook"));
        let variable = option.get_env().map(|name| name.to_string_lossy().into_owned());
        let variable = variable.map_or_else(|| "| |".to_owned(), |name| format!("| `{name}` |"));
        assert!(row.contains(&variable), "--{name}: {variable}");
    }
}

#[test]
fn the_file_in_the_handbook_is_one() {
    let handbook = handbook();
    let (_, file) = handbook.split_once("```toml\n").expect("a file");
    let (file, _) = file.split_once("```").expect("its end");
    if let Err(fault) = config::FileOptions::parse(file) {
        panic!("{fault}");
    }
}

#[test]
fn what_scripts_are_given_is_in_the_handbook() {
    let state = include_str!("../../monti-core/tests/wire/golden/rest_snapshot.json");
    let state: LiveState = serde_json::from_str(state).expect("a state");
    let text = |format| once::text(&state, format, Names::Whole, &Symbols::UNICODE);
    let (csv, prom, json) = (text(Format::Csv), text(Format::Prom), text(Format::Json));
    let columns = csv.lines().next().expect("a header").split(',');
    let samples = prom.lines().filter(|line| !line.starts_with('#'));
    let gauges = samples.filter_map(|line| line.split('{').next());
    let json: serde_json::Value = serde_json::from_str(&json).expect("an object");
    let objects = [&json, &json["breaches"][0]].map(|it| it.as_object().expect("an object"));
    let keys = objects.into_iter().flat_map(|object| object.keys().map(String::as_str));
    let handbook = handbook();
    let (_, told) = handbook.split_once("\n## For scripts\n").expect("a section");
    let (told, _) = told.split_once("\n## ").expect("its end");
    for name in columns.chain(gauges).chain(keys) {
        assert!(told.contains(&format!("`{name}`")), "the handbook lacks {name}");
    }
}

fn handbook() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/wallboard.md");
    fs::read_to_string(path).expect("the handbook")
}
