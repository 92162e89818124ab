//! F23: a disk without room, and one that does not confirm.

use std::{sync::Arc, time::Duration};

use monti_core::{
    CallPhase, Engine,
    wire::{ErrorCode, Persistence},
};
use monti_server::{centre_file::CentreFile, inbox::Request, store::StoreErrorKind};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{
    SECOND,
    floor::{Floor, Link, MORNING, act, incoming, register, says},
    machine::Machine,
    small_disk::SmallDisk,
};

#[test]
fn on_a_full_disk_agents_are_served_from_the_reserve_and_new_calls_refused() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    agents.heard();
    floor.switch.set_reserve(true);
    floor.switch.fail(Some(StoreErrorKind::Full));
    assert_eq!(floor.ask(&mut agents, act("call_accept", "sim-1", call))["type"], "ack");
    assert_eq!(floor.observations.persistence(), Persistence::ReadOnly);
    assert_eq!(floor.ask(&mut callers, incoming("new"))["code"], "read_only");
    let refused = floor.answer(|answer| Request::Inject { request: injection(), answer });
    assert_eq!(refused.unwrap_err().code, ErrorCode::ReadOnly);
    assert_eq!(floor.ask(&mut agents, act("call_complete", "sim-1", call))["type"], "ack");

    floor.switch.set_reserve(true);
    floor.second();
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
    callers.heard();
    floor.say(&callers, incoming("new"));
    assert_eq!(callers.heard_types(), ["call_queued"]);
}

#[test]
fn without_room_nothing_is_taken_in_or_shown_and_nothing_is_lost() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=2);
    let call = floor.call(&mut callers, "call");
    agents.heard();
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    // It is applied, but cannot be kept: nobody hears of it.
    floor.say(&agents, act("call_accept", "sim-1", call));
    assert!(agents.heard().is_empty());
    // From here on nothing is taken in.
    let refused = floor.ask(&mut agents, act("call_accept", "sim-2", call));
    assert_eq!(refused["code"], "read_only");
    // What is durable can be looked at, and nothing else.
    let (answer, mut answered) = oneshot::channel();
    let phase = move |engine: &Engine| engine.call(call).unwrap().phase;
    floor.request(Request::Ask(Box::new(move |engine| answer.send(phase(engine)).unwrap())));
    let shown = answered.try_recv().unwrap();
    assert!(matches!(shown, CallPhase::Ringing { .. }), "{shown:?}");
    let mut lost = floor.link();
    floor.close(lost);
    floor.pass(60 * SECOND);
    assert!(agents.heard().is_empty(), "time stands still for the engine");

    floor.switch.fail(None);
    floor.second();
    assert_eq!(agents.heard()[0]["type"], "ack", "what had to wait is told now");
    floor.switch.set_reserve(true);
    floor.second();
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
    lost = floor.link();
    floor.say(&lost, incoming("new"));
    assert_eq!(lost.heard()[0]["type"], "call_queued");
}

/// Clients come and go for as long as the disk is full.
#[test]
fn a_link_that_is_closed_while_nothing_can_be_kept_is_let_go_at_once() {
    let mut floor = Floor::new();
    let (callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    fill(&floor);
    floor.say(&agents, register("sim-2"));
    for link in [floor.link(), callers, agents] {
        floor.request(Request::LinkClosed { link: link.id });
        assert!(link.is_closed());
    }
    make_room(&mut floor);
    let engine = floor.driver.engine();
    let agent = engine.agent(engine.find_agent("sim-1").unwrap()).unwrap();
    assert!(!agent.is_routable(), "its link is lost");
}

/// Nobody can answer while nothing can be kept, and nobody is late for that.
#[test]
fn a_phone_that_rang_when_the_disk_was_full_has_its_time_afterwards() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    agents.heard();
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, incoming("held"));
    assert_eq!(floor.ask(&mut agents, act("call_accept", "sim-1", call))["code"], "read_only");
    floor.pass(60 * SECOND);
    floor.switch.fail(None);
    floor.second();
    assert_eq!(floor.ask(&mut agents, act("call_accept", "sim-1", call))["type"], "ack");
}

