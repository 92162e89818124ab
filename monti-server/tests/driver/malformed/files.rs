//! Centre files and tokens' files.

use std::fs;

use monti_server::{
    centre_file::CentreFile,
    tokens::{Tokens, update},
};
use proptest::prelude::*;

use super::{cases, mutation::text};
use crate::tokens::add_tokens;

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn a_centre_file_is_read_or_all_its_faults_are_told(text in text(vec![CENTRE.to_owned()])) {
        match CentreFile::parse(&text) {
            Ok(file) => {
                let centre = file.centre();
                prop_assert!(centre.departments().len() > 0 && centre.queues().len() > 0);
                prop_assert!(centre.queues().all(|(_, it)| (0.0..=100.0).contains(&it.target_percent)));
                prop_assert_eq!(&**file.text(), text.as_str());
            }
            Err(error) => {
                let faults: Vec<_> = error.faults().iter().map(ToString::to_string).collect();
                prop_assert!(!faults.is_empty(), "{text}");
                prop_assert!(faults.iter().all(|fault| fault.contains("line")), "{faults:?}: {text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_tokens_file_is_read_or_refused_and_left_as_it_is(text in text(vec![tokens()])) {
        thread_local! {
            static FOLDER: tempfile::TempDir = tempfile::tempdir().unwrap();
        }
        FOLDER.with(|folder| {
            let file = folder.path().join("tokens.jsonl");
            fs::write(&file, &text).unwrap();
            match Tokens::read(&file) {
                Ok(tokens) => {
                    assert!(tokens.entries().all(|entry| !entry.name.as_str().is_empty()));
                    assert_eq!(tokens.find("monti_guess"), None);
                }
                Err(error) => {
                    assert!(error.to_string().contains("tokens.jsonl"), "{error}");
                    let add = update(&file, |_| Ok::<_, ()>(()));
                    assert!(add.is_err(), "nothing is added to what cannot be read");
                    assert_eq!(fs::read_to_string(&file).unwrap(), text);
                }
            }
        });
    }
}

const CENTRE: &str = r##"name = "Northwind"
time_zone = "Europe/Berlin"
[limits]
ring_timeout = "20s"
grace = "30s"
after_call_work = "5m"
break = "1m30s"
[priority]
mode = "head_start"
per_level = "30s"
[service_level]
target_percent = 82.5
target = "20s"
short_abandon = "5s"
[colours]
green_percent = 80
yellow_percent = 60
[[departments]]
id = "sales"
name = "Sales"
queues = [{ id = "general", name = "General", target = "250ms" }, { id = "upsell" }]
[[departments]]
id = "support"
queues = [{ id = "tier_1", target_percent = 90 }]
"##;

/// A file with a token of each role.
fn tokens() -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.jsonl");
    add_tokens(&file);
    fs::read_to_string(file).unwrap()
}
