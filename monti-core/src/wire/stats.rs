//! REST's answers about queues: today in intervals, and the statistics with their check.

use std::iter::Sum;

use serde::{Deserialize, Serialize};

use super::{ErrorCode, ErrorMessage, Seconds, welcome::department_name};
use crate::{Centre, Day, INTERVAL, Millis, QueueFigures, Tally, Timestamp, VqId};

/// The answer to `GET /api/queues/{vq}/intervals`: a queue's day so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueIntervals {
    /// The queue.
    pub vq: String,
    /// How long an interval is: a multiple of 15, at most a day.
    pub minutes: u32,
    /// Today's intervals, oldest first; the last is the one that runs.
    pub intervals: Vec<Interval>,
}

/// What became of the calls that arrived in one interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// Its first moment.
    pub starts_at: Timestamp,
    /// Calls that arrived.
    pub calls_offered: u32,
    /// Those of them that were answered.
    pub calls_answered: u32,
    /// Those of them that ended without an answer.
    pub calls_abandoned: u32,
    /// Their service level, 0 to 100; `null` while nothing counts.
    pub service_level_percent: Option<f64>,
    /// Their ASA, ringing included; `null` without an answered one.
    pub avg_wait_seconds: Option<Seconds>,
    /// Their AHT; `null` without one that is final.
    pub avg_handle_seconds: Option<Seconds>,
    /// The mean number of agents logged in that serve the queue, over the part that is over.
    pub staffed_agents: f64,
}

impl QueueIntervals {
    /// Shows the queue `vq`'s `quarters` of an hour, in order from the date's first, at `now`, in
    /// intervals of so many `minutes`.
    ///
    /// # Errors
    /// `invalid_value` if the minutes are no multiple of 15 from 15 to 1440.
    pub fn new(
        vq: &str,
        minutes: u32,
        quarters: &[crate::Interval],
        now: Timestamp,
    ) -> Result<Self, Box<ErrorMessage>> {
        if minutes == 0 || !minutes.is_multiple_of(15) || minutes > 24 * 60 {
            let message = "`minutes`: allowed is a multiple of 15 from 15 to 1440";
            return Err(Box::new(ErrorMessage::new(ErrorCode::InvalidValue, message)));
        }
        let length = Millis::from_secs(u64::from(minutes) * 60);
        let day_start = quarters.first().map_or(now, |first| first.starts_at);
        let number =
            |quarter: &crate::Interval| quarter.starts_at.since(day_start).get() / length.get();
        let intervals = quarters.chunk_by(|a, b| number(a) == number(b));
        let intervals = intervals.filter_map(|parts| Interval::over(parts, now)).collect();
        Ok(Self { vq: vq.to_owned(), minutes, intervals })
    }
}

impl Interval {
    /// Shows consecutive quarters of an hour as one interval at `now`; `None` of none.
    fn over(quarters: &[crate::Interval], now: Timestamp) -> Option<Self> {
        let starts_at = quarters.first()?.starts_at;
        let mut tally = Tally::default();
        let (mut overdue, mut staffed, mut passed) = (0, 0.0, 0.0);
        for quarter in quarters {
            // At least a millisecond, so that a quarter that begins now has its say.
            let weight = now.since(quarter.starts_at).clamp(Millis::new(1), INTERVAL).as_secs_f64();
            tally.merge(&quarter.tally);
            overdue += quarter.overdue;
            staffed += quarter.staffed_agents * weight;
            passed += weight;
        }
        Some(Self {
            starts_at,
            calls_offered: tally.offered,
            calls_answered: tally.answered,
            calls_abandoned: tally.abandoned,
            service_level_percent: tally.service_levels(overdue).seed,
            avg_wait_seconds: tally.avg_wait().map(Seconds),
            avg_handle_seconds: tally.avg_handle().map(Seconds),
            staffed_agents: staffed / passed,
        })
    }
}