/// A repeat needs no room: neither on the reserve nor without it.
#[test]
fn on_a_full_disk_a_repeated_request_gets_its_call_again() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let [call, other] = ["call", "other"].map(|key| floor.call(&mut callers, key));
    let calls = floor.answer(|answer| Request::Inject { request: keyed("key"), answer });
    let again = |floor: &mut Floor, callers: &mut Link| {
        let queued = floor.ask(callers, incoming("call"));
        assert_eq!((&queued["callId"], &queued["duplicate"]), (&json!(call), &json!(true)));
        let again = floor.answer(|answer| Request::Inject { request: keyed("key"), answer });
        assert_eq!(again, calls);
    };
    floor.switch.set_reserve(true);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, json!({"type": "call_abandon", "callId": other}));
    callers.heard();
    assert_eq!(floor.ask(&mut callers, incoming("new"))["code"], "read_only");
    again(&mut floor, &mut callers);

    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, json!({"type": "call_abandon", "callId": call}));
    assert!(callers.heard().is_empty(), "it cannot be kept");
    assert_eq!(floor.ask(&mut callers, incoming("new"))["code"], "read_only");
    again(&mut floor, &mut callers);
    let mut viewer = floor.link_of(monti_server::inbox::Role::Agent, Some("ada"), 10);
    assert_eq!(floor.ask(&mut viewer, incoming("call"))["code"], "read_only", "not its business");
}

/// Who repeats a call hears of it from then on, though that could not be kept at first.
#[test]
fn a_call_that_was_repeated_on_a_full_disk_is_told_of_to_the_link_that_repeated_it() {
    let mut floor = Floor::new();
    let (mut first, mut second) = (floor.link(), floor.link());
    let call = floor.call(&mut first, "call");
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&first, json!({"type": "call_abandon", "callId": "CALL-20260129-000009"}));
    floor.say(&first, incoming("new"));
    assert_eq!(floor.ask(&mut second, incoming("call"))["duplicate"], true);
    floor.switch.fail(None);
    floor.switch.set_reserve(true);
    floor.second();
    first.heard();
    let ended = floor.answer(|answer| Request::EndCall { call, login: None, answer });
    assert_eq!(ended, Ok(()));
    assert_eq!(second.heard_types(), ["call_ended"]);
    assert!(first.heard().is_empty());
}

/// Its end waits to be kept: who repeats it meanwhile is told that it is queued, and then its end.
#[test]
fn a_call_that_was_repeated_while_its_end_could_not_be_kept_ends_at_the_link_that_repeated_it() {
    let mut floor = Floor::new();
    let (mut first, mut second, mut third) = (floor.link(), floor.link(), floor.link());
    let [abandoned, ended, other] = ["a", "b", "c"].map(|key| floor.call(&mut first, key));
    fill(&floor);
    let hang_up = |call| says(&first, json!({"type": "call_abandon", "callId": call}));
    let (answer, _answered) = oneshot::channel();
    let end = Request::EndCall { call: ended, login: None, answer };
    let turn = [hang_up(abandoned), end, hang_up(other)];
    floor.turn(turn);
    for key in ["a", "b"] {
        assert_eq!(floor.ask(&mut second, incoming(key))["duplicate"], true);
    }
    // Who is gone by then has repeated nothing.
    assert_eq!(floor.ask(&mut third, incoming("c"))["duplicate"], true);
    floor.close(third);
    make_room(&mut floor);
    let (left, over) = (json!("call_abandoned"), json!("call_ended"));
    let hung_up = |call| [(left.clone(), json!(call)), (over.clone(), json!(call))];
    let mut heard = Vec::from(hung_up(abandoned));
    heard.push((over.clone(), json!(ended)));
    assert_eq!(ends(&mut second), heard);
    assert_eq!(ends(&mut first), hung_up(other));
}

/// Its end falls due as soon as there is room again: the agent that has it was away for too long.
#[test]
fn a_repeated_call_that_ends_when_there_is_room_again_ends_at_the_link_that_repeated_it() {
    let mut floor = Floor::new();
    let (mut first, mut second, mut agents) = (floor.link(), floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut first, "call");
    floor.say(&agents, act("call_accept", "sim-1", call));
    floor.close(agents);
    floor.pass(29 * SECOND);
    fill(&floor);
    floor.say(&first, incoming("new"));
    assert_eq!(floor.ask(&mut second, incoming("call"))["duplicate"], true);
    floor.machine.pass(SECOND);
    make_room(&mut floor);
    assert_eq!(ends(&mut second), [(json!("call_ended"), json!(call))]);
    assert_eq!(ends(&mut first), []);
}

/// From now on there is no room, not even the reserve.
fn fill(floor: &Floor) {
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
}

/// There is room again, and that is seen.
fn make_room(floor: &mut Floor) {
    floor.switch.fail(None);
    floor.switch.set_reserve(true);
    floor.second();
}

