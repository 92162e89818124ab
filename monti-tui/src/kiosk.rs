//! The figures of a wall: few, big, and each one that somebody can act on.

use std::{cmp::Reverse, fmt, str::FromStr, time::Duration};

use monti_core::{Millis, Timestamp};

use crate::{
    board::{Board, Department, LongestWait, Queue, Totals},
    format,
    theme::Level,
};

/// A figure of a wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Calls waiting now.
    Waiting,
    /// How long the oldest of them has waited.
    LongestWait,
    /// Today's service level.
    ServiceLevel,
    /// Agents that could take a call at once.
    Available,
    /// Agents past a limit of after-call work or break.
    OverLimit,
    /// The share of today's calls that was abandoned.
    Abandoned,
    /// The share of the agents' time open to calls that went into calls.
    Occupancy,
}

/// What figures should be, where the centre does not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Targets {
    /// The most calls that may wait.
    pub waiting_calls: u32,
    /// The longest that a call may wait; without it, the target of its queue.
    pub longest_wait: Option<Millis>,
    /// The fewest agents that should be available.
    pub available_agents: u32,
    /// The largest share of calls that may be abandoned, 0 to 100.
    pub abandoned_percent: f64,
    /// The largest occupancy that people bear, 0 to 100.
    pub occupancy_percent: f64,
}

/// What a wall shows, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Whether the program starts as one, and becomes one again when nobody touches it.
    pub start: bool,
    /// The figures.
    pub figures: Vec<Figure>,
    /// What they should be.
    pub targets: Targets,
    /// How long a department is shown before the next; none is shown without.
    pub rotate: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        let (figures, targets) = (Figure::DEFAULT.into(), Targets::default());
        Self { start: false, figures, targets, rotate: None }
    }
}

/// A figure, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is called.
    pub name: &'static str,
    /// Its value, in few characters; `None` without one.
    pub value: Option<String>,
    /// What it counts.
    pub unit: &'static str,
    /// What it should be.
    pub target: String,
    /// How good it is.
    pub level: Level,
    /// Where to look first, if anywhere.
    pub place: String,
}

impl Figure {
    /// All figures.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::LongestWait,
        Self::ServiceLevel,
        Self::Available,
        Self::OverLimit,
        Self::Abandoned,
        Self::Occupancy,
    ];

    /// The figures of a wall that nobody chose figures for.
    pub const DEFAULT: [Self; 6] = [
        Self::Waiting,
        Self::LongestWait,
        Self::ServiceLevel,
        Self::Available,
        Self::OverLimit,
        Self::Abandoned,
    ];

    /// The most figures on a wall.
    pub const SHOWN_MAX: usize = 6;

    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::LongestWait => "longest-wait",
            Self::ServiceLevel => "service-level",
            Self::Available => "available",
            Self::OverLimit => "over-limit",
            Self::Abandoned => "abandoned",
            Self::Occupancy => "occupancy",
        }
    }

    /// What it says of `board` at `now`.
    pub fn read(self, board: &Board, now: Timestamp, targets: &Targets) -> Reading {
        let scene = Scene { board, now, targets, totals: board.totals(now) };
        let mut reading = match self {
            Self::Waiting => scene.waiting(),
            Self::LongestWait => scene.longest_wait(),
            Self::ServiceLevel => scene.service_level(),
            Self::Available => scene.available(),
            Self::OverLimit => scene.over_limit(),
            Self::Abandoned => scene.abandoned(),
            Self::Occupancy => scene.occupancy(),
        };
        // Where all is well nobody has to look anywhere.
        if reading.level == Level::Good {
            reading.place.clear();
        }
        reading
    }
}

/// All that a figure is read from.
struct Scene<'a> {
    board: &'a Board,
    now: Timestamp,
    targets: &'a Targets,
    totals: Totals<'a>,
}

