//! The server's centre, as far as its welcome tells of it.

use std::fmt::Write as _;

use monti_core::{
    Centre,
    file::FileError,
    wire::{CentreInfo, Seconds},
};

use crate::Calendar;

/// The centre that a server described: with its departments, queues, targets and limits. How it
/// weighs priorities is the server's alone and not told.
///
/// # Errors
/// It is no centre that could be: the server speaks another protocol than it says.
pub(super) fn centre(info: &CentreInfo) -> Result<Centre, FileError> {
    Centre::from_toml(&file(info), |name| name == info.time_zone && Calendar::knows(name))
}

/// The centre as a centre file would have it.
fn file(info: &CentreInfo) -> String {
    let mut file = String::new();
    let limits = &info.limits;
    let mut line = |text: String| {
        // Writing to a string does not fail.
        let _ = writeln!(file, "{text}");
    };
    line(format!("name = {}", quoted(&info.name)));
    line(format!("time_zone = {}", quoted(&info.time_zone)));
    line("[limits]".to_owned());
    line(format!("ring_timeout = {}", duration(limits.ring_timeout_seconds)));
    line(format!("grace = {}", duration(limits.grace_seconds)));
    line(format!("after_call_work = {}", duration(limits.acw_seconds)));
    line(format!("break = {}", duration(limits.break_seconds)));
    for department in &info.departments {
        line("[[departments]]".to_owned());
        line(format!("id = {}", quoted(&department.id)));
        line(format!("name = {}", quoted(&department.name)));
        let prefix = format!("{}_", department.id);
        for queue in &department.queues {
            line("[[departments.queues]]".to_owned());
            let own = queue.id.strip_prefix(&prefix).unwrap_or(&queue.id);
            line(format!("id = {}", quoted(own)));
            line(format!("name = {}", quoted(&queue.name)));
            line(format!("target_percent = {:?}", queue.target_percent));
            line(format!("target = {}", duration(queue.target_seconds)));
            line(format!("short_abandon = {}", duration(queue.short_abandon_seconds)));
        }
    }
    file
}

/// A JSON string is a TOML string, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn duration(Seconds(time): Seconds) -> String {
    format!("\"{}ms\"", time.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_centre_described_is_the_centre_but_for_what_is_not_told() {
        let odd = "name = \"Caf\u{e9} \\\"Zoë\\\"\"\ntime_zone = \"Europe/Berlin\"\n\
            [limits]\nring_timeout = \"1500ms\"\n[service_level]\ntarget_percent = 82.5\n\
            [[departments]]\nid = \"bank\"\nqueues = [{ id = \"a_b\", target = \"0s\" }]\n";
        for text in [Centre::DEFAULT_TOML, odd] {
            let original = Centre::from_toml(text, |_| true).unwrap();
            let info = CentreInfo::new(&original);
            let mirrored = centre(&info).unwrap();
            assert_eq!(CentreInfo::new(&mirrored), info);
            assert_eq!(mirrored.time_zone(), original.time_zone());
            assert!(original.queues().eq(mirrored.queues()));
        }
    }
}
