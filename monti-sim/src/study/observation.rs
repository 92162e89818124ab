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
    /// Calls that waited in a queue, at first or after a phone that nobody answered.
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
}

/// What was seen of all replications.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    /// Each of them, in the order of their numbers.
    pub replications: Vec<Observation>,
    /// What all of them together saw of the quarters of an hour, which are many times as long as all
    /// else: nobody asks for those of one.
    pub quarters: Quarters,
}

/// Each department's day, in the centre's order: [`QUARTERS`] quarters of an hour by the clock.
pub type Quarters = Vec<Vec<Quarter>>;

/// Writes an [`Observation`], out of the engine's own records and figures.
pub(super) struct Observer {
    scenario: Arc<Scenario>,
    calendar: Calendar,
    seen: Observation,
    quarters: Quarters,
    /// The counted calls of the date that runs, of each queue and priority: ten for each queue.
    cells: Vec<Calls>,
    day: Day,
    /// When the agents' time is looked at next; [`Timestamp::MAX`] after the last time.
    next_mark: Timestamp,
    last_mark: Timestamp,
    quarter_ends_at: Timestamp,
    wall: Wall,
    /// What each department's agents had at the last mark, since the date began.
    last: Vec<AgentTime>,
}

/// The clock on the wall, as far as its quarters of an hour go. It is looked at once in each of them,
/// not for every call.
struct Wall {
    /// When it showed, or would have shown, midnight, by what it shows now.
    midnight: Timestamp,
    /// When it was changed last, for summer or winter.
    changed_at: Timestamp,
    /// `midnight` before that.
    midnight_before: Timestamp,
}

impl Observer {
    pub(super) fn new(scenario: &Arc<Scenario>, today: BusinessDay) -> Self {
        let (queues, departments) = (scenario.centre.queues(), scenario.centre.departments());
        let now = scenario.opens_at;
        let mut observer = Self {
            calendar: scenario.calendar(),
            cells: vec![Calls::default(); queues.len() * Priority::COUNT],
            seen: Observation {
                queues: vec![Calls::default(); queues.len()],
                departments: vec![AgentTime::default(); departments.len()],
                ..Observation::default()
            },
            quarters: vec![vec![Quarter::default(); QUARTERS]; departments.len()],
            day: today.day,
            next_mark: now,
            last_mark: now,
            quarter_ends_at: now,
            wall: Wall::new(now, &scenario.calendar()),
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
        let until = record.enqueued_at + record.wait;
        self.count_waiting(record.department, record.enqueued_at, until);
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
        self.count_by_quarter(record.department, record.enqueued_at, &calls);
    }

    /// A call is left at the end that nobody will ever answer.
    pub(super) fn left(&mut self, call: &CallView) {
        self.seen.calls += 1;
        let Some(queue) = self.scenario.centre.queue(call.vq) else { return };
        let department = queue.department;
        let waited = u64::from(call.phase == CallPhase::Waiting);
        if waited > 0 {
            self.count_waiting(department, call.enqueued_at, self.scenario.closes_at);
        }
        if call.enqueued_at < self.scenario.counts_from {
            return;
        }
        let calls = Calls { offered: 1, waited, ..Calls::default() };
        self.count(call.vq, call.priority, call.id.day, &calls);
        self.count_by_quarter(department, call.enqueued_at, &calls);
    }

    /// Counts a call that came at `from`.
    fn count_by_quarter(&mut self, department: DepartmentId, from: Timestamp, calls: &Calls) {
        let quarters = &mut self.quarters[usize::from(department.0)];
        quarters[self.wall.quarter_at(from)].calls.merge(calls);
    }

    /// Counts what a call waited in its queue, `from` its arrival on, of the time that is counted; the
    /// call itself may have come before. Of one that rang in vain between, the time in the queue is
    /// taken together.
    fn count_waiting(&mut self, department: DepartmentId, from: Timestamp, until: Timestamp) {
        let Scenario { counts_from, closes_at, .. } = *self.scenario;
        let quarters = &mut self.quarters[usize::from(department.0)];
        add_queued(quarters, &self.wall, from.max(counts_from), until.min(closes_at));
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
        let quarter = self.wall.quarter_at(self.last_mark);
        for (place, last) in (0..).zip(&mut self.last) {
            let Some(figures) = engine.department(DepartmentId(place), now) else { continue };
            let total = AgentTime { busy: figures.busy, open: figures.open };
            let before = std::mem::replace(last, total);
            if is_counted {
                let place = usize::from(place);
                let busy = total.busy - before.busy;
                let open = total.open - before.open;
                self.seen.departments[place].add(busy, open);
                let quarter = &mut self.quarters[place][quarter];
                quarter.agents.add(busy, open);
                quarter.time += passed;
            }
        }
        self.last_mark = now;
        if now >= self.quarter_ends_at {
            self.quarter_ends_at = now + INTERVAL;
            self.wall.look(now, &self.calendar);
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

    pub(super) fn finish(mut self) -> (Observation, Quarters) {
        self.end_day();
        (self.seen, self.quarters)
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
        self.wall.look(self.last_mark, &self.calendar);
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

/// Adds what one more replication saw to what `all` before it did.
pub(super) fn merge_quarters(all: &mut Quarters, one: Quarters) {
    if all.is_empty() {
        *all = one;
        return;
    }
    for (all, one) in all.iter_mut().flatten().zip(one.iter().flatten()) {
        all.merge(one);
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

impl Wall {
    fn new(now: Timestamp, calendar: &Calendar) -> Self {
        let midnight = midnight_by(now, calendar);
        Self { midnight, changed_at: Timestamp::MIN, midnight_before: midnight }
    }

    /// Looks at what the clock shows, at the first moment of each quarter of an hour.
    fn look(&mut self, now: Timestamp, calendar: &Calendar) {
        let before = std::mem::replace(&mut self.midnight, midnight_by(now, calendar));
        if (self.midnight.as_millis() - before.as_millis()) % DAY_MS != 0 {
            self.changed_at = now;
            self.midnight_before = before;
        }
    }

    /// How far into the day it was at a moment by what the clock showed then, in milliseconds. The
    /// day may be one before.
    fn time_of_day(&self, moment: Timestamp) -> i64 {
        let is_before = moment < self.changed_at;
        let midnight = if is_before { self.midnight_before } else { self.midnight };
        (moment.as_millis() - midnight.as_millis()).rem_euclid(DAY_MS)
    }

    /// The quarter of an hour by the clock at a moment.
    fn quarter_at(&self, moment: Timestamp) -> usize {
        usize::try_from(self.time_of_day(moment) / INTERVAL_MS).unwrap_or(0)
    }
}

const INTERVAL_MS: i64 = INTERVAL.get().cast_signed();

/// A day on the clock.
const DAY_MS: i64 = INTERVAL_MS * QUARTERS.cast_signed() as i64;

/// Adds the time that a call waited to the quarters in which it did.
fn add_queued(quarters: &mut [Quarter], wall: &Wall, from: Timestamp, until: Timestamp) {
    let mut from = from;
    while from < until {
        let left = INTERVAL_MS - wall.time_of_day(from) % INTERVAL_MS;
        let end = (from + Millis::new(left.unsigned_abs())).min(until);
        quarters[wall.quarter_at(from)].queued += end.since(from);
        from = end;
    }
}

/// When the clock showed midnight, or would have, by what it shows now.
fn midnight_by(now: Timestamp, calendar: &Calendar) -> Timestamp {
    let passed = calendar.local(now).time().duration_since(Time::midnight()).as_millis();
    now - Millis::new(u64::try_from(passed).unwrap_or(0))
}
