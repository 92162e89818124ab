//! Calls: repeats, strangers, and callers who hang up.

use monti_core::{CallId, Day};
use monti_server::store::StoreErrorKind;
use serde_json::{Value, json};

use crate::{
    SECOND,
    floor::{Floor, Link, act, id, incoming, register, rows, says},
};

/// F9.
#[test]
fn a_completion_is_repeated_without_effect_and_refused_to_others() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=2);
    let call = floor.call(&mut callers, "call");
    floor.say(&agents, act("call_accept", "sim-1", call));
    agents.heard();
    let wrong = floor.ask(&mut agents, act("call_complete", "sim-2", call));
    assert_eq!(wrong["code"], "conflict");
    let done = floor.ask(&mut agents, act("call_complete", "sim-1", call));
    assert_eq!((&done["type"], done.get("duplicate")), (&json!("ack"), None));
    let commits = floor.switch.commits();
    let again = floor.ask(&mut agents, act("call_complete", "sim-1", call));
    assert_eq!((&again["type"], &again["duplicate"]), (&json!("ack"), &json!(true)));
    assert_eq!(floor.switch.commits(), commits, "a repeat is not worth a commit");
    let wrong = floor.ask(&mut agents, act("call_complete", "sim-2", call));
    assert_eq!(wrong["code"], "conflict");
    assert_eq!(callers.heard_one()["outcome"], "completed");
}

/// F10.
#[test]
fn an_unknown_call_cannot_be_completed_or_abandoned() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=1);
    let unknown = CallId { day: Day::new(2026, 1, 29).unwrap(), number: 7 };
    let error = floor.ask(&mut agents, act("call_complete", "sim-1", unknown));
    assert_eq!((&error["code"], &error["callId"]), (&json!("unknown_call"), &json!(unknown)));
    let abandon = json!({"type": "call_abandon", "callId": unknown});
    assert_eq!(floor.ask(&mut agents, abandon)["code"], "unknown_call");
    assert_eq!(rows(&floor.path(), "SELECT count(*) FROM call_record"), 0);
}

/// F11.
#[test]
fn a_call_for_an_unknown_queue_is_not_offered() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let call = json!({"type": "incoming_call", "requestId": "r1", "vq": "sales_nothing"});
    let error = floor.ask(&mut callers, call);
    assert_eq!((&error["code"], &error["requestId"]), (&json!("unknown_vq"), &json!("r1")));
    assert!(error["message"].as_str().unwrap().contains("sales_nothing"), "{error}");
    assert_eq!(floor.driver.engine().calls().count(), 0);
}

/// A repeat that names another queue, or one that there is not, moves nothing.
#[test]
fn a_repeat_is_answered_with_the_queue_that_its_call_came_to() {
    let mut floor = Floor::new();
    let (mut callers, agents) = (floor.link(), floor.link());
    let again = |floor: &mut Floor, callers: &mut Link, when: &str| {
        for vq in ["sales_renewal", "sales_nothing"] {
            let mut call = incoming("key");
            call["vq"] = json!(vq);
            let queued = floor.ask(callers, call);
            assert_eq!(queued["type"], "call_queued", "{when}: {queued}");
            assert_eq!(
                (&queued["vq"], &queued["duplicate"]),
                (&json!("sales_general"), &json!(true))
            );
        }
    };
    let call = floor.call(&mut callers, "key");
    again(&mut floor, &mut callers, "it waits");
    floor.say(&agents, register("sim-1"));
    again(&mut floor, &mut callers, "it rings");
    floor.say(&agents, act("call_accept", "sim-1", call));
    again(&mut floor, &mut callers, "it is answered");
    floor.say(&agents, act("call_complete", "sim-1", call));
    callers.heard();
    again(&mut floor, &mut callers, "it has after-call work");
    let free = json!({"type": "state_change", "agentId": "sim-1", "state": "available"});
    floor.turn([says(&agents, free), says(&callers, incoming("key"))]);
    assert_eq!(callers.heard_one()["vq"], "sales_general", "its record waits for the commit");
    again(&mut floor, &mut callers, "it is over");
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, incoming("other"));
    again(&mut floor, &mut callers, "there is no room");
}

