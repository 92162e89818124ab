//! Lunch, of agents who were not there from the beginning.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use monti_core::{AgentState, Millis, SettableState};
use monti_sim::{Action, Deed, Dice, Fleet, Scenario};

#[test]
fn agents_who_are_hired_later_have_lunch_too() {
    let text = "start = 2026-01-29T08:00:00\nduration = \"10h\"\n\
        staff = [{ department = \"sales\", agents = 1 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 0\n\
        [behaviour]\ntalk = { constant = \"1m\" }\n\
        lunch = { from = \"11:30\", until = \"13:30\", time = { constant = \"30m\" } }\n";
    let scenario = Scenario::parse(text, Path::new("")).unwrap();
    let (mut now, closes_at) = (scenario.opens_at, scenario.closes_at);
    let ends_at = now + Millis::from_secs(6 * 60 * 60);
    let mut fleet = Fleet::new(Arc::new(scenario), Dice::new(1, 0), "", now, closes_at);
    fleet.handle_scale(now, 3);
    let mut ate = BTreeSet::new();
    while now < ends_at {
        while let Some(action) = fleet.poll_output() {
            match action {
                Action::Register(agent) => {
                    fleet.handle_registered(now, agent, AgentState::Available, None);
                }
                Action::Act(agent, Deed::SetState(SettableState::Lunch)) => {
                    ate.insert(agent);
                }
                _ => {}
            }
        }
        now = fleet.poll_timeout().unwrap_or(ends_at);
        fleet.handle_timeout(now);
    }
    assert!(ate.into_iter().eq(fleet.agents()));
}
