//! The centre file: TOML that operations people write.

use toml::de::DeValue;

use super::{
    Centre, ColourThresholds, Limits, PriorityMode, department_ids,
    departments::{Target, departments, target},
    vq_ids,
};
use crate::{
    Millis,
    file::{self, FileError, Table, value},
};

impl Centre {
    /// The centre file of [`Centre::default`], in which comments explain every option with its
    /// unit, range and default.
    pub const DEFAULT_TOML: &'static str = include_str!("default.toml");

    /// Reads a centre file; [`Centre::DEFAULT_TOML`] explains the format.
    ///
    /// `is_time_zone` says whether there is a time zone of an IANA name: this crate has no
    /// database of them.
    ///
    /// # Errors
    /// If anything is wrong in the file, everything that is wrong in it. Of a text that is no
    /// TOML only the first place where it is not.
    pub fn from_toml(text: &str, is_time_zone: impl Fn(&str) -> bool) -> Result<Self, FileError> {
        file::read(text, |file| centre(file, &is_time_zone))
    }
}

impl Default for Centre {
    /// Four departments with four queues each, and the defaults of all options.
    fn default() -> Self {
        Self::from_toml(Self::DEFAULT_TOML, |name| name == "UTC")
            .expect("the file is part of this crate, whose tests read it")
    }
}

fn centre(file: &mut Table<'_>, is_time_zone: &impl Fn(&str) -> bool) -> Option<Centre> {
    let name = file.optional("name", "MONTI".parse().ok(), value::label);
    let time_zone = file.optional("time_zone", "UTC", |value| time_zone(value, is_time_zone));
    let limits = file.table("limits", limits);
    let priority_mode = file.table("priority", priority_mode);
    let colours = file.table("colours", colours);
    let agent_break_share_percent = file.table("planning", |planning| {
        planning.optional("agent_break_share_percent", 5.0, value::percent)
    });
    let target = file.table("service_level", |table| target(table, Target::default()));
    // A faulty target does not keep the queues from being read.
    let (departments, queues) = departments(file, target.unwrap_or_default())?;
    Some(Centre {
        name: name?,
        time_zone: time_zone?.to_owned(),
        departments_by_id: departments
            .iter()
            .map(|it| it.id.clone())
            .zip(department_ids())
            .collect(),
        queues_by_id: queues.iter().map(|it| it.id.clone()).zip(vq_ids()).collect(),
        departments,
        queues,
        limits: limits?,
        priority_mode: priority_mode?,
        colours: colours?,
        agent_break_share_percent: agent_break_share_percent?,
    })
}

fn time_zone<'a>(
    value: &'a DeValue<'_>,
    is_time_zone: impl Fn(&str) -> bool,
) -> Result<&'a str, String> {
    let name = value::text(value)?;
    let unknown = || format!("{} is not the IANA name of a known time zone", value::quoted(name));
    is_time_zone(name).then_some(name).ok_or_else(unknown)
}

fn limits(table: &mut Table<'_>) -> Option<Limits> {
    let default = Limits::default();
    let some_time = value::duration(Millis::new(1));
    let ring_timeout = table.optional("ring_timeout", default.ring_timeout, &some_time);
    let grace = table.optional("grace", default.grace, value::duration(Millis::ZERO));
    let after_call_work = table.optional("after_call_work", default.after_call_work, &some_time);
    let break_time = table.optional("break", default.break_time, &some_time);
    Some(Limits {
        ring_timeout: ring_timeout?,
        grace: grace?,
        after_call_work: after_call_work?,
        break_time: break_time?,
    })
}

fn priority_mode(table: &mut Table<'_>) -> Option<PriorityMode> {
    let is_head_start = table.optional("mode", false, is_head_start);
    // Also read under "strict": to try the other mode is then to change one line of the file.
    let per_level =
        table.optional("per_level", Millis::from_secs(30), value::duration(Millis::ZERO));
    Some(if is_head_start? {
        PriorityMode::HeadStart { per_level: per_level? }
    } else {
        PriorityMode::Strict
    })
}

fn is_head_start(value: &DeValue<'_>) -> Result<bool, String> {
    match value::text(value)? {
        "strict" => Ok(false),
        "head_start" => Ok(true),
        other => {
            let written = value::quoted(other);
            Err(format!("{written} is not allowed, \"strict\" and \"head_start\" are"))
        }
    }
}

fn colours(table: &mut Table<'_>) -> Option<ColourThresholds> {
    let default = ColourThresholds::default();
    let green = table.optional("green_percent", default.green_percent, value::percent);
    let yellow = table.optional("yellow_percent", default.yellow_percent, value::percent);
    let (green_percent, yellow_percent) = (green?, yellow?);
    if yellow_percent > green_percent {
        let problem = format!("{yellow_percent} is above green_percent, {green_percent}");
        return table.fault("yellow_percent", problem);
    }
    Some(ColourThresholds { green_percent, yellow_percent })
}
