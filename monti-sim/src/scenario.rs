//! What is played: a centre, its people and their calls.

mod arrivals;
mod behaviour;
mod columns;
mod file;
mod lifelike;
mod staff;
mod times;

use std::sync::Arc;

use jiff::civil::Time;
use monti_core::{Centre, DepartmentId, LoginId, Millis, Timestamp, VqId};

pub use self::file::ScenarioError;
use crate::{Calendar, Count, Durations, Peak, PlannedCall, Rate, Stream};

/// A centre, its people and their calls.
///
/// Read from a file, see `docs/scenarios.md`, or put together by who replays a past.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What the dice are seeded with.
    pub seed: u64,
    /// The centre.
    pub centre: Centre,
    /// The first moment.
    pub opens_at: Timestamp,
    /// From when on calls come no more. Those that came by then are played to their end.
    pub closes_at: Timestamp,
    /// Calls that come from here on are counted, and times from here to the close.
    pub counts_from: Timestamp,
    /// Who works there.
    pub staff: Vec<Staff>,
    /// Calls that come by chance.
    pub arrivals: Vec<Stream>,
    /// When more of them come.
    pub peak: Peak,
    /// Calls that are known beforehand, in the order of time.
    pub calls: Arc<[PlannedCall]>,
    /// How people behave: one for each department, in the centre's order.
    pub behaviour: Vec<Behaviour>,
}

/// Agents of one department who work the same hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Staff {
    /// Their department.
    pub department: DepartmentId,
    /// How many they are.
    pub agents: u32,
    /// The queues they serve; `None` is all of the department.
    pub queues: Option<Vec<VqId>>,
    /// When they work.
    pub hours: Hours,
    /// What the agent logs in with, if it is one that is known by name; `None` makes it up.
    pub login: Option<LoginId>,
}

/// When agents work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hours {
    /// All the time.
    Always,
    /// Each day from a local time to another; over midnight if that is not after the first.
    Daily {
        /// When they come.
        from: Time,
        /// When they go, after the call that they have by then.
        until: Time,
    },
    /// From a moment to another, and again; in the order of time, not overlapping.
    Shifts(Vec<(Timestamp, Timestamp)>),
}

/// How the agents of a department, and those who call it, behave.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    /// How long an agent lets the phone ring.
    pub answer: Durations,
    /// The share of calls that an agent does not answer at all, 0 to 1.
    pub no_answer: f64,
    /// How long they talk, hold not included.
    pub talk: Durations,
    /// How often a caller is put on hold, and for how long.
    pub hold: Option<Sometimes>,
    /// How long the after-call work takes.
    pub after_call: Durations,
    /// How often it takes another time instead, and which.
    pub long_after_call: Option<Sometimes>,
    /// How long a caller waits for an answer; `None` for ever.
    pub patience: Option<Durations>,
    /// How often who hung up calls again, and after how long: a second at least.
    pub redial: Option<Sometimes>,
    /// When agents rest.
    pub breaks: Option<Breaks>,
    /// When they eat.
    pub lunch: Option<Lunch>,
}

/// Something that happens to a share of all.
#[derive(Debug, Clone, PartialEq)]
pub struct Sometimes {
    /// The share, 0 to 1.
    pub share: f64,
    /// The time that it takes, or comes after.
    pub time: Durations,
}

/// Agents' breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Breaks {
    /// The largest share of the department's agents that are logged in who are on a break at once,
    /// 0 to 1.
    pub share: f64,
    /// The longest break that is meant to be taken; the shortest is half as long.
    pub max: Millis,
    /// How long an agent works from one break to wanting the next.
    pub every: Durations,
    /// The share of breaks that are overstayed, by up to half of [`Self::max`]; 0 to 1.
    pub overstay: f64,
}

/// Agents' lunch: once a day, begun at a time drawn from the span, or after the call.
#[derive(Debug, Clone, PartialEq)]
pub struct Lunch {
    /// The earliest that it begins, local time.
    pub from: Time,
    /// The latest.
    pub until: Time,
    /// How long it takes.
    pub time: Durations,
}

/// People and a server that do not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server's centre is another: its {what} {servers}; wanted {own}")]
pub struct OtherCentre {
    what: &'static str,
    own: String,
    servers: String,
}

impl OtherCentre {
    /// Whether a server has the queues that are wanted.
    pub(crate) fn check_queues(own: &Centre, servers: &Centre) -> Result<(), Self> {
        let ids = |centre: &Centre| {
            centre.queues().map(|(_, queue)| queue.id.clone()).collect::<Vec<_>>().join(", ")
        };
        Self::check("queues are", ids(own), ids(servers))
    }

