//! The part of a centre file that lists departments and queues.

use std::collections::BTreeMap;

use super::{DEPARTMENTS_MAX, Department, QUEUES_MAX, VirtualQueue, vq_ids};
use crate::{
    DepartmentId, Label, Millis,
    file::{Table, value},
};

/// The service level that a queue is to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Target {
    percent: f64,
    time: Millis,
    short_abandon: Millis,
}

impl Default for Target {
    fn default() -> Self {
        Self { percent: 80.0, time: Millis::from_secs(20), short_abandon: Millis::from_secs(5) }
    }
}

/// Reads what a table says of a target; what it does not say is as in `default`.
pub(super) fn target(table: &mut Table<'_>, default: Target) -> Option<Target> {
    let any_time = value::duration(Millis::ZERO);
    let percent = table.optional("target_percent", default.percent, value::percent);
    let time = table.optional("target", default.time, &any_time);
    let short_abandon = table.optional("short_abandon", default.short_abandon, &any_time);
    Some(Target { percent: percent?, time: time?, short_abandon: short_abandon? })
}

/// Reads the departments and, in the same order, their queues; one that states no target has the
/// `default`.
pub(super) fn departments(
    file: &mut Table<'_>,
    default: Target,
) -> Option<(Vec<Department>, Vec<VirtualQueue>)> {
    let (mut department_ids, mut vq_ids) = (Ids::default(), Ids::default());
    let mut places = super::department_ids();
    let read = file.tables("departments", DEPARTMENTS_MAX, |table| {
        let own_id = table.required("id", value::id);
        let name = name(table, own_id);
        let place = places.next();
        let queues = table.tables("queues", QUEUES_MAX, |table| {
            queue(table, place?, own_id, default, &mut vq_ids)
        });
        let id = department_ids.take(own_id?.to_owned(), table);
        let (id, name) = (id?, name?);
        Some((Department { id, name, queues: Vec::new() }, queues?))
    });
    let count = vq_ids.count();
    if count > QUEUES_MAX {
        let problem = format!("{count} queues in all are too many, {QUEUES_MAX} are allowed");
        return file.fault("departments", problem);
    }
    Some(linked(read?))
}

/// Brings the queues of all departments into one list, and tells the departments which are theirs.
fn linked(
    departments: Vec<(Department, Vec<VirtualQueue>)>,
) -> (Vec<Department>, Vec<VirtualQueue>) {
    let (mut departments, queues): (Vec<_>, Vec<_>) = departments.into_iter().unzip();
    let queues: Vec<VirtualQueue> = queues.into_iter().flatten().collect();
    for (vq, queue) in vq_ids().zip(&queues) {
        departments[queue.department.index()].queues.push(vq);
    }
    (departments, queues)
}

fn queue(
    table: &mut Table<'_>,
    department: DepartmentId,
    department_id: Option<&str>,
    default: Target,
    ids: &mut Ids,
) -> Option<VirtualQueue> {
    let own_id = table.required("id", value::id);
    let name = name(table, own_id);
    let target = target(table, default);
    let id = ids.take(format!("{}_{}", department_id?, own_id?), table);
    let Target { percent, time, short_abandon } = target?;
    Some(VirtualQueue {
        id: id?,
        name: name?,
        department,
        target_percent: percent,
        target: time,
        short_abandon,
    })
}

/// What people call a thing that has an `id`, if they do not call it just that.
fn name(table: &mut Table<'_>, id: Option<&str>) -> Option<Label> {
    table.optional("name", id.and_then(|id| id.parse().ok()), value::label)
}

/// Which identifiers are taken, and by which tables of the file.
#[derive(Default)]
struct Ids {
    paths: BTreeMap<String, String>,
}

impl Ids {
    fn count(&self) -> usize {
        self.paths.len()
    }

    /// Gives `id` to the thing that `table` describes; a fault if another thing has it.
    fn take(&mut self, id: String, table: &mut Table<'_>) -> Option<String> {
        if let Some(owner) = self.paths.get(&id) {
            return table.fault("id", format!("{id:?} is already the id of {owner}"));
        }
        self.paths.insert(id.clone(), table.path().to_owned());
        Some(id)
    }
}
