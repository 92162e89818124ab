//! The file: TOML, every key known, every fault named with its place.

use std::{fmt, path::PathBuf, str::FromStr};

use monti_core::{
    Millis,
    file::{self, DeValue, FileError, Table, value},
};
use tracing_subscriber::EnvFilter;

use super::{ColourChoice, QuietHours, SymbolChoice, ThemeChoice, log_filter::log_filter};
use crate::{
    board::Sort,
    filter::Filter,
    keymap::{Action, Key, Keymap},
    kiosk::Figure,
    remote::Address,
};

/// What the file says; what it does not say is left to others.
#[derive(Debug, Clone, Default)]
pub struct FileOptions {
    pub(super) connect: Option<Address>,
    pub(super) token_file: Option<PathBuf>,
    pub(super) ca: Option<PathBuf>,
    pub(super) theme: Option<ThemeChoice>,
    pub(super) colour: Option<ColourChoice>,
    pub(super) symbols: Option<SymbolChoice>,
    pub(super) privacy: Option<bool>,
    pub(super) read_only: Option<bool>,
    pub(super) mouse: Option<bool>,
    pub(super) log_file: Option<PathBuf>,
    pub(super) log: Option<EnvFilter>,
    pub(super) limits: LimitsTable,
    pub(super) agents: AgentsTable,
    pub(super) alerts: AlertsTable,
    pub(super) kiosk: KioskTable,
    pub(super) keys: Vec<(String, Vec<Key>)>,
}

/// `[limits]`: what figures should be, where the centre does not say.
#[derive(Debug, Clone, Default)]
pub(super) struct LimitsTable {
    pub(super) waiting_calls: Option<u32>,
    pub(super) longest_wait: Option<Millis>,
    pub(super) available_agents: Option<u32>,
    pub(super) abandoned_percent: Option<f64>,
    pub(super) occupancy_percent: Option<f64>,
}

/// `[agents]`: how a department's are shown when it is opened.
#[derive(Debug, Clone, Default)]
pub(super) struct AgentsTable {
    pub(super) sort: Option<Sort>,
    pub(super) filter: Option<Filter>,
}

/// `[alerts]`.
#[derive(Debug, Clone, Default)]
pub(super) struct AlertsTable {
    pub(super) bell: Option<bool>,
    pub(super) desktop: Option<bool>,
    pub(super) quiet: Option<QuietHours>,
}

/// `[kiosk]`.
#[derive(Debug, Clone, Default)]
pub(super) struct KioskTable {
    pub(super) start: Option<bool>,
    pub(super) rotate: Option<Millis>,
    pub(super) figures: Option<Vec<Figure>>,
}

impl FileOptions {
    /// Reads a file's text.
    ///
    /// # Errors
    /// All that is wrong in it.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        file::read(text, |table| Some(Self::read(table)))
    }

    /// What is faulty has been noted, and is missing here.
    fn read(table: &mut Table<'_>) -> Self {
        Self {
            connect: table.optional("connect", None, written),
            token_file: table.optional("token_file", None, path),
            ca: table.optional("ca", None, path),
            theme: table.optional("theme", None, written),
            colour: table.optional("colour", None, written),
            symbols: table.optional("symbols", None, written),
            privacy: table.optional("privacy", None, boolean),
            read_only: table.optional("read_only", None, boolean),
            mouse: table.optional("mouse", None, boolean),
            log_file: table.optional("log_file", None, path),
            log: table.optional("log", None, |value| log_filter(value::text(value)?)),
            limits: table
                .table("limits", |table| Some(LimitsTable::read(table)))
                .unwrap_or_default(),
            agents: table
                .table("agents", |table| Some(AgentsTable::read(table)))
                .unwrap_or_default(),
            alerts: table
                .table("alerts", |table| Some(AlertsTable::read(table)))
                .unwrap_or_default(),
            kiosk: table.table("kiosk", |table| Some(KioskTable::read(table))).unwrap_or_default(),
            keys: table.table("keys", |table| Some(keys(table))).unwrap_or_default(),
        }
    }
}

impl LimitsTable {
    fn read(table: &mut Table<'_>) -> Self {
        Self {
            waiting_calls: table.optional("waiting_calls", None, count),
            longest_wait: table.optional("longest_wait", None, duration),
            available_agents: table.optional("available_agents", None, count),
            abandoned_percent: table.optional("abandoned_percent", None, value::percent),
            occupancy_percent: table.optional("occupancy_percent", None, value::percent),
        }
    }
}

impl AgentsTable {
    fn read(table: &mut Table<'_>) -> Self {
        Self {
            sort: table.optional("sort", None, written),
            filter: table.optional("filter", None, |value| Filter::parse(value::text(value)?)),
        }
    }
}

impl AlertsTable {
    fn read(table: &mut Table<'_>) -> Self {
        Self {
            bell: table.optional("bell", None, boolean),
            desktop: table.optional("desktop", None, boolean),
            quiet: table.optional("quiet", None, written),
        }
    }
}

impl KioskTable {
    fn read(table: &mut Table<'_>) -> Self {
        Self {
            start: table.optional("start", None, boolean),
            rotate: table.optional("rotate", None, duration),
            figures: table.optional("figures", None, figures),
        }
    }
}

