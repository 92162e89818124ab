//! Everything that happens by itself, and when.

use std::collections::VecDeque;

use crate::{Centre, Millis, Timestamp, tournament::Tournament};

/// A state that passes, and ends by itself if nothing else ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deadline {
    /// A phone has rung for long enough. Of a call.
    Ring,
    /// An agent was without a link for long enough. Of an agent.
    Grace,
    /// After-call work becomes a breach. Of an agent.
    AfterCallWork,
    /// A break becomes a breach. Of an agent.
    Break,
}

impl Deadline {
    pub(crate) const ALL: [Self; 4] = [Self::Ring, Self::Grace, Self::AfterCallWork, Self::Break];
}

/// The table of all deadlines.
#[derive(Debug)]
pub(crate) struct Deadlines {
    countdowns: [Countdown; Deadline::ALL.len()],
    targets: Targets,
    /// Nothing is due before this moment. Setting a deadline brings it forward; stopping one leaves
    /// it where it is: looking once in vain costs less than knowing the next after every step.
    wake_at: Timestamp,
}

/// When the calls that wait miss their queue's target: a countdown for each target there is.
#[derive(Debug)]
struct Targets {
    /// The targets, ascending.
    durations: Vec<Millis>,
    countdowns: Vec<Countdown>,
    /// The next deadline of each, [`Timestamp::MAX`] without one.
    next: Tournament<Timestamp>,
}

/// Deadlines that come equally long after they are set, so that they are due in the order in which
/// they were set: a queue.
///
/// Most are stopped long before they are due, and are crossed out where they stand. What is crossed
/// out leaves when it comes to the front: the front is always a deadline that counts.
#[derive(Debug, Default)]
struct Countdown {
    entries: VecDeque<Entry>,
    /// How many entries have left the front.
    left: u64,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    at: Timestamp,
    /// A call's place or an agent's slot, [`NOBODY`] once it is crossed out.
    member: u32,
}

const NOBODY: u32 = u32::MAX;

/// What a deadline is stopped with: its place in its countdown, counted from the first one ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ticket(u64);

/// The countdown of the calls with one and the same target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TargetLine(u32);

impl Deadlines {
    pub(crate) fn new(centre: &Centre) -> Self {
        let mut durations: Vec<_> = centre.queues().map(|(_, queue)| queue.target).collect();
        durations.sort_unstable();
        durations.dedup();
        Self {
            countdowns: Default::default(),
            targets: Targets {
                countdowns: durations.iter().map(|_| Countdown::default()).collect(),
                next: Tournament::new(durations.len(), Timestamp::MAX),
                durations,
            },
            wake_at: Timestamp::MIN,
        }
    }

    /// The moment at which the next deadline is due, [`Timestamp::MAX`] without one.
    pub(crate) fn next(&self) -> Timestamp {
        let first = self.countdowns.iter().map(Countdown::next).min();
        first.map_or(Timestamp::MAX, |first| first.min(self.targets.next.best_key()))
    }

    /// Whether anything can be due at `now`; `false` is certain.
    pub(crate) fn may_be_due(&self, now: Timestamp) -> bool {
        self.wake_at <= now
    }

    /// To be called when all that was due has been taken; what else there is comes at `other`.
    pub(crate) fn all_taken(&mut self, other: Timestamp) {
        self.wake_at = self.next().min(other);
    }

    /// Something that is no deadline here is due at `moment`.
    pub(crate) fn wake_by(&mut self, moment: Timestamp) {
        self.wake_at = self.wake_at.min(moment);
    }

    /// Sets a deadline of `member`, a call's place or an agent's slot.
    pub(crate) fn set(&mut self, deadline: Deadline, member: u32, at: Timestamp) -> Ticket {
        self.wake_at = self.wake_at.min(at);
        self.countdowns[deadline as usize].set(member, at)
    }

    /// Puts off by so much all deadlines that wait for somebody to be heard. Answers whether there
    /// is any.
    pub(crate) fn put_off(&mut self, by: Millis) -> bool {
        let mut is_any = false;
        for deadline in [Deadline::Ring, Deadline::Grace] {
            for entry in &mut self.countdowns[deadline as usize].entries {
                entry.at = entry.at + by;
                is_any = true;
            }
        }
        is_any
    }

    /// Stops a deadline, if it is set still.
    pub(crate) fn stop(&mut self, deadline: Deadline, ticket: Ticket) {
        self.countdowns[deadline as usize].stop(ticket);
    }

    /// Stops and answers the first deadline of a kind that is due at `now`.
    pub(crate) fn take_due(&mut self, deadline: Deadline, now: Timestamp) -> Option<u32> {
        self.countdowns[deadline as usize].take_due(now)
    }

    /// Those with a deadline of a kind, in its order.
    pub(crate) fn members(&self, deadline: Deadline) -> impl Iterator<Item = u32> {
        let entries = self.countdowns[deadline as usize].entries.iter();
        entries.map(|entry| entry.member).filter(|member| *member != NOBODY)
    }

    /// What stands for a queue's target in the calls below.
    pub(crate) fn target_line(&self, target: Millis) -> TargetLine {
        let found = self.targets.durations.binary_search(&target);
        let line = found.unwrap_or_else(|_| panic!("every queue's target has a countdown"));
        TargetLine(u32::try_from(line).unwrap_or(u32::MAX))
    }

