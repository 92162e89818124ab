//! Every screen and popup, in every size that makes a difference, with its styles.

use monti_core::wire::AgentHistory;
use monti_tui::{Answer, Message};
use serde_json::json;

use crate::{floor, styled::styled, wall::Wall};

const SIZES: [(u16, u16); 6] = [(200, 60), (120, 40), (80, 24), (60, 16), (30, 5), (10, 3)];

/// Twenty agents a department, two of them over a limit in the first.
fn floor_with_breaches(department: &str) -> Vec<serde_json::Value> {
    let mut agents = floor::agents(department, 20);
    if department == "sales" {
        agents[3] = floor::agent(department, 3, "after_call_work", 372);
        agents[15] = floor::agent(department, 15, "break", 655);
    }
    agents
}

/// The same journey at every size, in one file.
fn snapshot(name: &str, journey: impl Fn(&mut Wall)) {
    let mut text = String::new();
    for (width, height) in SIZES {
        let mut wall = Wall::with(width, height, floor_with_breaches);
        journey(&mut wall);
        text.push_str(&format!("{width}x{height}\n{}\n", styled(&wall.frame())));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

fn day_of_general() -> Message {
    let quarter = |number: u64, level: Option<f64>| {
        let starts_at = floor::before(900 * (8 - number));
        let mut quarter = floor::quarter(starts_at, 9 + number, level);
        (quarter["callsOffered"], quarter["callsAbandoned"]) = ((10 + number).into(), 1.into());
        quarter
    };
    let levels =
        [None, Some(100.0), Some(92.0), Some(80.0), Some(79.9), Some(60.0), Some(59.9), Some(0.0)];
    let quarters: Vec<_> = (0..).zip(levels).map(|(at, level)| quarter(at, level)).collect();
    Message::Answer(Box::new(floor::day(&quarters)))
}

fn history_of(login: &str) -> Message {
    let day = |day: u8, occupancy: Option<f64>| {
        json!({
            "date": format!("2026-01-{day:02}"), "callsHandled": 6, "talkSeconds": 1400.0,
            "acwSeconds": 135.0, "holdSeconds": 40.0, "breakSeconds": 0.0, "loginSeconds": 4500.0,
            "occupancyPercent": occupancy, "acwBreaches": 1, "breakBreaches": 0, "ringNoAnswers": 1,
        })
    };
    let days = [day(29, Some(35.0)), day(28, None), day(27, Some(71.5))];
    let history = json!({"agentId": login, "days": days});
    let history: AgentHistory = serde_json::from_value(history).unwrap();
    let agent = history.agent_id.clone();
    Message::Answer(Box::new(Answer::History { agent, days: 7, result: Ok(history) }))
}

#[test]
fn all_departments() {
    snapshot("all_departments", |_| {});
}

#[test]
fn nothing_heard_yet() {
    let wall = Wall::silent(80, 24);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("nothing_heard_yet", styled(&wall.frame()));
    });
}

#[test]
fn one_department() {
    snapshot("one_department", |wall| {
        wall.press("1 down down");
        wall.tell(day_of_general());
    });
}

#[test]
fn one_queue() {
    snapshot("one_queue", |wall| {
        wall.press("1 right enter");
        wall.tell(day_of_general());
    });
}

#[test]
fn one_agent() {
    snapshot("one_agent", |wall| {
        wall.press("1 enter");
        wall.tell(history_of("sales.00015"));
    });
}

#[test]
fn what_can_be_done_to_an_agent() {
    snapshot("agent_actions", |wall| {
        wall.press("1 enter x down");
    });
}

#[test]
fn a_question_before_it_is_done() {
    snapshot("agent_confirm", |wall| {
        wall.press("1 enter x enter");
    });
}

#[test]
fn a_call_to_inject() {
    snapshot("inject", |wall| {
        wall.press("i down");
    });
}

#[test]
fn alerts() {
    snapshot("alerts", |wall| {
        wall.press("a");
    });
}

#[test]
fn activity() {
    snapshot("activity", |wall| {
        let happened = json!({
            "type": "activity", "timestamp": floor::start(), "tick": 0, "events": [
                {"kind": "queued", "callId": "CALL-20260129-000042", "vq": "sales_general",
                 "department": "sales"},
                {"kind": "abandoned", "callId": "CALL-20260129-000041", "vq": "support_tier_1",
                 "department": "support", "seconds": 18.25},
                {"kind": "breach", "agentId": "sales.00003", "department": "sales"},
            ],
        });
        wall.hear(&happened);
        wall.press("v");
    });
}

#[test]
fn help() {
    snapshot("help", |wall| {
        wall.press("?");
    });
}

#[test]
fn palette() {
    snapshot("palette", |wall| {
        wall.press(":").write("ale");
    });
}

#[test]
fn a_filter_being_written() {
    snapshot("filter", |wall| {
        wall.press("1 /").write("state:acw >5x");
    });
}

#[test]
fn a_wall() {
    snapshot("wall", |wall| {
        wall.press("b");
    });
}

#[test]
fn the_past() {
    snapshot("the_past", |wall| {
        for _ in 0..20 {
            wall.tick();
        }
        wall.press("[");
    });
}

#[test]
fn lost() {
    snapshot("lost", |wall| {
        wall.tell(Message::Link(monti_tui::LinkEvent::Down {
            reason: "the server closed the link".to_owned(),
            retry_after: std::time::Duration::from_secs(3),
        }));
        wall.wait(std::time::Duration::from_secs(1));
    });
}

#[test]
fn no_data() {
    let mut text = String::new();
    for (width, height) in SIZES {
        let mut wall = Wall::silent(width, height);
        wall.connect();
        for department in floor::departments() {
            wall.hear(&floor::empty_overview(department));
            wall.hear(&floor::queues(department, 0, [None; 4]));
        }
        text.push_str(&format!("{width}x{height}\n{}\n", styled(&wall.frame())));
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("no_data", text);
    });
}
