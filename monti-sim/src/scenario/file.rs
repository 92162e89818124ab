//! The scenario file: TOML that planners write. `docs/scenarios.md` explains it.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use monti_core::{
    Centre, Millis,
    file::{self, DeValue, FileError, Table, value},
};

use super::{
    Behaviour, Scenario,
    arrivals::{peak, stream},
    behaviour::{Habits, habits, says_of_answers},
    staff::staff,
    times::local,
};
use crate::{Calendar, files};

/// The longest time that can be played: ten years.
const DURATION_MAX: Millis = Millis::from_secs(10 * 366 * 24 * 60 * 60);

/// How many agents a scenario may have.
pub(super) const AGENTS_MAX: u32 = 1_000_000;

/// How many rows of one kind a scenario may have.
const ROWS_MAX: usize = 100_000;

/// Why there is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Something is wrong in it: everything that is.
    #[error("{}:\n{error}", path.display())]
    Faults {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: FileError,
    },
}

impl Scenario {
    /// The scenario of a day in the default centre, with 200 agents.
    pub const DEFAULT_TOML: &'static str = include_str!("../../../examples/default-centre.toml");

    /// Reads a scenario file, and the files that it names.
    ///
    /// # Errors
    /// The file cannot be read, or everything that is wrong in it.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = files::read_text(path)
            .map_err(|error| ScenarioError::Io { path: path.to_owned(), error })?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        Self::parse(&text, folder)
            .map_err(|error| ScenarioError::Faults { path: path.to_owned(), error })
    }

    /// Reads a scenario. The files that it names are looked for in `folder`.
    ///
    /// # Errors
    /// Everything that is wrong in it. Of a text that is no TOML only the first place where it is
    /// not.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, FileError> {
        file::read(text, |file| scenario(file, folder))
    }
}

fn scenario(file: &mut Table<'_>, folder: &Path) -> Option<Scenario> {
    let seed = file.optional("seed", 1, value::whole(0, i64::MAX.unsigned_abs()));
    let start = file.required("start", local);
    let duration = file.required("duration", value::duration_within(Millis::new(1), DURATION_MAX));
    let any_time = value::duration_within(Millis::ZERO, DURATION_MAX);
    let warmup = file.optional("warmup", Millis::ZERO, any_time);
    let warmup = match (warmup, duration) {
        (Some(warmup), Some(duration)) if warmup >= duration => {
            file.fault("warmup", "as long as duration or longer: nothing would be counted")
        }
        _ => warmup,
    };
    let Some(centre) = centre(file, folder) else {
        // Without its departments and queues nothing else can be judged.
        for rest in ["staff", "arrivals", "behaviour", "peak"] {
            file.has(rest);
        }
        return None;
    };
    let calendar = Calendar::of(&centre);
    let opens_at = start.map(|start| calendar.moment(start));
    let opens_at = match opens_at {
        Some(moment) if !Calendar::can_play(moment) => {
            file.fault("start", "years from 1900 to 2199 are allowed")
        }
        other => other,
    };
    let staff = file.tables("staff", ROWS_MAX, |row| staff(row, &centre));
    let agents = staff.iter().flatten().map(|staff| u64::from(staff.agents)).sum::<u64>();
    if agents > u64::from(AGENTS_MAX) {
        let problem = format!("{agents} agents in all are too many, {AGENTS_MAX} are allowed");
        file.fault::<()>("staff", problem);
    }
    let arrivals =
        file.tables("arrivals", ROWS_MAX, |row| stream(row, &centre, &calendar, opens_at, folder));
    let peak = file.table("peak", peak);
    let behaviour = file.table("behaviour", |table| behaviour(table, &centre, folder));
    let (opens_at, duration) = (opens_at?, duration?);
    Some(Scenario {
        seed: seed?,
        opens_at,
        closes_at: opens_at + duration,
        counts_from: opens_at + warmup?,
        staff: staff?,
        arrivals: arrivals?,
        peak: peak?,
        calls: Arc::from([]),
        behaviour: behaviour?,
        centre,
    })
}

fn centre(file: &mut Table<'_>, folder: &Path) -> Option<Centre> {
    let default = Centre::default();
    file.optional("centre", default, |value: &DeValue<'_>| {
        let name = value::text(value)?;
        let text = files::read_text(&folder.join(name))
            .map_err(|error| format!("{}: {error}", value::quoted(name)))?;
        Centre::from_toml(&text, Calendar::knows)
            .map_err(|error| format!("in {}:\n{error}", value::quoted(name)))
    })
}

/// How each department behaves: as the table says, and the department's own table in it.
fn behaviour(table: &mut Table<'_>, centre: &Centre, folder: &Path) -> Option<Vec<Behaviour>> {
    let ring_timeout = centre.limits().ring_timeout;
    let general = habits(table, centre, folder);
    let departments = centre.departments().len();
    let mut own: Vec<Option<Habits>> = vec![None; departments];
    // One that is faulty has been noted.
    let mut say_talk = vec![table.has("talk"); departments];
    // Whether a call comes to an answer there is up to this table alone.
    let mut answer_as_all = vec![true; departments];
    let read = table.named_tables("departments", |name, table| {
        let habits = habits(table, centre, folder);
        let Some(department) = centre.find_department(name) else {
            let known: Vec<_> = centre.departments().map(|(_, it)| it.id.as_str()).collect();
            return table.fault_here(format!("no such department, there are {}", known.join(", ")));
        };
        say_talk[usize::from(department.0)] |= table.has("talk");
        answer_as_all[usize::from(department.0)] = !says_of_answers(table);
        let mut habits = habits?.or(general.as_ref()?);
        if says_of_answers(table) {
            habits = habits.come_to_an_answer(table, ring_timeout)?;
        }
        own[usize::from(department.0)] = Some(habits);
        Some(())
    });
    let general = general?;
    read?;
    if say_talk.contains(&false) {
        return table.fault("talk", "required, unless every department has its own");
    }
    let general = if answer_as_all.contains(&true) {
        general.come_to_an_answer(table, ring_timeout)?
    } else {
        general
    };
    own.into_iter().map(|own| own.unwrap_or_else(|| general.clone()).complete()).collect()
}
