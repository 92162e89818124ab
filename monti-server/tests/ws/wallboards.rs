//! What wallboards are told, and what they may ask for.

use std::time::Duration;

use monti_server::observations::OutboxFigures;
use serde_json::{Value, json};

use crate::{
    calls::{bring, log_in, state},
    client::Client,
    server::Server,
};

const SECOND: Duration = Duration::from_secs(1);
const DEPARTMENTS: [&str; 4] = ["sales", "support", "technical", "retention"];

/// A subscription to Sales alone, with agents.
fn sales(mode: &str) -> Value {
    json!({"type": "subscribe", "departments": ["sales"], "mode": mode})
}

/// The next messages in a few words.
fn hear<const N: usize>(client: &mut Client) -> [String; N] {
    std::array::from_fn(|_| {
        let heard = client.hear();
        let words = [&heard["type"], &heard["department"], &heard["tick"]];
        words.map(|word| word.to_string().replace('"', "")).join(" ").replace(" null", "")
    })
}

fn full(departments: &[&str], tick: u64) -> Vec<String> {
    let texts = departments.iter().flat_map(|department| {
        ["department_overview", "vq_overview"].map(|kind| format!("{kind} {department} {tick}"))
    });
    texts.collect()
}

#[test]
fn a_wallboard_that_says_nothing_is_told_everything_each_second() {
    let server = Server::open();
    let mut board = server.connect("/ws", None).unwrap();
    let welcome = board.hear();
    assert_eq!((&welcome["type"], &welcome["protocol"]), (&json!("welcome"), &json!(1)));
    assert_eq!(hear::<9>(&mut board)[..8], full(&DEPARTMENTS, 0));
    for tick in 1..4 {
        server.pass(SECOND);
        assert_eq!(hear::<8>(&mut board)[..], full(&DEPARTMENTS, tick));
    }
}

#[test]
fn the_full_state_names_agents_and_queues() {
    let server = Server::open();
    let mut agents = server.agents();
    for login in ["bob", "ada"] {
        log_in(&mut agents, login);
    }
    agents.ask(&state("bob", "break"));
    bring(&mut agents, "c1");
    let mut board = server.wallboard();
    board.say(&sales("full"));
    server.pass(SECOND);
    let overview = std::iter::repeat_with(|| board.hear_until("department_overview"))
        .find(|overview| overview["tick"] == 1 && overview["department"] == "sales")
        .unwrap();
    let named: Vec<_> =
        overview["agents"].as_array().unwrap().iter().map(|agent| &agent["agentId"]).collect();
    assert_eq!(named, ["ada", "bob"]);
    assert_eq!(overview["agents"][0]["state"], "ringing");
    assert_eq!(overview["summary"]["stateBreakdown"]["break"], 1);
    let queues = board.hear_until("vq_overview");
    assert_eq!(queues["queues"][0]["id"], "sales_general");
    assert_eq!(queues["queues"][0]["ringingCalls"], 1);
}

#[test]
fn changes_follow_the_full_state() {
    let server = Server::open();
    let mut agents = server.agents();
    let mut board = server.wallboard();
    hear::<9>(&mut board);
    board.say(&sales("delta"));
    assert_eq!(hear(&mut board), ["department_overview sales 0", "vq_overview sales 0", "health"]);
    server.pass(SECOND);
    assert_eq!(hear(&mut board), ["tick 1"]);
    log_in(&mut agents, "ada");
    server.pass(SECOND);
    assert_eq!(hear(&mut board), ["tick 2"]);
    let delta = board.hear();
    assert_eq!((&delta["type"], &delta["previousTick"]), (&json!("department_delta"), &json!(0)));
    assert_eq!(delta["changed"][0]["agentId"], "ada");
    assert_eq!(delta["removed"], json!([]));
    let activity = board.hear();
    let event = json!({"kind": "login", "agentId": "ada", "department": "sales"});
    assert_eq!((&activity["type"], &activity["events"]), (&json!("activity"), &json!([event])));
    agents.ask(&state("ada", "break"));
    server.pass(SECOND);
    assert_eq!(hear(&mut board), ["tick 3"]);
    let delta = board.hear();
    assert_eq!((&delta["tick"], &delta["previousTick"]), (&json!(3), &json!(2)));
}

