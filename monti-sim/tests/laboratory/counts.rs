//! Calls that were counted: as many are played.

use std::{fs, path::Path, sync::Arc};

use monti_core::{
    Millis,
    wire::{Amount, CallsConfigUpdate},
};
use monti_sim::{Dice, Fleet, Scenario};

#[test]
fn a_change_of_other_calls_leaves_the_counted_ones_as_many_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("calls.csv"), "Calls\n10000\n").unwrap();
    let text = "start = 2026-01-29T08:00:00\nduration = \"2h\"\n\
        staff = [{ department = \"sales\", agents = 0 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\n\
        counts = { file = \"calls.csv\", column = \"Calls\", interval = \"1h\" }\n\
        [behaviour]\ntalk = { constant = \"1s\" }\n";
    let scenario = Scenario::parse(text, Path::new(folder.path())).unwrap();
    let (opens_at, closes_at) = (scenario.opens_at, scenario.closes_at);
    let mut fleet = Fleet::new(Arc::new(scenario), Dice::new(1, 0), "", opens_at, closes_at);
    let half_past = opens_at + Millis::from_secs(30 * 60);
    fleet.handle_timeout(half_past);
    let made = fleet.caller_counts().made;
    assert!((4_500..5_500).contains(&made), "{made}");
    let peak_hour_factor = Some(Amount::try_from(3.0).unwrap());
    let update = CallsConfigUpdate { peak_hour_factor, ..CallsConfigUpdate::default() };
    fleet.configure_calls(half_past, &update).unwrap();
    fleet.handle_timeout(closes_at);
    assert_eq!(fleet.caller_counts().made, 10_000);
}
