//! The laboratory: what a study gives, against theory, files and itself.

mod counts;
mod examples;
mod faults;
mod lunch;
mod sameness;
mod samplers;
mod scaling;
#[path = "../../../programs/shared.rs"]
mod shared;
mod shifts;
mod shown;
mod talks;
mod theory;

use std::{path::Path, sync::Arc};

use monti_core::{AgentState, Timestamp};
use monti_sim::{
    Action, Fleet, Scenario,
    study::{Effort, Results, observe},
};

/// The results of a scenario, with its files in `folder`.
fn study(text: &str, folder: &Path, effort: Effort) -> Results {
    let scenario = Scenario::parse(text, folder).unwrap_or_else(|faults| panic!("{faults}"));
    let scenario = Arc::new(scenario);
    let seen = observe(&scenario, effort, &|_| {});
    Results::new(&scenario, &seen, 1.0)
}

/// Lets time pass in a fleet whose calls nobody takes: its agents are logged in as they come, and
/// `does` is told what else anybody does.
fn pass(fleet: &mut Fleet, from: Timestamp, until: Timestamp, mut does: impl FnMut(Action)) {
    let mut now = from;
    while now < until {
        while let Some(action) = fleet.poll_output() {
            match action {
                Action::Register(agent) => {
                    fleet.handle_registered(now, agent, AgentState::Available, None);
                }
                other => does(other),
            }
        }
        now = fleet.poll_timeout().unwrap_or(until);
        if now < until {
            fleet.handle_timeout(now);
        }
    }
}