/// What a repeat changes is which link hears of the call's end: of one that is over, nothing.
#[test]
fn a_repeat_for_a_call_that_is_over_is_not_worth_a_commit() {
    let mut floor = Floor::new();
    let (mut first, mut second) = (floor.link(), floor.link());
    let call = floor.call(&mut first, "key");
    let commits = floor.switch.commits();
    assert_eq!(floor.ask(&mut second, incoming("key"))["duplicate"], true);
    assert_eq!(floor.switch.commits(), commits + 1);
    floor = floor.crash(SECOND);
    (first, second) = (floor.link(), floor.link());
    assert_eq!(floor.ask(&mut second, incoming("key"))["callId"], json!(call));
    let abandon = json!({"type": "call_abandon", "callId": call});
    assert_eq!(floor.ask(&mut first, abandon)["type"], "ack");
    assert_eq!(second.heard_types(), ["call_abandoned", "call_ended"]);
    let commits = floor.switch.commits();
    assert_eq!(floor.ask(&mut first, incoming("key"))["callId"], json!(call));
    assert_eq!(floor.switch.commits(), commits);
}

/// A key is forgotten by the clock, and not by the engine's last event: a caller who comes again
/// when the day is over is a new one, in the queue that is named.
#[test]
fn a_key_that_has_just_been_forgotten_brings_a_new_call_to_its_own_queue() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    // Not at a quarter of an hour, at which the engine would notice.
    floor.pass(3 * SECOND);
    let call = floor.call(&mut callers, "key");
    floor.say(&callers, json!({"type": "call_abandon", "callId": call}));
    floor.pass(24 * 60 * 60 * SECOND - 2 * SECOND);
    floor.turn([]);
    callers.heard();
    floor.machine.pass(4 * SECOND);
    let mut again = incoming("key");
    again["vq"] = json!("support_tier_1");
    let queued = floor.ask(&mut callers, again);
    assert_eq!((&queued["vq"], &queued["duplicate"]), (&json!("support_tier_1"), &Value::Null));
}

/// F12, and over a restart and a crash.
#[test]
fn the_same_key_is_the_same_call_restarts_included() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let first = floor.ask(&mut callers, incoming("key"));
    assert_eq!((&first["position"], first.get("duplicate")), (&json!(1), None));
    for crash in [false, true] {
        let again = floor.ask(&mut callers, incoming("key"));
        assert_eq!(again["duplicate"], true);
        assert_eq!(again["callId"], first["callId"]);
        floor = if crash { floor.crash(SECOND) } else { floor.restart(SECOND) };
        callers = floor.link();
    }
    assert_eq!(floor.ask(&mut callers, incoming("key"))["callId"], first["callId"]);
    assert_eq!(floor.driver.engine().calls().count(), 1);
    let other = floor.ask(&mut callers, incoming("other"));
    assert!(id(&other["callId"]) > id(&first["callId"]));
}

/// F13: whichever comes first decides, and the other hears why.
#[test]
fn a_caller_hangs_up_while_the_phone_rings_or_as_the_agent_accepts() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let abandon = |call| json!({"type": "call_abandon", "callId": call});

    let call = floor.call(&mut callers, "hangs-up-first");
    agents.heard();
    let race = [says(&callers, abandon(call)), says(&agents, act("call_accept", "sim-1", call))];
    floor.turn(race);
    assert_eq!(callers.heard_types(), ["ack", "call_abandoned", "call_ended"]);
    let heard = agents.heard();
    assert_eq!(heard[0]["reason"], "caller_abandoned");
    assert_eq!(heard[1]["code"], "conflict");

    let call = floor.call(&mut callers, "hangs-up-too-late");
    agents.heard();
    let race = [says(&agents, act("call_accept", "sim-1", call)), says(&callers, abandon(call))];
    floor.turn(race);
    assert_eq!(agents.heard_types(), ["ack"]);
    assert_eq!(callers.heard_one()["code"], "conflict");
}

#[test]
fn a_reply_comes_before_what_follows_from_it() {
    let mut floor = Floor::new();
    let mut gateway = floor.link();
    floor.staff(&mut gateway, 1..=1);
    floor.say(&gateway, incoming("call"));
    assert_eq!(gateway.heard_types(), ["call_queued", "call_assign"]);
}
