//! What a study gives: figures with intervals.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::observation::{AgentTime, Calls, Observation, Quarters, Seen};
use crate::{
    Scenario,
    statistics::{Estimate, as_f64, ratio},
};

/// The figures of a study.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Results {
    /// How often the scenario was played.
    pub replications: u32,
    /// The time that was played, all replications together.
    pub simulated_seconds: f64,
    /// The time that it took.
    pub elapsed_seconds: f64,
    /// All calls that were played, uncounted ones included.
    pub calls: u64,
    /// How many of them in a second of the time that it took.
    pub calls_per_second: f64,
    /// Of all counted calls.
    pub total: Figures,
    /// Of each queue that had calls, in the centre's order.
    #[serde(serialize_with = "as_map")]
    pub queues: Vec<(String, Figures)>,
    /// Of each priority that had calls, 0 to 9.
    #[serde(serialize_with = "as_map")]
    pub priorities: Vec<(u8, Figures)>,
    /// Each department's day in quarters of an hour, all replications together.
    #[serde(skip)]
    pub quarters: Quarters,
}

/// The figures of some of the counted calls, named and defined as in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Calls that arrived, in all replications.
    pub calls_offered: u64,
    /// Calls that were answered, in all replications.
    pub calls_answered: u64,
    /// Calls that ended without an answer, in all replications.
    pub calls_abandoned: u64,
    /// Answered within the target, of the offered.
    pub service_level_percent: Estimate,
    /// ASA: the mean wait of the answered, ringing included.
    pub avg_wait_seconds: Estimate,
    /// Abandoned, of the offered.
    pub abandoned_percent: Estimate,
    /// Waited in a queue, at first or after a phone that nobody answered, of the offered.
    pub waited_percent: Estimate,
    /// Of the agents that could take the calls: of a queue its department's, else all.
    pub occupancy_percent: Estimate,
    /// AHT: talk, hold and after-call work of the answered.
    pub avg_handle_seconds: Estimate,
}

impl Results {
    /// The figures of what was seen, `elapsed_seconds` after it began.
    pub fn new(scenario: &Scenario, seen: &Seen, elapsed_seconds: f64) -> Self {
        let Seen { replications: seen, quarters } = seen;
        let played = scenario.closes_at.since(scenario.opens_at).as_secs_f64();
        let replications = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        let calls: u64 = seen.iter().map(|one| one.calls).sum();
        let all_agents: Vec<_> = seen.iter().map(|one| sum(&one.departments)).collect();
        let of = |calls: &dyn Fn(&Observation) -> Calls| {
            let calls: Vec<_> = seen.iter().map(calls).collect();
            (calls.iter().any(|calls| calls.offered > 0)).then(|| Figures::new(&calls, &all_agents))
        };
        let total: Vec<_> = seen.iter().map(total).collect();
        let queues = (scenario.centre.queues().enumerate()).filter_map(|(place, (_, queue))| {
            let calls: Vec<_> = seen.iter().map(|one| one.queues[place]).collect();
            let department = usize::from(queue.department.0);
            let agents: Vec<_> = seen.iter().map(|one| one.departments[department]).collect();
            let had_calls = calls.iter().any(|calls| calls.offered > 0);
            had_calls.then(|| (queue.id.clone(), Figures::new(&calls, &agents)))
        });
        let priorities = (0..10).filter_map(|priority: u8| {
            Some((priority, of(&|one| one.priorities[usize::from(priority)])?))
        });
        Self {
            replications,
            simulated_seconds: played * f64::from(replications),
            elapsed_seconds,
            calls,
            calls_per_second: as_f64(calls) / elapsed_seconds,
            total: Figures::new(&total, &all_agents),
            queues: queues.collect(),
            priorities: priorities.collect(),
            quarters: quarters.clone(),
        }
    }
}

impl Figures {
    /// All that is estimated, in the order of the fields, to be shown to a tenth: service levels are
    /// [cut](Estimate::cut).
    pub fn estimates(&self) -> [Estimate; 6] {
        [
            self.service_level_percent.cut(),
            self.avg_wait_seconds,
            self.abandoned_percent,
            self.waited_percent,
            self.occupancy_percent,
            self.avg_handle_seconds,
        ]
    }

    /// The figures of the calls and the agents of each replication.
    pub(crate) fn new(calls: &[Calls], agents: &[AgentTime]) -> Self {
        let sum = |count: fn(&Calls) -> u64| calls.iter().map(count).sum();
        let percent = |part: fn(&Calls) -> u64| {
            ratio(calls.iter().map(|one| (100.0 * as_f64(part(one)), as_f64(one.offered))))
        };
        Self {
            calls_offered: sum(|one| one.offered),
            calls_answered: sum(|one| one.answered),
            calls_abandoned: sum(|one| one.abandoned),
            service_level_percent: percent(|one| one.in_target),
            avg_wait_seconds: ratio(
                calls.iter().map(|one| (one.wait.as_secs_f64(), as_f64(one.answered))),
            ),
            abandoned_percent: percent(|one| one.abandoned),
            waited_percent: percent(|one| one.waited),
            occupancy_percent: ratio(
                (agents.iter()).map(|one| (100.0 * one.busy.as_secs_f64(), one.open.as_secs_f64())),
            ),
            avg_handle_seconds: ratio(
                calls.iter().map(|one| (one.handle.as_secs_f64(), as_f64(one.answered))),
            ),
        }
    }
}

fn total(seen: &Observation) -> Calls {
    let mut total = Calls::default();
    seen.queues.iter().for_each(|calls| total.merge(calls));
    total
}

fn sum(departments: &[AgentTime]) -> AgentTime {
    let mut sum = AgentTime::default();
    departments.iter().for_each(|time| sum.add(time.busy, time.open));
    sum
}

fn as_map<K: Serialize, S: Serializer>(
    entries: &[(K, Figures)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for (key, figures) in entries {
        map.serialize_entry(key, figures)?;
    }
    map.end()
}