    /// Sets when the call at `place`, which arrived at `enqueued_at`, will have missed its target:
    /// the first millisecond after it.
    pub(crate) fn set_target(
        &mut self,
        line: TargetLine,
        place: u32,
        enqueued_at: Timestamp,
    ) -> Ticket {
        let at = enqueued_at + self.targets.durations[line.0 as usize] + Millis::new(1);
        self.wake_at = self.wake_at.min(at);
        let countdown = &mut self.targets.countdowns[line.0 as usize];
        if countdown.entries.is_empty() {
            self.targets.next.set(line.0 as usize, at);
        }
        countdown.set(place, at)
    }

    /// Stops a target's deadline, if it is set still.
    #[inline]
    pub(crate) fn stop_target(&mut self, line: TargetLine, ticket: Ticket) {
        let countdown = &mut self.targets.countdowns[line.0 as usize];
        if countdown.stop(ticket) {
            self.targets.next.set(line.0 as usize, countdown.next());
        }
    }

    /// Stops and answers the first target that is missed at `now`.
    pub(crate) fn take_missed_target(&mut self, now: Timestamp) -> Option<u32> {
        let line = self.targets.next.best()?;
        let countdown = &mut self.targets.countdowns[line];
        let place = countdown.take_due(now)?;
        self.targets.next.set(line, countdown.next());
        Some(place)
    }
}

impl Countdown {
    /// The next deadline, [`Timestamp::MAX`] without one.
    fn next(&self) -> Timestamp {
        self.entries.front().map_or(Timestamp::MAX, |first| first.at)
    }

    fn set(&mut self, member: u32, at: Timestamp) -> Ticket {
        debug_assert!(self.entries.back().is_none_or(|last| last.at <= at), "later is due later");
        let ticket = Ticket(self.left + self.entries.len() as u64);
        self.entries.push_back(Entry { at, member });
        ticket
    }

    /// Answers whether the first deadline was stopped.
    fn stop(&mut self, Ticket(ticket): Ticket) -> bool {
        // What has left the front already is far beyond the end.
        let index = usize::try_from(ticket.wrapping_sub(self.left)).unwrap_or(usize::MAX);
        let Some(entry) = self.entries.get_mut(index) else { return false };
        if index > 0 {
            entry.member = NOBODY;
            return false;
        }
        self.entries.pop_front();
        self.left += 1;
        if self.entries.front().is_none_or(|first| first.member == NOBODY) {
            self.clear_front();
        }
        true
    }

    fn take_due(&mut self, now: Timestamp) -> Option<u32> {
        let first = *self.entries.front().filter(|first| first.at <= now)?;
        self.stop(Ticket(self.left));
        Some(first.member)
    }

    fn clear_front(&mut self) {
        while self.entries.front().is_some_and(|first| first.member == NOBODY) {
            self.entries.pop_front();
            self.left += 1;
        }
        if self.entries.is_empty() {
            // To begin again at the front, which the processor's cache holds.
            self.entries.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn deadlines() -> Deadlines {
        Deadlines::new(&Centre::default())
    }

    #[test]
    fn the_next_deadline_is_one_that_was_not_stopped() {
        let mut deadlines = deadlines();
        let tickets = [1, 2, 3]
            .map(|member| deadlines.set(Deadline::Ring, member, at(1_000 + i64::from(member))));
        deadlines.stop(Deadline::Ring, tickets[1]);
        assert_eq!(deadlines.next(), at(1_001));
        deadlines.stop(Deadline::Ring, tickets[0]);
        assert_eq!(deadlines.next(), at(1_003));
        assert_eq!(deadlines.members(Deadline::Ring).collect::<Vec<_>>(), [3]);
        assert_eq!(deadlines.take_due(Deadline::Ring, at(1_002)), None);
        assert_eq!(deadlines.take_due(Deadline::Ring, at(1_003)), Some(3));
        assert_eq!(deadlines.next(), Timestamp::MAX);
    }

    #[test]
    fn stopping_what_is_over_stops_nothing_else() {
        let mut deadlines = deadlines();
        let first = deadlines.set(Deadline::Grace, 7, NOW);
        assert_eq!(deadlines.take_due(Deadline::Grace, NOW), Some(7));
        deadlines.set(Deadline::Grace, 8, NOW);
        deadlines.stop(Deadline::Grace, first);
        assert_eq!(deadlines.take_due(Deadline::Grace, NOW), Some(8));
    }

    #[test]
    fn whoever_asks_too_seldom_misses_nothing() {
        let mut deadlines = deadlines();
        deadlines.all_taken(Timestamp::MAX);
        assert!(!deadlines.may_be_due(at(50_000)));
        let line = deadlines.target_line(Millis::from_secs(20));
        let ticket = deadlines.set_target(line, 1, at(1_000));
        deadlines.set_target(line, 2, at(2_000));
        assert!(deadlines.may_be_due(at(21_001)));
        deadlines.stop_target(line, ticket);
        assert_eq!(deadlines.next(), at(22_001));
        assert_eq!(deadlines.take_missed_target(at(22_000)), None);
        deadlines.all_taken(Timestamp::MAX);
        assert!(!deadlines.may_be_due(at(22_000)));
        assert_eq!(deadlines.take_missed_target(at(22_001)), Some(2));
        assert_eq!(deadlines.next(), Timestamp::MAX);
    }
}
