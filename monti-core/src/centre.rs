//! The centre: its departments, their virtual queues, and the limits that hold in them.

mod departments;
mod duration;
mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::duration::{InvalidDuration, parse_duration};
use crate::{DepartmentId, Label, Millis, VqId};

/// The most departments that a centre may have: as many as there are [`DepartmentId`]s, but one.
const DEPARTMENTS_MAX: usize = u16::MAX as usize;

/// The most queues that all departments of a centre may have together.
const QUEUES_MAX: usize = 100_000;

/// What a contact centre consists of. Fixed while an engine runs.
///
/// Made by [`Centre::from_toml`], or [`Centre::default`] for the four departments with their
/// sixteen queues; both are complete and consistent.
#[derive(Debug, Clone, PartialEq)]
pub struct Centre {
    pub(crate) name: Label,
    pub(crate) time_zone: String,
    pub(crate) departments: Vec<Department>,
    pub(crate) queues: Vec<VirtualQueue>,
    departments_by_id: BTreeMap<String, DepartmentId>,
    queues_by_id: BTreeMap<String, VqId>,
    pub(crate) limits: Limits,
    pub(crate) priority_mode: PriorityMode,
    pub(crate) colours: ColourThresholds,
    pub(crate) agent_break_share_percent: f64,
}

/// A department of the centre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Department {
    /// Its identifier on the wire, such as `sales`: `[a-z0-9_]{1,32}`.
    pub id: String,
    /// What people call it.
    pub name: Label,
    /// Its queues, in the centre's order.
    pub queues: Vec<VqId>,
}

/// A virtual queue: one kind of call, answered by one department.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VirtualQueue {
    /// Its identifier on the wire, such as `sales_general`: the department's, `_`, its own.
    pub id: String,
    /// What people call it.
    pub name: Label,
    /// The department it belongs to.
    pub department: DepartmentId,
    /// The share of offered calls to be answered within [`Self::target`], 0 to 100.
    pub target_percent: f64,
    /// A call answered after at most this long was answered in target.
    pub target: Millis,
    /// A call abandoned after at most this long was abandoned short.
    pub short_abandon: Millis,
}

/// How long the states that pass may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How long a phone rings before the call goes back to its place.
    pub ring_timeout: Millis,
    /// How long a lost agent's call and place are kept for it.
    pub grace: Millis,
    /// After-call work longer than this is a breach.
    pub after_call_work: Millis,
    /// A break longer than this is a breach.
    pub break_time: Millis,
}

/// What a call's priority (0 to 9) is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mode")]
pub enum PriorityMode {
    /// A call of a higher priority goes before all calls of lower ones.
    Strict,
    /// Each level of priority counts as so much time already waited.
    HeadStart {
        /// What one level is worth.
        per_level: Millis,
    },
}

/// From which service level on the wallboard shows which colour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ColourThresholds {
    /// Green from this percentage on.
    pub green_percent: f64,
    /// Yellow from this percentage on, red below it.
    pub yellow_percent: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ring_timeout: Millis::from_secs(20),
            grace: Millis::from_secs(30),
            after_call_work: Millis::from_secs(300),
            break_time: Millis::from_secs(600),
        }
    }
}

impl Default for ColourThresholds {
    fn default() -> Self {
        Self { green_percent: 80.0, yellow_percent: 60.0 }
    }
}

impl Centre {
    /// The name of the centre.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The IANA name of the business time zone, such as `Europe/Berlin`.
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// The departments, in the order of the centre file.
    pub fn departments(&self) -> impl ExactSizeIterator<Item = (DepartmentId, &Department)> {
        department_ids().zip(&self.departments)
    }

    /// The queues of all departments, in the order of the centre file.
    pub fn queues(&self) -> impl ExactSizeIterator<Item = (VqId, &VirtualQueue)> {
        vq_ids().zip(&self.queues)
    }

    /// The department `id`, `None` if this centre has no such department.
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(id.index())
    }

    /// The queue `id`, `None` if this centre has no such queue.
    pub fn queue(&self, id: VqId) -> Option<&VirtualQueue> {
        self.queues.get(id.index())
    }

    /// The department that the wire calls `id`, such as `sales`; `None` if there is none.
    pub fn find_department(&self, id: &str) -> Option<DepartmentId> {
        self.departments_by_id.get(id).copied()
    }

    /// The queue that the wire calls `id`, such as `sales_general`; `None` if there is none.
    pub fn find_queue(&self, id: &str) -> Option<VqId> {
        self.queues_by_id.get(id).copied()
    }

    /// How long the states that pass may last.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What a call's priority is worth.
    pub fn priority_mode(&self) -> PriorityMode {
        self.priority_mode
    }

    /// From which service level on the wallboard shows which colour.
    pub fn colours(&self) -> ColourThresholds {
        self.colours
    }

    /// The largest share of a department's agents that should be on a break at once, 0 to 100.
    /// For planning: the engine refuses no break, but the simulator's agents keep to it.
    pub fn agent_break_share_percent(&self) -> f64 {
        self.agent_break_share_percent
    }
}

fn department_ids() -> impl ExactSizeIterator<Item = DepartmentId> {
    (0..u16::MAX).map(DepartmentId)
}

fn vq_ids() -> impl ExactSizeIterator<Item = VqId> {
    (0..u32::MAX).map(VqId)
}
