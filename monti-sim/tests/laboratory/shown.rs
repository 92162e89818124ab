//! What is shown of a study: its tables, and its page.

use std::path::Path;

use monti_sim::{
    Estimate, Scenario, report,
    study::{Effort, staffing, tables},
};

use super::study;

/// All calls come within one quarter of an hour.
const QUARTER: &str = "start = 2026-01-29T10:00:00\nduration = \"15m\"\n\
    staff = [{ department = \"sales\", agents = 9 }]\n\
    [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 120\n\
    [behaviour]\ntalk = { constant = \"61s\" }\n";

const EFFORT: Effort = Effort { replications: 2, threads: 1 };

#[test]
fn a_service_level_that_missed_its_target_is_not_shown_as_reached() {
    let scenario = Scenario::parse(QUARTER, Path::new("")).unwrap();
    let missed = Estimate { mean: Some(79.96), half_width95: Some(0.4) };

    let mut results = study(QUARTER, Path::new(""), EFFORT);
    results.total.service_level_percent = missed;
    results.queues[0].1.service_level_percent = missed;
    let table = tables::results(&scenario, &results);
    assert_eq!(table.matches("   79.9 ± 0.4   ").count(), 2, "{table}");
    let page = report::html(&scenario, &results);
    assert!(page.contains("<b>79.9 %</b><span> ± 0.4</span>"), "{page}");
    assert_eq!(page.matches("<td>79.9 ± 0.4</td>").count(), 2, "{page}");

    let sales = scenario.staff[0].department;
    let mut found = staffing(&scenario, sales, [9], EFFORT, &|_| {});
    found.rows[0].figures.service_level_percent = missed;
    found.rows[0].erlang_c.service_level_percent = missed.mean;
    let told = tables::staffing(&found);
    assert_eq!((told.matches("79.9").count(), told.matches("80.0").count()), (2, 0), "{told}");
}

#[test]
fn a_quarter_of_an_hour_between_two_without_calls_is_drawn() {
    let scenario = Scenario::parse(QUARTER, Path::new("")).unwrap();
    let page = report::html(&scenario, &study(QUARTER, Path::new(""), EFFORT));
    // A line of no length is painted if its ends are round.
    let style = page.split_once(".curve{").unwrap().1.split('}').next().unwrap();
    assert!(style.contains("stroke-linecap:round"), "{style}");
    let curves = page.lines().filter(|line| line.starts_with("<path class=\"curve\""));
    let paths: Vec<_> = curves.map(|it| it.split(" d=\"").nth(1).unwrap()).collect();
    assert_eq!(paths.len(), 5);
    for path in paths {
        let path = path.split('"').next().unwrap();
        assert!(path.starts_with('M') && path.ends_with("h0"), "{path}");
    }
}
