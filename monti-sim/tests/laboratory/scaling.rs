//! Fewer agents, and more, than a scenario has.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use monti_core::{Millis, Timestamp};
use monti_sim::{Dice, Fleet, Scenario};

use super::pass;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");

/// The shop has five agents from eight to two, and four from twelve to six.
#[test]
fn each_shift_has_its_part_of_fewer_agents_and_of_more() {
    for (agents, expected) in [(9, [5, 9, 4, 0]), (5, [3, 5, 2, 0]), (18, [10, 18, 8, 0])] {
        let scenario = Scenario::read(&Path::new(EXAMPLES).join("shop.toml")).unwrap();
        let (mut fleet, opens_at) = fleet(scenario);
        fleet.handle_scale(opens_at, agents);
        let mut now = opens_at;
        let at_work = [10, 13, 16, 20].map(|hour| {
            let then = opens_at + Millis::from_secs((hour - 8) * 60 * 60);
            pass(&mut fleet, now, then, |_| {});
            now = then;
            fleet.connected_agents()
        });
        assert_eq!(at_work, expected, "of {agents}");
        assert_eq!(fleet.active_agents(), agents);
    }
}

/// Ten of the bank's 115 agents serve stocks alone.
#[test]
fn who_is_hired_later_serves_the_queues_of_those_who_were_there() {
    let scenario = Scenario::read(&Path::new(EXAMPLES).join("bank.toml")).unwrap();
    let (mut fleet, opens_at) = fleet(scenario);
    fleet.handle_scale(opens_at, 230);
    let registrations: Vec<_> = fleet.agents().map(|agent| fleet.registration(agent)).collect();
    let for_stocks = registrations.iter().filter(|it| it.queues.is_some());
    assert_eq!((registrations.len(), for_stocks.count()), (230, 20));
    let logins: BTreeSet<_> = registrations.iter().map(|it| it.login.as_str()).collect();
    assert_eq!(logins.len(), 230);
}

#[test]
fn where_nobody_worked_all_departments_get_as_many() {
    let text = "start = 2026-01-29T08:00:00\nduration = \"1h\"\n\
        staff = [{ department = \"sales\", agents = 0 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 0\n\
        [behaviour]\ntalk = { constant = \"1m\" }\n";
    let (mut fleet, opens_at) = fleet(Scenario::parse(text, Path::new("")).unwrap());
    fleet.handle_scale(opens_at, 8);
    let departments: Vec<_> =
        fleet.agents().map(|agent| fleet.registration(agent).department.0).collect();
    assert_eq!(departments, [0, 0, 1, 1, 2, 2, 3, 3]);
}

/// A fleet that plays for a day, whatever the scenario says.
fn fleet(scenario: Scenario) -> (Fleet, Timestamp) {
    let opens_at = scenario.opens_at;
    let closes_at = opens_at + Millis::from_secs(24 * 60 * 60);
    (Fleet::new(Arc::new(scenario), Dice::new(1, 0), "", opens_at, closes_at), opens_at)
}
