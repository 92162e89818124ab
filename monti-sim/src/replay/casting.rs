//! A recording made ready to be played: its callers, its agents, and what is not known of them.

use std::cmp::Reverse;

use jiff::{civil::Date, tz::TimeZone};
use monti_core::{Centre, DepartmentId, LoginId, Millis, Timestamp, VqId};
use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::{
    queue_map::{QueueMap, Unmapped, own_centre},
    recording::{Fate, RecordedCall, Recording, Span},
    staff::Staff,
    survival::{Observations, Survival},
};
use crate::{
    Behaviour, Calendar, Durations, Hours, Peak, PlannedCall, Scenario, Staff as Row, Waits,
};

/// How many durations stand for a distribution that was estimated.
const QUANTILES: u32 = 1_000;

/// A recording with its centre, ready to be played.
///
/// What the recording says of a call is played as it was: when it came, for which queue, how
/// urgent it was, how long it took once it was answered, and how long its caller waited if that
/// ended by hanging up. What it cannot say is drawn, from all days together: how long those would
/// have waited who were answered (longer than they did), and how long those would have talked who
/// hung up.
#[derive(Debug)]
pub struct Casting {
    recording: Recording,
    centre: Centre,
    calendar: Calendar,
    queues: Vec<VqId>,
    staff: Staff,
    patience: Survival,
    /// What each queue's answered calls took.
    services: Vec<Vec<Millis>>,
    all_services: Vec<Millis>,
}

impl Casting {
    /// Plays `recording`, whose dates are those of `zone`, in `centre`; without one in a centre made
    /// of its own queues, in which each level of priority is worth `head_start_secs` of waiting.
    ///
    /// # Errors
    /// Not every queue of the recording has one in the centre.
    pub fn new(
        recording: Recording,
        zone: &TimeZone,
        centre: Option<Centre>,
        map: QueueMap,
        head_start_secs: Option<u64>,
    ) -> Result<Self, Unmapped> {
        let centre = match centre {
            Some(centre) => centre,
            None => own_centre(&recording, zone, head_start_secs)?,
        };
        let queues = map.apply(&recording, &centre)?;
        let mut services = vec![Vec::new(); recording.queues.len()];
        for call in &recording.calls {
            if let Fate::Answered { served: Some(served), .. } = call.fate {
                services[call.queue].push(served);
            }
        }
        Ok(Self {
            staff: Staff::of(&recording),
            patience: patience(&recording).estimate(),
            all_services: services.concat(),
            services,
            calendar: Calendar::of_zone(zone.clone()),
            queues,
            centre,
            recording,
        })
    }

    /// What is played.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Where it is played.
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// Who worked when.
    pub fn staff(&self) -> &Staff {
        &self.staff
    }

    /// How long callers wait before they hang up.
    pub fn patience(&self) -> &Survival {
        &self.patience
    }

    /// The recording's local times: its dates are not those of the centre that it is played in.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The date of a call, in the recording's time zone.
    pub fn date_of(&self, call: &RecordedCall) -> Date {
        self.calendar.local(call.arrival).date()
    }

    /// Within how long a call should have been answered.
    pub fn target_of(&self, call: &RecordedCall) -> Millis {
        self.centre.queue(self.queues[call.queue]).map(|queue| queue.target).unwrap_or_default()
    }

    /// The recorded time from the first to the last of `dates`, as a scenario with the dice of one
    /// replication; `None` if there were no calls then.
    pub fn scenario(
        &self,
        dates: (Date, Date),
        login_prefix: &str,
        seed: u64,
        replication: u32,
    ) -> Option<Scenario> {
        let midnight = |date: Date| self.calendar.moment(date.at(0, 0, 0, 0));
        let (from, until) = (midnight(dates.0), midnight(dates.1.tomorrow().ok()?));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(u64::from(replication));
        let all = self.recording.calls.iter();
        let calls = all.filter(|call| (from..until).contains(&call.arrival));
        let calls = calls.map(|call| self.planned(call, &mut rng)).collect::<Vec<_>>();
        if calls.is_empty() {
            return None;
        }
        Some(Scenario {
            // Each replication has dice of its own for whatever else is left to chance.
            seed: rng.random(),
            opens_at: from,
            closes_at: until,
            counts_from: from,
            staff: self.rows(login_prefix, Span { from, until }),
            arrivals: Vec::new(),
            peak: Peak::none(),
            calls: calls.into(),
            behaviour: vec![self.behaviour(); self.centre.departments().len()],
            centre: self.centre.clone(),
        })
    }

