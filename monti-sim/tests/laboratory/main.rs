//! The laboratory: what a study gives, against theory, files and itself.

mod counts;
mod examples;
mod faults;
mod lunch;
mod sameness;
mod samplers;
#[path = "../../../programs/shared.rs"]
mod shared;
mod shifts;
mod talks;
mod theory;

use std::{path::Path, sync::Arc};

use monti_sim::{
    Scenario,
    study::{Effort, Results, observe},
};

/// The results of a scenario, with its files in `folder`.
fn study(text: &str, folder: &Path, effort: Effort) -> Results {
    let scenario = Scenario::parse(text, folder).unwrap_or_else(|faults| panic!("{faults}"));
    let scenario = Arc::new(scenario);
    let seen = observe(&scenario, effort, &|_| {});
    Results::new(&scenario, &seen, 1.0)
}