    /// Whether a server has the days that are wanted.
    pub(crate) fn check_time_zone(own: &Centre, servers: &Centre) -> Result<(), Self> {
        let [own, servers] = [own, servers].map(|centre| centre.time_zone().to_owned());
        Self::check("time zone is", own, servers)
    }

    fn check(what: &'static str, own: String, servers: String) -> Result<(), Self> {
        if own == servers { Ok(()) } else { Err(Self { what, own, servers }) }
    }
}

impl Hours {
    /// When they begin first, if they have a date.
    pub fn begin(&self) -> Option<Timestamp> {
        match self {
            Self::Shifts(shifts) => shifts.first().map(|(from, _)| *from),
            Self::Always | Self::Daily { .. } => None,
        }
    }
}

impl Scenario {
    /// The calendar of its centre.
    pub fn calendar(&self) -> Calendar {
        Calendar::of(&self.centre)
    }

    /// How many calls of counts are outside of the time that is played.
    pub fn counted_calls_beyond(&self) -> u64 {
        let is_beyond =
            |count: &&Count| count.until <= self.opens_at || count.from >= self.closes_at;
        self.counts().filter(is_beyond).map(|count| u64::from(count.calls)).sum()
    }

    /// How many calls are in intervals across the opening or the close: those of them are played
    /// whose moments are drawn within.
    pub fn counted_calls_across(&self) -> u64 {
        let is_across = |count: &&Count| {
            [self.opens_at, self.closes_at].iter().any(|at| count.from < *at && *at < count.until)
        };
        self.counts().filter(is_across).map(|count| u64::from(count.calls)).sum()
    }

    fn counts(&self) -> impl Iterator<Item = &Count> {
        let counts = self.arrivals.iter().filter_map(|stream| match &stream.rate {
            Rate::Counts(counts) => Some(counts),
            Rate::Constant(_) | Rate::Profile(_) => None,
        });
        counts.flatten()
    }

    /// The same at another time, in a server's centre: whatever has a date of its own moves with the
    /// opening, from [`Self::opens_at`] to `now`. What has but a time of the day stays there.
    ///
    /// # Errors
    /// The server's departments or queues are not the scenario's.
    pub fn at(mut self, now: Timestamp, centre: Centre) -> Result<Self, OtherCentre> {
        OtherCentre::check_queues(&self.centre, &centre)?;
        self.centre = centre;
        let opens_at = self.opens_at;
        // What was before the opening stays as long before it.
        let moved = |moment: Timestamp| match moment {
            Timestamp::MAX => moment,
            _ if moment < opens_at => now - opens_at.since(moment),
            _ => now + moment.since(opens_at),
        };
        for staff in &mut self.staff {
            if let Hours::Shifts(shifts) = &mut staff.hours {
                for (from, until) in shifts {
                    (*from, *until) = (moved(*from), moved(*until));
                }
            }
        }
        for stream in &mut self.arrivals {
            if let Rate::Counts(counts) = &mut stream.rate {
                for count in counts {
                    (count.from, count.until) = (moved(count.from), moved(count.until));
                }
            }
        }
        let calls = self.calls.iter().map(|call| PlannedCall { at: moved(call.at), ..*call });
        self.calls = calls.collect();
        self.counts_from = moved(self.counts_from);
        self.closes_at = moved(self.closes_at);
        self.opens_at = now;
        Ok(self)
    }

    /// How many agents there are.
    pub fn agents(&self) -> u32 {
        self.staff.iter().map(|staff| staff.agents).sum()
    }
}

impl Behaviour {
    /// Calls are answered at once, last as long as `talk` says and need no work after them;
    /// callers wait for ever; nobody rests.
    pub fn plain(talk: Durations) -> Self {
        Self {
            answer: Durations::constant(Millis::ZERO),
            no_answer: 0.0,
            talk,
            hold: None,
            after_call: Durations::constant(Millis::ZERO),
            long_after_call: None,
            patience: None,
            redial: None,
            breaks: None,
            lunch: None,
        }
    }

    /// AHT without ringing: the mean of talk, hold and after-call work, in seconds.
    pub fn mean_handle_secs(&self) -> f64 {
        let sometimes = |it: &Option<Sometimes>| {
            it.as_ref().map_or((0.0, 0.0), |it| (it.share, it.time.mean_secs()))
        };
        let ((hold, held), (long, longer)) =
            (sometimes(&self.hold), sometimes(&self.long_after_call));
        let after_call = self.after_call.mean_secs();
        self.talk.mean_secs() + hold * held + (1.0 - long) * after_call + long * longer
    }

    /// Whether every call is answered as soon as it is assigned: then it is left to the engine.
    pub fn answers_at_once(&self) -> bool {
        self.answer.is_zero() && self.no_answer == 0.0
    }
}
