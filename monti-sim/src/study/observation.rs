//! What is seen of one replication.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Time;
use monti_core::{
    BusinessDay, CallPhase, CallRecord, CallView, Day, DepartmentId, Engine, INTERVAL, Millis,
    Priority, Timestamp, VqId,
};

use crate::{Calendar, Scenario};

/// How many quarters of an hour a day has on the clock.
pub const QUARTERS: usize = 24 * 4;

/// Calls that arrived in the counted time, and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// Calls that arrived.
    pub offered: u64,
    /// Calls that were answered.
    pub answered: u64,
    /// Those of them that were answered within the target.
    pub in_target: u64,
    /// Calls that ended without an answer.
    pub abandoned: u64,
    /// Calls that were not assigned as soon as they arrived.
    pub waited: u64,
    /// The time that the answered calls had waited, ringing included.
    pub wait: Millis,
    /// Talk, hold and after-call work of the answered calls.
    pub handle: Millis,
}

/// Agents' time in the counted time: agents × time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AgentTime {
    /// Busy with calls.
    pub busy: Millis,
    /// Busy or available.
    pub open: Millis,
}

/// A quarter of an hour of the day, all days together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quarter {
    /// The calls that arrived in it.
    pub calls: Calls,
    /// The time of the agents in it.
    pub agents: AgentTime,
    /// The time that calls waited in the queue in it.
    pub queued: Millis,
    /// How much of it there was.
    pub time: Millis,
}

/// What was seen of one replication.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observation {
    /// All calls, uncounted ones included.
    pub calls: u64,
    /// The counted calls of each queue, in the centre's order.
    pub queues: Vec<Calls>,
    /// Of each priority.
    pub priorities: [Calls; Priority::COUNT],
    /// Of each date.
    pub days: BTreeMap<Day, Calls>,
    /// The time of each department's agents, in the centre's order.
    pub departments: Vec<AgentTime>,
    /// Each department's day, [`QUARTERS`] quarters of an hour by the clock.
    pub quarters: Vec<Vec<Quarter>>,
}

/// Writes an [`Observation`], out of the engine's own records and figures.
pub(super) struct Observer {
    scenario: Arc<Scenario>,
    calendar: Calendar,
    seen: Observation,
    /// The counted calls of the date that runs, of each queue and priority: ten for each queue.
    cells: Vec<Calls>,
    day: Day,
    /// When the agents' time is looked at next; [`Timestamp::MAX`] after the last time.
    next_mark: Timestamp,
    last_mark: Timestamp,
    quarter_ends_at: Timestamp,
    /// When the clock showed, or would have shown, midnight, by what it shows now.
    midnight: Timestamp,
    /// What each department's agents had at the last mark, since the date began.
    last: Vec<AgentTime>,
}

impl Observer {
    pub(super) fn new(scenario: &Arc<Scenario>, today: BusinessDay) -> Self {
        let (queues, departments) = (scenario.centre.queues(), scenario.centre.departments());
        let quarters = vec![vec![Quarter::default(); QUARTERS]; departments.len()];
        let now = scenario.opens_at;
        let mut observer = Self {
            calendar: scenario.calendar(),
            cells: vec![Calls::default(); queues.len() * Priority::COUNT],
            seen: Observation {
                queues: vec![Calls::default(); queues.len()],
                departments: vec![AgentTime::default(); departments.len()],
                quarters,
                ..Observation::default()
            },
            day: today.day,
            next_mark: now,
            last_mark: now,
            quarter_ends_at: now,
            midnight: now,
            last: vec![AgentTime::default(); departments.len()],
            scenario: Arc::clone(scenario),
        };
        observer.begin_quarters(today);
        observer.plan_mark();
        observer
    }

    /// A call's record is final.
    pub(super) fn record(&mut self, record: &CallRecord) {
        self.seen.calls += 1;
        if record.enqueued_at < self.scenario.counts_from {
            return;
        }
        let answered = record.answered_at.is_some();
        let calls = Calls {
            offered: 1,
            answered: u64::from(answered),
            in_target: u64::from(record.answered_in_target),
            abandoned: u64::from(!answered),
            waited: u64::from(record.wait > Millis::ZERO),
            wait: if answered { record.waited() } else { Millis::ZERO },
            handle: record.handled(),
        };
        self.count(record.vq, record.priority, record.id.day, &calls);
        let quarters = &mut self.seen.quarters[usize::from(record.department.0)];
        let quarter = quarter_at(self.midnight, record.enqueued_at);
        quarters[quarter].calls.merge(&calls);
        if record.wait > Millis::ZERO {
            let until = (record.enqueued_at + record.wait).min(self.scenario.closes_at);
            add_queued(quarters, self.midnight, record.enqueued_at, until);
        }
    }

    /// A call is left at the end that nobody will ever answer.
    pub(super) fn left(&mut self, call: &CallView) {
        self.seen.calls += 1;
        if call.enqueued_at < self.scenario.counts_from {
            return;
        }
        let waited = u64::from(call.phase == CallPhase::Waiting);
        let calls = Calls { offered: 1, waited, ..Calls::default() };
        self.count(call.vq, call.priority, call.id.day, &calls);
    }

