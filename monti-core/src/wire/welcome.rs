//! The server's first words on every link: who it is, and what its centre consists of.

use serde::{Deserialize, Serialize};

use super::{PROTOCOL, Seconds};
use crate::{Centre, DepartmentId, Timestamp, VqId};

/// `welcome`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// The protocol that the server speaks: [`PROTOCOL`].
    pub protocol: u32,
    /// The server's version.
    pub server: String,
    /// The centre's time.
    pub server_time: Timestamp,
    /// How many seconds of the centre's time pass in a real one; 1 but for demonstrations.
    pub clock_speed: f64,
    /// What the centre consists of.
    pub centre: CentreInfo,
}

impl Welcome {
    /// The greeting of the server `version` at `now`.
    pub fn new(version: &str, now: Timestamp, clock_speed: f64, centre: &Centre) -> Self {
        Self {
            protocol: PROTOCOL,
            server: version.to_owned(),
            server_time: now,
            clock_speed,
            centre: CentreInfo::new(centre),
        }
    }
}

/// A centre: its departments with their queues, targets and thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CentreInfo {
    /// What people call it.
    pub name: String,
    /// The IANA name of the time zone of its business dates.
    pub time_zone: String,
    /// How long the states that pass may last.
    pub limits: Limits,
    /// From which service level on which colour is shown.
    pub colours: ColourThresholds,
    /// The departments, in the centre's order.
    pub departments: Vec<DepartmentInfo>,
}

/// How long the states that pass may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// A phone that rings for longer stops, and the call goes back to its place.
    pub ring_timeout_seconds: Seconds,
    /// A lost agent's call and place are kept for so long.
    pub grace_seconds: Seconds,
    /// After-call work that lasts longer is a breach.
    pub acw_seconds: Seconds,
    /// A break that lasts longer is a breach.
    pub break_seconds: Seconds,
}

/// From which service level on which colour is shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColourThresholds {
    /// Green from here on, 0 to 100.
    pub green_percent: f64,
    /// Yellow from here on, red below, 0 to 100.
    pub yellow_percent: f64,
}

/// A department.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentInfo {
    /// Its identifier, such as `sales`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its queues, in the centre's order.
    pub queues: Vec<QueueInfo>,
}

/// A virtual queue and its targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueInfo {
    /// Its identifier, such as `sales_general`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The share of offered calls to be answered in target, 0 to 100.
    pub target_percent: f64,
    /// A call answered after at most this long was answered in target.
    pub target_seconds: Seconds,
    /// A call abandoned after at most this long was abandoned short.
    pub short_abandon_seconds: Seconds,
}

impl CentreInfo {
    /// Describes `centre`.
    pub fn new(centre: &Centre) -> Self {
        let (limits, colours) = (centre.limits(), centre.colours());
        Self {
            name: centre.name().to_owned(),
            time_zone: centre.time_zone().to_owned(),
            limits: Limits {
                ring_timeout_seconds: limits.ring_timeout.into(),
                grace_seconds: limits.grace.into(),
                acw_seconds: limits.after_call_work.into(),
                break_seconds: limits.break_time.into(),
            },
            colours: ColourThresholds {
                green_percent: colours.green_percent,
                yellow_percent: colours.yellow_percent,
            },
            departments: centre
                .departments()
                .map(|(_, department)| DepartmentInfo::new(department, centre))
                .collect(),
        }
    }
}

impl DepartmentInfo {
    fn new(department: &crate::Department, centre: &Centre) -> Self {
        let queues = department.queues.iter().filter_map(|id| centre.queue(*id));
        Self {
            id: department.id.clone(),
            name: department.name.to_string(),
            queues: queues.map(QueueInfo::new).collect(),
        }
    }
}

impl QueueInfo {
    fn new(queue: &crate::VirtualQueue) -> Self {
        Self {
            id: queue.id.clone(),
            name: queue.name.to_string(),
            target_percent: queue.target_percent,
            target_seconds: queue.target.into(),
            short_abandon_seconds: queue.short_abandon.into(),
        }
    }
}

/// What is written for a department or a queue that is not the centre's any more.
const GONE: &str = "unknown";

/// A department's identifier on the wire.
pub(super) fn department_name(id: DepartmentId, centre: &Centre) -> String {
    centre.department(id).map_or(GONE, |department| &department.id).to_owned()
}

/// The identifiers of a queue and of its department on the wire.
pub(super) fn queue_names(id: VqId, centre: &Centre) -> (String, String) {
    centre.queue(id).map_or_else(
        || (GONE.to_owned(), GONE.to_owned()),
        |queue| (queue.id.clone(), department_name(queue.department, centre)),
    )
}
