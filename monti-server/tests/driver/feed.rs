//! What wallboards are told, second by second.

use monti_core::wire::{Mode, Subscribe, WallboardServerMessage};
use monti_server::{
    centre_file::CentreFile,
    driver::{View, Watcher},
    inbox::Request,
    store::StoreErrorKind,
};
use serde_json::{Value, json};
use tokio::runtime;

use crate::{
    SECOND,
    floor::{Floor, act, incoming, register},
};

#[test]
fn who_says_nothing_is_told_everything_each_second() {
    let mut floor = Floor::new();
    let mut watcher = floor.feed.watch(View::default());
    let at_once = read(watcher.full());
    assert_eq!(
        types(&at_once),
        [["department_overview", "vq_overview"].repeat(4), vec!["health"]].concat()
    );
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=3);
    let told = next(&mut floor, &mut watcher);
    assert_eq!(
        types(&told),
        [["department_overview", "vq_overview"].repeat(4), vec!["activity"]].concat()
    );
    let logins: Vec<_> =
        told[0]["agents"].as_array().unwrap().iter().map(|it| &it["agentId"]).collect();
    assert_eq!(logins, ["sim-1", "sim-2", "sim-3"]);
    assert_eq!(told[0]["summary"]["stateBreakdown"]["available"], 3);
    assert_eq!(told[1]["queues"][0]["availableAgents"], 3);
    assert_eq!(told[8]["events"][0]["kind"], "login");
}

#[test]
fn deltas_hold_just_what_changed() {
    let mut floor = Floor::new();
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=3);
    floor.second();
    let mut watcher = floor.feed.watch(view(json!({"mode": "delta"}), &floor));
    let joined = read(watcher.full());
    assert_eq!(types(&joined).len(), 9);

    assert_eq!(types(&next(&mut floor, &mut watcher)), ["tick"], "nothing changed");
    let call = floor.call(&mut callers, "call");
    let told = next(&mut floor, &mut watcher);
    assert_eq!(types(&told), ["tick", "department_delta", "activity"]);
    let delta = &told[1];
    assert_eq!(delta["changed"].as_array().unwrap().len(), 1);
    assert_eq!(delta["changed"][0]["state"], "ringing");
    assert_eq!(delta["changed"][0]["currentCallId"], json!(call));
    // One agent less is available to all four queues.
    assert_eq!(delta["queues"].as_array().unwrap().len(), 4);
    assert!(delta["previousTick"].as_u64() <= joined[0]["tick"].as_u64());
    let first_tick = delta["tick"].clone();

    floor.second();
    floor.say(&agents, act("call_accept", "sim-1", call));
    let late = next(&mut floor, &mut watcher);
    assert_eq!(types(&late).len(), 10, "who missed a second gets the full state: {late:#?}");
    floor.say(&agents, act("call_hold", "sim-1", call));
    let told = next(&mut floor, &mut watcher);
    assert_eq!(told[1]["changed"][0]["state"], "on_hold");
    assert!(told[1]["previousTick"].as_u64() > first_tick.as_u64());
    assert_eq!(told[1]["queues"], json!([]), "to the queue it is the same");
}

#[test]
fn who_asks_again_in_the_moment_of_a_tick_hears_of_that_second_just_once() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    let mut watcher = floor.feed.watch(View::default());
    watcher.full();
    floor.staff(&mut agents, 1..=3);
    floor.second();
    let logins = |told: &[Value]| {
        let heard = told.iter().filter(|it| it["type"] == "activity");
        heard.map(|it| it["events"].as_array().unwrap().len()).sum::<usize>()
    };
    assert_eq!(logins(&read(watcher.full())), 3);
    assert_eq!(logins(&read(watcher.full())), 0, "they were told");
    assert_eq!(logins(&next(&mut floor, &mut watcher)), 0);
}

/// While nothing can be kept nothing is told but that those who wait wait on.
#[test]
fn on_a_full_disk_the_longest_wait_runs_on() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    floor.call(&mut callers, "waits");
    let mut watcher = floor.feed.watch(View::default());
    next(&mut floor, &mut watcher);
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, incoming("held"));
    for second in 2..5 {
        let told = next(&mut floor, &mut watcher);
        let (summary, queue) = (&told[0]["summary"], &told[1]["queues"][0]);
        assert_eq!(summary["waitingCalls"], 1);
        assert_eq!(summary["longestWaitSeconds"], f64::from(second));
        assert_eq!(queue["longestWaitSeconds"], f64::from(second));
    }
}

#[test]
fn a_department_that_is_named_often_is_watched_once() {
    let floor = Floor::new();
    let often = view(json!({"mode": "full", "departments": vec!["sales"; 5_000]}), &floor);
    assert_eq!(often, view(json!({"mode": "full", "departments": ["sales"]}), &floor));
}

