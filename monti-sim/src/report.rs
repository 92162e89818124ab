//! A study as a page: one HTML file that needs nothing else, neither scripts nor a network.

mod chart;

use std::fmt::Write as _;

use monti_core::Centre;

use self::chart::{Chart, Line};
use crate::{
    Scenario,
    statistics::as_f64,
    study::{Figures, QUARTERS, Quarter, Results, tables::shown},
};

/// The page of a study.
pub fn html(scenario: &Scenario, results: &Results) -> String {
    let name = escaped(scenario.centre.name());
    let calendar = scenario.calendar();
    let local = |moment| calendar.local(moment).strftime("%F %T");
    let (opens, closes) = (local(scenario.opens_at), local(scenario.closes_at));
    let mut page = String::new();
    let intro = format!(
        "From {opens} to {closes} in {zone}, played {count} times under seed {seed}. Calls that came \
         from {from} on are counted: {offered} in all. Every figure comes with half of its 95 % \
         interval.",
        zone = escaped(scenario.centre.time_zone()),
        count = results.replications,
        seed = scenario.seed,
        from = local(scenario.counts_from),
        offered = results.total.calls_offered,
    );
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta \
         name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{name}: a \
         study</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n<p>{intro}</p>\n"
    );
    tiles(&mut page, &results.total);
    page.push_str(
        "<h2>The day</h2>\n<p class=\"note\">By the quarter of an hour in which calls \
        arrived, all days and replications together.</p>\n",
    );
    charts(&mut page, scenario, results);
    page.push_str("<h2>The figures</h2>\n");
    table(&mut page, scenario, results);
    page.push_str("</body>\n</html>\n");
    page
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee6;--paper:#fff;--card:#f6f8fa;\
--c0:#2563a8;--c1:#c2571a;--c2:#2f7d4f;--c3:#8a4fa3;--c4:#9a7b12;--c5:#a8324a}\
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa5b4;--line:#353d49;--paper:#14181e;\
--card:#1c222b;--c0:#6aa9ec;--c1:#ee9257;--c2:#6cc08d;--c3:#c592dd;--c4:#d9bb54;--c5:#ee7f95}}\
body{margin:2rem auto;max-width:72rem;padding:0 1.5rem;background:var(--paper);color:var(--ink);\
font:16px/1.5 system-ui,sans-serif}\
h1{font-size:1.7rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .3rem}\
p{max-width:48rem;margin:.5rem 0}.note{color:var(--soft)}\
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.8rem;margin:1.4rem 0}\
.tile{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}\
.tile b{font-size:1.5rem;font-variant-numeric:tabular-nums}.tile span{color:var(--soft)}\
.tile .name{display:block}\
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(26rem,1fr));gap:1.2rem}\
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem}\
figcaption{font-weight:600}svg{width:100%;height:auto;display:block}\
svg text{fill:var(--soft);font:12px system-ui,sans-serif}.grid{stroke:var(--line)}\
.mark{stroke:var(--soft);stroke-dasharray:4 4}.curve{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}\
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;color:var(--soft);font-size:.9rem}\
.legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:.2rem;margin-right:.35rem}\
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}\
th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}th{white-space:normal;vertical-align:bottom}\
th:first-child,td:first-child{text-align:left}tr:last-child td{font-weight:600;border-bottom:0}";

fn tiles(page: &mut String, total: &Figures) {
    let names = [
        ("service level", "%"),
        ("average wait (ASA)", "s"),
        ("abandoned", "%"),
        ("had to wait", "%"),
        ("occupancy", "%"),
        ("handle time (AHT)", "s"),
    ];
    page.push_str("<div class=\"tiles\">\n");
    for ((name, unit), estimate) in names.into_iter().zip(total.estimates()) {
        let mean = estimate.mean.map_or("-".to_owned(), |mean| format!("{mean:.1} {unit}"));
        let half = estimate.half_width95.map_or(String::new(), |half| format!(" ± {half:.1}"));
        let _ = writeln!(
            page,
            "<div class=\"tile\"><b>{mean}</b><span>{half}</span><span class=\"name\">{name}</span></div>"
        );
    }
    page.push_str("</div>\n");
}

