//! Agents who come while calls wait for them.

use std::path::Path;

use monti_sim::study::Effort;

use crate::study;

/// Callers from eight on, agents from nine on: the first call of each waits for it already, and is
/// assigned before the agent has heard that it is logged in.
#[test]
fn who_comes_while_calls_wait_works_after_its_first_call_as_after_every_other() {
    for answer in ["0s", "5s"] {
        let text = format!(
            "start = 2026-01-29T08:00:00\nduration = \"3h\"\n\
             staff = [{{ department = \"sales\", agents = 10, from = \"09:00\", until = \"17:00\" }}]\n\
             [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 60\n\
             [behaviour]\nanswer = {{ constant = \"{answer}\" }}\npatience = \"endless\"\n\
             talk = {{ constant = \"2m\" }}\nafter_call = {{ constant = \"1m\" }}\n"
        );
        let results = study(&text, Path::new(""), Effort { replications: 2, threads: 1 });
        let handle = results.total.avg_handle_seconds.mean;
        assert_eq!(handle, Some(180.0), "answering takes {answer}");
    }
}