#[test]
fn deltas_applied_are_the_full_state() {
    let mut floor = Floor::new();
    let (callers, mut agents) = (floor.link(), floor.link());
    let mut full = floor.feed.watch(View::default());
    let mut deltas = floor.feed.watch(view(json!({"mode": "delta"}), &floor));
    full.full();
    let mut known = State::of(&read(deltas.full()));
    for round in 0..60 {
        match round % 6 {
            0 => floor.say(&agents, register(&format!("sim-{round}"))),
            1 => floor.say(&callers, incoming(&format!("call-{round}"))),
            2 => {
                let mut moved = register("sim-0");
                moved["department"] = json!(["support", "sales"][(round / 6) % 2]);
                floor.say(&agents, moved);
            }
            3 => {
                for assigned in agents.heard().iter().filter(|it| it["type"] == "call_assign") {
                    let login = assigned["agentId"].as_str().unwrap();
                    let call = crate::floor::id(&assigned["callId"]);
                    floor.say(&agents, act("call_accept", login, call));
                }
            }
            4 if round == 28 => {
                let lost = std::mem::replace(&mut agents, floor.link());
                floor.close(lost);
            }
            // A night: all figures begin anew.
            _ if round == 47 => {
                floor.machine.pass(20 * 3_600 * SECOND);
                floor.turn([]);
                floor.settle();
                wait(&mut full);
                known.apply(&wait(&mut deltas));
            }
            _ => {}
        }
        floor.second();
        known.apply(&wait(&mut deltas));
        assert_eq!(known, State::of(&wait(&mut full)), "round {round}");
    }
}

#[test]
fn a_wallboard_sees_the_departments_and_agents_that_it_asked_for() {
    let mut floor = Floor::new();
    let mut agents = floor.link();
    floor.staff(&mut agents, 1..=1);
    floor.second();
    let chosen = json!({"mode": "delta", "departments": ["support", "sales"], "agents": false});
    let mut watcher = floor.feed.watch(view(chosen, &floor));
    let told = read(watcher.full());
    assert_eq!((&told[0]["department"], &told[0]["agents"]), (&json!("sales"), &json!([])));
    assert_eq!(told[2]["department"], "support");
    assert_eq!(told.len(), 5);
    let mut other = register("sim-2");
    other["department"] = json!("technical");
    floor.say(&agents, other);
    assert_eq!(types(&next(&mut floor, &mut watcher)), ["tick"]);
    floor.say(&agents, register("sim-3"));
    let told = next(&mut floor, &mut watcher);
    assert_eq!(types(&told), ["tick", "department_delta", "activity"]);
    assert_eq!(told[1]["changed"], json!([]));
    assert_eq!(told[1]["summary"]["totalAgents"], 2);

    let unknown = subscribe(json!({"mode": "full", "departments": ["sales", "toys"]}));
    let error = View::new(unknown, floor.driver.engine().centre()).unwrap_err();
    assert_eq!(error.code, monti_core::wire::ErrorCode::UnknownDepartment);
}

#[test]
fn of_very_many_events_the_newest_200_are_told() {
    let mut floor = Floor::new();
    let mut watcher = floor.feed.watch(View::default());
    let callers = floor.link();
    let calls = (0..300).map(|n| crate::floor::says(&callers, incoming(&format!("call-{n}"))));
    let calls: Vec<_> = calls.collect();
    floor.turn(calls);
    let told = next(&mut floor, &mut watcher);
    let activity = told.iter().find(|it| it["type"] == "activity").unwrap();
    let events = activity["events"].as_array().unwrap();
    assert_eq!(events.len(), 200);
    assert_eq!(events[199]["callId"], "CALL-20260129-000300");
}

#[test]
fn much_that_happens_in_one_department_hides_nothing_of_another() {
    let mut floor = Floor::new();
    let mut watcher =
        floor.feed.watch(view(json!({"mode": "full", "departments": ["support"]}), &floor));
    let mut agents = floor.link();
    floor.ask(&mut agents, json!({"type": "register", "agentId": "x", "department": "support"}));
    let callers = floor.link();
    let calls = (0..300).map(|n| crate::floor::says(&callers, incoming(&format!("call-{n}"))));
    let calls: Vec<_> = calls.collect();
    floor.turn(calls);
    let told = next(&mut floor, &mut watcher);
    let activity = told.iter().find(|it| it["type"] == "activity").unwrap();
    let kinds: Vec<_> =
        activity["events"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["login"]);
}

#[test]
fn a_call_that_a_supervisor_ends_unanswered_is_told_as_abandoned_like_it_is_counted() {
    let mut floor = Floor::new();
    let mut callers = floor.link();
    let call = floor.call(&mut callers, "call");
    let mut watcher = floor.feed.watch(View::default());
    next(&mut floor, &mut watcher);
    let login = None;
    floor.answer(|answer| Request::EndCall { call, login, answer }).unwrap();
    let told = next(&mut floor, &mut watcher);
    assert_eq!(told[0]["summary"]["callsAbandoned"], 1);
    assert_eq!(told[8]["events"][0]["kind"], "abandoned");
}

