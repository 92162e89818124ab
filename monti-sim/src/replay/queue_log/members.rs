//! When the members of queues were there, as far as the log says so.

use std::collections::{BTreeMap, BTreeSet};

use monti_core::Timestamp;

use crate::replay::recording::Span;

/// All agents of whom the log says when they joined or left a queue, or paused.
#[derive(Debug, Default)]
pub(super) struct Members(BTreeMap<usize, Member>);

#[derive(Debug, Default)]
struct Member {
    /// The queues it is in now.
    joined: BTreeSet<usize>,
    /// The queues it was ever in.
    served: BTreeSet<usize>,
    /// The queues it takes no calls of for a while; `None` is those that the log does not say it
    /// is in.
    paused: BTreeSet<Option<usize>>,
    /// When Asterisk was started again, if nothing has told since whether the agent is still there.
    restarted_at: Option<Timestamp>,
    /// Whether the log says when it came or went: one of whom it tells pauses only was there all
    /// the time, which says nothing.
    is_dynamic: bool,
    /// Since when it takes calls.
    since: Option<Timestamp>,
    present: Vec<Span>,
}

impl Members {
    /// Something happened to an agent's membership: `queue` is `None` if it concerns all. The log
    /// begins at `start`.
    pub(super) fn take(
        &mut self,
        start: Timestamp,
        at: Timestamp,
        agent: usize,
        queue: Option<usize>,
        event: &str,
    ) -> Result<(), String> {
        let member = self.0.entry(agent).or_default();
        if event == "ADDMEMBER" && queue.is_some_and(|queue| member.joined.contains(&queue)) {
            member.was_lost();
        }
        member.restarted_at = None;
        match (event, queue) {
            ("ADDMEMBER", Some(queue)) => member.join(queue),
            ("REMOVEMEMBER", Some(queue)) => member.part(queue, start),
            ("ADDMEMBER" | "REMOVEMEMBER", None) => return Err("the queue is missing".to_owned()),
            ("PAUSE", Some(queue)) => drop(member.paused.insert(Some(queue))),
            ("UNPAUSE", Some(queue)) => {
                member.paused.remove(&Some(queue));
                member.paused.remove(&None);
            }
            ("PAUSE" | "PAUSEALL", _) => {
                member.paused.insert(None);
                member.paused.extend(member.joined.iter().copied().map(Some));
            }
            (_, _) => member.paused.clear(),
        }
        member.update(at);
        Ok(())
    }

    /// Asterisk was started again. Whether it kept its members depends on its configuration, and is
    /// told by what comes next: who joins a queue again was gone.
    pub(super) fn restart(&mut self, at: Timestamp) {
        for member in self.0.values_mut().filter(|member| !member.joined.is_empty()) {
            member.restarted_at.get_or_insert(at);
        }
    }

    /// An agent answered a call: it is there.
    pub(super) fn answered(&mut self, agent: usize) {
        if let Some(member) = self.0.get_mut(&agent) {
            member.restarted_at = None;
        }
    }

    /// Each agent's queues and presence, up to the log's end; no presence where the log says
    /// nothing of coming and going.
    pub(super) fn finish(
        self,
        end: Timestamp,
    ) -> impl Iterator<Item = (usize, BTreeSet<usize>, Vec<Span>)> {
        self.0.into_iter().map(move |(agent, mut member)| {
            member.was_lost();
            member.joined.clear();
            member.update(end);
            let present = if member.is_dynamic { member.present } else { Vec::new() };
            (agent, member.served, present)
        })
    }
}

impl Member {
    /// A pause ends with the membership: who joins takes calls.
    fn join(&mut self, queue: usize) {
        self.is_dynamic = true;
        self.joined.insert(queue);
        self.served.insert(queue);
        self.paused.remove(&Some(queue));
        self.paused.remove(&None);
    }

    fn part(&mut self, queue: usize, start: Timestamp) {
        if !self.is_dynamic && self.paused.is_empty() {
            // Nobody leaves who did not join: before the log began.
            self.since = Some(start);
        }
        self.is_dynamic = true;
        self.joined.remove(&queue);
        self.served.insert(queue);
        self.paused.remove(&Some(queue));
    }

    /// If Asterisk was started again it had not kept the member.
    fn was_lost(&mut self) {
        if let Some(at) = self.restarted_at.take() {
            self.joined.clear();
            self.paused.clear();
            self.update(at);
        }
    }

    fn is_present(&self) -> bool {
        self.joined.iter().any(|queue| !self.paused.contains(&Some(*queue)))
    }

    fn update(&mut self, at: Timestamp) {
        match (self.since, self.is_present()) {
            (None, true) => self.since = Some(at),
            (Some(from), false) => {
                self.since = None;
                if from < at {
                    self.present.push(Span { from, until: at });
                }
            }
            _ => {}
        }
    }
}
