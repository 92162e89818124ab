//! The figures of queues and departments, as values to read.

use serde::{Deserialize, Serialize};

use crate::{Millis, Timestamp, agent::percent};

/// Counters of calls that arrived in one span of time (a business date, or fifteen minutes of it).
///
/// All that becomes of a call counts where it arrived, however late it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Calls that arrived.
    pub offered: u32,
    /// Calls that were answered, whatever became of them then.
    pub answered: u32,
    /// Calls that were answered within the target.
    pub answered_in_target: u32,
    /// Calls that ended without an answer.
    pub abandoned: u32,
    /// Of the abandoned those that ended within the target.
    pub abandoned_in_target: u32,
    /// Of the abandoned those that ended within the short-abandon limit.
    pub abandoned_short: u32,
    /// Answered calls that ended with their agent.
    pub completed: u32,
    /// Answered calls whose agent was lost.
    pub agent_lost: u32,
    /// Answered calls of which nothing can change any more, after-call work included.
    pub handled: u32,
    /// The time that the answered calls had waited, ringing included.
    pub wait: Millis,
    /// Talk, hold and after-call work of the handled calls.
    pub handle: Millis,
    /// The longest wait that ended, with an answer or without.
    pub max_wait: Millis,
}

/// Where calls are at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LiveCalls {
    /// In the queue.
    pub waiting: u32,
    /// At an agent's phone.
    pub ringing: u32,
    /// Answered, talking or on hold.
    pub active: u32,
    /// Waiting or ringing for longer than the target.
    pub overdue: u32,
}

/// The figures of a queue or a department, today and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueFigures {
    /// Today's counters.
    pub today: Tally,
    /// All calls that live, older dates' included.
    pub live: LiveCalls,
    /// Those of them that arrived today.
    pub live_today: LiveCalls,
    /// Agents that could take a call at once.
    pub available_agents: u32,
    /// When the call that waits longest arrived; ringing calls wait no longer in the queue.
    pub oldest_enqueued_at: Option<Timestamp>,
    /// How long the next call would wait: see [`Engine`](crate::Engine::queue).
    pub estimated_wait: Option<Millis>,
}

/// The four common service levels, percent each; `None` where nothing counts yet.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceLevels {
    /// Answered in target, of all calls whose fate is decided or that wait past the target.
    pub seed: Option<f64>,
    /// The same without the calls abandoned within the target.
    pub ignore_abandoned: Option<f64>,
    /// Answered or abandoned in target, of all answered and abandoned.
    pub abandoned_positive: Option<f64>,
    /// Answered in target, of all answered.
    pub answered_only: Option<f64>,
}

impl Tally {
    /// The service levels with `overdue` calls waiting past the target.
    pub fn service_levels(&self, overdue: u32) -> ServiceLevels {
        let [in_target, gone_in_target, answered, abandoned, overdue] = [
            self.answered_in_target,
            self.abandoned_in_target,
            self.answered,
            self.abandoned,
            overdue,
        ]
        .map(u64::from);
        let decided = answered + abandoned + overdue;
        ServiceLevels {
            seed: percent(in_target, decided),
            ignore_abandoned: percent(in_target, decided - gone_in_target),
            abandoned_positive: percent(in_target + gone_in_target, answered + abandoned),
            answered_only: percent(in_target, answered),
        }
    }

    /// ASA: the mean wait of the answered calls, ringing included.
    pub fn avg_wait(&self) -> Option<Millis> {
        self.wait.mean_over(self.answered.into())
    }

    /// AHT: the mean of talk, hold and after-call work over the handled calls.
    pub fn avg_handle(&self) -> Option<Millis> {
        self.handle.mean_over(self.handled.into())
    }

    /// Adds another span's, or another queue's, counters.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.answered_in_target += other.answered_in_target;
        self.abandoned += other.abandoned;
        self.abandoned_in_target += other.abandoned_in_target;
        self.abandoned_short += other.abandoned_short;
        self.completed += other.completed;
        self.agent_lost += other.agent_lost;
        self.handled += other.handled;
        self.wait += other.wait;
        self.handle += other.handle;
        self.max_wait = self.max_wait.max(other.max_wait);
    }
}

impl LiveCalls {
    /// Adds another queue's calls.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.waiting += other.waiting;
        self.ringing += other.ringing;
        self.active += other.active;
        self.overdue += other.overdue;
    }
}

impl QueueFigures {
    /// Today's service levels.
    pub fn service_levels(&self) -> ServiceLevels {
        self.today.service_levels(self.live_today.overdue)
    }

    /// Whether today's calls are all accounted for: offered = waiting + ringing + active +
    /// completed + abandoned + agent lost.
    pub fn is_conserved(&self) -> bool {
        let (today, live) = (&self.today, &self.live_today);
        today.offered
            == live.waiting
                + live.ringing
                + live.active
                + today.completed
                + today.abandoned
                + today.agent_lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_service_levels_of_the_worked_example() {
        let tally = Tally {
            answered: 90,
            answered_in_target: 70,
            abandoned: 10,
            abandoned_in_target: 10,
            ..Tally::default()
        };
        let rounded = |level: Option<f64>| level.map(|percent| (percent * 10.0).round() / 10.0);
        let levels = tally.service_levels(0);
        assert_eq!(rounded(levels.seed), Some(70.0));
        assert_eq!(rounded(levels.ignore_abandoned), Some(77.8));
        assert_eq!(rounded(levels.abandoned_positive), Some(80.0));
        assert_eq!(rounded(levels.answered_only), Some(77.8));
    }

    #[test]
    fn nothing_offered_has_no_service_level() {
        assert_eq!(Tally::default().service_levels(0), ServiceLevels::default());
        assert_eq!(Tally::default().avg_wait(), None);
        assert_eq!(Tally::default().avg_handle(), None);
    }

    #[test]
    fn a_call_waiting_past_the_target_counts_against_it() {
        let tally = Tally { answered: 1, answered_in_target: 1, ..Tally::default() };
        let levels = tally.service_levels(3);
        assert_eq!(levels.seed, Some(25.0));
        assert_eq!(levels.ignore_abandoned, Some(25.0));
        assert_eq!(levels.abandoned_positive, Some(100.0));
        assert_eq!(levels.answered_only, Some(100.0));
    }
}
