//! What studies take of memory. Alone in its process, one after the other: the allocator counts all
//! of it.

use std::{
    alloc::System,
    path::Path,
    sync::{Arc, Mutex},
};

use cap::Cap;
use monti_sim::{
    Scenario,
    study::{Effort, observe},
};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, 4 << 30);

/// Held by the test that counts.
static TURN: Mutex<()> = Mutex::new(());

#[test]
fn a_million_agents_in_each_of_two_threads_do_not_exhaust_4_gib() {
    let _turn = TURN.lock();
    let text = "start = 2026-01-29T08:00:00\nduration = \"1m\"\n\
        staff = [{ department = \"sales\", agents = 500000 },\n\
        { department = \"support\", agents = 500000 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 1000000\n\
        [behaviour]\ntalk = { exponential = { mean = \"240s\" } }\n";
    let scenario = Scenario::parse(text, Path::new("")).unwrap();
    let effort = Effort { replications: 2, threads: 2 };
    let seen = observe(&Arc::new(scenario), effort, &|_| {});
    assert!(seen.replications.iter().all(|one| one.calls > 10_000));
    let peak = ALLOCATOR.max_allocated();
    assert!(peak < 4 << 30, "{peak} bytes");
    println!("at most {} MiB at once", peak >> 20);
}

/// Of a hundred thousand replications the quarters of an hour alone would be 3.4 GB.
#[test]
fn a_study_keeps_a_few_kilobytes_of_each_replication() {
    let _turn = TURN.lock();
    let text = "start = 2026-01-29T08:00:00\nduration = \"1m\"\n\
        staff = [{ department = \"sales\", agents = 1 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 60\n\
        [behaviour]\ntalk = { constant = \"1s\" }\n";
    let scenario = Arc::new(Scenario::parse(text, Path::new("")).unwrap());
    let before = ALLOCATOR.allocated();
    let seen = observe(&scenario, Effort { replications: 1_000, threads: 2 }, &|_| {});
    let kept = (ALLOCATOR.allocated() - before) / seen.replications.len();
    assert!(kept < 8 << 10, "{kept} bytes");
    let in_quarters = seen.quarters.iter().flatten().map(|quarter| quarter.calls.offered);
    let offered = seen.replications.iter().map(|one| one.queues[0].offered);
    assert_eq!(in_quarters.sum::<u64>(), offered.sum::<u64>());
}
