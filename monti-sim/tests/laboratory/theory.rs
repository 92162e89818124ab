//! Against queueing theory: simulated figures beside exact ones.
//!
//! `MONTI_THEORY=full` plays ten times as long and five times as often.

use std::{env, fmt::Write as _, fs, io};

use monti_sim::{
    Estimate,
    erlang::{Load, forecast},
    study::{Effort, Figures, Results},
};
use serde::Deserialize;

use super::{shared::shared, study};

/// A row of the reference: exact values of a queue.
#[derive(Deserialize)]
struct Row {
    scenario: String,
    lambda_per_h: f64,
    handle_s: f64,
    servers: u32,
    #[serde(default)]
    patience_s: Option<f64>,
    p_wait: f64,
    asa: f64,
    #[serde(default)]
    sl20: Option<f64>,
    #[serde(default)]
    abandon: Option<f64>,
    util: f64,
    /// Class 1 first, which goes before class 2.
    #[serde(default)]
    classes: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    cls: u8,
    lambda_per_h: f64,
    p_wait: f64,
    asa: f64,
    sl20: f64,
}

#[test]
fn every_row_of_the_reference_is_met() {
    let Some(reference) = reference() else { return };
    for row in reference {
        let mut arrivals = String::new();
        if row.classes.is_empty() {
            arrivals = stream(row.lambda_per_h, 0);
        }
        for class in &row.classes {
            arrivals += &stream(class.lambda_per_h, 9 - class.cls);
        }
        let results = simulate(row.servers, row.handle_s, row.patience_s, &arrivals);
        let total = &results.total;
        let name = &row.scenario;
        is_met(name, "waited", total.waited_percent, 100.0 * row.p_wait);
        is_met(name, "ASA", total.avg_wait_seconds, row.asa);
        is_met(name, "occupancy", total.occupancy_percent, 100.0 * row.util);
        is_met(name, "handle time", total.avg_handle_seconds, row.handle_s);
        if let Some(level) = row.sl20 {
            is_met(name, "service level", total.service_level_percent, 100.0 * level);
        }
        if let Some(abandoned) = row.abandon {
            is_met(name, "abandoned", total.abandoned_percent, 100.0 * abandoned);
        }
        for class in &row.classes {
            let figures = of_priority(&results, 9 - class.cls);
            let name = format!("{name}, class {}", class.cls);
            is_met(&name, "waited", figures.waited_percent, 100.0 * class.p_wait);
            is_met(&name, "ASA", figures.avg_wait_seconds, class.asa);
            is_met(&name, "service level", figures.service_level_percent, 100.0 * class.sl20);
        }
    }
}

#[test]
fn queues_that_are_in_no_reference_are_met_too() {
    for (agents, per_hour, handle_secs, patience_secs) in [
        (1, 12.0, 200.0, None),
        (3, 50.0, 180.0, None),
        (50, 900.0, 185.0, None),
        (2, 40.0, 300.0, Some(90.0)),
        (30, 700.0, 160.0, Some(60.0)),
        (200, 3_000.0, 240.0, Some(500.0)),
    ] {
        let load =
            Load { arrivals_per_sec: per_hour / 3_600.0, handle_secs, agents, patience_secs };
        let known = forecast(load, 20.0);
        let results = simulate(agents, handle_secs, patience_secs, &stream(per_hour, 0));
        let name = format!("{agents} agents, {per_hour} calls an hour, patience {patience_secs:?}");
        let total = &results.total;
        is_met(&name, "waited", total.waited_percent, known.waited_percent.unwrap());
        is_met(&name, "ASA", total.avg_wait_seconds, known.avg_wait_seconds.unwrap());
        is_met(
            &name,
            "service level",
            total.service_level_percent,
            known.service_level_percent.unwrap(),
        );
        is_met(&name, "abandoned", total.abandoned_percent, known.abandoned_percent.unwrap());
        is_met(&name, "occupancy", total.occupancy_percent, known.occupancy_percent.unwrap());
    }
}