#[test]
fn the_full_state_comes_again_when_it_is_asked_for() {
    let server = Server::open();
    let mut board = server.wallboard();
    hear::<9>(&mut board);
    board.say(&sales("delta"));
    hear::<3>(&mut board);
    server.pass(SECOND);
    assert_eq!(hear(&mut board), ["tick 1"]);
    board.say(&json!({"type": "resync"}));
    assert_eq!(hear(&mut board), ["department_overview sales 1", "vq_overview sales 1", "health"]);
    server.pass(SECOND);
    assert_eq!(hear(&mut board), ["tick 2"]);
    board.say(&sales("full"));
    assert_eq!(hear(&mut board), ["department_overview sales 2", "vq_overview sales 2", "health"]);
    server.pass(SECOND);
    assert_eq!(hear(&mut board), ["department_overview sales 3", "vq_overview sales 3"]);
}

#[test]
fn agents_need_not_be_shown_one_by_one() {
    let server = Server::open();
    let mut board = server.wallboard();
    hear::<9>(&mut board);
    let mut agents = server.agents();
    log_in(&mut agents, "ada");
    server.pass(SECOND);
    // Four departments in full, and what happened: from here on she is known.
    hear::<9>(&mut board);
    for mode in ["full", "delta"] {
        let mut message = sales(mode);
        message["agents"] = json!(false);
        let overview = board.ask(&message);
        assert_eq!(overview["agents"], json!([]), "{mode}");
        assert_eq!(overview["summary"]["totalAgents"], 1, "{mode}");
        hear::<2>(&mut board);
    }
    agents.ask(&state("ada", "break"));
    server.pass(SECOND);
    let delta = board.hear_until("department_delta");
    assert_eq!((&delta["changed"], &delta["removed"]), (&json!([]), &json!([])));
    assert_eq!(delta["summary"]["stateBreakdown"]["break"], 1);
}

#[test]
fn an_unknown_department_is_refused_and_changes_nothing() {
    let server = Server::open();
    let mut board = server.wallboard();
    hear::<9>(&mut board);
    let error = board.ask(&json!({"type": "subscribe", "departments": ["sales", "toys"],
                                  "mode": "delta", "requestId": "r1"}));
    assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!("unknown_department")));
    assert_eq!(error["requestId"], "r1");
    assert!(error["message"].as_str().unwrap().contains("toys"));
    for (message, code) in [
        (json!({"type": "subscribe", "mode": "fast"}), "invalid_value"),
        (json!({"type": "subscribe"}), "malformed"),
        (json!({"type": "register"}), "unsupported"),
    ] {
        assert_eq!(board.ask(&message)["code"], code, "{message}");
    }
    server.pass(SECOND);
    assert_eq!(hear::<8>(&mut board)[..], full(&DEPARTMENTS, 1));
}

#[test]
fn the_full_state_is_not_had_as_often_as_one_likes() {
    let server = Server::open();
    let (mut board, mut other) = (server.wallboard(), server.wallboard());
    hear::<9>(&mut board);
    hear::<9>(&mut other);
    // A burst is served: somebody goes through all views. After that it is too often.
    let mut served = 0;
    let error = loop {
        board.say(&json!({"type": "resync", "requestId": "r1"}));
        let heard = board.hear();
        if heard["type"] == "error" {
            break heard;
        }
        hear::<8>(&mut board);
        served += 1;
    };
    assert!(served >= 20, "{served}");
    assert_eq!((&error["code"], &error["requestId"]), (&json!("rate_limited"), &json!("r1")));
    assert!(error["retryAfterSeconds"].as_f64().unwrap() > 0.0);
    // What was refused changed nothing: it is told everything still.
    let error = board.ask(&sales("delta"));
    assert_eq!(error["code"], "rate_limited");
    server.pass(SECOND);
    assert_eq!(hear::<8>(&mut board)[..], full(&DEPARTMENTS, 1));
    assert_eq!(hear::<8>(&mut other)[..], full(&DEPARTMENTS, 1));
    other.say(&json!({"type": "resync"}));
    assert_eq!(hear::<9>(&mut other)[..8], full(&DEPARTMENTS, 1));
}

#[test]
fn health_is_told_first_and_when_it_changes() {
    let server = Server::open();
    let mut board = server.wallboard();
    assert_eq!(board.hear_until("health")["persistence"], "ok");
    let oldest = monti_core::Millis::from_secs(90);
    server.observations.set_outbox(OutboxFigures {
        records: 7,
        oldest,
        lags: true,
        ..OutboxFigures::default()
    });
    server.pass(SECOND);
    let health = board.hear_until("health");
    assert_eq!(
        (&health["persistence"], &health["backlogRecords"]),
        (&json!("degraded"), &json!(7))
    );
    assert_eq!(health["backlogOldestSeconds"], 90.0);
}
