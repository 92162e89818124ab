//! Links and servers that go and come back.

use std::{collections::BTreeSet, num::NonZeroU32};

use monti_sim::{Behaviour, live::Connections};

use crate::{
    server::Server,
    sim::{Sim, Wish, seconds},
};

/// F5: every agent reconnects at once.
#[tokio::test(flavor = "multi_thread")]
async fn f5_all_agents_come_back_to_their_calls_after_the_server_was_killed() {
    let mut server = Server::start(&["--clock-speed", "4"]);
    let wish = Wish {
        agents: 200,
        calls_per_minute: 600.0,
        behaviour: Behaviour { answer: seconds(1), ..Behaviour::plain(seconds(30)) },
        connections: Connections::Count(NonZeroU32::new(50).unwrap()),
        ..Wish::default()
    };
    let mut sim = Sim::start(&server, wish).await;
    sim.when(|progress| progress.agents == (200, 200) && progress.calls > 300).await;
    server.kill();
    sim.when(|progress| progress.agents.0 == 0 && progress.links.0 == 0).await;
    server.start_again();
    sim.when(|progress| progress.agents == (200, 200)).await;
    let offered = server.total()["callsOffered"].as_u64().unwrap();
    // Life goes on, and ends: whoever calls is answered, whoever is answered is let go.
    sim.when(|progress| progress.calls > offered + 100).await;
    sim.nobody_calls().await;
    sim.when(|progress| progress.live_calls == 0).await;
    let total = server.total_when(|total| {
        total["waitingCalls"] == 0 && total["ringingCalls"] == 0 && total["activeCalls"] == 0
    });
    assert_eq!(total["conserved"], true, "{total}");

    // Nobody was given two calls at once, and every call has one record.
    let stats = sim.get("/calls/stats").await;
    assert_eq!(total["callsOffered"], stats["callsQueued"], "{total} {stats}");
    let records = server.records();
    let ids =
        records.iter().map(|record| record["callId"].as_str().unwrap()).collect::<BTreeSet<_>>();
    assert_eq!(
        (ids.len(), records.len() as u64),
        (records.len(), total["callsOffered"].as_u64().unwrap())
    );
    let tally = sim.stop().await;
    assert!(tally.links_lost >= 50, "{tally:?}");
    assert!(tally.resumed > 0, "nobody was talking: {tally:?}");
    assert!(tally.registrations >= 400, "{tally:?}");
}

/// The centre's clock stands while its server is down, and nobody has waited meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_in_target_is_what_the_server_says_also_after_it_was_down() {
    let mut server = Server::start(&["--clock-speed", "60"]);
    let wish = Wish { behaviour: Behaviour::plain(seconds(20)), ..Wish::default() };
    let mut sim = Sim::start(&server, wish).await;
    sim.when(|progress| progress.agents == (20, 20)).await;
    server.kill();
    let down = std::time::Instant::now();
    sim.when(|progress| progress.links.0 == 0).await;
    // What is waited for is time itself: more of it than any target, in the centre's time.
    tokio::time::sleep(std::time::Duration::from_secs(2).saturating_sub(down.elapsed())).await;
    server.start_again();
    sim.when(|progress| progress.agents == (20, 20)).await;
    let body = r#"{"vq":"sales_general","count":5}"#;
    assert_eq!(sim.ask("POST", "/calls/inject", Some(body)).await.status, 202);
    let total = server.total_when(|total| total["callsCompleted"] == 5);
    assert_eq!(total["callsOffered"], 5, "{total}");
    let in_target =
        server.records().iter().filter(|record| record["answeredInTarget"] == true).count();
    assert_eq!(in_target, 5);
    assert_eq!(sim.metric("calls_answered_in_target_total").await, 5);
    sim.stop().await;
}

/// F22: the simulator dies.
#[tokio::test(flavor = "multi_thread")]
async fn f22_a_simulator_that_dies_loses_its_agents_and_leaves_its_callers_waiting() {
    let server = Server::start(&["--clock-speed", "60"]);
    // Talks that do not end while the test runs.
    let behaviour = Behaviour { answer: seconds(1), ..Behaviour::plain(seconds(100_000)) };
    let wish = Wish { agents: 8, behaviour, ..Wish::default() };
    let mut sim = Sim::start(&server, wish).await;
    sim.when(|progress| progress.agents == (8, 8)).await;
    // Two agents of a department talk, three callers wait.
    let body = r#"{"vq":"sales_general","count":5}"#;
    assert_eq!(sim.ask("POST", "/calls/inject", Some(body)).await.status, 202);
    server.total_when(|total| total["activeCalls"] == 2 && total["waitingCalls"] == 3);
    sim.die();
    let total = server.total_when(|total| total["callsAgentLost"] == 2);
    assert_eq!((&total["waitingCalls"], &total["conserved"]), (&3.into(), &true.into()), "{total}");

    // Another simulator's agents take them.
    let mut sim = Sim::start(&server, Wish { agents: 8, ..Wish::default() }).await;
    sim.when(|progress| progress.agents == (8, 8)).await;
    let total = server.total_when(|total| total["callsCompleted"] == 3);
    assert_eq!(total["callsOffered"], 5);
    sim.stop().await;
}

/// Callers are not tied to a line that is not there, and those who hung up meanwhile are told of once
/// it is.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_link_callers_lose_their_patience_and_with_it_back_nobody_is_left_over() {
    let mut server = Server::start(&[]);
    let behaviour = Behaviour { patience: Some(seconds(3)), ..Behaviour::plain(seconds(1)) };
    let wish = Wish { agents: 0, calls_per_minute: 1_200.0, behaviour, ..Wish::default() };
    let mut sim = Sim::start(&server, wish).await;
    sim.when(|progress| progress.abandoned > 20).await;
    server.kill();
    let lost = sim.when(|progress| progress.links.0 == 0).await;
    // Of those who were in their queues nobody can say so yet: these are others.
    sim.when(move |progress| progress.abandoned > lost.abandoned + 40).await;
    server.start_again();
    sim.when(|progress| progress.links.0 == 1).await;
    sim.nobody_calls().await;
    sim.when(|progress| progress.live_calls == 0).await;
    let total = server.total_when(|total| total["waitingCalls"] == 0);
    let stats = sim.get("/calls/stats").await;
    assert_eq!(total["callsOffered"], stats["callsQueued"], "{total} {stats}");
    assert_eq!(total["callsAbandoned"], total["callsOffered"], "{total} {stats}");
    sim.stop().await;
}
