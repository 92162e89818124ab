//! The file: TOML, every key known, every fault with its line.

use std::{collections::BTreeMap, fmt, path::PathBuf, str::FromStr};

use monti_core::{Millis, parse_duration};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{ColourChoice, QuietHours, SymbolChoice, ThemeChoice};
use crate::{
    keymap::{InvalidKey, Key, Keymap},
    kiosk::{Figure, Targets},
    remote::Address,
};

/// What the file says; what it does not say is left to others.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileOptions {
    #[serde(deserialize_with = "text")]
    pub(super) connect: Option<Address>,
    pub(super) token_file: Option<PathBuf>,
    pub(super) ca: Option<PathBuf>,
    #[serde(deserialize_with = "text")]
    pub(super) theme: Option<ThemeChoice>,
    #[serde(deserialize_with = "text")]
    pub(super) colour: Option<ColourChoice>,
    #[serde(deserialize_with = "text")]
    pub(super) symbols: Option<SymbolChoice>,
    pub(super) privacy: Option<bool>,
    pub(super) read_only: Option<bool>,
    pub(super) mouse: Option<bool>,
    pub(super) log_file: Option<PathBuf>,
    pub(super) log: Option<String>,
    pub(super) limits: Option<LimitsTable>,
    pub(super) alerts: AlertsTable,
    pub(super) kiosk: KioskTable,
    #[serde(deserialize_with = "keys")]
    pub(super) keys: Vec<(String, Vec<Key>)>,
}

/// `[limits]`: what figures should be, where the centre does not say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsTable {
    waiting_calls: Option<u32>,
    #[serde(deserialize_with = "duration")]
    longest_wait: Option<Millis>,
    available_agents: Option<u32>,
    #[serde(deserialize_with = "percent")]
    abandoned_percent: Option<f64>,
    #[serde(deserialize_with = "percent")]
    occupancy_percent: Option<f64>,
}

/// `[alerts]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AlertsTable {
    pub(super) bell: Option<bool>,
    pub(super) desktop: Option<bool>,
    #[serde(deserialize_with = "text")]
    pub(super) quiet: Option<QuietHours>,
}

/// `[kiosk]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct KioskTable {
    pub(super) start: Option<bool>,
    #[serde(deserialize_with = "duration")]
    pub(super) rotate: Option<Millis>,
    #[serde(deserialize_with = "figures")]
    pub(super) figures: Option<Vec<Figure>>,
}

/// Something that is wrong in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Line and column, from 1.
    at: Option<(usize, usize)>,
    problem: String,
}

impl FileOptions {
    /// Reads a file's text.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse(text: &str) -> Result<Self, FileFault> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map(|span| {
                let before = text.get(..span.start).unwrap_or(text);
                let line_start = before.rfind('\n').map_or(0, |at| at + 1);
                (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
            });
            FileFault { at, problem: error.message().to_owned() }
        })
    }
}

impl From<LimitsTable> for Targets {
    fn from(table: LimitsTable) -> Self {
        let default = Self::default();
        Self {
            waiting_calls: table.waiting_calls.unwrap_or(default.waiting_calls),
            longest_wait: table.longest_wait,
            available_agents: table.available_agents.unwrap_or(default.available_agents),
            abandoned_percent: table.abandoned_percent.unwrap_or(default.abandoned_percent),
            occupancy_percent: table.occupancy_percent.unwrap_or(default.occupancy_percent),
        }
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.at {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.problem)
    }
}

/// A value that is written as text.
fn text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    String::deserialize(deserializer)?.parse().map(Some).map_err(D::Error::custom)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Millis>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration = parse_duration(&text).map_err(D::Error::custom)?;
    if duration < Millis::from_secs(1) {
        return Err(D::Error::custom(format_args!("{text:?} is too short, \"1s\" is the least")));
    }
    Ok(Some(duration))
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let percent = f64::deserialize(deserializer)?;
    let allowed = || D::Error::custom(format_args!("{percent} is not allowed, 0 to 100 is"));
    (0.0..=100.0).contains(&percent).then_some(Some(percent)).ok_or_else(allowed)
}

fn figures<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Figure>>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    if !(1..=Figure::SHOWN_MAX).contains(&names.len()) {
        let most = Figure::SHOWN_MAX;
        return Err(D::Error::custom(format_args!("a wall has 1 to {most} figures")));
    }
    names
        .iter()
        .map(|name| name.parse())
        .collect::<Result<_, _>>()
        .map(Some)
        .map_err(D::Error::custom)
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Vec<Key>)>, D::Error> {
    let table = BTreeMap::<String, Vec<String>>::deserialize(deserializer)?;
    let keymap = Keymap::default();
    let read = |(action, keys): (String, Vec<String>)| {
        if !keymap.bindings().iter().any(|binding| binding.name == action) {
            let names: Vec<_> = keymap.bindings().iter().map(|binding| binding.name).collect();
            let names = names.join(", ");
            return Err(format!("there is no action {action:?}; there are {names}"));
        }
        let keys: Result<_, InvalidKey> = keys.iter().map(|key| key.parse()).collect();
        keys.map(|keys| (action, keys)).map_err(|error| error.to_string())
    };
    table.into_iter().map(read).collect::<Result<_, _>>().map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_named_with_its_line_and_what_is_allowed() {
        for (text, at, says) in [
            ("\ntheme = \"purple\"\n", "line 2, column 9: ", "colour-vision"),
            ("thema = \"dark\"\n", "line 1, column 1: ", "expected one of"),
            ("[kiosk]\nrotate = \"fast\"\n", "line 2, column 10: ", "\"1m30s\""),
            ("[kiosk]\nrotate = \"10ms\"\n", "line 2, column 10: ", "\"1s\" is the least"),
            ("[kiosk]\nfigures = [\"luck\"]\n", "line 2, column 11: ", "longest-wait"),
            ("[alerts]\nquiet = \"night\"\n", "line 2, column 9: ", "22:00-07:00"),
            ("[limits]\nabandoned_percent = 120\n", "line 2, column 21: ", "0 to 100 is"),
            ("[keys]\nfly = [\"f\"]\n", "line 1, column 1: ", "there is no action \"fly\""),
            ("[keys]\nquit = [\"hyper-x\"]\n", "line 1, column 1: ", "ctrl-"),
            ("privacy = 1\n", "line 1, column 11: ", "boolean"),
            ("theme = \n", "line 1, column 9: ", ""),
        ] {
            let fault = FileOptions::parse(text).unwrap_err().to_string();
            assert!(fault.starts_with(at) && fault.contains(says), "{text:?}: {fault}");
        }
    }
}
