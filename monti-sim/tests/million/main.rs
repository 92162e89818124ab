//! A million agents have room in 4 GiB. Alone in its process: the allocator counts all of it.

use std::{alloc::System, path::Path, sync::Arc};

use cap::Cap;
use monti_sim::{
    Scenario,
    study::{Effort, observe},
};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, 4 << 30);

#[test]
fn a_million_agents_in_each_of_two_threads_do_not_exhaust_4_gib() {
    let text = "start = 2026-01-29T08:00:00\nduration = \"1m\"\n\
        staff = [{ department = \"sales\", agents = 500000 },\n\
        { department = \"support\", agents = 500000 }]\n\
        [[arrivals]]\nvq = \"sales_general\"\ncalls_per_hour = 1000000\n\
        [behaviour]\ntalk = { exponential = { mean = \"240s\" } }\n";
    let scenario = Scenario::parse(text, Path::new("")).unwrap();
    let effort = Effort { replications: 2, threads: 2 };
    let seen = observe(&Arc::new(scenario), effort, &|_| {});
    assert!(seen.iter().all(|one| one.calls > 10_000));
    let peak = ALLOCATOR.max_allocated();
    assert!(peak < 4 << 30, "{peak} bytes");
    println!("at most {} MiB at once", peak >> 20);
}