/// The answer to `GET /internal/calls/stats`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallStats {
    /// The centre's time.
    pub timestamp: Timestamp,
    /// The business date whose calls are counted.
    pub date: Day,
    /// Each queue's, in the centre's order.
    pub queues: Vec<QueueCallStats>,
    /// All queues together.
    pub total: CallCounts,
}

/// A queue's part in [`CallStats`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueCallStats {
    /// The queue.
    pub vq: String,
    /// Its department.
    pub department: String,
    /// Its calls.
    #[serde(flatten)]
    pub counts: CallCounts,
}

/// Where the calls that arrived today are or went, and whether that accounts for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallCounts {
    /// Calls that arrived today.
    pub calls_offered: u32,
    /// Of these, in the queue.
    pub waiting_calls: u32,
    /// Of these, at an agent's phone.
    pub ringing_calls: u32,
    /// Of these, answered, talking or on hold.
    pub active_calls: u32,
    /// Of these, answered and ended by their agent or a supervisor.
    pub calls_completed: u32,
    /// Of these, ended without an answer.
    pub calls_abandoned: u32,
    /// Of these, answered and ended because their agent was lost.
    pub calls_agent_lost: u32,
    /// Whether these six are as many as arrived: offered = waiting + ringing + active + completed
    /// + abandoned + agent lost.
    pub conserved: bool,
    /// Calls of earlier dates that live on; they are in none of the numbers above.
    pub earlier_calls: u32,
}

impl CallStats {
    /// Shows the `figures` of `centre`'s queues on `date`, at `now`.
    pub fn new(
        now: Timestamp,
        date: Day,
        centre: &Centre,
        figures: impl Fn(VqId) -> Option<QueueFigures>,
    ) -> Self {
        let queues: Vec<_> = centre
            .queues()
            .filter_map(|(id, queue)| {
                Some(QueueCallStats {
                    vq: queue.id.clone(),
                    department: department_name(queue.department, centre),
                    counts: CallCounts::new(&figures(id)?),
                })
            })
            .collect();
        let total = queues.iter().map(|queue| queue.counts).sum();
        Self { timestamp: now, date, queues, total }
    }
}

impl CallCounts {
    /// Counts the calls of `figures`.
    pub fn new(figures: &QueueFigures) -> Self {
        let (today, live, all) = (&figures.today, &figures.live_today, &figures.live);
        Self {
            calls_offered: today.offered,
            waiting_calls: live.waiting,
            ringing_calls: live.ringing,
            active_calls: live.active,
            calls_completed: today.completed,
            calls_abandoned: today.abandoned,
            calls_agent_lost: today.agent_lost,
            conserved: figures.is_conserved(),
            earlier_calls: (all.waiting - live.waiting)
                + (all.ringing - live.ringing)
                + (all.active - live.active),
        }
    }

    /// No calls, all of them accounted for.
    const NONE: Self = Self {
        calls_offered: 0,
        waiting_calls: 0,
        ringing_calls: 0,
        active_calls: 0,
        calls_completed: 0,
        calls_abandoned: 0,
        calls_agent_lost: 0,
        conserved: true,
        earlier_calls: 0,
    };

    /// Both together: conserved only if both are, so that two errors do not cancel.
    fn plus(self, other: Self) -> Self {
        Self {
            calls_offered: self.calls_offered + other.calls_offered,
            waiting_calls: self.waiting_calls + other.waiting_calls,
            ringing_calls: self.ringing_calls + other.ringing_calls,
            active_calls: self.active_calls + other.active_calls,
            calls_completed: self.calls_completed + other.calls_completed,
            calls_abandoned: self.calls_abandoned + other.calls_abandoned,
            calls_agent_lost: self.calls_agent_lost + other.calls_agent_lost,
            conserved: self.conserved && other.conserved,
            earlier_calls: self.earlier_calls + other.earlier_calls,
        }
    }
}

impl Sum for CallCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::NONE, Self::plus)
    }
}
