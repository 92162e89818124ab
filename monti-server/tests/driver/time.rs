//! F14: clocks that are set, and machines that sleep.

use monti_core::Millis;

use crate::{
    SECOND,
    floor::{Floor, act},
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

/// All that was due while the machine slept happens once, and negative is no duration.
#[test]
fn a_machine_that_slept_wakes_up_without_a_storm() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    floor.call(&mut callers, "call");
    agents.heard();
    let commits = floor.switch.commits();
    floor.machine.pass(8 * 3_600 * SECOND);
    floor.turn([]);
    assert_eq!(agents.heard_types(), ["call_revoked"]);
    assert_eq!(floor.switch.commits(), commits + 1);
}