    fn count(&mut self, VqId(vq): VqId, priority: Priority, day: Day, calls: &Calls) {
        let priority = usize::from(priority.get());
        if day == self.day {
            self.cells[vq as usize * Priority::COUNT + priority].merge(calls);
        } else {
            self.seen.count(vq as usize, priority, day, calls);
        }
    }

    /// When the agents' time is to be looked at: before anything that happens then.
    pub(super) fn next_mark(&self) -> Timestamp {
        self.next_mark
    }

    /// Looks at the agents' time. The answer is how much time has passed since the last look.
    pub(super) fn mark(&mut self, engine: &Engine) -> Millis {
        let now = self.next_mark;
        let is_counted = self.last_mark >= self.scenario.counts_from;
        let passed = now.since(self.last_mark);
        let quarter = quarter_at(self.midnight, self.last_mark);
        for (place, last) in (0..).zip(&mut self.last) {
            let Some(figures) = engine.department(DepartmentId(place), now) else { continue };
            let total = AgentTime { busy: figures.busy, open: figures.open };
            let before = std::mem::replace(last, total);
            if is_counted {
                let place = usize::from(place);
                let busy = total.busy - before.busy;
                let open = total.open - before.open;
                self.seen.departments[place].add(busy, open);
                let quarter = &mut self.seen.quarters[place][quarter];
                quarter.agents.add(busy, open);
                quarter.time += passed;
            }
        }
        self.last_mark = now;
        if now >= self.quarter_ends_at {
            self.quarter_ends_at = now + INTERVAL;
            let shown = self.calendar.local(now).time();
            self.midnight = now - since_midnight(shown);
        }
        self.plan_mark();
        passed
    }

    /// A date began, and with it the engine's figures.
    pub(super) fn day_began(&mut self, today: BusinessDay) {
        self.end_day();
        self.day = today.day;
        self.last.fill(AgentTime::default());
        self.begin_quarters(today);
        self.plan_mark();
    }

    pub(super) fn finish(mut self) -> Observation {
        self.end_day();
        self.seen
    }

    fn end_day(&mut self) {
        for (vq, cells) in self.cells.chunks_exact_mut(Priority::COUNT).enumerate() {
            for (priority, cell) in cells.iter_mut().enumerate() {
                let calls = std::mem::take(cell);
                if calls != Calls::default() {
                    self.seen.count(vq, priority, self.day, &calls);
                }
            }
        }
    }

    fn begin_quarters(&mut self, today: BusinessDay) {
        let quarters = self.last_mark.since(today.starts_at).get() / INTERVAL.get();
        self.quarter_ends_at = today.starts_at + Millis::new((quarters + 1) * INTERVAL.get());
        let shown = self.calendar.local(self.last_mark).time();
        self.midnight = self.last_mark - since_midnight(shown);
    }

    fn plan_mark(&mut self) {
        let bounds = [self.scenario.counts_from, self.scenario.closes_at];
        let bounds = bounds.into_iter().filter(|bound| *bound > self.last_mark);
        let next = bounds.fold(self.quarter_ends_at, Timestamp::min);
        self.next_mark = if next > self.scenario.closes_at { Timestamp::MAX } else { next };
    }
}

impl Observation {
    fn count(&mut self, vq: usize, priority: usize, day: Day, calls: &Calls) {
        self.queues[vq].merge(calls);
        self.priorities[priority].merge(calls);
        self.days.entry(day).or_default().merge(calls);
    }
}

impl Calls {
    /// Adds another's calls.
    pub fn merge(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.in_target += other.in_target;
        self.abandoned += other.abandoned;
        self.waited += other.waited;
        self.wait += other.wait;
        self.handle += other.handle;
    }
}

impl AgentTime {
    /// Adds time.
    pub fn add(&mut self, busy: Millis, open: Millis) {
        self.busy += busy;
        self.open += open;
    }
}

impl Quarter {
    /// Adds what another replication saw.
    pub fn merge(&mut self, other: &Self) {
        self.calls.merge(&other.calls);
        self.agents.add(other.agents.busy, other.agents.open);
        self.queued += other.queued;
        self.time += other.time;
    }
}

/// The quarter of an hour by the clock at a moment, which may be of a day before or after.
fn quarter_at(midnight: Timestamp, moment: Timestamp) -> usize {
    let into_day = (moment.as_millis() - midnight.as_millis()).rem_euclid(DAY_MS);
    usize::try_from(into_day / INTERVAL_MS).unwrap_or(0)
}

const INTERVAL_MS: i64 = INTERVAL.get().cast_signed();

/// A day on the clock.
const DAY_MS: i64 = INTERVAL_MS * QUARTERS.cast_signed() as i64;

/// Adds the time that a call waited to the quarters in which it did.
fn add_queued(quarters: &mut [Quarter], midnight: Timestamp, from: Timestamp, until: Timestamp) {
    let mut from = from;
    while from < until {
        let into = (from.as_millis() - midnight.as_millis()).rem_euclid(INTERVAL_MS);
        let left = Millis::new((INTERVAL_MS - into).unsigned_abs());
        let end = (from + left).min(until);
        quarters[quarter_at(midnight, from)].queued += end.since(from);
        from = end;
    }
}

fn since_midnight(time: Time) -> Millis {
    let passed = time.duration_since(Time::midnight()).as_millis();
    Millis::new(u64::try_from(passed).unwrap_or(0))
}
