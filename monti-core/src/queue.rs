//! A virtual queue at work: the calls that wait in it, who can take them, and its counters.

use crate::{
    DepartmentId, Millis, Priority, PriorityMode, Timestamp, VirtualQueue,
    call::Call,
    counters::{Counters, PastQuarters, QuarterOfToday},
    headcount::Headcount,
    line::{Line, Links},
    milestones::Milestones,
    roster::IdleKey,
    timer::{Deadlines, TargetLine, Ticket},
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
///
/// With ten thousand queues a call finds none of them in the processor's cache: what every call
/// touches stands together in front, in three lines of it.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Queue {
    pub(crate) rest: Box<Rest>,
    pub(crate) target_line: TargetLine,
    pub(crate) department: DepartmentId,
    pub(crate) counters: Counters,
}

/// What of a queue not every call touches.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) short_abandon: Millis,
    /// Its place among its department's queues.
    pub(crate) place: u32,
    /// The waiting calls of each priority.
    lines: [Line<Rank>; Priority::COUNT],
    /// Of each of them, to count from.
    milestones: [Milestones<Rank>; Priority::COUNT],
    /// The routable agents that serve this queue but not all of the department.
    pub(crate) idle: Line<IdleKey>,
    /// The agents that serve this queue but not all of the department, and are logged in.
    pub(crate) staffed: Headcount,
    /// Those of the staffed that take calls or have one.
    pub(crate) at_work: u32,
}

impl Queue {
    pub(crate) fn new(queue: &VirtualQueue, place: u32, target_line: TargetLine) -> Self {
        Self {
            target_line,
            department: queue.department,
            counters: Counters::default(),
            rest: Box::new(Rest {
                short_abandon: queue.short_abandon,
                place,
                lines: Default::default(),
                milestones: Default::default(),
                idle: Line::default(),
                staffed: Headcount::default(),
                at_work: 0,
            }),
        }
    }

    /// Lets a call wait. Its rank is its key in `waiting`.
    pub(crate) fn join(&mut self, waiting: &mut Links<Rank>, priority: Priority, call: u32) {
        let level = usize::from(priority.get());
        self.rest.lines[level].join(waiting, call);
        self.rest.milestones[level].joined(waiting, call);
    }

    /// Lets a waiting call wait no longer.
    pub(crate) fn leave(&mut self, waiting: &mut Links<Rank>, priority: Priority, call: u32) {
        let level = usize::from(priority.get());
        self.rest.milestones[level].leaves(waiting, call);
        self.rest.lines[level].leave(waiting, call);
    }

    /// A call's fate is decided: it will miss the target no more, and is overdue no longer.
    #[inline(always)]
    pub(crate) fn decide(
        &mut self,
        call: &Call,
        quarter: QuarterOfToday,
        target: Ticket,
        past_quarters: &mut PastQuarters,
        deadlines: &mut Deadlines,
    ) {
        if call.overdue {
            self.counters.cease_overdue(past_quarters, quarter);
        } else {
            deadlines.stop_target(self.target_line, target);
        }
    }

    /// The call that goes first, with its rank.
    pub(crate) fn first(&self, waiting: &Links<Rank>) -> Option<(Rank, u32)> {
        let firsts = self.rest.lines.iter().filter_map(|line| line.first(waiting));
        firsts.map(|(rank, call)| (*rank, call)).min()
    }

    /// How many of the waiting calls go before one of `rank`.
    ///
    /// O(1) for a call that goes behind all of its priority, as one that arrives does. Otherwise
    /// the calls are counted from a milestone on.
    pub(crate) fn count_before(&self, waiting: &Links<Rank>, rank: Rank) -> u32 {
        let lines = self.rest.lines.iter().zip(&self.rest.milestones);
        let before =
            |(line, milestones): (&Line<Rank>, &Milestones<Rank>)| match line.last_key(waiting) {
                Some(last) if *last < rank => line.len(),
                _ => milestones.count_before(line, waiting, &rank),
            };
        lines.map(before).sum()
    }

    /// The waiting call that arrived first.
    pub(crate) fn oldest(&self, waiting: &Links<Rank>) -> Option<u32> {
        let firsts = self.rest.lines.iter().filter_map(|line| line.first(waiting));
        firsts.min_by_key(|(rank, _)| rank.order).map(|(_, call)| call)
    }
}
