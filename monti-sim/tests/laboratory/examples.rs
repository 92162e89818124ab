//! The example scenarios are played as they are.

use std::{fs, path::Path};

use monti_core::Centre;
use monti_sim::{
    Scenario,
    study::{Effort, Results, staffing, tables},
};

use super::study;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");

fn played(name: &str) -> Results {
    let text = fs::read_to_string(Path::new(FOLDER).join(name)).unwrap();
    study(&text, Path::new(FOLDER), Effort { replications: 3, threads: 2 })
}

#[test]
fn a_small_shop_loses_some_callers() {
    let results = played("shop.toml");
    let total = results.total;
    assert!((1_000..2_000).contains(&total.calls_offered), "{total:?}");
    assert_eq!(total.calls_offered, total.calls_answered + total.calls_abandoned);
    assert!(total.calls_abandoned > 0);
}

#[test]
fn the_default_centre_breathes() {
    let results = played("default-centre.toml");
    assert_eq!(results.queues.len(), 16);
    assert_eq!(results.priorities.len(), 3);
    let occupancy = results.total.occupancy_percent.mean.unwrap();
    assert!((80.0..95.0).contains(&occupancy), "{occupancy}");
}

#[test]
fn a_bank_serves_its_customers_of_priority_first() {
    let results = played("bank.toml");
    assert_eq!(results.queues.len(), 2);
    let wait = |at: usize| results.priorities[at].1.avg_wait_seconds.mean.unwrap();
    assert!(wait(1) < wait(0), "{} < {}", wait(1), wait(0));
}

#[test]
fn two_thousand_agents_take_28_calls_a_second() {
    let results = played("two-thousand.toml");
    let per_second = results.calls as f64 / results.simulated_seconds;
    assert!((27.5..28.5).contains(&per_second), "{per_second}");
    assert!(results.total.service_level_percent.mean.unwrap() > 95.0);
}

#[test]
fn the_example_of_the_handbook_can_be_copied_as_it_stands() {
    let handbook = fs::read_to_string(Path::new(FOLDER).join("../docs/scenarios.md")).unwrap();
    let (_, after) = handbook.split_once("```toml\n").unwrap();
    let (text, _) = after.split_once("```").unwrap();
    let results = study(text, Path::new(""), Effort { replications: 1, threads: 1 });
    assert!((2_000..2_900).contains(&results.total.calls_offered), "{:?}", results.total);
}

#[test]
fn every_example_is_played_by_a_test() {
    let names = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    let known =
        ["bank-centre.toml", "bank.toml", "default-centre.toml", "shop.toml", "two-thousand.toml"];
    assert_eq!(names, known);
}

#[test]
fn the_smallest_staffing_that_meets_the_target_is_found() {
    let text = "seed = 1\nstart = 2026-01-29T08:00:00\nduration = \"20h\"\nwarmup = \"2h\"\n\
        staff = [{ department = \"sales\", agents = 1 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 200\n\
        [behaviour]\ntalk = { exponential = { mean = \"180s\" } }\n";
    let scenario = Scenario::parse(text, Path::new("")).unwrap();
    let sales = Centre::default().find_department("sales").unwrap();
    let effort = Effort { replications: 10, threads: 2 };
    let found = staffing(&scenario, sales, 11..=16, effort, &|_| {});
    // Erlang C: 13 agents answer 79.6 % within 20 s, 14 answer 88.8 %.
    let formula: Vec<_> =
        found.rows.iter().map(|row| row.erlang_c.service_level_percent.unwrap().round()).collect();
    assert_eq!(found.rows.len(), 6);
    assert!((86.0..91.0).contains(&formula[3]), "{formula:?}");
    assert!(found.smallest == Some(13) || found.smallest == Some(14), "{:?}", found.smallest);
    assert!(found.rows.iter().all(|row| row.erlang_a.is_none()));
    let levels = found.rows.iter().map(|row| row.figures.service_level_percent.mean.unwrap());
    assert!(levels.is_sorted(), "the same calls come whoever answers them");
}

#[test]
fn where_nobody_calls_no_staffing_is_advised() {
    let text = "start = 2026-01-29T08:00:00\nduration = \"1h\"\n\
        staff = [{ department = \"sales\", agents = 1 }]\n\
        [[arrivals]]\nvq = \"support_billing\"\ncalls_per_hour = 200\n\
        [behaviour]\ntalk = { constant = \"1s\" }\n";
    let scenario = Scenario::parse(text, Path::new("")).unwrap();
    let sales = Centre::default().find_department("sales").unwrap();
    let found = staffing(&scenario, sales, 1..=3, Effort { replications: 1, threads: 1 }, &|_| {});
    assert_eq!(found.smallest, None);
    assert!(tables::staffing(&found).contains("No calls came"), "{}", tables::staffing(&found));
}

/// By luck fewer agents can meet it.
#[test]
fn that_only_the_most_agents_miss_the_target_is_not_told_as_if_all_did() {
    let text = "start = 2026-01-29T08:00:00\nduration = \"1h\"\n\
        staff = [{ department = \"sales\", agents = 1 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 200\n\
        [behaviour]\ntalk = { constant = \"1s\" }\n";
    let scenario = Scenario::parse(text, Path::new("")).unwrap();
    let sales = Centre::default().find_department("sales").unwrap();
    let effort = Effort { replications: 1, threads: 1 };
    let mut found = staffing(&scenario, sales, 1..=3, effort, &|_| {});
    assert_eq!(found.smallest, Some(1));
    (found.rows[2].meets_target, found.smallest) = (false, None);
    let told = tables::staffing(&found);
    assert_eq!(told.matches("meets the target\n").count(), 2, "{told}");
    let verdict = "Some of these meet the target, but the most agents tried do not";
    assert!(told.contains(verdict) && !told.contains("None of these"), "{told}");
    for row in &mut found.rows {
        row.meets_target = false;
    }
    let told = tables::staffing(&found);
    assert!(told.contains("None of these meets the target."), "{told}");
}

#[test]
fn a_centre_of_any_size_can_be_made_up() {
    let scenario = Scenario::lifelike(Centre::default(), 200, None);
    let agents: Vec<_> = scenario.staff.iter().map(|row| row.agents).collect();
    assert_eq!(agents, [60, 70, 40, 30]);
    let one = "[[departments]]\nid = \"d\"\nqueues = [{ id = \"q\" }]\n";
    let centre = Centre::from_toml(one, |_| true).unwrap();
    let scenario = Scenario::lifelike(centre, 7, Some(3.0));
    assert_eq!((scenario.agents(), scenario.behaviour.len()), (7, 1));
}
