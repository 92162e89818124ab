//! F14: clocks that are set, and machines that sleep.

use std::sync::Arc;

use monti_core::{CallPhase, Millis};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    SECOND,
    floor::{Floor, MORNING, act, register},
    logged,
    machine::Machine,
};

#[test]
fn a_wall_clock_that_is_set_times_nothing_out() {
    for step_ms in [-7_200_000, 7_200_000] {
        let mut floor = Floor::new();
        let (mut callers, mut agents) = (floor.link(), floor.link());
        floor.staff(&mut agents, 1..=1);
        let call = floor.call(&mut callers, "call");
        agents.heard();
        let before = floor.clock.now();
        floor.machine.set_wall(step_ms);
        floor.pass(10 * SECOND);
        assert!(agents.heard().is_empty(), "no storm of timeouts");
        assert_eq!(floor.clock.now().since(before), Millis::from_secs(10));
        floor.say(&agents, act("call_accept", "sim-1", call));
        assert_eq!(agents.heard_one()["type"], "ack");
    }
}

/// After a start with a clock that was set back, the centre goes on where it left off.
#[test]
fn a_start_in_the_past_goes_on_from_the_last_moment() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.pass(60 * SECOND);
    let call = floor.call(&mut callers, "call");
    let left_off = floor.clock.now();
    floor.machine.set_wall(-3_600_000);
    let floor = floor.crash(SECOND);
    assert!(floor.clock.now() >= left_off);
    let waiting = floor.driver.engine().call(call).unwrap();
    assert_eq!(waiting.enqueued_at, left_off);
}

/// Where it is ahead nothing but the journal knows how late it was.
#[test]
fn a_fast_centre_that_crashes_goes_back_by_what_passes_in_a_second_at_most() {
    let (speed, a_second_there) = (60.0, Millis::from_secs(60));
    let folder = Arc::new(TempDir::new().unwrap());
    let mut floor = Floor::at_speed(speed, folder, Machine::at(MORNING));
    floor.pass(9 * SECOND + SECOND / 2);
    let told = floor.clock.now();
    let (folder, machine) = (floor.disk_now(), floor.machine);
    let floor = Floor::at_speed(speed, folder, machine);
    assert!(floor.clock.now() + a_second_there >= told, "{} after {told}", floor.clock.now());
}

/// It runs on from where it left off, and says so.
#[test]
fn a_centre_that_is_ahead_of_its_machine_is_told_of_at_the_start() {
    let floor = Floor::new();
    floor.machine.set_wall(2 * 86_400_000);
    let floor = floor.crash(SECOND);
    floor.machine.set_wall(-2 * 86_400_000);
    let (floor, said) = logged(|| floor.crash(60 * SECOND));
    assert!(said.contains("the centre's clock is ahead of this machine's"), "{said}");
    assert!(said.contains("ahead_seconds=172740"), "{said}");
    assert_eq!(floor.observations.clock_ahead_seconds(), 172_740.0);
}

#[test]
fn a_centre_that_follows_its_machine_says_nothing_of_it() {
    let floor = Floor::new();
    let (floor, said) = logged(|| floor.crash(60 * SECOND));
    assert!(!said.contains("ahead"), "{said}");
    assert_eq!(floor.observations.clock_ahead_seconds(), 0.0);
}

#[test]
fn a_step_of_the_wall_clock_over_a_second_is_logged() {
    let mut floor = Floor::new();
    for (step_ms, is_told) in [(1_000, false), (1_001, true), (-1_000, false), (-7_200_000, true)] {
        floor.machine.set_wall(step_ms);
        let (_, said) = logged(|| floor.pass(3 * SECOND));
        let told = said.matches("the wall clock was set").count();
        assert_eq!(told, usize::from(is_told), "{step_ms}: {said}");
        assert_eq!(said.contains(&format!("step_ms={step_ms}")), is_told, "{said}");
        if !is_told {
            floor.machine.set_wall(-step_ms);
        }
    }
}

#[test]
fn a_time_in_which_nobody_was_heard_is_logged() {
    let mut floor = Floor::new();
    for (silence, is_told) in [(2 * SECOND, false), (50 * SECOND, true)] {
        floor.machine.pass(silence);
        let (_, said) = logged(|| floor.turn([]));
        assert_eq!(said.contains("nobody was heard for a time"), is_told, "{said}");
        assert_eq!(said.contains("seconds=50"), is_told, "{said}");
    }
}

/// F14: nobody could be heard, so nobody is late; the callers waited all the same.
#[test]
fn a_process_that_was_stopped_goes_on_without_a_storm() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=2);
    let [answered, ringing] = ["a", "b"].map(|key| floor.call(&mut callers, key));
    agents.heard();
    let commits = floor.switch.commits();
    floor.machine.pass(50 * SECOND);
    // It was said in time, and waited to be heard.
    floor.say(&agents, act("call_accept", "sim-1", answered));
    assert_eq!(agents.heard_types(), ["ack"]);
    assert_eq!(floor.switch.commits(), commits + 1);
    let view = floor.driver.engine().call(answered).unwrap();
    let CallPhase::Active { answered_at, .. } = view.phase else { panic!("{view:?}") };
    assert_eq!(answered_at.since(view.enqueued_at), Millis::from_secs(50));

    floor.pass(5 * SECOND);
    let mut elsewhere = floor.link();
    floor.say(&elsewhere, register("sim-2"));
    let [_, rings_on] = elsewhere.heard().try_into().unwrap();
    assert_eq!(rings_on["ringTimeoutSeconds"], 15.0, "its phone has all its time");
    floor.pass(14 * SECOND);
    assert!(elsewhere.heard().is_empty(), "and rings on for as long as was said");
    floor.pass(SECOND);
    let revoked = elsewhere.heard_one();
    assert_eq!((&revoked["callId"], &revoked["reason"]), (&json!(ringing), &json!("ring_timeout")));
}
