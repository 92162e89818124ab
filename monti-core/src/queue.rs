//! A virtual queue at work: the calls that wait in it, who can take them, and its counters.

use serde::{Deserialize, Serialize};

use crate::{
    DepartmentId, LiveCalls, Millis, Priority, PriorityMode, Tally, Timestamp, VirtualQueue,
    headcount::Headcount,
    line::{Line, Links},
    roster::IdleKey,
};

/// Where a call stands among all that wait: the smaller goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// What goes before the order of arrival: the priority, or the arrival less its head start.
    major: i64,
    /// The call's place in the order of arrival of all calls ever.
    order: u64,
}

impl Rank {
    /// Behind everybody.
    pub(crate) const NONE: Self = Self { major: i64::MAX, order: u64::MAX };

    pub(crate) fn new(
        mode: PriorityMode,
        priority: Priority,
        enqueued_at: Timestamp,
        order: u64,
    ) -> Self {
        let level = priority.get();
        let major = match mode {
            PriorityMode::Strict => -i64::from(level),
            PriorityMode::HeadStart { per_level } => {
                let head_start = per_level.get().saturating_mul(level.into());
                enqueued_at.as_millis().saturating_sub_unsigned(head_start)
            }
        };
        Self { major, order }
    }
}

/// A virtual queue at work.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) department: DepartmentId,
    /// Its place among its department's queues.
    pub(crate) place: usize,
    pub(crate) target: Millis,
    pub(crate) short_abandon: Millis,
    /// The waiting calls of each priority.
    lines: [Line<Rank>; Priority::COUNT],
    /// The routable agents that serve this queue but not all of the department.
    pub(crate) idle: Line<IdleKey>,
    /// Those of them that are logged in.
    pub(crate) staffed: Headcount,
    /// Those of them that take calls or have one.
    pub(crate) at_work: u32,
    pub(crate) counters: Counters,
}

/// What a queue counts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Counters {
    pub(crate) today: Tally,
    pub(crate) live: LiveCalls,
    pub(crate) live_today: LiveCalls,
    /// The quarters of an hour of today, from its start, as far as something happened in them.
    pub(crate) quarters: Vec<Quarter>,
}

/// What a queue counts in a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Quarter {
    pub(crate) tally: Tally,
    pub(crate) overdue: u32,
    /// Time of agents logged in that serve the queue but not all of the department.
    pub(crate) staffed: Millis,
}

/// Which quarter of an hour of today a call arrived in; `None` if it arrived on an earlier date.
pub(crate) type QuarterOfToday = Option<usize>;

impl Queue {
    pub(crate) fn new(queue: &VirtualQueue, place: usize, now: Timestamp) -> Self {
        Self {
            department: queue.department,
            place,
            target: queue.target,
            short_abandon: queue.short_abandon,
            lines: Default::default(),
            idle: Line::default(),
            staffed: Headcount::nobody(now),
            at_work: 0,
            counters: Counters::default(),
        }
    }

    /// Lets a call wait. Its rank is its key in `waiting`.
    pub(crate) fn join(&mut self, waiting: &mut Links<Rank>, priority: Priority, call: u32) {
        self.lines[usize::from(priority.get())].join(waiting, call);
    }

    /// Lets a waiting call wait no longer.
    pub(crate) fn leave(&mut self, waiting: &mut Links<Rank>, priority: Priority, call: u32) {
        self.lines[usize::from(priority.get())].leave(waiting, call);
    }

    /// The call that goes first, with its rank.
    pub(crate) fn first(&self, waiting: &Links<Rank>) -> Option<(Rank, u32)> {
        let firsts = self.lines.iter().filter_map(|line| line.first(waiting));
        firsts.map(|(rank, call)| (*rank, call)).min()
    }

    /// How many of the waiting calls go before one of `rank`.
    ///
    /// O(1) for a call that goes behind all of its priority, as one that arrives does. Otherwise
    /// the calls are counted one by one.
    pub(crate) fn count_before(&self, waiting: &Links<Rank>, rank: Rank) -> u32 {
        let before = |line: &Line<Rank>| match line.last_key(waiting) {
            Some(last) if *last < rank => line.len(),
            _ => line.iter(waiting).take_while(|(other, _)| **other < rank).map(|_| 1).sum(),
        };
        self.lines.iter().map(before).sum()
    }

    /// The waiting call that arrived first.
    pub(crate) fn oldest(&self, waiting: &Links<Rank>) -> Option<u32> {
        let firsts = self.lines.iter().filter_map(|line| line.first(waiting));
        firsts.min_by_key(|(rank, _)| rank.order).map(|(_, call)| call)
    }
}

impl Counters {
    /// Counts something of a call that arrived in `quarter`; nothing if that was not today.
    pub(crate) fn count(&mut self, quarter: QuarterOfToday, count: impl Fn(&mut Tally)) {
        if let Some(quarter) = quarter {
            count(&mut self.today);
            count(&mut self.quarter(quarter).tally);
        }
    }

    /// Counts where a call is, that arrived in `quarter`.
    pub(crate) fn move_call(&mut self, quarter: QuarterOfToday, count: impl Fn(&mut LiveCalls)) {
        count(&mut self.live);
        if quarter.is_some() {
            count(&mut self.live_today);
        }
    }

    /// Counts a call that is overdue from now on.
    pub(crate) fn become_overdue(&mut self, quarter: QuarterOfToday) {
        self.move_call(quarter, |live| live.overdue += 1);
        if let Some(quarter) = quarter {
            self.quarter(quarter).overdue += 1;
        }
    }

    /// Counts an overdue call no longer: it is answered or gone.
    pub(crate) fn cease_overdue(&mut self, quarter: QuarterOfToday) {
        self.move_call(quarter, |live| live.overdue -= 1);
        if let Some(quarter) = quarter {
            self.quarter(quarter).overdue -= 1;
        }
    }

    pub(crate) fn quarter(&mut self, index: usize) -> &mut Quarter {
        if self.quarters.len() <= index {
            self.quarters.resize(index + 1, Quarter::default());
        }
        &mut self.quarters[index]
    }

    /// A date is over: all that is counted by the date starts again.
    pub(crate) fn begin_day(&mut self) {
        self.today = Tally::default();
        self.live_today = LiveCalls::default();
        self.quarters.clear();
    }
}
