//! Everything that happens by itself, and when.

use crate::{
    Centre, Millis, Timestamp,
    line::{Line, Links},
    tournament::Tournament,
};

/// A state that passes, and ends by itself if nothing else ends it.
///
/// Each kind lasts equally long for everybody, so the deadlines of a kind form a line: setting,
/// stopping and finding the next are O(1).
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

/// Where [`Deadlines::next`] has the targets.
const TARGETS: usize = Deadline::ALL.len();

/// The table of all deadlines.
#[derive(Debug)]
pub(crate) struct Deadlines {
    lines: [Line<Timestamp>; Deadline::ALL.len()],
    links: [Links<Timestamp>; Deadline::ALL.len()],
    /// The first deadline of each line and, last, of all targets; [`Timestamp::MAX`] without one.
    next: [Timestamp; Deadline::ALL.len() + 1],
    targets: Targets,
}

/// When the calls that wait miss their queue's target: a line for each target there is.
#[derive(Debug)]
struct Targets {
    /// The targets, ascending.
    durations: Vec<Millis>,
    lines: Vec<Line<Timestamp>>,
    links: Links<Timestamp>,
    next: Tournament<Timestamp>,
}

impl Deadlines {
    pub(crate) fn new(centre: &Centre) -> Self {
        let mut durations: Vec<_> = centre.queues().map(|(_, queue)| queue.target).collect();
        durations.sort_unstable();
        durations.dedup();
        Self {
            lines: Default::default(),
            links: Default::default(),
            next: [Timestamp::MAX; Deadline::ALL.len() + 1],
            targets: Targets {
                lines: durations.iter().map(|_| Line::default()).collect(),
                links: Links::default(),
                next: Tournament::new(durations.len(), Timestamp::MAX),
                durations,
            },
        }
    }

    /// The moment at which the next deadline is due, [`Timestamp::MAX`] without one.
    pub(crate) fn next(&self) -> Timestamp {
        self.next.iter().copied().fold(Timestamp::MAX, Timestamp::min)
    }

    /// Sets the deadline of `member`, a call's place or an agent's slot.
    pub(crate) fn set(&mut self, deadline: Deadline, member: u32, at: Timestamp) {
        let kind = deadline as usize;
        self.links[kind].set_key(member, at);
        if self.lines[kind].join(&mut self.links[kind], member) {
            self.next[kind] = first(&self.lines[kind], &self.links[kind]);
        }
    }

    /// Stops the deadline of `member`, if it has one.
    pub(crate) fn stop(&mut self, deadline: Deadline, member: u32) {
        let kind = deadline as usize;
        if self.links[kind].is_in_line(member)
            && self.lines[kind].leave(&mut self.links[kind], member)
        {
            self.next[kind] = first(&self.lines[kind], &self.links[kind]);
        }
    }

    /// Whether `member` has a deadline of a kind.
    pub(crate) fn is_set(&self, deadline: Deadline, member: u32) -> bool {
        self.links[deadline as usize].is_in_line(member)
    }

    /// Stops and answers the first deadline of a kind that is due at `now`.
    pub(crate) fn take_due(&mut self, deadline: Deadline, now: Timestamp) -> Option<u32> {
        if self.next[deadline as usize] > now {
            return None;
        }
        let (_, member) = self.lines[deadline as usize].first(&self.links[deadline as usize])?;
        self.stop(deadline, member);
        Some(member)
    }

    /// Those with a deadline of a kind, in its order.
    pub(crate) fn members(&self, deadline: Deadline) -> impl Iterator<Item = u32> {
        let members = self.lines[deadline as usize].iter(&self.links[deadline as usize]);
        members.map(|(_, member)| member)
    }

    /// What stands for a queue's target in the calls below.
    pub(crate) fn target_line(&self, target: Millis) -> TargetLine {
        let found = self.targets.durations.binary_search(&target);
        let line = found.unwrap_or_else(|_| panic!("every queue's target has a line"));
        TargetLine(u32::try_from(line).unwrap_or(u32::MAX))
    }

    /// Sets when the call at `place` will have missed its target: at `at`, the first millisecond
    /// after it.
    pub(crate) fn set_target(&mut self, place: u32, line: TargetLine, at: Timestamp) {
        let targets = &mut self.targets;
        targets.links.set_key(place, at);
        if targets.lines[line.0 as usize].join(&mut targets.links, place) {
            self.renew_target(line);
        }
    }

    /// Stops the target's deadline of the call at `place`, if it has one.
    pub(crate) fn stop_target(&mut self, place: u32, line: TargetLine) {
        let targets = &mut self.targets;
        if targets.links.is_in_line(place)
            && targets.lines[line.0 as usize].leave(&mut targets.links, place)
        {
            self.renew_target(line);
        }
    }

    /// Stops and answers the first target that is missed at `now`.
    pub(crate) fn take_missed_target(&mut self, now: Timestamp) -> Option<u32> {
        if self.next[TARGETS] > now {
            return None;
        }
        let line = self.targets.next.best()?;
        let (_, place) = self.targets.lines[line].first(&self.targets.links)?;
        self.stop_target(place, TargetLine(u32::try_from(line).ok()?));
        Some(place)
    }

    fn renew_target(&mut self, TargetLine(line): TargetLine) {
        let targets = &mut self.targets;
        let next = first(&targets.lines[line as usize], &targets.links);
        targets.next.set(line as usize, next);
        self.next[TARGETS] = targets.next.best_key();
    }
}

/// The line of the calls with one and the same target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TargetLine(u32);

fn first(line: &Line<Timestamp>, links: &Links<Timestamp>) -> Timestamp {
    line.first(links).map_or(Timestamp::MAX, |(at, _)| *at)
}