/// The ends of calls that a link has heard of, in their order.
fn ends(link: &mut Link) -> Vec<(Value, Value)> {
    let told = link.heard().into_iter().filter(|it| {
        let kind = it["type"].as_str().unwrap();
        ["call_abandoned", "call_ended"].contains(&kind)
    });
    told.map(|it| (it["type"].clone(), it["callId"].clone())).collect()
}

/// What waits to be kept is acknowledged to nobody, whoever asks.
#[test]
fn a_repeat_of_what_waits_to_be_kept_waits_too() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    let (answer, mut answered) = oneshot::channel();
    let inject = Request::Inject { request: keyed("key"), answer };
    floor.turn([says(&callers, incoming("call")), inject]);
    assert!(callers.heard().is_empty() && answered.try_recv().is_err());
    assert_eq!(floor.ask(&mut callers, incoming("call"))["code"], "read_only");
    let again = floor.answer(|answer| Request::Inject { request: keyed("key"), answer });
    assert_eq!(again.unwrap_err().code, ErrorCode::ReadOnly);
}

/// The reserve was given up when the server died: there is no more room after a start than before.
#[test]
fn a_start_on_a_full_disk_takes_no_new_calls_in() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let call = floor.call(&mut callers, "call");
    let mut floor = floor.crash_onto_a_full_disk();
    assert_eq!(floor.observations.persistence(), Persistence::ReadOnly);
    let mut callers = floor.link();
    assert_eq!(floor.ask(&mut callers, incoming("new"))["code"], "read_only");
    floor.say(&callers, json!({"type": "call_abandon", "callId": call}));
    assert_eq!(callers.heard()[0]["type"], "ack");
    floor.switch.set_reserve(true);
    floor.second();
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
}

/// A power cut while something waits to be kept: nobody was told, and it is not there.
#[test]
fn what_could_not_be_kept_is_not_there_after_a_crash() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, incoming("call"));
    assert!(callers.heard().is_empty());
    let floor = floor.crash(SECOND);
    assert_eq!(floor.driver.engine().calls().count(), 0);
}

#[test]
fn a_disk_that_does_not_confirm_stops_the_server_at_once() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.switch.fail(Some(StoreErrorKind::Sync));
    let call = says(&callers, incoming("call"));
    let error = floor.try_turn([call]).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Sync);
    assert!(error.to_string().contains("did not confirm"), "{error}");
    assert!(callers.heard().is_empty());
    assert_eq!(floor.switch.failures(), 1, "it is not tried again");
}

/// What the disk has is not known then: here it has all of it. Nobody was told, and whoever asks
/// again gets the call that there is.
#[test]
fn what_was_written_without_a_confirmation_is_taken_as_it_is_found() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.switch.fail_late(StoreErrorKind::Sync);
    assert!(floor.try_turn([says(&callers, incoming("call"))]).is_err());
    assert!(callers.heard().is_empty());
    let mut floor = floor.crash(SECOND);
    assert_eq!(floor.driver.engine().calls().count(), 1);
    let mut callers = floor.link();
    let again = floor.ask(&mut callers, incoming("call"));
    assert_eq!(again["duplicate"], true, "{again}");
}

/// Somebody who writes to the file with another program holds everything up, and breaks nothing.
#[test]
fn another_programs_write_lock_is_waited_for() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let other = rusqlite::Connection::open(floor.path().join("monti.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    floor.say(&callers, incoming("held"));
    assert!(callers.heard().is_empty());
    let refused = floor.ask(&mut callers, incoming("refused"));
    assert_eq!(refused["code"], "read_only");
    let why = refused["message"].as_str().unwrap();
    assert!(why.contains("another program") && !why.contains("full"), "{why}");
    assert_eq!(floor.observations.persistence(), Persistence::ReadOnly);
    // Whoever waits for a lock looks for it often, and takes in what comes as soon as it is gone:
    // there was room all the time.
    assert!(floor.driver.patience() <= Duration::from_millis(25));
    other.execute_batch("ROLLBACK").unwrap();
    floor.say(&callers, incoming("taken"));
    let heard = callers.heard();
    let told = heard.iter().map(|it| (&it["type"], &it["requestId"])).collect::<Vec<_>>();
    let queued = json!("call_queued");
    assert_eq!(told, [(&queued, &json!("held")), (&queued, &json!("taken"))]);
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
}

/// Reading what is durable takes longer than most locks last.
#[test]
fn during_a_short_lock_nothing_is_read_for_who_asks_and_during_a_long_one_it_is() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.call(&mut callers, "call");
    floor.switch.fail(Some(StoreErrorKind::Busy));
    floor.say(&callers, incoming("held"));
    assert_eq!(calls_shown(&mut floor), None);
    assert_eq!(floor.ask(&mut callers, incoming("call"))["code"], "read_only");
    (0..3).for_each(|_| floor.second());
    assert_eq!(calls_shown(&mut floor), Some(1));
    assert_eq!(floor.ask(&mut callers, incoming("call"))["duplicate"], true);
    floor.switch.fail(None);
    floor.second();
    assert_eq!(calls_shown(&mut floor), Some(2));
}

