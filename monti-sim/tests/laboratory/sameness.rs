//! The same seed gives the same study, to the byte.

use std::path::Path;

use monti_sim::{Scenario, report, study::Effort};

use super::study;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");

fn json(text: &str, threads: u32) -> String {
    let results = study(text, Path::new(EXAMPLES), Effort { replications: 6, threads });
    serde_json::to_string_pretty(&results).unwrap()
}

fn example(name: &str) -> String {
    std::fs::read_to_string(Path::new(EXAMPLES).join(name)).unwrap()
}

#[test]
fn threads_do_not_show() {
    for name in ["shop.toml", "default-centre.toml", "bank.toml"] {
        let text = example(name);
        let alone = json(&text, 1);
        assert_eq!(alone, json(&text, 2), "{name}");
        assert_eq!(alone, json(&text, 5), "{name}");
    }
}

#[test]
fn another_seed_is_another_study() {
    let text = example("shop.toml");
    assert_ne!(json(&text, 2), json(&text.replacen("seed = 7", "seed = 8", 1), 2));
}

#[test]
fn a_report_is_one_file_that_needs_nothing_else() {
    let text = example("bank.toml").replace("The bank", "<The> bank & \"Co\"");
    let scenario = Scenario::parse(&text, Path::new(EXAMPLES)).unwrap();
    let results = study(&text, Path::new(EXAMPLES), Effort { replications: 3, threads: 2 });
    let page = report::html(&scenario, &results);
    assert_eq!(page.matches("<svg").count(), 5);
    assert!(page.contains("Banking") && page.contains("bank_stocks"));
    for foreign in ["http://", "https://", "<script", "<link", "<img", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(!page.contains("NaN") && !page.contains("inf"));
    let again = study(&text, Path::new(EXAMPLES), Effort { replications: 3, threads: 1 });
    assert_eq!(page, report::html(&scenario, &again));
}
