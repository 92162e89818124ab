//! A virtual queue as the wallboard shows it.

use serde::{Deserialize, Serialize};

use super::{Seconds, welcome::department_name};
use crate::{Centre, QueueFigures, ServiceLevels, Timestamp};

/// A virtual queue: its calls now, of whichever date, and today's service level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualQueue {
    /// Its identifier, such as `sales_general`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The department it belongs to.
    pub department: String,
    /// Calls in the queue.
    pub waiting_calls: u32,
    /// Calls at an agent's phone.
    pub ringing_calls: u32,
    /// Calls answered, talking or on hold.
    pub active_calls: u32,
    /// Agents that could take one of its calls at once.
    pub available_agents: u32,
    /// When the call that waits longest arrived; `null` when none waits.
    pub oldest_enqueued_at: Option<Timestamp>,
    /// How long that is ago, true when sent; `null` when none waits.
    pub longest_wait_seconds: Option<Seconds>,
    /// How long the next call would wait; `null` if that cannot be told.
    pub estimated_wait_seconds: Option<Seconds>,
    /// Today's service level and what it is made of.
    pub service_level: ServiceLevel,
}

/// A queue's service level of today's calls, and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceLevel {
    /// The share of offered calls to be answered in target, 0 to 100.
    pub target_percent: f64,
    /// A call answered after at most this long was answered in target.
    pub target_seconds: Seconds,
    /// The service level, 0 to 100; `null` while nothing counts.
    pub current_percent: Option<f64>,
    /// Calls that arrived.
    pub calls_offered: u32,
    /// Calls that were answered.
    pub calls_answered: u32,
    /// Calls that were answered within the target.
    pub calls_answered_in_target: u32,
    /// Calls that ended without an answer.
    pub calls_abandoned: u32,
    /// Those of them that ended within the short-abandon limit.
    pub calls_abandoned_short: u32,
    /// ASA: the mean wait of the answered calls, ringing included; `null` without one.
    pub avg_wait_seconds: Option<Seconds>,
    /// AHT: talk, hold and after-call work, mean over the calls that are final; `null` without.
    pub avg_handle_seconds: Option<Seconds>,
    /// The longest wait that ended, with an answer or without; `null` if none has.
    pub max_wait_seconds: Option<Seconds>,
    /// The service level as four schools count it; `seed` is [`Self::current_percent`].
    pub variants: ServiceLevels,
}

impl VirtualQueue {
    /// Shows `queue`, one of `centre`'s, at `now`.
    pub fn new(
        queue: &crate::VirtualQueue,
        figures: &QueueFigures,
        centre: &Centre,
        now: Timestamp,
    ) -> Self {
        Self {
            id: queue.id.clone(),
            name: queue.name.to_string(),
            department: department_name(queue.department, centre),
            waiting_calls: figures.live.waiting,
            ringing_calls: figures.live.ringing,
            active_calls: figures.live.active,
            available_agents: figures.available_agents,
            oldest_enqueued_at: figures.oldest_enqueued_at,
            longest_wait_seconds: longest_wait(figures, now),
            estimated_wait_seconds: figures.estimated_wait.map(Seconds),
            service_level: ServiceLevel::new(queue, figures),
        }
    }
}

impl ServiceLevel {
    fn new(queue: &crate::VirtualQueue, figures: &QueueFigures) -> Self {
        let today = &figures.today;
        let variants = figures.service_levels();
        let has_decided = today.answered > 0 || today.abandoned > 0;
        Self {
            target_percent: queue.target_percent,
            target_seconds: queue.target.into(),
            current_percent: variants.seed,
            calls_offered: today.offered,
            calls_answered: today.answered,
            calls_answered_in_target: today.answered_in_target,
            calls_abandoned: today.abandoned,
            calls_abandoned_short: today.abandoned_short,
            avg_wait_seconds: today.avg_wait().map(Seconds),
            avg_handle_seconds: today.avg_handle().map(Seconds),
            max_wait_seconds: has_decided.then_some(Seconds(today.max_wait)),
            variants,
        }
    }
}

/// How long the call that waits longest has waited at `now`.
pub(super) fn longest_wait(figures: &QueueFigures, now: Timestamp) -> Option<Seconds> {
    figures.oldest_enqueued_at.map(|oldest| now.since(oldest).into())
}