#[test]
fn priorities_wait_as_cobham_says() {
    // Non-preemptive priorities with equal handle times: W of a class is C / (c μ) over
    // (1 - load of those before it) (1 - load of those and itself). Cobham, Operations Research 2
    // (1954).
    let (agents, handle_secs, rates) = (8_u32, 120.0, [60.0, 90.0, 60.0]);
    let whole: f64 = rates.iter().sum();
    let load = Load { arrivals_per_sec: whole / 3_600.0, handle_secs, agents, patience_secs: None };
    let waited = forecast(load, 20.0).waited_percent.unwrap() / 100.0;
    let arrivals: String = (1..).zip(rates).map(|(level, rate)| stream(rate, 9 - level)).collect();
    let results = simulate(agents, handle_secs, None, &arrivals);
    let mut before = 0.0;
    for (level, rate) in (1..).zip(rates) {
        let after = before + rate / 3_600.0 * handle_secs / f64::from(agents);
        let wait = waited * handle_secs / f64::from(agents) / (1.0 - before) / (1.0 - after);
        let figures = of_priority(&results, 9 - level);
        is_met("three classes", "ASA", figures.avg_wait_seconds, wait);
        before = after;
    }
}

#[test]
fn the_formulas_give_the_reference() {
    let Some(reference) = reference() else { return };
    for row in reference.iter().filter(|row| row.classes.is_empty()) {
        let load = Load {
            arrivals_per_sec: row.lambda_per_h / 3_600.0,
            handle_secs: row.handle_s,
            agents: row.servers,
            patience_secs: row.patience_s,
        };
        let known = forecast(load, 20.0);
        for (value, exact) in [
            (known.waited_percent.unwrap(), 100.0 * row.p_wait),
            (known.avg_wait_seconds.unwrap(), row.asa),
            (known.service_level_percent.unwrap(), 100.0 * row.sl20.unwrap()),
            (known.abandoned_percent.unwrap(), 100.0 * row.abandon.unwrap()),
            (known.occupancy_percent.unwrap(), 100.0 * row.util),
        ] {
            assert!((value - exact).abs() < 2e-4, "{}: {value}, exact is {exact}", row.scenario);
        }
    }
}

/// A stream of calls of a priority.
fn stream(per_hour: f64, priority: u8) -> String {
    format!(
        "[[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = {per_hour:?}\npriority = {priority}\n"
    )
}

fn simulate(agents: u32, handle_secs: f64, patience_secs: Option<f64>, arrivals: &str) -> Results {
    let is_full = env::var("MONTI_THEORY").is_ok_and(|value| value == "full");
    let (hours, replications) = if is_full { (510, 100) } else { (60, 20) };
    let mut text = format!(
        "seed = 20260129\nstart = 2026-01-29T00:00:00\nduration = \"{hours}h\"\nwarmup = \"10h\"\n\
         staff = [{{ department = \"sales\", agents = {agents} }}]\n{arrivals}[behaviour]\n\
         talk = {{ exponential = {{ mean = \"{handle_secs}s\" }} }}\n"
    );
    if let Some(patience) = patience_secs {
        let _ = writeln!(text, "patience = {{ exponential = {{ mean = \"{patience}s\" }} }}");
    }
    study(&text, "".as_ref(), Effort { replications, threads: 2 })
}

fn of_priority(results: &Results, priority: u8) -> &Figures {
    let found = results.priorities.iter().find(|(level, _)| *level == priority);
    &found.unwrap_or_else(|| panic!("there are calls of priority {priority}")).1
}

/// An exact value is within the estimate's interval, widened to four standard errors.
#[track_caller]
fn is_met(name: &str, what: &str, estimate: Estimate, exact: f64) {
    let (mean, half) = (estimate.mean.unwrap(), estimate.half_width95.unwrap());
    // Student's t at 95 % is 2.093 with 19 degrees of freedom, and less with more.
    let four_errors = half * 4.0 / 2.093;
    // What never varies, such as nobody giving up, has no interval.
    let margin = four_errors.max(1e-9);
    assert!((mean - exact).abs() <= margin, "{name}: {what} is {mean} ± {half}, exact is {exact}");
}

/// What is known of each queue, where the shared data is.
fn reference() -> Option<Vec<Row>> {
    let file = shared("reference/erlang.json", &mut io::stdout())?;
    Some(serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap())
}
