//! Calls that were counted: as many are played.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use monti_core::{
    Centre, Millis, Timestamp, VqId,
    wire::{CallsConfigUpdate, parse_body},
};
use monti_sim::{Action, Dice, Fleet, Scenario};

/// A stream of 10,000 counted calls in an hour, and one of 6,000 an hour from half past eight on.
const TEXT: &str = "start = 2026-01-29T08:00:00\nduration = \"2h\"\n\
    staff = [{ department = \"sales\", agents = 0 }]\n\
    [[arrivals]]\nvq = \"sales_general\"\n\
    counts = { file = \"calls.csv\", column = \"Calls\", interval = \"1h\" }\n\
    [[arrivals]]\nvq = \"support_billing\"\nprofile = [[\"08:30\", 6000], [\"09:00\", 0]]\n\
    [behaviour]\ntalk = { constant = \"1s\" }\n";

const HALF_PAST: Millis = Millis::from_secs(30 * 60);

fn fleet() -> (Fleet, Timestamp, Timestamp) {
    fleet_of(TEXT)
}

/// The fleet of a scenario, and when its calls begin and end.
fn fleet_of(text: &str) -> (Fleet, Timestamp, Timestamp) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("calls.csv"), "Calls\n10000\n").unwrap();
    let scenario = Scenario::parse(text, Path::new(folder.path())).unwrap();
    let (opens_at, closes_at) = (scenario.opens_at, scenario.closes_at);
    let fleet = Fleet::new(Arc::new(scenario), Dice::new(1, 0), "", opens_at, closes_at);
    (fleet, opens_at, closes_at)
}

/// Lets calls come up to a moment, and says how many came for each queue with which priority.
fn calls(fleet: &mut Fleet, until: Timestamp) -> BTreeMap<(VqId, u8), u32> {
    let mut calls = BTreeMap::new();
    fleet.handle_timeout(until);
    while let Some(action) = fleet.poll_output() {
        if let Action::Call { vq, priority, .. } = action {
            *calls.entry((vq, priority.get())).or_default() += 1;
        }
    }
    calls
}

/// As the control port reads it.
fn configure(fleet: &mut Fleet, now: Timestamp, body: &str) {
    let update: CallsConfigUpdate = parse_body(body).unwrap();
    fleet.configure_calls(now, &update).unwrap();
}

#[test]
fn a_change_that_gives_no_rate_leaves_the_calls_as_many_as_they_are() {
    for body in [
        r#"{"peakHourFactor":3}"#,
        r#"{"departments":{"sales":{},"support":{}}}"#,
        r#"{"departments":{"sales":{"callsPerMinute":null},"support":{"vqWeights":null}}}"#,
        r#"{"departments":{"sales":{"vqWeights":{"sales_upsell":1}},"support":{"priorityWeights":{"7":2}}}}"#,
    ] {
        let (mut fleet, opens_at, closes_at) = fleet();
        let before = calls(&mut fleet, opens_at + HALF_PAST);
        let counted: u32 = before.values().sum();
        assert!((4_500..5_500).contains(&counted) && before.len() == 1, "{before:?}");
        configure(&mut fleet, opens_at + HALF_PAST, body);
        let after = calls(&mut fleet, closes_at);
        let is_shared_anew = body.contains("sales_upsell");
        let of = |id: &str, priority| {
            let vq = Centre::default().find_queue(id).unwrap();
            after.get(&(vq, priority)).copied().unwrap_or_default()
        };
        let (sales, support) = if is_shared_anew {
            (of("sales_upsell", 0), of("support_billing", 7))
        } else {
            (of("sales_general", 0), of("support_billing", 0))
        };
        assert_eq!(counted + sales, 10_000, "{body}: {after:?}");
        // As many as 3,000 in half an hour, give or take five standard deviations.
        assert!((2_726..3_274).contains(&support), "{body}: {after:?}");
        assert_eq!(after.len(), 2, "{body}: {after:?}");
    }
}

/// What was shared otherwise stays shared so, and what was not is shared as the streams were.
#[test]
fn a_rate_that_is_given_takes_the_place_of_a_departments_calls() {
    let (mut fleet, opens_at, closes_at) = fleet();
    configure(&mut fleet, opens_at, r#"{"departments":{"sales":{"priorityWeights":{"4":1}}}}"#);
    configure(&mut fleet, opens_at, r#"{"departments":{"sales":{"callsPerMinute":10}}}"#);
    let config = fleet.calls_config(opens_at);
    let sales = &config.departments["sales"];
    assert_eq!(sales.calls_per_minute.get(), 10.0);
    assert_eq!(sales.priority_weights.keys().map(|it| it.get()).collect::<Vec<_>>(), [4]);
    let calls = calls(&mut fleet, closes_at);
    let sales = Centre::default().find_queue("sales_general").unwrap();
    // 1,200 in two hours.
    assert!((1_027..1_373).contains(&calls[&(sales, 4)]), "{calls:?}");
    assert_eq!(calls.len(), 2, "{calls:?}");
}

/// Two streams of one department, and none of any other.
const TWO_STREAMS: &str = "start = 2026-01-29T08:00:00\nduration = \"2h\"\n\
    staff = [{ department = \"sales\", agents = 0 }]\n\
    [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 100\npriority = 7\n\
    [[arrivals]]\nvq = \"sales_upsell\"\ncalls_per_hour = 10\n\
    [behaviour]\ntalk = { constant = \"1s\" }\n";

/// A rate of 0 says nothing of how calls are shared.
#[test]
fn calls_that_ceased_come_again_shared_as_they_were() {
    let (mut fleet, opens_at, closes_at) = fleet_of(TWO_STREAMS);
    let shares = |fleet: &Fleet| {
        let config = fleet.calls_config(opens_at);
        let sales = &config.departments["sales"];
        let vqs = ["sales_general", "sales_upsell"].map(|id| sales.vq_weights[id].get());
        let priorities = sales.priority_weights.iter().map(|(it, weight)| (it.get(), weight.get()));
        let priorities: BTreeMap<u8, f64> = priorities.collect();
        (vqs[0] / vqs[1], priorities[&7] / priorities[&0])
    };
    let assert_shared = |fleet: &Fleet, when: &str| {
        let (vqs, priorities) = shares(fleet);
        assert!(
            (vqs - 10.0).abs() < 1e-9 && (priorities - 10.0).abs() < 1e-9,
            "{when}: {vqs} {priorities}"
        );
    };
    assert_shared(&fleet, "before");
    configure(&mut fleet, opens_at, r#"{"departments":{"sales":{"callsPerMinute":0}}}"#);
    assert_shared(&fleet, "meanwhile");
    configure(&mut fleet, opens_at, r#"{"departments":{"sales":{"callsPerMinute":110}}}"#);
    assert_shared(&fleet, "after");
    let calls = calls(&mut fleet, closes_at);
    let upsell = Centre::default().find_queue("sales_upsell").unwrap();
    let upsells = calls.iter().filter(|((vq, _), _)| *vq == upsell).map(|(_, count)| count);
    // 1,200 of 13,200 in two hours, give or take five standard deviations.
    assert!((1_027..1_373).contains(&upsells.sum::<u32>()), "{calls:?}");
}

#[test]
fn who_is_not_called_is_called_at_a_rate_of_just_0() {
    let (fleet, opens_at, _) = fleet_of(TWO_STREAMS);
    for (name, department) in fleet.calls_config(opens_at).departments {
        let rate = department.calls_per_minute.get();
        assert!(rate.is_sign_positive(), "{name}: {rate:?}");
    }
}