/// The calls that who asks is shown; `None` if it is to ask again.
fn calls_shown(floor: &mut Floor) -> Option<usize> {
    let (answer, mut answered) = oneshot::channel();
    let count = move |engine: &Engine| answer.send(engine.calls().count()).unwrap();
    floor.request(Request::Ask(Box::new(count)));
    answered.try_recv().ok()
}

/// What is acknowledged then ends with the process: no call is to.
#[test]
fn while_the_file_is_not_in_its_place_no_new_calls_are_taken_in() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    agents.heard();
    let (file, elsewhere) = (floor.path().join("monti.db"), floor.path().join("elsewhere"));
    for replacement in [None, Some("another file")] {
        std::fs::rename(&file, &elsewhere).unwrap();
        replacement.inspect(|text| std::fs::write(&file, text).unwrap());
        floor.second();
        assert_eq!(floor.observations.persistence(), Persistence::ReadOnly);
        let refused = floor.ask(&mut callers, incoming("new"));
        assert_eq!(refused["code"], "read_only");
        assert!(refused["message"].as_str().unwrap().contains("deleted"), "{refused}");
        std::fs::rename(&elsewhere, &file).unwrap();
        floor.second();
        assert_eq!(floor.observations.persistence(), Persistence::Ok);
    }
    assert_eq!(floor.ask(&mut agents, act("call_accept", "sim-1", call))["type"], "ack");
}

/// The same with a disk that is really full, where a small one may be mounted.
#[test]
fn a_small_disk_fills_up_and_is_emptied() {
    let folder = Arc::new(TempDir::new().unwrap());
    let Some(disk) = SmallDisk::mount(folder.path(), 1 << 20) else { return };
    fills_up_and_is_emptied(folder, |_| disk.fill(SPARE), |_| disk.empty());
}

/// The same without one: what is under the store counts the bytes.
#[test]
fn a_counted_disk_fills_up_and_is_emptied() {
    let folder = Arc::new(TempDir::new().unwrap());
    let fill = |floor: &Floor| floor.switch.leave_room(&floor.path(), SPARE);
    fills_up_and_is_emptied(folder, fill, |floor| floor.switch.make_room());
}

/// What is left on a disk that is nearly full, beside what the server keeps back: some pages.
const SPARE: u64 = 128 << 10;

fn fills_up_and_is_emptied(
    folder: Arc<TempDir>,
    fill: impl FnOnce(&Floor),
    empty: impl FnOnce(&Floor),
) {
    let centre = CentreFile::default();
    let mut floor = Floor::open(folder, &centre, Machine::at(MORNING)).unwrap();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let mut taken = Vec::new();
    fill(&floor);
    let refused = loop {
        floor.say(&callers, incoming(&format!("call-{}", taken.len())));
        let mut heard = callers.heard();
        match heard.pop() {
            Some(queued) if queued["type"] == "call_queued" => taken.push(queued["callId"].clone()),
            refused => break refused,
        }
        assert!(taken.len() < 10_000, "the disk does not fill up");
    };
    assert!(refused.is_none_or(|error| error["code"] == "read_only"));
    assert_eq!(floor.observations.persistence(), Persistence::ReadOnly);
    let first = taken[0].as_str().unwrap().parse().unwrap();
    agents.heard();
    let accepted = floor.ask(&mut agents, act("call_accept", "sim-1", first));
    assert_eq!(accepted["type"], "ack");

    empty(&floor);
    floor.pass(3 * SECOND);
    assert_eq!(floor.observations.persistence(), Persistence::Ok);
    floor.say(&callers, incoming("after"));
    assert_eq!(callers.heard().last().unwrap()["type"], "call_queued");
    let live = floor.driver.engine().calls().map(|call| json!(call.id));
    let live: Vec<_> = live.collect();
    assert!(taken.iter().all(|call| live.contains(call)), "all that was taken in is there");
}

fn keyed(key: &str) -> monti_core::wire::InjectRequest {
    let body = json!({"vq": "sales_general", "count": 3, "requestId": key});
    monti_core::wire::parse_body(&body.to_string()).unwrap()
}

fn injection() -> monti_core::wire::InjectRequest {
    monti_core::wire::parse_body(r#"{"vq": "sales_general"}"#).unwrap()
}
