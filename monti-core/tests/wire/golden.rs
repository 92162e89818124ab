//! The golden files: one for each message and body, which `docs/protocol.md` shows too.

use std::{collections::BTreeSet, fmt::Debug, fs, path::PathBuf, str::FromStr};

use monti_core::{CallId, Day, Millis, Timestamp, wire::Seconds};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{agent_link, rest, sim_control, wallboard};

#[test]
fn every_golden_file_is_tested_and_every_type_has_one() {
    let links = [
        agent_link::CLIENT_TYPES,
        agent_link::SERVER_TYPES,
        wallboard::CLIENT_TYPES,
        wallboard::SERVER_TYPES,
    ];
    let bodies = [rest::BODIES, sim_control::BODIES];
    let expected: BTreeSet<_> =
        links.into_iter().chain(bodies).flatten().map(|name| (*name).to_owned()).collect();
    assert_eq!(file_names(), expected);
}

pub(crate) fn file_names() -> BTreeSet<String> {
    fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".json").unwrap().to_owned())
        .collect()
}

/// Asserts that the file `name` reads as `value`, and that `value` is written as it says.
pub(crate) fn assert_golden<T>(name: &str, value: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let text = read(name);
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{name} as it is read");
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), json, "{name} as it is written");
}

pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.json"))).expect(name)
}

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "wire", "golden"].iter().collect()
}

/// A moment of the morning of 2026-01-29, such as `09:15:00.250`.
pub(crate) fn at(time: &str) -> Timestamp {
    format!("2026-01-29T{time}Z").parse().unwrap()
}

pub(crate) fn day() -> Day {
    Day::new(2026, 1, 29).unwrap()
}

pub(crate) fn call(number: u32) -> CallId {
    CallId { day: day(), number }
}

pub(crate) fn millis(millis: u64) -> Seconds {
    Seconds(Millis::new(millis))
}

/// An identifier, a label, a number: whatever is made of `text`.
pub(crate) fn id<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}
