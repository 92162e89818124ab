//! Lunch, of agents who were not there from the beginning.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use monti_core::{Millis, SettableState, Timestamp};
use monti_sim::{Action, AgentNo, Deed, Dice, Fleet, Scenario};

use super::pass;

#[test]
fn agents_who_are_hired_later_have_lunch_too() {
    let (mut fleet, opens_at) = fleet("08:00", 1);
    fleet.handle_scale(opens_at, 3);
    let ate = lunches(&mut fleet, opens_at, 6);
    assert!(ate.into_keys().eq(fleet.agents()));
}

/// At the first moment of it everybody's is yet to come; halfway through half of them have eaten.
#[test]
fn who_comes_within_the_time_of_lunch_eats_unless_its_lunch_would_be_over() {
    for (start, expected) in [("11:30", 200..=200), ("12:30", 60..=140), ("13:31", 0..=0)] {
        let (mut fleet, opens_at) = fleet(start, 200);
        let ate = lunches(&mut fleet, opens_at, 8);
        assert!(expected.contains(&ate.len()), "{start}: {}", ate.len());
        assert!(ate.values().all(|lunches| *lunches == 1), "{start}");
        // The day after everybody does.
        let (mut fleet, opens_at) = self::fleet(start, 200);
        let ate = lunches(&mut fleet, opens_at, 30);
        assert_eq!(ate.len(), 200, "{start}");
    }
}

fn fleet(start: &str, agents: u32) -> (Fleet, Timestamp) {
    let text = format!(
        "start = 2026-01-29T{start}:00\nduration = \"48h\"\n\
         staff = [{{ department = \"sales\", agents = {agents} }}]\n\
         [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 0\n\
         [behaviour]\ntalk = {{ constant = \"1m\" }}\n\
         lunch = {{ from = \"11:30\", until = \"13:30\", time = {{ constant = \"30m\" }} }}\n"
    );
    let scenario = Scenario::parse(&text, Path::new("")).unwrap();
    let (opens_at, closes_at) = (scenario.opens_at, scenario.closes_at);
    (Fleet::new(Arc::new(scenario), Dice::new(1, 0), "", opens_at, closes_at), opens_at)
}

/// How often each agent that ate at all went to lunch within so many hours.
fn lunches(fleet: &mut Fleet, from: Timestamp, hours: u64) -> BTreeMap<AgentNo, u32> {
    let ends_at = from + Millis::from_secs(hours * 60 * 60);
    let mut ate = BTreeMap::new();
    pass(fleet, from, ends_at, |action| {
        if let Action::Act(agent, Deed::SetState(SettableState::Lunch)) = action {
            *ate.entry(agent).or_default() += 1;
        }
    });
    ate
}
