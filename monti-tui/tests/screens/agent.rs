//! An agent: its history, and what can be done to it.

use monti_core::{SettableState, wire::ErrorCode};
use monti_tui::{Answer, Question, Refusal};
use serde_json::json;

use crate::wall::{Wall, lost, refused};

#[test]
fn an_agents_history_is_asked_for_and_a_late_answer_to_another_question_is_none() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1").questions();
    wall.press("enter").shows("Daily history, 7 days").shows("loading");
    let agent: monti_core::LoginId = "sales.00000".parse().unwrap();
    assert_eq!(wall.questions(), [Question::History { agent: agent.clone(), days: 7 }]);
    wall.press("+").shows("Daily history, 14 days");
    assert_eq!(wall.questions(), [Question::History { agent: agent.clone(), days: 14 }]);
    let refused = |words: &str| Err(Refusal::unasked(words));
    wall.answer(Answer::History { agent: agent.clone(), days: 7, result: refused("too late") });
    wall.shows_no("too late");
    wall.answer(Answer::History { agent, days: 14, result: refused("no answer") });
    wall.shows("no answer");
}

/// A day of an agent with so many calls.
fn day(date: &str, calls: u32) -> serde_json::Value {
    json!({
        "date": date, "callsHandled": calls, "talkSeconds": 1400.0, "acwSeconds": 135.0,
        "holdSeconds": 40.0, "breakSeconds": 0.0, "loginSeconds": 4500.0,
        "occupancyPercent": 35.0, "acwBreaches": 1, "breakBreaches": 0, "ringNoAnswers": 1,
    })
}

#[test]
fn a_history_that_is_looked_at_says_of_when_it_is_and_is_asked_for_again() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1 enter");
    let question = wall.questions().pop().unwrap();
    let Question::History { agent, days } = question.clone() else { panic!("{question:?}") };
    let history = |calls: u32| {
        let history = json!({"agentId": agent, "days": [day("2026-01-29", calls)]});
        Ok(serde_json::from_value(history).unwrap())
    };
    wall.answer(Answer::History { agent: agent.clone(), days, result: history(6) });
    wall.shows("as of 10:15:00").shows("2026-01-29      6");
    for _ in 0..29 {
        wall.tick();
    }
    assert!(!wall.questions().contains(&question));
    wall.tick();
    assert!(wall.questions().contains(&question));
    wall.answer(Answer::History { agent: agent.clone(), days, result: history(7) });
    wall.shows("as of 10:15:30").shows("2026-01-29      7");
    // What is known stays, with its age, and why there is nothing newer.
    let refused = Err(Refusal::unasked("cannot reach it"));
    wall.answer(Answer::History { agent, days, result: refused });
    wall.shows("as of 10:15:30").shows("2026-01-29      7").shows("cannot reach it");
}

#[test]
fn days_that_the_store_did_not_tell_are_said_to_be_missing() {
    for (width, height) in [(200, 60), (120, 40), (80, 24), (44, 14), (30, 5)] {
        for is_empty in [false, true] {
            let mut wall = Wall::of(width, height, 10);
            wall.press("1 enter");
            let agent: monti_core::LoginId = "sales.00000".parse().unwrap();
            let days = if is_empty { json!([]) } else { json!([day("2026-01-29", 6)]) };
            let partial = json!({"agentId": agent, "days": days, "partial": true});
            let result = Ok(serde_json::from_value(partial).unwrap());
            wall.answer(Answer::History { agent, days: 7, result });
            let mut seen = lines(&wall);
            for _ in 0..40 {
                wall.press("down");
                seen.extend(lines(&wall));
            }
            assert!(!seen.iter().any(|line| line.contains("no days yet")), "{}", wall.text());
            let words = seen.join(" ");
            assert!(words.contains("the store cannot be read: not all days"), "{words}");
        }
    }
}

