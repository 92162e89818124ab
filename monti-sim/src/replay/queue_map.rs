//! Which virtual queue stands for which queue of a recording.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use monti_core::{Centre, Label, VqId, file::FileError};
use serde::Deserialize;

use super::recording::Recording;
use crate::Calendar;

/// A map from the names that queues have in a recording to virtual queues.
///
/// ```toml
/// default = "support_tier_1"      # all that is not named below; without it that is refused
/// [queues]
/// "sales-de" = "sales_general"
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueMap {
    default: Option<String>,
    #[serde(default)]
    queues: BTreeMap<String, String>,
}

/// Why a recording cannot be played in a centre.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmapped {
    /// The map is no map.
    #[error("the queue map: {0}")]
    Map(String),
    /// Queues of the recording that no virtual queue stands for.
    #[error(
        "no virtual queue stands for {}; a queue map (--queues) can say which of {} does",
        list(.recorded), list(.known)
    )]
    Queues {
        /// The queues' names.
        recorded: Vec<String>,
        /// The centre's queues.
        known: Vec<String>,
    },
    /// Queues that the map names and the centre does not have.
    #[error("the queue map names {}, but there are only {}", list(.named), list(.known))]
    Targets {
        /// Their ids.
        named: Vec<String>,
        /// The centre's queues.
        known: Vec<String>,
    },
    /// The recording's own names make no centre.
    #[error("the recording's queues make no centre: {0}")]
    Centre(FileError),
}

impl QueueMap {
    /// Reads a map.
    ///
    /// # Errors
    /// It is none; the message says where and what is allowed.
    pub fn parse(text: &str) -> Result<Self, Unmapped> {
        toml::from_str(text).map_err(|error| Unmapped::Map(error.to_string()))
    }

    /// The virtual queue for each queue of the recording: the one that the map names, the one that
    /// is called just so, the one of the recording's own centre, or the map's default.
    pub(super) fn apply(
        &self,
        recording: &Recording,
        centre: &Centre,
    ) -> Result<Vec<VqId>, Unmapped> {
        let find = |(name, own): (&String, String)| {
            let named = || centre.find_queue(name).or_else(|| centre.find_queue(&own));
            let default = || self.default.as_ref().and_then(|id| centre.find_queue(id));
            let found = match self.queues.get(name) {
                Some(id) => centre.find_queue(id),
                None => named().or_else(default),
            };
            found.ok_or_else(|| name.clone())
        };
        let known = || centre.queues().map(|(_, queue)| queue.id.clone()).collect();
        // Also of those that are not needed: they are mistakes.
        let targets = self.queues.values().chain(&self.default).collect::<BTreeSet<_>>();
        let named = targets.into_iter().filter(|id| centre.find_queue(id).is_none());
        let named = named.cloned().collect::<Vec<_>>();
        if !named.is_empty() {
            return Err(Unmapped::Targets { named, known: known() });
        }
        let own = own_ids(recording).map(|own| format!("{OWN_DEPARTMENT}_{own}"));
        let found = recording.queues.iter().zip(own).map(find).collect::<Vec<_>>();
        let recorded = found.iter().filter_map(|it| it.clone().err()).collect::<Vec<_>>();
        if recorded.is_empty() {
            return Ok(found.into_iter().flatten().collect());
        }
        Err(Unmapped::Queues { recorded, known: known() })
    }
}

/// The one department of a recording's own centre.
const OWN_DEPARTMENT: &str = "replay";

/// A centre of one department with the recording's own queues.
pub(super) fn own_centre(
    recording: &Recording,
    zone: &TimeZone,
    head_start_secs: Option<u64>,
) -> Result<Centre, Unmapped> {
    let file = own_centre_file(recording, zone, head_start_secs);
    Centre::from_toml(&file, Calendar::knows).map_err(Unmapped::Centre)
}

/// The centre file of one department with the recording's own queues, in which every queue is
/// found without a map, and with its time zone. Each level of priority counts as `head_start_secs`
/// already waited, if that is given.
pub fn own_centre_file(
    recording: &Recording,
    zone: &TimeZone,
    head_start_secs: Option<u64>,
) -> String {
    let mut file = format!("time_zone = \"{}\"\n\n", zone.iana_name().unwrap_or("UTC"));
    if let Some(seconds) = head_start_secs {
        file += &format!("[priority]\nmode = \"head_start\"\nper_level = \"{seconds}s\"\n\n");
    }
    file += &format!("[[departments]]\nid = \"{OWN_DEPARTMENT}\"\nname = \"Replay\"\n");
    for (name, own) in recording.queues.iter().zip(own_ids(recording)) {
        file += &format!("\n[[departments.queues]]\nid = \"{own}\"\n");
        let label = name.chars().filter(|it| !it.is_control()).take(64).collect::<String>();
        // Otherwise its id is its name.
        if label.parse::<Label>().is_ok() {
            file += &format!("name = {}\n", serde_json::Value::from(label));
        }
    }
    file
}

/// The ids of the recording's queues in a centre of its own.
fn own_ids(recording: &Recording) -> impl Iterator<Item = String> {
    let mut taken = BTreeSet::new();
    recording.queues.iter().map(move |name| own_id(name, &mut taken))
}

/// An id out of a name: what is not allowed in one becomes `_`, and what is taken gets a number.
fn own_id(name: &str, taken: &mut BTreeSet<String>) -> String {
    let fit = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' };
    let id = name.chars().map(fit).take(24).collect::<String>();
    let mut numbered = id.clone();
    let mut number = 1;
    while !taken.insert(numbered.clone()) {
        number += 1;
        numbered = format!("{id}_{number}");
    }
    numbered
}

fn list(names: &[String]) -> String {
    let shown = names.iter().take(32).map(|name| format!("{name:?}")).collect::<Vec<_>>();
    let more = if names.len() > 32 { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
