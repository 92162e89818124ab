//! Nothing grows without bound, and what was taken in is not dropped.

use std::time::Duration;

use monti_core::wire::ErrorCode;
use monti_server::inbox::{Arrival, inbox};
use serde_json::json;

use crate::floor::{Floor, act, incoming, register, says};

/// F17: with ten times more than there is room for, calls are refused and completions are not.
#[test]
fn completions_have_room_when_new_calls_are_refused() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=20);
    let calls: Vec<_> = (0..20).map(|n| floor.call(&mut callers, &format!("c{n}"))).collect();
    for (number, call) in (1..).zip(&calls) {
        floor.say(&agents, act("call_accept", &format!("sim-{number}"), *call));
    }
    agents.heard();

    let (inbox, outlet) = inbox(100, floor.clock.now());
    let (mut taken, mut busy) = (0, 0);
    for number in 0..1_000 {
        match inbox.try_send(says(&callers, incoming(&format!("flood-{number}")))) {
            Ok(()) => taken += 1,
            Err(refused) => {
                assert_eq!(refused.error.code, ErrorCode::Busy);
                assert!(refused.error.retry_after_seconds.is_some());
                assert!(refused.error.subject.request_id.is_some());
                busy += 1;
            }
        }
    }
    assert_eq!((taken, busy), (75, 925));
    for (number, call) in (1..).zip(&calls) {
        let done = says(&agents, act("call_complete", &format!("sim-{number}"), *call));
        assert!(inbox.try_send(done).is_ok());
    }
    let mut batch: Vec<Arrival> = Vec::new();
    outlet.receive(&mut batch, usize::MAX, Duration::ZERO);
    floor.driver.turn(batch).unwrap();
    assert_eq!(agents.heard().len(), 20);
    let queued = callers.heard().into_iter().filter(|it| it["type"] == "call_queued");
    assert_eq!(queued.count(), 75, "nothing that was taken in is lost");
    assert_eq!(inbox.depth(), 0);
    assert!(inbox.try_send(says(&callers, incoming("later"))).is_ok());
}

/// A link that takes nothing is closed, and nobody else notices.
#[test]
fn a_link_that_takes_nothing_is_given_up() {
    let mut floor = Floor::new();
    let slow = floor.link_of(monti_server::inbox::Role::Simulator, None, 2);
    let mut other = floor.link();
    for number in 0..5 {
        floor.say(&slow, register(&format!("sim-{number}")));
    }
    let mut slow = slow;
    assert_eq!(slow.heard().len(), 2);
    assert!(slow.is_closed());
    assert_eq!(floor.ask(&mut other, register("sim-9"))["type"], "registered");
    // Its agents stay until its session says that it is gone.
    floor.close(slow);
    let pause = json!({"type": "state_change", "agentId": "sim-0", "state": "break"});
    assert_eq!(floor.ask(&mut other, pause)["code"], "unknown_agent");
}
