//! What there is at this moment.

use monti_core::{AgentState, wire::LiveState};
use monti_server::inbox::Role;

use crate::world::World;

#[test]
fn the_whole_live_state_is_one_object() {
    let world = World::open();
    world.log_in("ada");
    let (answered, waiting) = (world.call(), world.call());
    world.pass(25);
    let state = world.anyone().get("/api/snapshot").ok();
    let state: LiveState = serde_json::from_value(state).unwrap();

    assert_eq!(state.timestamp, world.now());
    assert_eq!(state.departments.len(), 4);
    let sales = &state.departments[0];
    assert_eq!((sales.department.as_str(), sales.queues.len()), ("sales", 4));
    assert_eq!(sales.agents[0].agent_id.as_str(), "ada");
    assert_eq!(sales.agents[0].state, AgentState::OnCall);
    assert_eq!((sales.summary.waiting_calls, sales.summary.active_calls), (1, 1));
    let longest = sales.queues[0].longest_wait_seconds.unwrap();
    assert_eq!(longest.0.get(), 25_000);
    let calls: Vec<_> = state.calls.iter().map(|call| call.call_id).collect();
    assert_eq!(calls, [answered, waiting]);
    assert_eq!(state.calls[0].agent_id.as_deref(), Some("ada"));
}

#[test]
fn callers_numbers_are_for_supervisors() {
    let world = World::with_tokens();
    world.call();
    let number = |role| {
        let state = world.with(role).get("/api/snapshot").ok();
        state["calls"][0]["callerNumber"].as_str().unwrap().to_owned()
    };
    assert_eq!(number(Role::Viewer), "+********567");
    assert_eq!(number(Role::Supervisor), "+49301234567");
    assert_eq!(number(Role::Admin), "+49301234567");
}

#[test]
fn the_statistics_account_for_every_call() {
    let world = World::open();
    world.log_in("ada");
    world.call();
    world.call();
    let stats = world.anyone().get("/internal/calls/stats").ok();
    assert_eq!(stats["date"], "2026-01-29");
    assert_eq!(stats["queues"].as_array().unwrap().len(), 16);
    let queue = &stats["queues"][0];
    assert_eq!((&queue["vq"], &queue["department"]), (&"sales_general".into(), &"sales".into()));
    for counts in [queue, &stats["total"]] {
        assert_eq!(counts["callsOffered"], 2);
        assert_eq!((&counts["waitingCalls"], &counts["activeCalls"]), (&1.into(), &1.into()));
        assert_eq!(counts["conserved"], true);
    }
}

#[test]
fn a_queues_day_comes_in_intervals_of_any_quarters() {
    let world = World::open();
    world.call();
    world.pass(15 * 60);
    world.call();
    let offered = |query: &str| -> Vec<u64> {
        let shown = world.anyone().get(&format!("/api/queues/sales_general/intervals{query}")).ok();
        let intervals = shown["intervals"].as_array().unwrap();
        intervals.iter().map(|interval| interval["callsOffered"].as_u64().unwrap()).collect()
    };
    let quarters = offered("");
    assert_eq!(quarters.len(), 9 * 4 + 2);
    assert_eq!(quarters[9 * 4..], [1, 1]);
    assert_eq!(offered("?minutes=15"), quarters);
    assert_eq!(offered("?minutes=60")[9..], [2]);
    assert_eq!(offered("?minutes=1440"), [2]);
}
