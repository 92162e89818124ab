//! How long a start takes with much behind it. Reported, not asserted: it depends on the machine.

use std::time::Instant;

use monti_server::{centre_file::CentreFile, recovery::recover, store::Store};
use serde_json::json;

use crate::floor::{Floor, OPTIONS, act, incoming, register, says};

/// 10,000 calls that wait and 10,000 that are answered. `MONTI_DAY_CALLS` further calls are over;
/// a day of 150 a minute has 216,000.
#[test]
fn a_start_with_twenty_thousand_calls() {
    let over = std::env::var("MONTI_DAY_CALLS");
    let over: usize = over.map_or(2_000, |it| it.parse().expect("MONTI_DAY_CALLS is a number"));
    let mut floor = Floor::new();
    let link = floor.link_of(monti_server::inbox::Role::Simulator, None, 100_000);
    let agents: Vec<_> = (0..10_000).map(|n| format!("sim-{n:05}")).collect();
    for group in agents.chunks(500) {
        floor.turn(group.iter().map(|login| says(&link, register(login))).collect::<Vec<_>>());
    }
    let mut link = link;
    link.heard();
    for number in 0..over {
        floor.say(&link, incoming(&format!("over-{number}")));
        finish(&mut floor, &mut link);
    }
    for group in (0..20_000).collect::<Vec<_>>().chunks(500) {
        let calls = group.iter().map(|number| says(&link, incoming(&format!("live-{number}"))));
        let calls: Vec<_> = calls.collect();
        floor.turn(calls);
        let accepts: Vec<_> = assigned(&mut link)
            .map(|(login, call)| says(&link, act("call_accept", &login, call)))
            .collect();
        floor.turn(accepts);
    }
    let engine = floor.driver.engine();
    assert_eq!(engine.calls().count(), 20_000);

    let started = Instant::now();
    let snapshot = engine.snapshot();
    let copied = started.elapsed();
    let bytes = postcard::to_stdvec(&snapshot).unwrap().len();
    println!(
        "a snapshot: copied in {copied:?}, encoded in {:?}, {bytes} bytes",
        started.elapsed() - copied
    );

    let disk = floor.disk_now();
    let started = Instant::now();
    let mut store = Store::open(disk.path(), OPTIONS).unwrap();
    let recovered = recover(&mut store, &CentreFile::default(), floor.clock.now()).unwrap();
    println!("a start: {} entries replayed in {:?}", recovered.journal_depth, started.elapsed());
    assert_eq!(recovered.engine.calls().count(), 20_000);
    let started = Instant::now();
    let (folder, machine) = (floor.folder, floor.machine);
    floor.driver.shut_down().unwrap();
    println!("an orderly stop: {:?}", started.elapsed());
    let started = Instant::now();
    let floor = Floor::open(folder, &CentreFile::default(), machine).unwrap();
    println!("a start from a snapshot: {:?}", started.elapsed());
    assert_eq!(floor.driver.engine().calls().count(), 20_000);
}

/// The call that was assigned is answered and done.
fn finish(floor: &mut Floor, link: &mut crate::floor::Link) {
    let assigned: Vec<_> = assigned(link).collect();
    for (login, call) in assigned {
        let back = json!({"type": "state_change", "agentId": login, "state": "available"});
        floor.turn([
            says(link, act("call_accept", &login, call)),
            says(link, act("call_complete", &login, call)),
            says(link, back),
        ]);
    }
}

fn assigned(
    link: &mut crate::floor::Link,
) -> impl Iterator<Item = (String, monti_core::CallId)> + use<> {
    let heard = link.heard().into_iter().filter(|it| it["type"] == "call_assign");
    heard.map(|it| (it["agentId"].as_str().unwrap().to_owned(), crate::floor::id(&it["callId"])))
}
