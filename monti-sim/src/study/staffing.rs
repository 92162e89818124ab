//! How many agents a department needs.

use std::{collections::BTreeMap, sync::Arc};

use monti_core::{Department, DepartmentId, Millis};
use serde::Serialize;

use super::{Effort, Figures, Observation, observation::Calls, observe};
use crate::{
    Scenario,
    erlang::{Forecast, Load, forecast},
    shares::shares,
    statistics::as_f64,
};

/// A department with different numbers of agents, the others as the scenario has them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Staffing {
    /// The department.
    pub department: String,
    /// The fewest of the agents tried from which on all larger numbers tried meet the target, too: one
    /// that met it by luck between others that did not is none. `None` if the most of them are not
    /// enough, or nobody called.
    pub smallest: Option<u32>,
    /// Each number tried, ascending.
    pub rows: Vec<Row>,
}

/// A department with a number of agents.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// How many.
    pub agents: u32,
    /// Whether every queue of the department meets its target: the estimate, not all of its
    /// interval. Without calls there is nothing to be met.
    pub meets_target: bool,
    /// What was seen.
    #[serde(flatten)]
    pub figures: Figures,
    /// What Erlang C says of the same load at its mean rate, with as many agents as were open to
    /// calls on average, rounded.
    pub erlang_c: Forecast,
    /// What Erlang A says of it; `None` where callers wait for ever.
    pub erlang_a: Option<Forecast>,
}

/// Tries numbers of agents for a department. `passed` is told the time that has been played.
pub fn staffing(
    scenario: &Scenario,
    department: DepartmentId,
    agents: impl IntoIterator<Item = u32>,
    effort: Effort,
    passed: &(dyn Fn(Millis) + Sync),
) -> Staffing {
    let known = scenario.centre.department(department);
    let known = known.unwrap_or_else(|| panic!("{department:?} is of the centre"));
    let rows: Vec<_> = (agents.into_iter())
        .map(|agents| {
            let scenario = Arc::new(with_agents(scenario, department, agents));
            let seen = observe(&scenario, effort, passed).replications;
            row(&scenario, known, department, agents, &seen)
        })
        .collect();
    let smallest = smallest(rows.iter().map(|row| (row.agents, row.meets_target)));
    Staffing { department: known.id.clone(), smallest, rows }
}

/// The first from which on all meet the target.
fn smallest(rows: impl DoubleEndedIterator<Item = (u32, bool)>) -> Option<u32> {
    rows.rev().take_while(|(_, meets_target)| *meets_target).last().map(|(agents, _)| agents)
}

/// The scenario with another number of agents in a department: its rows in proportion.
fn with_agents(scenario: &Scenario, department: DepartmentId, agents: u32) -> Scenario {
    let mut scenario = scenario.clone();
    let mut rows: Vec<_> =
        scenario.staff.iter_mut().filter(|row| row.department == department).collect();
    let weights: Vec<_> = rows.iter().map(|row| f64::from(row.agents)).collect();
    for (row, agents) in rows.iter_mut().zip(shares(agents, &weights)) {
        row.agents = agents;
    }
    scenario
}

fn row(
    scenario: &Scenario,
    known: &Department,
    department: DepartmentId,
    agents: u32,
    seen: &[Observation],
) -> Row {
    let times: Vec<_> = seen.iter().map(|one| one.departments[usize::from(department.0)]).collect();
    let mut calls = vec![Calls::default(); seen.len()];
    let mut by_target: BTreeMap<Millis, u64> = BTreeMap::new();
    let mut meets_target = true;
    for vq in &known.queues {
        let Some(queue) = scenario.centre.queue(*vq) else { continue };
        let of_queue: Vec<_> = seen.iter().map(|one| one.queues[vq.0 as usize]).collect();
        let figures = Figures::new(&of_queue, &times);
        let level = figures.service_level_percent.mean;
        meets_target &= level.is_none_or(|level| level >= queue.target_percent);
        *by_target.entry(queue.target).or_default() += figures.calls_offered;
        calls.iter_mut().zip(&of_queue).for_each(|(all, one)| all.merge(one));
    }
    let figures = Figures::new(&calls, &times);
    let counted = scenario.closes_at.since(scenario.counts_from).as_secs_f64();
    let replications = f64::from(u32::try_from(seen.len()).unwrap_or(u32::MAX));
    let open: f64 = times.iter().map(|time| time.open.as_secs_f64()).sum();
    let behaviour = &scenario.behaviour[usize::from(department.0)];
    let load = Load {
        arrivals_per_sec: as_f64(figures.calls_offered) / counted / replications,
        handle_secs: behaviour.answer.mean_secs() + behaviour.mean_handle_secs(),
        agents: rounded(open / counted / replications),
        patience_secs: None,
    };
    let ring = behaviour.answer.mean_secs();
    let patience_secs = behaviour.patience.as_ref().map(crate::Durations::mean_secs);
    Row {
        agents,
        meets_target: meets_target && figures.calls_offered > 0,
        figures,
        erlang_c: over_targets(load, ring, &by_target),
        erlang_a: patience_secs
            .map(|_| over_targets(Load { patience_secs, ..load }, ring, &by_target)),
    }
}

/// The forecast for calls with different targets. Ringing is part of the wait, and of the work.
fn over_targets(load: Load, ring_secs: f64, by_target: &BTreeMap<Millis, u64>) -> Forecast {
    let all: u64 = by_target.values().sum();
    let mut whole = forecast(load, 0.0);
    let levels = by_target.iter().map(|(target, calls)| {
        let level = forecast(load, target.as_secs_f64() - ring_secs).service_level_percent?;
        Some(level * as_f64(*calls) / as_f64(all))
    });
    // Nobody called: then there is no level of any target.
    whole.service_level_percent = if all > 0 { levels.sum() } else { None };
    whole.avg_wait_seconds = whole.avg_wait_seconds.map(|wait| wait + ring_secs);
    whole
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most a million agents, and not negative"
)]
fn rounded(agents: f64) -> u32 {
    agents.round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_offered_has_no_service_level() {
        let load =
            Load { arrivals_per_sec: 0.0, handle_secs: 60.0, agents: 3, patience_secs: None };
        let targets = |calls| BTreeMap::from([(Millis::from_secs(20), calls)]);
        let none = over_targets(load, 5.0, &targets(0));
        assert_eq!((none.service_level_percent, none.avg_wait_seconds), (None, None));
        let load = Load { arrivals_per_sec: 0.01, ..load };
        let some = over_targets(load, 5.0, &targets(7)).service_level_percent.unwrap();
        assert!((95.0..100.0).contains(&some), "{some}");
    }

    #[test]
    fn a_staffing_that_was_lucky_once_is_not_the_smallest() {
        let of = |meets: &[bool]| {
            let rows = meets.iter().enumerate();
            smallest(rows.map(|(place, meets)| (18 + u32::try_from(place).unwrap(), *meets)))
        };
        assert_eq!(of(&[false, true, false, true, true]), Some(21));
        assert_eq!(of(&[true, true]), Some(18));
        assert_eq!(of(&[true, false]), None);
        assert_eq!(of(&[]), None);
    }
}