    fn planned(&self, call: &RecordedCall, rng: &mut impl Rng) -> PlannedCall {
        // The same dice for the same call whatever is known of it: replications stay comparable.
        let share = 1.0 - rng.random::<f64>();
        let service = rng.random::<f64>();
        let drawn = |known| self.patience.draw(known, share).map_or(Waits::Endlessly, Waits::For);
        let (waits, talk) = match call.fate {
            Fate::Answered { waited, served, .. } => (drawn(Some(waited)), served),
            Fate::Abandoned { waited } | Fate::Diverted { waited } => (Waits::For(waited), None),
            Fate::Unknown => (drawn(None), None),
        };
        let talk = talk.or_else(|| {
            let own = &self.services[call.queue];
            pick(if own.is_empty() { &self.all_services } else { own }, service)
        });
        let (at, vq, priority) = (call.arrival, self.queues[call.queue], call.priority);
        PlannedCall { at, vq, priority, waits: Some(waits), talk: Some(talk.unwrap_or_default()) }
    }

    /// The agents who were there in `time`, with their shifts.
    fn rows(&self, login_prefix: &str, time: Span) -> Vec<Row> {
        let agents = self.recording.agents.iter().zip(&self.staff.shifts).enumerate();
        let rows = agents.filter_map(|(number, (agent, shifts))| {
            let within =
                shifts.iter().filter(|shift| shift.from < time.until && time.from < shift.until);
            let shifts = within.map(|shift| (shift.from.max(time.from), shift.until));
            let shifts = shifts.collect::<Vec<(Timestamp, Timestamp)>>();
            let queues = agent.serves.iter().map(|queue| self.queues[*queue]);
            let (department, queues) = self.main_department(queues.collect())?;
            (!shifts.is_empty()).then(|| Row {
                department,
                agents: 1,
                queues: Some(queues),
                hours: Hours::Shifts(shifts),
                login: Some(login(login_prefix, &agent.name, number)),
            })
        });
        rows.collect()
    }

    /// The department of most of the queues, and its queues among them: an agent is in one
    /// department. `None` without queues.
    fn main_department(&self, mut queues: Vec<VqId>) -> Option<(DepartmentId, Vec<VqId>)> {
        queues.sort_unstable();
        queues.dedup();
        let department_of = |vq: &VqId| self.centre.queue(*vq).map(|queue| queue.department);
        let own = |department| {
            queues.iter().filter(move |vq| department_of(vq) == Some(department)).count()
        };
        let departments = self.centre.departments().map(|(department, _)| department);
        // Of equal ones the first.
        let department = departments.min_by_key(|department| Reverse(own(*department)))?;
        queues.retain(|vq| department_of(vq) == Some(department));
        (!queues.is_empty()).then_some((department, queues))
    }

    fn behaviour(&self) -> Behaviour {
        let plain = Behaviour::plain(Durations::constant(Millis::ZERO));
        let after_call = self.staff.after_call.mean().and_then(|_| {
            let shares =
                (0..QUANTILES).map(|place| (f64::from(place) + 0.5) / f64::from(QUANTILES));
            let times = shares.filter_map(|share| self.staff.after_call.draw(None, share));
            Durations::empirical(times.collect()).ok()
        });
        Behaviour { after_call: after_call.unwrap_or(plain.after_call.clone()), ..plain }
    }
}

/// What is known of how long callers wait: those who hung up so long, the others longer.
fn patience(recording: &Recording) -> Observations {
    let mut observed = Observations::default();
    for call in &recording.calls {
        match call.fate {
            Fate::Abandoned { waited } => observed.ended(waited),
            Fate::Answered { waited, .. } | Fate::Diverted { waited } => {
                observed.cut_short(waited);
            }
            Fate::Unknown => {}
        }
    }
    observed
}

fn pick(services: &[Millis], share: f64) -> Option<Millis> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share from 0 to 1 of a length"
    )]
    let place = (share * services.len() as f64) as usize;
    services.get(place.min(services.len().checked_sub(1)?)).copied()
}

/// A login out of a name: what is not allowed in one becomes `-`; the number keeps it apart from
/// others.
fn login(prefix: &str, name: &str, number: usize) -> LoginId {
    let fit = |it: char| {
        if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' }
    };
    let name = name.chars().map(fit).take(24).collect::<String>();
    let login = format!("{prefix}{number}-{name}");
    login.parse().unwrap_or_else(|_| panic!("{login} was made to be a login"))
}

/// All dates on which calls came, in order.
pub fn dates(casting: &Casting) -> Vec<Date> {
    let mut dates: Vec<_> =
        casting.recording.calls.iter().map(|call| casting.date_of(call)).collect();
    dates.dedup();
    dates
}
