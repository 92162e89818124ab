//! `docs/protocol.md`: what it shows is what is read and written.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use monti_core::wire::{AgentClientMessage, AgentServerMessage, ErrorCode};
use serde_json::Value;

use crate::golden;

#[test]
fn every_example_is_a_golden_file_and_every_golden_file_an_example() {
    let page = page();
    let mut shown = BTreeMap::new();
    for (label, text) in blocks(&page) {
        let Some(name) = label.strip_prefix("json ") else { continue };
        let example: Value = serde_json::from_str(&text).expect(&text);
        assert!(shown.insert(name.to_owned(), example).is_none(), "{name} is shown twice");
    }
    let names: BTreeSet<_> = shown.keys().cloned().collect();
    assert_eq!(names, golden::file_names());
    for (name, example) in shown {
        let file: Value = serde_json::from_str(&golden::read(&name)).unwrap();
        assert_eq!(example, file, "{name}");
    }
}

#[test]
fn what_is_said_in_the_first_conversation_is_read_and_written_so() {
    let page = page();
    let conversations = blocks(&page).filter(|(label, _)| *label == "agent");
    let lines: Vec<_> = conversations
        .flat_map(|(_, text)| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(lines.len() > 10, "{lines:?}");
    for line in lines {
        let (direction, text) = line.split_at(2);
        match direction {
            "> " => drop(AgentClientMessage::parse(text).expect(text)),
            "< " => {
                let message = AgentServerMessage::parse(text).expect(text);
                assert_eq!(serde_json::to_string(&message).unwrap(), text);
            }
            _ => panic!("{line}"),
        }
    }
}

#[test]
fn every_code_has_its_status() {
    let page = page();
    for code in ErrorCode::ALL {
        let row = format!("| `{code}` | {} |", code.http_status().0);
        assert!(page.lines().any(|line| line.starts_with(&row)), "{row}");
    }
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.md");
    fs::read_to_string(path).unwrap()
}

/// What is fenced, each with what stands behind its opening fence.
fn blocks(page: &str) -> impl Iterator<Item = (&str, String)> {
    let mut lines = page.lines();
    std::iter::from_fn(move || {
        let label = lines.find_map(|line| line.strip_prefix("```"))?;
        let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        Some((label, text.join("\n")))
    })
}
