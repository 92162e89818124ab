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
        let (line, links) =
            (&mut self.lines[deadline as usize], &mut self.links[deadline as usize]);
        links.set_key(member, at);
        line.join(links, member);
        self.next[deadline as usize] = first(line, links);
    }

    /// Stops the deadline of `member`; `false` if it had none.
    pub(crate) fn stop(&mut self, deadline: Deadline, member: u32) -> bool {
        let (line, links) =
            (&mut self.lines[deadline as usize], &mut self.links[deadline as usize]);
        let was_set = links.is_in_line(member);
        if was_set {
            line.leave(links, member);
            self.next[deadline as usize] = first(line, links);
        }
        was_set
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
        self.stop(deadline, member).then_some(member)
    }

    /// Those with a deadline of a kind, in its order.
    pub(crate) fn members(&self, deadline: Deadline) -> impl Iterator<Item = u32> {
        let members = self.lines[deadline as usize].iter(&self.links[deadline as usize]);
        members.map(|(_, member)| member)
    }

    /// Sets when the call at `place`, which arrived at `enqueued_at`, will have missed `target`:
    /// in the first millisecond after it.
    pub(crate) fn set_target(&mut self, place: u32, enqueued_at: Timestamp, target: Millis) {
        let targets = &mut self.targets;
        let class = targets.class(target);
        targets.links.set_key(place, enqueued_at + target + Millis::new(1));
        targets.lines[class].join(&mut targets.links, place);
        targets.renew(class);
        self.next[TARGETS] = targets.next.best_key();
    }

    /// Stops a target's deadline, if the call at `place` still has it.
    pub(crate) fn stop_target(&mut self, place: u32, target: Millis) {
        let targets = &mut self.targets;
        if targets.links.is_in_line(place) {
            let class = targets.class(target);
            targets.lines[class].leave(&mut targets.links, place);
            targets.renew(class);
            self.next[TARGETS] = targets.next.best_key();
        }
    }

    /// Stops and answers the first target that is missed at `now`.
    pub(crate) fn take_missed_target(&mut self, now: Timestamp) -> Option<u32> {
        if self.next[TARGETS] > now {
            return None;
        }
        let targets = &mut self.targets;
        let class = targets.next.best()?;
        let (_, place) = targets.lines[class].first(&targets.links)?;
        targets.lines[class].leave(&mut targets.links, place);
        targets.renew(class);
        self.next[TARGETS] = targets.next.best_key();
        Some(place)
    }
}

impl Targets {
    fn class(&self, target: Millis) -> usize {
        let found = self.durations.binary_search(&target);
        found.unwrap_or_else(|_| panic!("every queue's target has a line"))
    }

    fn renew(&mut self, class: usize) {
        let next = first(&self.lines[class], &self.links);
        if self.next.key(class) != next {
            self.next.set(class, next);
        }
    }
}

fn first(line: &Line<Timestamp>, links: &Links<Timestamp>) -> Timestamp {
    line.first(links).map_or(Timestamp::MAX, |(at, _)| *at)
}