#[test]
fn while_nothing_can_be_kept_nothing_new_is_shown() {
    let mut floor = Floor::new();
    let callers = floor.link();
    let mut watcher = floor.feed.watch(View::default());
    next(&mut floor, &mut watcher);
    floor.switch.set_reserve(false);
    floor.switch.fail(Some(StoreErrorKind::Full));
    floor.say(&callers, incoming("call"));
    let told = next(&mut floor, &mut watcher);
    assert_eq!(told[0]["summary"]["waitingCalls"], 0);
    assert_eq!(told.last().unwrap()["persistence"], "read_only");
    floor.switch.fail(None);
    floor.switch.set_reserve(true);
    floor.second();
    let told = next(&mut floor, &mut watcher);
    assert_eq!(told[0]["summary"]["waitingCalls"], 1);
    assert_eq!(told.last().unwrap()["persistence"], "ok");
}

/// The engine forgets at midnight who is offline.
#[test]
fn who_logs_out_just_before_midnight_is_told_of_just_after_it() {
    let mut floor = Floor::with_centre(&CentreFile::default(), "2026-01-29T23:59:58.200Z");
    let (mut callers, mut agents) = (floor.link(), floor.link());
    floor.staff(&mut agents, 1..=1);
    let call = floor.call(&mut callers, "call");
    floor.say(&agents, act("call_accept", "sim-1", call));
    let mut watcher = floor.feed.watch(View::default());
    next(&mut floor, &mut watcher);
    floor.pass(SECOND / 2);
    floor.say(&agents, act("call_complete", "sim-1", call));
    floor.say(&agents, json!({"type": "unregister", "agentId": "sim-1"}));
    let today = floor.driver.engine().today().day;
    let told = next(&mut floor, &mut watcher);
    assert_eq!(floor.driver.engine().today().day, today.next());
    assert_eq!(floor.driver.engine().find_agent("sim-1"), None);
    let activity = told.iter().find(|it| it["type"] == "activity").unwrap();
    let events = activity["events"].as_array().unwrap().iter();
    let told = events.map(|it| json!([it["kind"], it["agentId"], it["department"]]));
    let wanted = ["completed", "logout"].map(|kind| json!([kind, "sim-1", "sales"]));
    assert_eq!(told.collect::<Vec<_>>(), wanted);
}

/// What a delta client knows.
#[derive(Debug, PartialEq)]
struct State {
    departments: Vec<Department>,
}

#[derive(Debug, PartialEq)]
struct Department {
    name: Value,
    agents: Vec<Value>,
    queues: Vec<Value>,
}

impl State {
    fn of(told: &[Value]) -> Self {
        let list = |it: &Value| it.as_array().unwrap().clone();
        let overviews = told.iter().filter(|it| it["type"] == "department_overview");
        let queues = told.iter().filter(|it| it["type"] == "vq_overview");
        let departments = overviews.zip(queues).map(|(overview, queues)| Department {
            name: overview["department"].clone(),
            agents: list(&overview["agents"]),
            queues: list(&queues["queues"]).into_iter().map(without_clock).collect(),
        });
        Self { departments: departments.collect() }
    }

    fn apply(&mut self, told: &[Value]) {
        for delta in told.iter().filter(|it| it["type"] == "department_delta") {
            let mut departments = self.departments.iter_mut();
            let department = departments.find(|it| it.name == delta["department"]).unwrap();
            let agents = &mut department.agents;
            for agent in delta["changed"].as_array().unwrap() {
                agents.retain(|known| known["agentId"] != agent["agentId"]);
                agents.push(agent.clone());
            }
            let removed = delta["removed"].as_array().unwrap();
            agents.retain(|known| !removed.contains(&known["agentId"]));
            agents.sort_by_key(|agent| agent["agentId"].as_str().unwrap().to_owned());
            for queue in delta["queues"].as_array().unwrap().iter().cloned().map(without_clock) {
                let known = department.queues.iter_mut().find(|it| it["id"] == queue["id"]);
                *known.unwrap() = queue;
            }
        }
    }
}

/// The one figure that runs with the clock.
fn without_clock(mut queue: Value) -> Value {
    queue.as_object_mut().unwrap().remove("longestWaitSeconds");
    queue
}

fn view(subscribe_to: Value, floor: &Floor) -> View {
    View::new(subscribe(subscribe_to), floor.driver.engine().centre()).unwrap()
}

fn subscribe(to: Value) -> Subscribe {
    let subscribe: Subscribe = serde_json::from_value(to).unwrap();
    assert!(matches!(subscribe.mode, Mode::Full | Mode::Delta));
    subscribe
}

/// A second passes, and what the wallboard is told then.
fn next(floor: &mut Floor, watcher: &mut Watcher) -> Vec<Value> {
    floor.second();
    wait(watcher)
}

fn wait(watcher: &mut Watcher) -> Vec<Value> {
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    read(runtime.block_on(watcher.next()).unwrap().to_vec())
}

/// Every text is one of the protocol's messages, to the letter.
fn read(texts: Vec<monti_server::driver::Text>) -> Vec<Value> {
    let read = |text: monti_server::driver::Text| {
        let message = WallboardServerMessage::parse(&text).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(message).unwrap(), value);
        value
    };
    texts.into_iter().map(read).collect()
}

fn types(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().unwrap()).collect()
}
