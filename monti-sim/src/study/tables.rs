//! Results as tables to read in a terminal.

use super::{Figures, Results, Row, Staffing};
use crate::{Estimate, Scenario, erlang::Forecast, statistics::cut};

/// The figures of a study.
pub fn results(scenario: &Scenario, results: &Results) -> String {
    // To a hundredth, without what it does not need: 10, 7.5.
    let hours_since = |from| (scenario.closes_at.since(from).as_secs_f64() / 36.0).round() / 100.0;
    let mut lines = vec![format!(
        "{} replications of {} hours, the last {} counted: {} calls in {:.2} s, {:.0} calls a second",
        results.replications,
        hours_since(scenario.opens_at),
        hours_since(scenario.counts_from),
        results.calls,
        results.elapsed_seconds,
        results.calls_per_second,
    )];
    lines.push("Each figure ± half of its 95 % interval; wait and handle time in seconds.".into());
    lines.push(String::new());
    let mut rows = vec![heading()];
    rows.extend(results.queues.iter().map(|(name, figures)| row(name, figures)));
    if results.priorities.len() > 1 {
        let name = |priority| format!("priority {priority}");
        rows.extend(results.priorities.iter().rev().map(|(it, all)| row(&name(it), all)));
    }
    rows.push(row("total", &results.total));
    lines.extend(aligned(&rows));
    lines.join("\n") + "\n"
}

/// The figures of a staffing.
pub fn staffing(staffing: &Staffing) -> String {
    let mut rows = vec![
        ["agents", "service level", "ASA", "abandoned", "occupancy", "Erlang C", "Erlang A", ""]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(staffing.rows.iter().map(staffing_row));
    let verdict = match staffing.smallest {
        Some(agents) => format!("The smallest that meets the target: {agents} agents."),
        None if staffing.rows.iter().all(|row| row.figures.calls_offered == 0) => {
            "No calls came: there is nothing to staff for.".to_owned()
        }
        None if staffing.rows.iter().any(|row| row.meets_target) => {
            "Some of these meet the target, but the most agents tried do not: try more of them, or \
             more replications."
                .to_owned()
        }
        None => "None of these meets the target.".to_owned(),
    };
    let title = format!(
        "{}: service levels in percent, Erlang's at the mean rate; waits in seconds",
        staffing.department
    );
    format!("{title}\n\n{}\n\n{verdict}\n", aligned(&rows).join("\n"))
}

fn staffing_row(row: &Row) -> Vec<String> {
    let level = |forecast: &Forecast| {
        let level = forecast.service_level_percent;
        level.map_or_else(|| "-".to_owned(), |level| format!("{:.1}", cut(level)))
    };
    vec![
        row.agents.to_string(),
        shown(row.figures.service_level_percent.cut()),
        shown(row.figures.avg_wait_seconds),
        shown(row.figures.abandoned_percent),
        shown(row.figures.occupancy_percent),
        level(&row.erlang_c),
        row.erlang_a.as_ref().map_or_else(|| "-".to_owned(), level),
        if row.meets_target { "meets the target" } else { "" }.to_owned(),
    ]
}

fn heading() -> Vec<String> {
    let titles =
        ["offered", "service level", "ASA", "abandoned", "waited", "occupancy", "handle time"];
    std::iter::once("").chain(titles).map(str::to_owned).collect()
}

fn row(name: &str, figures: &Figures) -> Vec<String> {
    let mut cells = vec![name.to_owned(), figures.calls_offered.to_string()];
    cells.extend(figures.estimates().map(shown));
    cells
}

/// An estimate with its interval; a dash is no value.
pub(crate) fn shown(estimate: Estimate) -> String {
    match (estimate.mean, estimate.half_width95) {
        (Some(mean), Some(half)) => format!("{mean:.1} ± {half:.1}"),
        (Some(mean), None) => format!("{mean:.1}"),
        (None, _) => "-".to_owned(),
    }
}

/// Rows with their cells under each other, the first column to the left, the others to the right.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        cells.collect::<Vec<_>>().join("   ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
