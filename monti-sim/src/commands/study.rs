//! `monti-sim study`: the laboratory.

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use color_eyre::eyre::{WrapErr as _, eyre};
use indicatif::{ProgressBar, ProgressStyle};
use monti_core::{DepartmentId, Millis};
use monti_sim::{
    Scenario,
    print::print,
    report,
    study::{Effort, Results, Staffing, observe, staffing, tables},
};

use super::{processors, tell_of_calls_beyond};

/// What to study, and how.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The scenario file, TOML; docs/scenarios.md explains it
    scenario: PathBuf,

    /// How often it is played: the more, the narrower the intervals
    #[arg(long, value_name = "N", default_value = "20")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: u32,

    /// The seed of the dice, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,

    /// How many replications are played at once [default: as many as there are processors]. The
    /// results do not depend on it
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_024))]
    threads: Option<u32>,

    /// Prints JSON instead of a table
    #[arg(long)]
    json: bool,

    /// Writes a report with charts over the day: one HTML file that needs nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "staff")]
    report: Option<PathBuf>,

    /// Tries numbers of agents for a department, both ends included, and shows the fewest that
    /// meet the target; may be repeated
    #[arg(long, value_name = "DEPARTMENT=FROM..TO", value_parser = range)]
    staff: Vec<Range>,
}

/// Numbers of agents to try.
#[derive(Debug, Clone)]
struct Range {
    department: String,
    from: u32,
    to: u32,
}

pub(crate) fn run(options: &Options) -> color_eyre::Result<ExitCode> {
    let mut scenario = Scenario::read(&options.scenario)?;
    scenario.seed = options.seed.unwrap_or(scenario.seed);
    tell_of_calls_beyond(&scenario);
    let effort = Effort {
        replications: options.replications,
        threads: options.threads.unwrap_or_else(processors),
    };
    if options.staff.is_empty() {
        study(scenario, effort, options)
    } else {
        grids(&scenario, effort, options)
    }
}

fn study(scenario: Scenario, effort: Effort, options: &Options) -> color_eyre::Result<ExitCode> {
    if let Some(path) = &options.report {
        // Before the work is done: whether it will get there.
        let opened = fs::File::options().write(true).create(true).truncate(false).open(path);
        opened.wrap_err_with(|| format!("cannot write the report {}", path.display()))?;
    }
    let scenario = Arc::new(scenario);
    let bar = progress(&scenario, u64::from(effort.replications));
    let begun = Instant::now();
    let seen = observe(&scenario, effort, &|time| bar.inc(time.get()));
    let elapsed = begun.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let results = Results::new(&scenario, &seen, elapsed);
    if let Some(path) = &options.report {
        fs::write(path, report::html(&scenario, &results))
            .wrap_err_with(|| format!("cannot write the report {}", path.display()))?;
    }
    let text = if options.json {
        serde_json::to_string_pretty(&results)? + "\n"
    } else {
        tables::results(&scenario, &results)
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn grids(scenario: &Scenario, effort: Effort, options: &Options) -> color_eyre::Result<ExitCode> {
    let mut ranges = Vec::new();
    for range in &options.staff {
        ranges.push((department(scenario, &range.department)?, range));
    }
    let rows: u64 = ranges.iter().map(|(_, range)| u64::from(range.to - range.from) + 1).sum();
    let bar = progress(scenario, rows.saturating_mul(effort.replications.into()));
    let grids: Vec<Staffing> = (ranges.iter())
        .map(|(department, range)| {
            let agents = range.from..=range.to;
            staffing(scenario, *department, agents, effort, &|time| bar.inc(time.get()))
        })
        .collect();
    bar.finish_and_clear();
    let text = if options.json {
        serde_json::to_string_pretty(&serde_json::json!({ "staffing": grids }))? + "\n"
    } else {
        grids.iter().map(tables::staffing).collect::<Vec<_>>().join("\n")
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The department of a `--staff`, which must have agents to be varied.
fn department(scenario: &Scenario, id: &str) -> color_eyre::Result<DepartmentId> {
    let known: Vec<_> = scenario.centre.departments().map(|(_, it)| it.id.as_str()).collect();
    let department = scenario.centre.find_department(id).ok_or_else(|| {
        eyre!("--staff: there is no department {id:?}, there are {}", known.join(", "))
    })?;
    let has_agents =
        scenario.staff.iter().any(|row| row.department == department && row.agents > 0);
    has_agents.then_some(department).ok_or_else(|| {
        eyre!("--staff: the scenario has no agents in {id}, whose hours the others could share")
    })
}

/// A bar on a terminal, nothing elsewhere.
fn progress(scenario: &Scenario, times: u64) -> ProgressBar {
    let played = scenario.closes_at.since(scenario.opens_at);
    let all: Millis = Millis::new(played.get().saturating_mul(times));
    let bar = ProgressBar::new(all.get());
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn range(text: &str) -> Result<Range, String> {
    let parse = || {
        let (department, numbers) = text.split_once('=')?;
        let (from, to) = numbers.split_once("..").unwrap_or((numbers, numbers));
        let to = to.strip_prefix('=').unwrap_or(to);
        let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        let is_reasonable = from <= to && to <= 1_000_000 && to - from < 1_000;
        is_reasonable.then(|| Range { department: department.trim().to_owned(), from, to })
    };
    parse().ok_or_else(|| {
        "allowed is a department and numbers of agents, such as sales=18..26, at most 1000 of them"
            .to_owned()
    })
}