/// A figure of a quarter of an hour; `None` where there is none.
type OfQuarter = fn(&Quarter) -> Option<f64>;

fn charts(page: &mut String, scenario: &Scenario, results: &Results) {
    let service_level: OfQuarter =
        |it| share(100.0 * as_f64(it.calls.in_target), as_f64(it.calls.offered));
    let wait: OfQuarter = |it| share(it.calls.wait.as_secs_f64(), as_f64(it.calls.answered));
    let queue: OfQuarter = |it| share(it.queued.as_secs_f64(), it.time.as_secs_f64());
    let occupancy: OfQuarter =
        |it| share(100.0 * it.agents.busy.as_secs_f64(), it.agents.open.as_secs_f64());
    let offered: OfQuarter = |it| share(3_600.0 * as_f64(it.calls.offered), it.time.as_secs_f64());
    let target = common_target(&scenario.centre);
    page.push_str("<div class=\"charts\">\n");
    for (title, unit, figure, top, mark) in [
        ("Service level", "%", service_level, Some(100.0), target),
        ("Average wait of the answered", "s", wait, None, None),
        ("Calls waiting, on average", "", queue, None, None),
        ("Occupancy of the agents", "%", occupancy, Some(100.0), None),
        ("Calls offered in an hour", "", offered, None, None),
    ] {
        let lines = (scenario.centre.departments().zip(&results.quarters))
            .filter(|(_, day)| day.iter().any(|quarter| quarter.calls.offered > 0))
            .enumerate()
            .map(|(place, ((_, department), day))| Line {
                name: escaped(&department.name),
                colour: place % 6,
                values: day.iter().map(figure).collect(),
            });
        let lines: Vec<Line> = lines.collect();
        debug_assert!(lines.iter().all(|line| line.values.len() == QUARTERS));
        page.push_str(&Chart { title, unit, top, mark, lines }.svg());
    }
    page.push_str("</div>\n");
}

/// The service level that is aimed at, if it is the same for all queues.
fn common_target(centre: &Centre) -> Option<f64> {
    let mut targets = centre.queues().map(|(_, queue)| queue.target_percent);
    let first = targets.next()?;
    targets.all(|target| target == first).then_some(first)
}

fn table(page: &mut String, scenario: &Scenario, results: &Results) {
    page.push_str(
        "<div class=\"scroll\"><table>\n<tr><th></th><th>offered</th><th>answered</th>\
         <th>abandoned</th><th>service level, %</th><th>ASA, s</th><th>abandoned, %</th>\
         <th>waited, %</th><th>occupancy, %</th><th>AHT, s</th></tr>\n",
    );
    for (id, figures) in &results.queues {
        let queue = scenario.centre.find_queue(id).and_then(|vq| scenario.centre.queue(vq));
        let name = queue.map_or(id.as_str(), |queue| &queue.name);
        row(page, &format!("{} <span class=\"note\">{id}</span>", escaped(name)), figures);
    }
    if results.priorities.len() > 1 {
        for (priority, figures) in results.priorities.iter().rev() {
            row(page, &format!("priority {priority}"), figures);
        }
    }
    row(page, "total", &results.total);
    page.push_str("</table></div>\n");
}

fn row(page: &mut String, name: &str, figures: &Figures) {
    let _ = write!(
        page,
        "<tr><td>{name}</td><td>{}</td><td>{}</td><td>{}</td>",
        figures.calls_offered, figures.calls_answered, figures.calls_abandoned,
    );
    for estimate in figures.estimates() {
        let _ = write!(page, "<td>{}</td>", shown(estimate));
    }
    page.push_str("</tr>\n");
}

/// What a text is written as so that it is a text in HTML, whatever is in it.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        escaped
    })
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then_some(part / whole)
}
