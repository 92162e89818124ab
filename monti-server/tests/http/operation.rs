//! Liveness, readiness and metrics.

use monti_core::{Millis, wire::ErrorCode};
use monti_server::observations::{OutboxFigures, Socket};
use serde_json::Value;

use crate::world::World;

#[test]
fn a_server_that_is_well_is_ready() {
    let world = World::open();
    for path in ["/health", "/ready"] {
        let condition = world.anyone().get(path).ok();
        assert_eq!(condition["status"], "ok");
        assert_eq!(condition["persistence"], "ok");
        assert_eq!(condition["acceptingCalls"], true);
    }
}

#[test]
fn a_stalled_driver_is_not_healthy() {
    let world = World::open();
    let engine = world.engine();
    world.pass(5);
    assert_eq!(world.anyone().get("/health").status, 200);
    world.pass(1);
    for path in ["/health", "/ready"] {
        let answer = world.anyone().get(path);
        assert_eq!((answer.status, answer.json()["status"].as_str()), (503, Some("stalled")));
        assert_eq!(answer.json()["acceptingCalls"], false);
    }
    drop(engine);
    // The answer shows that the driver runs again, and that it has beaten.
    world.anyone().get("/internal/calls/stats").ok();
    assert_eq!(world.anyone().get("/health").status, 200);
}

#[test]
fn a_disk_that_takes_nothing_is_not_healthy_a_store_that_lags_behind_is() {
    let world = World::open();
    world.observations.set_read_only(true);
    for path in ["/health", "/ready"] {
        let answer = world.anyone().get(path);
        assert_eq!((answer.status, answer.json()["status"].as_str()), (503, Some("read_only")));
        assert_eq!(answer.json()["acceptingCalls"], false);
    }
    assert!(metrics(&world).contains("monti_accepting_calls 0.0\n"), "as `/ready` says it");
    world.observations.set_read_only(false);
    assert_eq!(world.anyone().get("/health").ok()["backlogRecords"], Value::Null);
    let oldest = Millis::from_secs(60);
    world.observations.set_outbox(OutboxFigures {
        records: 7,
        oldest,
        dead_letters: 0,
        lags: true,
        is_gone: false,
    });
    let live = world.anyone().get("/api/snapshot").ok()["health"].clone();
    let asked = ["/health", "/ready"].map(|path| world.anyone().get(path).ok());
    assert!(asked.iter().all(|health| health["status"] == "degraded"));
    for health in asked.iter().chain([&live]) {
        assert_eq!(
            (&health["backlogRecords"], &health["backlogOldestSeconds"]),
            (&7.into(), &60.0.into())
        );
    }
}

#[test]
fn a_server_that_recovers_or_stops_is_healthy_but_not_ready() {
    let world = World::open();
    world.observations.set_accepting(false);
    assert_eq!(world.anyone().get("/health").status, 200);
    assert_eq!(world.anyone().get("/ready").status, 503);
}

#[test]
fn the_metrics_tell_of_calls_and_agents() {
    let world = World::open();
    world.log_in("ada");
    let [_, abandoned, _] = [world.call(), world.call(), world.call()];
    world.happen(monti_core::Input::Abandon { call: abandoned });
    world.pass(30);
    // The driver beats when it is asked something.
    world.anyone().get("/internal/calls/stats").ok();
    let text = metrics(&world);
    for line in [
        r#"monti_calls_offered_total{vq="sales_general",department="sales"} 3"#,
        r#"monti_calls_total{vq="sales_general",department="sales",outcome="abandoned"} 1"#,
        r#"monti_calls_total{vq="sales_general",department="sales",outcome="completed"} 0"#,
        r#"monti_calls_answered_total{vq="sales_general",department="sales",within="target"} 1"#,
        r#"monti_live_calls{vq="sales_general",department="sales",phase="waiting"} 1"#,
        r#"monti_live_calls{vq="sales_general",department="sales",phase="active"} 1"#,
        r#"monti_service_level_percent{vq="sales_general",department="sales"} 50.0"#,
        r#"monti_longest_wait_seconds{vq="sales_general",department="sales"} 30.0"#,
        r#"monti_agents{department="sales",state="on_call"} 1"#,
        r#"monti_agents_in_breach{department="sales"} 0"#,
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
    assert!(!text.contains(r#"monti_service_level_percent{vq="sales_upsell""#), "{text}");
    assert!(!text.contains("ada"), "{text}");
}

#[test]
fn the_metrics_tell_of_the_server() {
    let world = World::open();
    world.observations.committed_in(std::time::Duration::from_micros(70));
    world.observations.set_journal(12);
    let link = world.observations.open(Socket::Agents);
    assert_eq!(world.anyone().get("/nowhere").status, 404);
    let text = metrics(&world);
    for line in [
        "monti_accepting_calls 1.0",
        r#"monti_commit_seconds_bucket{le="0.0001"} 1"#,
        "monti_commit_seconds_count 1",
        "monti_assignment_seconds_count 0",
        "monti_journal_entries 12",
        "monti_outbox_records 0",
        r#"monti_persistence{state="ok"} 1"#,
        r#"monti_persistence{state="read_only"} 0"#,
        r#"monti_open_sockets{kind="agents"} 1"#,
        r#"monti_refused_total{code="unsupported"} 1"#,
        r#"monti_refused_total{code="busy"} 0"#,
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
    assert_eq!(world.observations.refusals(ErrorCode::Unsupported), 1);
    drop(link);
    assert!(metrics(&world).contains(r#"monti_open_sockets{kind="agents"} 0"#));
}

#[test]
fn a_stalled_driver_leaves_the_servers_own_metrics() {
    let world = World::open();
    let engine = world.engine();
    world.pass(6);
    let text = metrics(&world);
    assert!(text.contains("monti_heartbeat_age_seconds"), "{text}");
    assert!(!text.contains("monti_live_calls"), "{text}");
    drop(engine);
}

/// The metrics, as far as every line of them has to look.
fn metrics(world: &World) -> String {
    let answer = world.anyone().get("/metrics");
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    assert!(answer.body.ends_with("# EOF\n"));
    for line in answer.body.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("monti_") && value.parse::<f64>().is_ok(), "{line}");
    }
    answer.body
}