impl Scene<'_> {
    fn waiting(&self) -> Reading {
        let most = u64::from(self.targets.waiting_calls);
        Reading {
            name: "Waiting",
            value: Some(format::count(self.totals.waiting)),
            unit: "calls",
            target: format!("at most {most}"),
            level: self.targets.waiting(self.totals.waiting),
            place: self.worst(|it| it.summary().map(|it| f64::from(it.waiting_calls)), 0.0),
        }
    }

    fn longest_wait(&self) -> Reading {
        let wait = self.targets.first_wait(self.board.departments(), self.now);
        let shortest = || {
            let departments = self.board.departments().iter();
            let queues = departments.flat_map(Department::queues);
            queues.map(|queue| queue.info().target_seconds.0).min().unwrap_or_default()
        };
        let limit = match (&wait, self.targets.longest_wait) {
            (Some(wait), _) => self.targets.wait_limit(wait.queue),
            (None, Some(target)) => target,
            (None, None) => shortest(),
        };
        let waited = wait.map(|wait| wait.at(self.now));
        Reading {
            name: "Longest wait",
            value: waited.map(format::duration),
            unit: "min",
            target: format!("at most {}", format::duration(limit)),
            level: waited.map_or(Level::Good, |waited| wait_level(waited, limit)),
            place: wait
                .map(|it| format!("{}, {}", it.queue.name(), it.department.name()))
                .unwrap_or_default(),
        }
    }

    fn service_level(&self) -> Reading {
        let percent = self.totals.service_level_percent;
        let colours = self.board.centre().colours;
        Reading {
            name: "Service level",
            value: percent.map(|percent| format::share_from(percent, colours.green_percent)),
            unit: "%",
            target: format!("at least {}", format::target(colours.green_percent)),
            level: Level::of(percent, &colours),
            place: self.worst(
                |it| it.summary()?.service_level_percent.map(|percent| -percent),
                -colours.green_percent,
            ),
        }
    }

    fn available(&self) -> Reading {
        let least = u64::from(self.targets.available_agents);
        let available = self.totals.available;
        let level = if available >= least {
            Level::Good
        } else if available > 0 {
            Level::Fair
        } else {
            Level::Poor
        };
        let free = |department: &Department| {
            department.summary().map(|_| -f64::from(department.available()))
        };
        Reading {
            name: "Available",
            value: Some(format::count(available)),
            unit: "agents",
            target: format!("at least {least}"),
            level,
            place: self.worst(free, -1.0),
        }
    }

    fn over_limit(&self) -> Reading {
        Reading {
            name: "Over limit",
            value: Some(format::count(self.totals.breaches)),
            unit: "agents",
            target: "at most 0".to_owned(),
            level: at_most(self.totals.breaches, 0),
            place: self.worst(|it| it.summary().map(|it| f64::from(it.breaches)), 0.0),
        }
    }

    fn abandoned(&self) -> Reading {
        let most = self.targets.abandoned_percent;
        let percent = self.totals.abandoned_percent;
        Reading {
            name: "Abandoned",
            value: percent.map(|percent| format::share_up_to(percent, most)),
            unit: "% of offered",
            target: format!("at most {}", format::target(most)),
            level: self.targets.abandoned(percent),
            place: self.worst(Department::abandoned_percent, most),
        }
    }

    fn occupancy(&self) -> Reading {
        let most = self.targets.occupancy_percent;
        let percent = |it: &Department| it.occupancy_percent(self.now);
        let busiest = self.board.departments().iter().filter_map(percent).max_by(f64::total_cmp);
        Reading {
            name: "Occupancy",
            value: busiest.map(|percent| format::share_up_to(percent, most)),
            unit: "% of the busiest",
            target: format!("at most {}", format::target(most)),
            level: self.targets.occupancy(busiest),
            place: self.worst(percent, most),
        }
    }

    /// The department in which a figure is the largest, if it is larger there than it may be.
    fn worst(&self, figure: impl Fn(&Department) -> Option<f64>, limit: f64) -> String {
        let figures = self.board.departments().iter().filter_map(|it| Some((figure(it)?, it)));
        // Of equals the first, so that the place does not jump.
        let worst = figures.rev().max_by(|(a, _), (b, _)| a.total_cmp(b));
        worst
            .filter(|(figure, _)| *figure > limit)
            .map(|(_, it)| it.name().to_owned())
            .unwrap_or_default()
    }
}

impl Targets {
    /// How good it is that so many calls wait.
    pub fn waiting(&self, calls: u64) -> Level {
        at_most(calls, self.waiting_calls.into())
    }

    /// The longest that a call may wait in a queue.
    pub fn wait_limit(&self, queue: &Queue) -> Millis {
        self.longest_wait.unwrap_or(queue.info().target_seconds.0)
    }

    /// By how much the longest wait in a queue is at `now` over what it may be; `None` if it is not.
    pub fn wait_excess(&self, queue: &Queue, now: Timestamp) -> Option<Millis> {
        excess(queue.longest_wait(now)?, self.wait_limit(queue))
    }

    /// How good the longest wait in a queue is at `now`; `None` when no call waits.
    pub fn wait(&self, queue: &Queue, now: Timestamp) -> Option<Level> {
        Some(wait_level(queue.longest_wait(now)?, self.wait_limit(queue)))
    }

    /// The wait to look at first of those in `departments` at `now`: the one that is furthest over
    /// what it may be, and the longest where none is; `None` when no call waits.
    pub fn first_wait<'a>(
        &self,
        departments: impl IntoIterator<Item = &'a Department>,
        now: Timestamp,
    ) -> Option<LongestWait<'a>> {
        let waits = departments.into_iter().flat_map(Department::waits);
        waits.min_by_key(|wait| (Reverse(self.wait_excess(wait.queue, now)), wait.since))
    }

    /// How good it is that such a share of calls was abandoned.
    pub fn abandoned(&self, percent: Option<f64>) -> Level {
        share_at_most(percent, self.abandoned_percent)
    }

    /// How good such an occupancy is.
    pub fn occupancy(&self, percent: Option<f64>) -> Level {
        share_at_most(percent, self.occupancy_percent)
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            waiting_calls: 10,
            longest_wait: None,
            available_agents: 1,
            abandoned_percent: 5.0,
            occupancy_percent: 85.0,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Figure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|figure| figure.as_str() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("there is no figure {text:?}; there are {names}")
        })
    }
}

/// Good up to the most, fair up to twice that.
fn at_most(count: u64, most: u64) -> Level {
    match count {
        count if count <= most => Level::Good,
        count if count <= most * 2 => Level::Fair,
        _ => Level::Poor,
    }
}

fn share_at_most(percent: Option<f64>, most: f64) -> Level {
    match percent {
        None => Level::Unknown,
        Some(percent) if percent <= most => Level::Good,
        Some(percent) if percent <= most * 2.0 => Level::Fair,
        Some(_) => Level::Poor,
    }
}

/// By how much a time is over its limit; `None` if it is not.
pub(crate) fn excess(time: Millis, limit: Millis) -> Option<Millis> {
    (time > limit).then(|| time - limit)
}

/// How good a wait is: good up to the limit, fair up to twice that.
pub(crate) fn wait_level(waited: Millis, limit: Millis) -> Level {
    match waited {
        waited if waited <= limit => Level::Good,
        waited if waited <= limit + limit => Level::Fair,
        _ => Level::Poor,
    }
}
