//! What was observed next to what is simulated.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::{Date, Weekday};
use monti_core::Day;
use serde::Serialize;

use super::{
    casting::{Casting, dates},
    observed::{Observed, ObservedFigures},
};
use crate::{
    Estimate,
    study::{AgentTime, Calls, Effort, Figures, Observation, Results, Seen, observe, replicate},
};

/// A recording's days beside their simulation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The study: all days together, per queue and per priority.
    #[serde(flatten)]
    pub results: Results,
    /// What was observed on all days.
    pub observed: ObservedFigures,
    /// Each weekday, Sunday first.
    pub weekdays: Vec<Beside<String>>,
    /// Each date.
    pub days: Vec<Beside<Day>>,
}

/// Observed and simulated figures of a day or of several.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Beside<T> {
    /// Which.
    pub day: T,
    /// What was recorded.
    pub observed: ObservedFigures,
    /// What was simulated: of all replications together.
    pub simulated: Figures,
}

/// Plays all the recording, many times.
pub fn compare(casting: &Casting, effort: Effort, seed: u64) -> Option<Comparison> {
    let begun = std::time::Instant::now();
    let dates = dates(casting);
    let span = (*dates.first()?, *dates.last()?);
    let scenario = casting.scenario(span, "", seed, 0)?;
    let seen = play(casting, span, effort, seed);
    let results = Results::new(&scenario, &seen, begun.elapsed().as_secs_f64());
    let observed = Observed::by_date(
        &casting.recording().calls,
        |call| casting.date_of(call),
        |call| casting.target_of(call),
    );
    let days = observed.iter().map(|(date, sums)| Beside {
        day: Day::from(*date),
        observed: sums.figures(),
        simulated: simulated(&seen.replications, |day| day == *date),
    });
    let mut by_weekday = BTreeMap::<i8, (Weekday, Observed)>::new();
    for (date, sums) in &observed {
        let weekday = date.weekday();
        let entry = by_weekday.entry(weekday.to_sunday_zero_offset());
        let (_, all) = entry.or_insert((weekday, Observed::default()));
        *all = *all + *sums;
    }
    let weekdays = by_weekday.values().map(|(weekday, sums)| Beside {
        day: format!("{weekday:?}"),
        observed: sums.figures(),
        simulated: simulated(&seen.replications, |day| day.weekday() == *weekday),
    });
    Some(Comparison {
        observed: observed.values().copied().sum::<Observed>().figures(),
        weekdays: weekdays.collect(),
        days: days.collect(),
        results,
    })
}

/// Every replication with dice of its own for what is not known.
fn play(casting: &Casting, span: (Date, Date), effort: Effort, seed: u64) -> Seen {
    let alone = Effort { replications: 1, threads: 1 };
    let seen = replicate(effort, |replication| {
        let scenario = casting.scenario(span, "", seed, replication)?;
        Some(observe(&Arc::new(scenario), alone, &|_| {}).replications)
    });
    // What is compared is days and weekdays, not their quarters of an hour.
    Seen { replications: seen.into_iter().flatten().collect(), quarters: Vec::new() }
}

fn simulated(seen: &[Observation], is_wanted: impl Fn(Date) -> bool) -> Figures {
    let of = |observation: &Observation| {
        let mut calls = Calls::default();
        let wanted = observation.days.iter().filter(|(day, _)| is_wanted(day.date()));
        wanted.for_each(|(_, day)| calls.merge(day));
        calls
    };
    let agents = vec![AgentTime::default(); seen.len()];
    Figures::new(&seen.iter().map(of).collect::<Vec<_>>(), &agents)
}

impl Comparison {
    /// The days as a table to read in a terminal.
    pub fn table(&self, with_days: bool) -> String {
        let mut lines = vec![
            format!(
                "{} replications in {:.1} s. Observed → simulated ± half of its 95 % interval; \
                 waits and handle times in seconds.",
                self.results.replications, self.results.elapsed_seconds
            ),
            String::new(),
            format!(
                "{:<11}{:>8}  {:^22}{:^22}{:^22}{:^22}{:^22}",
                "", "offered", "service level", "ASA", "abandoned", "waited", "AHT"
            ),
        ];
        if with_days {
            lines.extend(
                self.days
                    .iter()
                    .map(|day| line(&day.day.to_string(), &day.observed, &day.simulated)),
            );
            lines.push(String::new());
        }
        lines.extend(self.weekdays.iter().map(|it| line(&it.day, &it.observed, &it.simulated)));
        lines.push(line("total", &self.observed, &self.results.total));
        lines.join("\n") + "\n"
    }
}

fn line(name: &str, observed: &ObservedFigures, simulated: &Figures) -> String {
    let pair = |observed: Option<f64>, simulated: Estimate| {
        let one =
            |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |it| format!("{it:.1}"));
        let width = simulated.half_width95.map(|it| format!(" ±{it:.1}")).unwrap_or_default();
        format!("{} → {}{width}", one(observed), one(simulated.mean))
    };
    format!(
        "{name:<11}{:>8}  {:^22}{:^22}{:^22}{:^22}{:^22}",
        observed.calls_offered,
        pair(observed.service_level_percent, simulated.service_level_percent),
        pair(observed.avg_wait_seconds, simulated.avg_wait_seconds),
        pair(observed.abandoned_percent, simulated.abandoned_percent),
        pair(observed.waited_percent, simulated.waited_percent),
        pair(observed.avg_handle_seconds, simulated.avg_handle_seconds),
    )
    .trim_end()
    .to_owned()
}
