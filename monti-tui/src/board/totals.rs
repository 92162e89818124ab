//! The whole centre in a few numbers.

use monti_core::{Millis, Timestamp};

use super::{Board, Department, Queue};

/// All departments together, as far as they were told.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Totals<'a> {
    /// Calls that arrived today.
    pub offered: u64,
    /// Those of them that were answered.
    pub answered: u64,
    /// Those of them that ended without an answer.
    pub abandoned: u64,
    /// Calls in queues.
    pub waiting: u64,
    /// Calls answered, talking or on hold.
    pub active: u64,
    /// Agents that could take a call at once.
    pub available: u64,
    /// Agents past a limit.
    pub breaches: u64,
    /// Today's service level, 0 to 100; `None` while nothing counts.
    pub service_level_percent: Option<f64>,
    /// The share of offered calls that ended without an answer, 0 to 100; `None` of none.
    pub abandoned_percent: Option<f64>,
    /// The call that waits longest; `None` when none waits.
    pub longest_wait: Option<LongestWait<'a>>,
}

/// The call that waits longest.
#[derive(Debug, Clone, Copy)]
pub struct LongestWait<'a> {
    /// When it arrived.
    pub since: Timestamp,
    /// Where.
    pub queue: &'a Queue,
    /// Whose queue that is.
    pub department: &'a Department,
}

impl LongestWait<'_> {
    /// How long it has waited at `now`.
    pub fn at(&self, now: Timestamp) -> Millis {
        now.since(self.since)
    }
}

impl PartialEq for LongestWait<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.since, self.queue.id()) == (other.since, other.queue.id())
    }
}

impl Board {
    /// The whole centre at `now`.
    pub fn totals(&self, now: Timestamp) -> Totals<'_> {
        let mut totals = Totals::default();
        let (mut counted, mut in_target) = (0.0, 0.0);
        for department in self.departments() {
            let Some(summary) = department.summary() else { continue };
            totals.offered += u64::from(summary.calls_offered);
            totals.answered += u64::from(summary.calls_answered);
            totals.abandoned += u64::from(summary.calls_abandoned);
            totals.waiting += u64::from(summary.waiting_calls);
            totals.active += u64::from(summary.active_calls);
            totals.breaches += u64::from(summary.breaches);
            totals.available += u64::from(department.available());
            in_target += department.answered_in_target();
            counted += department.counted(now);
            totals.longest_wait = [totals.longest_wait, department.longest_wait()]
                .into_iter()
                .flatten()
                .min_by_key(|wait| wait.since);
        }
        totals.service_level_percent = percent(in_target, counted);
        totals.abandoned_percent = percent(float(totals.abandoned), float(totals.offered));
        totals
    }
}

impl Department {
    /// The call that waits longest in it; `None` when none waits.
    pub fn longest_wait(&self) -> Option<LongestWait<'_>> {
        self.waits().min_by_key(|wait| wait.since)
    }

    /// The call that waits longest in each of its queues that one waits in.
    pub fn waits(&self) -> impl Iterator<Item = LongestWait<'_>> {
        self.queues().iter().filter_map(|queue| {
            let since = queue.live()?.oldest_enqueued_at?;
            Some(LongestWait { since, queue, department: self })
        })
    }

    fn answered_in_target(&self) -> f64 {
        let live = self.queues().iter().filter_map(Queue::live);
        live.map(|live| f64::from(live.service_level.calls_answered_in_target)).sum()
    }

    /// The calls that count for its service level: those whose fate is decided and those that wait
    /// past their target. The wire tells the share but not the count of them: the share tells it,
    /// exactly, unless it is 0. Then those count that are known to: how many callers wait too long
    /// is not told, only that the oldest of a queue does.
    fn counted(&self, now: Timestamp) -> f64 {
        match self.summary().and_then(|summary| summary.service_level_percent) {
            None => 0.0,
            // A whole number, out of what has gone through fractions.
            Some(percent) if percent > 0.0 => (100.0 * self.answered_in_target() / percent).round(),
            Some(_) => self.queues().iter().map(|queue| queue.decided_or_overdue(now)).sum(),
        }
    }
}

impl Queue {
    fn decided_or_overdue(&self, now: Timestamp) -> f64 {
        let Some(live) = self.live() else { return 0.0 };
        let level = &live.service_level;
        let is_overdue = self.longest_wait(now).is_some_and(|wait| wait > level.target_seconds.0);
        let known = [level.calls_answered, level.calls_abandoned, u32::from(is_overdue)];
        known.map(f64::from).iter().sum()
    }
}

/// `part` of `whole`, 0 to 100; `None` of nothing.
pub(super) fn percent(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| 100.0 * part / whole)
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts 2^53 calls")]
fn float(count: u64) -> f64 {
    count as f64
}
