//! The rows of a scenario's arrivals.

use std::path::Path;

use jiff::civil::Time;
use monti_core::{
    Centre, Millis, Priority, Timestamp, VqId,
    file::{DeArray, DeValue, Table, value},
};

use super::{
    columns,
    staff::{department, queue},
    times::time,
};
use crate::{Calendar, Mix, Peak, Rate, Stream};

/// The most calls an hour that a stream may have.
const PER_HOUR_MAX: f64 = 10_000_000.0;

/// The largest weight.
const WEIGHT_MAX: f64 = 1_000_000.0;

/// Reads a row: calls that come at a rate.
pub(super) fn stream(
    row: &mut Table<'_>,
    centre: &Centre,
    calendar: &Calendar,
    opens_at: Option<Timestamp>,
    folder: &Path,
) -> Option<Stream> {
    let vqs = vqs(row, centre);
    let priorities = priorities(row);
    let rate = rate(row, calendar, opens_at, folder);
    Some(Stream { vqs: vqs?, priorities: priorities?, rate: rate? })
}

fn vqs(row: &mut Table<'_>, centre: &Centre) -> Option<Mix<VqId>> {
    match (row.has("vq"), row.has("department")) {
        (true, false) => row.required("vq", |value| queue(value, centre)).map(Mix::only),
        (false, true) => {
            let id = row.required("department", |value| department(value, centre));
            let weights =
                row.optional("queues", None, |value| weighted(value, |item| queue(item, centre)));
            let id = id?;
            let of_department = &centre.department(id)?.queues;
            if let Some((foreign, _)) =
                weights.iter().flatten().find(|(vq, _)| !of_department.contains(vq))
            {
                let foreign = centre.queue(*foreign).map_or("", |queue| queue.id.as_str());
                return row.fault("queues", format!("{foreign:?} is not the department's"));
            }
            let equal = || of_department.iter().map(|vq| (*vq, 1.0)).collect();
            let mix = Mix::new(weights.unwrap_or_else(equal));
            mix.or_else(|| row.fault("queues", "at least one weight above 0 is required"))
        }
        _ => row.fault("vq", "just one of vq and department is required"),
    }
}

fn priorities(row: &mut Table<'_>) -> Option<Mix<Priority>> {
    if !row.has("priorities") {
        return row.optional("priority", Priority::default(), priority).map(Mix::only);
    }
    if row.has("priority") {
        return row.fault("priority", "not allowed together with priorities");
    }
    let weights = row.required("priorities", |value| weighted(value, priority))?;
    Mix::new(weights).or_else(|| row.fault("priorities", "at least one weight above 0 is required"))
}

fn priority(value: &DeValue<'_>) -> Result<Priority, String> {
    let level = value::whole(0, 9)(value)?;
    u8::try_from(level).ok().and_then(Priority::new).ok_or_else(|| "0 to 9 is allowed".to_owned())
}

fn rate(
    row: &mut Table<'_>,
    calendar: &Calendar,
    opens_at: Option<Timestamp>,
    folder: &Path,
) -> Option<Rate> {
    let kinds = ["calls_per_hour", "profile", "counts"];
    let given: Vec<_> = kinds.into_iter().filter(|kind| row.has(kind)).collect();
    match given[..] {
        ["calls_per_hour"] => {
            let per_hour = row.required("calls_per_hour", value::number(0.0, PER_HOUR_MAX));
            per_hour.map(Rate::Constant)
        }
        ["profile"] => row.required("profile", profile).map(Rate::Profile),
        ["counts"] => row
            .table("counts", |table| columns::counts(table, calendar, opens_at, folder))
            .map(Rate::Counts),
        _ => {
            let problem = "just one of calls_per_hour, profile and counts is required";
            row.fault(given.last().copied().unwrap_or("calls_per_hour"), problem)
        }
    }
}

/// Pairs of a time of the day and calls an hour from then on.
fn profile(value: &DeValue<'_>) -> Result<Vec<(Time, f64)>, String> {
    let steps = pairs(value, "a time of the day and calls an hour", |from, per_hour| {
        Ok((time(from)?, value::number(0.0, PER_HOUR_MAX)(per_hour)?))
    })?;
    let later = steps.windows(2).position(|pair| pair[1].0 <= pair[0].0);
    later.map_or(Ok(steps), |at| Err(format!("[{}]: not later than the one before", at + 1)))
}

/// Pairs of a thing and its weight.
fn weighted<T>(
    value: &DeValue<'_>,
    thing: impl Fn(&DeValue<'_>) -> Result<T, String>,
) -> Result<Vec<(T, f64)>, String> {
    pairs(value, "a name or number and its weight", |item, weight| {
        Ok((thing(item)?, value::number(0.0, WEIGHT_MAX)(weight)?))
    })
}

/// Reads a list of pairs, at least one.
fn pairs<T>(
    value: &DeValue<'_>,
    what: &str,
    read: impl Fn(&DeValue<'_>, &DeValue<'_>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let list = value.as_array().ok_or_else(|| value::mismatch("a list of pairs", value))?;
    if list.is_empty() {
        return Err("at least one pair is required".to_owned());
    }
    let pair = |item: &DeArray<'_>| match &item[..] {
        [one, other] => read(one.get_ref(), other.get_ref()),
        _ => Err(format!("expected a pair: {what}")),
    };
    let items = list.iter().enumerate().map(|(index, item)| {
        let item = item.get_ref();
        let read = item.as_array().ok_or_else(|| value::mismatch("a pair", item)).and_then(pair);
        read.map_err(|problem| format!("[{index}]: {problem}"))
    });
    items.collect()
}

/// Reads when more calls come.
pub(super) fn peak(table: &mut Table<'_>) -> Option<Peak> {
    let factor = table.optional("factor", 1.0, value::number(0.0, 1_000.0));
    let hours = table.optional("hours", Vec::new(), |value| {
        pairs(value, "a time of the day and a later one", |from, until| {
            Ok((time(from)?, time(until)?))
        })
    });
    Some(Peak { factor: factor?, hours: hours? })
}

/// What a count in a file may be at most, so that sums stay exact.
pub(super) const COUNT_MAX: u32 = 10_000_000;

/// The length of an interval of counts.
pub(super) fn interval(value: &DeValue<'_>) -> Result<Millis, String> {
    value::duration(Millis::from_secs(1))(value)
}