/// Its rows without the frame, as they are read.
fn lines(wall: &Wall) -> Vec<String> {
    let bare = |row: String| row.trim_matches(|it: char| " │".contains(it)).to_owned();
    wall.rows().into_iter().map(bare).collect()
}

#[test]
fn nothing_of_an_agent_is_cut_where_there_is_less_room() {
    for (width, height) in [(80, 24), (60, 16), (30, 5)] {
        let mut wall = Wall::of(width, height, 10);
        wall.press("1 enter");
        let agent: monti_core::LoginId = "sales.00000".parse().unwrap();
        let day = |day: u8| {
            json!({"date": format!("2026-01-{day:02}"), "callsHandled": 61, "talkSeconds": 35_999,
            "acwSeconds": 35_998, "holdSeconds": 35_997, "breakSeconds": 35_996,
            "loginSeconds": 40_000, "occupancyPercent": 100.0, "acwBreaches": 62,
            "breakBreaches": 63, "ringNoAnswers": 1})
        };
        let days: Vec<_> = (20..27).map(day).collect();
        let history = json!({"agentId": agent, "days": days});
        let result = Ok(serde_json::from_value(history).unwrap());
        wall.answer(Answer::History { agent, days: 7, result });
        let mut seen = wall.text();
        for _ in 0..120 {
            wall.press("down");
            seen.push_str(&wall.text());
        }
        for figure in [
            "0:07",
            "logged in 1:15:07",
            "brk over",
            "RONA",
            "01-20",
            "01-26",
            "61",
            "9:59:59",
            "9:59:58",
            "9:59:57",
            "9:59:56",
            "100",
            "62",
            "63",
            "North",
            "sales.00000",
        ] {
            assert!(seen.contains(figure), "{width}x{height}: {figure}\n{}", wall.text());
        }
    }
}

#[test]
fn an_agent_is_acted_on_only_after_a_confirmation() {
    let mut wall = Wall::of(120, 40, 10);
    // The second agent of the table has a call.
    wall.press("1 down enter").questions();
    wall.press("x").shows("set to available").shows("end CALL-20260129-000002").shows("log out");
    wall.press("down enter").shows("Set Bao Lindqvist to ACW after the call?");
    assert_eq!(wall.questions(), []);
    wall.press("esc").shows_no("Sure?");
    assert_eq!(wall.questions(), []);
    wall.press("x enter enter");
    let agent: monti_core::LoginId = "sales.00001".parse().unwrap();
    let question = Question::SetState { agent, state: SettableState::Available };
    assert_eq!(wall.questions(), std::slice::from_ref(&question));
    let forbidden = refused(ErrorCode::Forbidden, "not allowed");
    wall.answer(Answer::Action { question, result: Err(forbidden) });
    wall.shows("not done: not allowed").shows("role supervisor");
}

#[test]
fn what_an_agent_with_a_call_is_told_to_do_is_said_to_come_after_the_call() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1 down enter x G enter").shows("Log Bao Lindqvist out after the call?");
    wall.press("enter");
    let question = wall.questions().pop().unwrap();
    wall.answer(Answer::Action { question, result: Ok(()) });
    wall.shows("Bao Lindqvist is logged out after the call");
    wall.press("x G up enter").shows("End CALL-20260129-000002, which Bao Lindqvist has?");
    // After-call work ends at once.
    wall.press("esc esc down down enter x enter").shows("Set Daniel Lindqvist to available?");
    wall.press("enter");
    let question = wall.questions().pop().unwrap();
    wall.answer(Answer::Action { question, result: Ok(()) });
    wall.shows("Daniel Lindqvist is set to available").shows_no("after the call");
}

#[test]
fn an_action_whose_answer_was_lost_is_not_told_as_not_done() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1 down enter x enter enter");
    let question = wall.questions().pop().unwrap();
    wall.answer(Answer::Action { question, result: Err(lost()) });
    wall.shows("no answer, it may have been done: no answer within 5 s").shows_no("not done");
}
