//! The rows of a scenario's staff.

use monti_core::{
    Centre, DepartmentId, VqId,
    file::{DeValue, Table, value},
};

use super::{Hours, Staff, file::AGENTS_MAX, times::time};

/// Reads a row: agents of a department who work the same hours.
pub(super) fn staff(row: &mut Table<'_>, centre: &Centre) -> Option<Staff> {
    let department = row.required("department", |value| department(value, centre));
    let agents = row.required("agents", value::whole(0, AGENTS_MAX.into()));
    let queues = row.optional("queues", None, |value| queues(value, centre));
    let hours = hours(row);
    let department = department?;
    let is_theirs =
        |vq: &VqId| centre.queue(*vq).is_some_and(|queue| queue.department == department);
    if let Some(foreign) = queues.iter().flatten().find(|vq| !is_theirs(vq)) {
        let foreign = centre.queue(*foreign).map_or("", |queue| queue.id.as_str());
        return row.fault("queues", format!("{foreign:?} is not a queue of the department"));
    }
    let agents = u32::try_from(agents?).ok()?;
    Some(Staff { department, agents, queues, hours: hours?, login: None })
}

fn hours(row: &mut Table<'_>) -> Option<Hours> {
    let (has_from, has_until) = (row.has("from"), row.has("until"));
    if has_from != has_until {
        let key = if has_from { "until" } else { "from" };
        return row.fault(key, "required together with the other: from and until");
    }
    if !has_from {
        return Some(Hours::Always);
    }
    let (from, until) = (row.required("from", time), row.required("until", time));
    let (from, until) = (from?, until?);
    if from == until {
        return row.fault("until", "the same as from: leave both out for agents who always work");
    }
    Some(Hours::Daily { from, until })
}

/// A department of the centre, by its id.
pub(super) fn department(value: &DeValue<'_>, centre: &Centre) -> Result<DepartmentId, String> {
    let id = value::text(value)?;
    centre.find_department(id).ok_or_else(|| {
        let known: Vec<_> = centre.departments().map(|(_, it)| it.id.as_str()).collect();
        format!("no department {}, there are {}", value::quoted(id), listed(&known))
    })
}

/// A queue of the centre, by its id.
pub(super) fn queue(value: &DeValue<'_>, centre: &Centre) -> Result<VqId, String> {
    let id = value::text(value)?;
    centre.find_queue(id).ok_or_else(|| {
        let known: Vec<_> = centre.queues().map(|(_, it)| it.id.as_str()).collect();
        format!("no queue {}, there are {}", value::quoted(id), listed(&known))
    })
}

fn queues(value: &DeValue<'_>, centre: &Centre) -> Result<Vec<VqId>, String> {
    let list = value.as_array().ok_or_else(|| value::mismatch("a list of queues", value))?;
    if list.is_empty() {
        return Err("at least one queue is required".to_owned());
    }
    list.iter().map(|item| queue(item.get_ref(), centre)).collect()
}

/// Names, as many as can be read at a glance.
pub(super) fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let more = if names.len() > SHOWN { ", …" } else { "" };
    let names = names.iter().take(SHOWN).map(|name| name.chars().take(64).collect());
    format!("{}{more}", names.collect::<Vec<String>>().join(", "))
}