/// `[keys]`: all keys of an action. One key means one thing where it means anything, and something
/// ends the program.
fn keys(table: &mut Table<'_>) -> Vec<(String, Vec<Key>)> {
    let mut keymap = Keymap::default();
    let actions: Vec<_> = keymap.bindings().iter().map(|it| (it.name, it.action)).collect();
    let mut given: Vec<(&'static str, Vec<Key>)> = Vec::new();
    for (name, action) in actions {
        let convert = |value: &DeValue<'_>| {
            let keys = list(value, |text| text.parse::<Key>().map_err(|error| error.to_string()))?;
            match keys.as_slice() {
                [] if action == Action::Quit => Err("something has to end the program".to_owned()),
                _ => Ok(keys),
            }
        };
        let Some(keys) = table.optional(name, None, convert) else { continue };
        let other = given.iter().find_map(|(other, theirs)| {
            let key = theirs.iter().find(|key| keys.contains(key))?;
            keymap.meet(other, name).then_some((*other, *key))
        });
        if let Some((other, key)) = other {
            let key = key.name();
            table.fault::<()>(name, format!("{key:?} is a key of {other} already"));
        }
        given.push((name, keys));
    }
    for (name, keys) in &given {
        keymap.bind(name, keys.clone());
    }
    if keymap.key_of(Action::Quit).is_empty() && given.iter().all(|(name, _)| *name != "quit") {
        table.fault_here::<()>("no key is left for quit: something has to end the program");
    }
    given.into_iter().map(|(name, keys)| (name.to_owned(), keys)).collect()
}

/// A value that is written as text.
fn written<T: FromStr<Err: fmt::Display>>(value: &DeValue<'_>) -> Result<T, String> {
    value::text(value)?.parse().map_err(|error: T::Err| error.to_string())
}

fn path(value: &DeValue<'_>) -> Result<PathBuf, String> {
    match value::text(value)? {
        "" => Err("an empty path is not allowed".to_owned()),
        path => Ok(path.into()),
    }
}

fn boolean(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| value::mismatch("true or false", value))
}

fn count(value: &DeValue<'_>) -> Result<u32, String> {
    let count = value::whole(0, u32::MAX.into())(value)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

fn duration(value: &DeValue<'_>) -> Result<Millis, String> {
    value::duration(Millis::from_secs(1))(value)
}

fn figures(value: &DeValue<'_>) -> Result<Vec<Figure>, String> {
    let figures = list(value, str::parse)?;
    let most = Figure::SHOWN_MAX;
    let is_allowed = (1..=most).contains(&figures.len());
    is_allowed.then_some(figures).ok_or_else(|| format!("a wall has 1 to {most} figures"))
}

/// A list of texts, each of which means something.
fn list<T>(
    value: &DeValue<'_>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let list = value.as_array().ok_or_else(|| value::mismatch("a list of strings", value))?;
    let item = |item: &DeValue<'_>| read(value::text(item)?);
    list.iter().map(|value| item(value.get_ref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_named_with_its_place_and_what_is_allowed() {
        for (text, at, says) in [
            ("\ntheme = \"purple\"\n", "line 2, column 9: ", "colour-vision"),
            ("log = \"info,loud\"\n", "line 1, column 7: ", "`loud` is no level: allowed are"),
            ("thema = \"dark\"\n", "line 1, column 1: ", "known are connect, "),
            ("[kiosk]\nrotate = \"fast\"\n", "line 2, column 10: ", "\"1m30s\""),
            ("[kiosk]\nrotate = \"10ms\"\n", "line 2, column 10: ", "\"1000ms\" to \"24h\" is"),
            ("[kiosk]\nfigures = [\"luck\"]\n", "line 2, column 11: ", "longest-wait"),
            (
                "[agents]\nsort = \"luck\"\n",
                "line 2, column 8: ",
                "name, state, time, queue, calls",
            ),
            ("[agents]\nfilter = \"state:asleep\"\n", "line 2, column 10: ", "is no state"),
            ("[alerts]\nquiet = \"night\"\n", "line 2, column 9: ", "22:00-07:00"),
            ("[limits]\nabandoned_percent = 120\n", "line 2, column 21: ", "0 to 100 is"),
            ("[keys]\nfly = [\"f\"]\n", "line 2, column 1: keys.fly: ", "known are help, quit, "),
            ("[keys]\nquit = [\"hyper-x\"]\n", "line 2, column 8: keys.quit: ", "ctrl-"),
            ("[keys]\nquit = [\"ctrl-m\"]\n", "line 2, column 8: keys.quit: ", "but i and m"),
            ("[keys]\nquit = []\n", "line 2, column 8: keys.quit: ", "has to end the program"),
            ("[keys]\nhelp = [\"q\", \"ctrl-c\"]\n", "line 1, column 1: keys: ", "left for quit"),
            (
                "[keys]\ntheme = [\"m\"]\nwall = [\"m\"]\n",
                "line 2, column 9: keys.theme: ",
                "\"m\" is a key of",
            ),
            ("privacy = 1\n", "line 1, column 11: ", "true or false"),
            ("theme = \n", "line 1, column 9: ", ""),
        ] {
            let fault = FileOptions::parse(text).unwrap_err().to_string();
            assert!(fault.starts_with(at) && fault.contains(says), "{text:?}: {fault}");
        }
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let text = "theme = \"purple\"\nmouse = 1\n[keys]\nquit = []\nfly = [\"f\"]\n";
        let faults = FileOptions::parse(text).unwrap_err();
        let lines: Vec<_> = faults.faults().iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 2, 4, 5]);
    }

    #[test]
    fn an_action_may_have_no_key_and_the_same_key_two_actions_that_never_meet() {
        let keys =
            FileOptions::parse("[keys]\nwall = []\nsort = [\"m\"]\nact = [\"m\"]\n").unwrap().keys;
        assert_eq!(keys.len(), 3);
    }
}
