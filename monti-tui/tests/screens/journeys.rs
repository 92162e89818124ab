//! What a reader does, and what comes of it.

use std::time::Duration;

use monti_core::{
    SettableState,
    wire::{ErrorCode, InjectRequest, InjectResponse},
};
use monti_tui::{Answer, Effect, Message, Options, Question, Refusal};
use serde_json::json;

use crate::{floor, wall::Wall};

fn answer(wall: &mut Wall, answer: Answer) {
    wall.tell(Message::Answer(Box::new(answer)));
}

/// The question went out, and no answer came.
fn lost() -> Refusal {
    Refusal { code: None, may_be_done: true, words: "no answer within 5 s".to_owned() }
}

fn refused(code: ErrorCode, words: &str) -> Refusal {
    Refusal { code: Some(code), may_be_done: false, words: words.to_owned() }
}

fn injected(wall: &mut Wall) -> InjectRequest {
    match wall.questions().pop() {
        Some(Question::Inject(request)) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn digits_open_departments_and_0_goes_back_to_all() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("2").shows("Support").shows("name, by name");
    wall.press("tab").shows("Network");
    wall.press("tab tab").shows("Enterprise");
    wall.press("0").shows("Queues").shows_no("name, by name");
    // There is no fifth department.
    wall.press("5").shows_no("name, by name");
}

#[test]
fn a_queue_is_two_keys_away_and_escape_leads_back() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("right down enter").shows("sales_enterprise").shows("answered only");
    wall.press("esc").shows_no("sales_enterprise");
    wall.press("1 right down down enter").shows("sales_upsell");
    wall.press("esc").shows("name, by name");
    wall.press("esc").shows_no("name, by name");
}

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
    answer(
        &mut wall,
        Answer::History { agent: agent.clone(), days: 7, result: refused("too late") },
    );
    wall.shows_no("too late");
    answer(&mut wall, Answer::History { agent, days: 14, result: refused("no answer") });
    wall.shows("no answer");
}

#[test]
fn a_history_that_is_looked_at_says_of_when_it_is_and_is_asked_for_again() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1 enter");
    let question = wall.questions().pop().unwrap();
    let Question::History { agent, days } = question.clone() else { panic!("{question:?}") };
    let history = |calls: u32| {
        let history = json!({"agentId": agent, "days": [{
            "date": "2026-01-29", "callsHandled": calls, "talkSeconds": 1400.0,
            "acwSeconds": 135.0, "holdSeconds": 40.0, "breakSeconds": 0.0, "loginSeconds": 4500.0,
            "occupancyPercent": 35.0, "acwBreaches": 1, "breakBreaches": 0, "ringNoAnswers": 1,
        }]});
        Ok(serde_json::from_value(history).unwrap())
    };
    answer(&mut wall, Answer::History { agent: agent.clone(), days, result: history(6) });
    wall.shows("as of 10:15:00").shows("2026-01-29      6");
    for _ in 0..29 {
        wall.tick();
    }
    assert!(!wall.questions().contains(&question));
    wall.tick();
    assert!(wall.questions().contains(&question));
    answer(&mut wall, Answer::History { agent: agent.clone(), days, result: history(7) });
    wall.shows("as of 10:15:30").shows("2026-01-29      7");
    // What is known stays, with its age, and why there is nothing newer.
    let refused = Err(Refusal::unasked("cannot reach it"));
    answer(&mut wall, Answer::History { agent, days, result: refused });
    wall.shows("as of 10:15:30").shows("2026-01-29      7").shows("cannot reach it");
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
        answer(&mut wall, Answer::History { agent, days: 7, result });
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
fn nothing_of_a_queue_is_cut_where_there_is_less_room() {
    for (width, height) in [(80, 24), (60, 16), (30, 5)] {
        let mut wall = Wall::of(width, height, 10);
        wall.press("1 right enter");
        let mut seen = wall.text();
        for _ in 0..20 {
            wall.press("down");
            seen.push_str(&wall.text());
        }
        for fact in [
            "waiting",
            "longest wait",
            "estimated wait",
            "ringing",
            "active",
            "available",
            "service level",
            "without short",
            "short are good",
            "answered only",
            "offered",
            "answered",
            "in time",
            "abandoned",
            "short",
            "ASA",
            "AHT",
            "longest wait today",
        ] {
            assert!(seen.contains(fact), "{width}x{height}: {fact}\n{}", wall.text());
        }
    }
}

#[test]
fn forms_can_be_filled_in_and_questions_read_where_there_is_least_room() {
    let mut wall = Wall::of(30, 5, 10);
    wall.press("i").shows("Sales General");
    for field in ["number", "priority", "count"] {
        wall.press("down").shows(&format!("› {field}")).shows_no("Avery");
    }
    wall.press("up ctrl-u").write("12").press("enter");
    wall.shows("› priority 12").shows("allowed is 0 to 9");
    wall.press("esc 1 enter x enter").shows("Set Avery Lindqvist to ACW?").shows("enter do it");
    wall.press("esc esc /").write("state:asleep").shows("is no state");
}

#[test]
fn an_agent_is_acted_on_only_after_a_confirmation() {
    let mut wall = Wall::of(120, 40, 10);
    // The second agent of the table has a call.
    wall.press("1 down enter").questions();
    wall.press("x").shows("set to available").shows("end CALL-20260129-000002").shows("log out");
    wall.press("down enter").shows("Set Bao Lindqvist to ACW?");
    assert_eq!(wall.questions(), []);
    wall.press("esc").shows_no("Sure?");
    assert_eq!(wall.questions(), []);
    wall.press("x enter enter");
    let agent: monti_core::LoginId = "sales.00001".parse().unwrap();
    let question = Question::SetState { agent, state: SettableState::Available };
    assert_eq!(wall.questions(), std::slice::from_ref(&question));
    let forbidden = refused(ErrorCode::Forbidden, "not allowed");
    answer(&mut wall, Answer::Action { question, result: Err(forbidden) });
    wall.shows("not done: not allowed").shows("role supervisor");
}

#[test]
fn an_action_whose_answer_was_lost_is_not_told_as_not_done() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1 down enter x enter enter");
    let question = wall.questions().pop().unwrap();
    answer(&mut wall, Answer::Action { question, result: Err(lost()) });
    wall.shows("no answer, it may have been done: no answer within 5 s").shows_no("not done");
}

#[test]
fn a_repeat_whose_answer_was_lost_is_sent_again_under_its_key() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i enter");
    let first = injected(&mut wall);
    let calls = vec!["CALL-20260129-000042".parse().unwrap()];
    answer(
        &mut wall,
        Answer::Inject { request: first.clone(), result: Ok(InjectResponse { calls }) },
    );
    wall.press("I");
    let second = injected(&mut wall);
    assert_ne!(second.request_id, first.request_id);
    answer(&mut wall, Answer::Inject { request: second.clone(), result: Err(lost()) });
    wall.shows("calls may have been put in").shows_no("no call was put in");
    wall.press("I");
    assert_eq!(injected(&mut wall), second);
    let refused = refused(ErrorCode::Busy, "too many calls");
    answer(&mut wall, Answer::Inject { request: second, result: Err(refused) });
    wall.shows("no call was put in: too many calls");
}

#[test]
fn an_injected_call_is_told_by_its_id_and_a_repeat_of_the_same_has_the_same_key() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("right down i").shows("Sales Enterprise").shows("+1");
    wall.press("enter").shows("waiting for the answer");
    let first = injected(&mut wall);
    assert_eq!(first.vq, "sales_enterprise");
    // Nothing is sent twice while the answer is awaited.
    wall.press("enter");
    assert_eq!(wall.questions(), []);
    answer(&mut wall, Answer::Inject { request: first.clone(), result: Err(lost()) });
    wall.shows("sent again it counts once");
    wall.press("enter");
    let second = injected(&mut wall);
    assert_eq!(second, first);
    let calls = vec!["CALL-20260129-000042".parse().unwrap()];
    answer(&mut wall, Answer::Inject { request: second, result: Ok(InjectResponse { calls }) });
    wall.shows("CALL-20260129-000042 is in Enterprise").shows_no("Put a call into a queue");
    wall.press("I");
    let third = injected(&mut wall);
    assert_eq!((&third.vq, third.caller_number), (&first.vq, first.caller_number));
    assert_ne!(third.request_id, first.request_id);
}

#[test]
fn another_request_has_another_key_and_a_wrong_one_is_not_sent() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i enter");
    let first = injected(&mut wall);
    let busy = refused(ErrorCode::Busy, "busy");
    answer(&mut wall, Answer::Inject { request: first.clone(), result: Err(busy) });
    wall.press("right enter");
    let second = injected(&mut wall);
    assert_ne!((second.vq, second.request_id), (first.vq, first.request_id));
    wall.press("esc i down ctrl-u").write("12").press("enter");
    wall.shows("3 to 15 digits");
    wall.press("ctrl-u down ctrl-u").write("10").press("enter").shows("allowed is 0 to 9");
    wall.press("ctrl-u").write("9").press("down ctrl-u").write("1001").press("enter");
    wall.shows("allowed is 1 to 1000");
    assert_eq!(wall.questions(), []);
    wall.press("ctrl-u").write("20").press("enter");
    let request = injected(&mut wall);
    assert_eq!((request.caller_number, request.count), (None, 20));
}

#[test]
fn nothing_is_asked_of_a_server_that_is_not_there_nor_from_the_past() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("space i").shows("this is the past").shows_no("Put a call");
    wall.press("space");
    let down = monti_tui::LinkEvent::Down { reason: "gone".to_owned(), retry_after: None };
    wall.tell(Message::Link(down));
    wall.press("i").shows("there is no connection").shows_no("Put a call");
    assert_eq!(wall.questions(), []);
}

#[test]
fn a_filter_leaves_who_matches_and_says_how_many() {
    let mut wall = Wall::of(120, 40, 20);
    wall.press("1 /").write("state:acw").press("enter");
    wall.shows("match state:acw").shows("Daniel").shows_no("Avery");
    wall.press("esc").shows_no("match state:acw");
    wall.press("/").write("nobody").press("enter").shows("no agent matches");
    wall.press("/ ctrl-u").write("state:asleep").shows("\"asleep\" is no state");
    // What means nothing is not taken over.
    wall.press("enter").shows("\"asleep\" is no state");
}

#[test]
fn the_order_changes_with_the_sort_and_never_by_time_alone() {
    let mut wall = Wall::of(120, 40, 20);
    let names = |wall: &Wall| -> Vec<String> {
        let rows = wall.rows();
        let name = |row: &String| row.chars().skip(45).take(18).collect::<String>();
        rows[4..24].iter().map(name).collect()
    };
    wall.press("1");
    let by_name = names(&wall);
    wall.tick();
    assert_eq!(names(&wall), by_name);
    for sort in ["state", "time in state", "queue", "calls"] {
        wall.press("s").shows(&format!("name, by {sort}"));
        let sorted = names(&wall);
        assert_ne!(sorted, by_name, "{sort}");
        wall.tick();
        assert_eq!(names(&wall), sorted, "{sort}");
    }
    wall.press("s");
    assert_eq!(names(&wall), by_name);
}

#[test]
fn the_selection_stays_with_the_agent_when_others_come_before_it() {
    let mut wall = Wall::of(120, 40, 20);
    wall.press("1 down down down");
    let mut agents = floor::agents("sales", 20);
    agents[19] = floor::agent("sales", 19, "break", 700);
    let changed = [agents[19].clone()];
    wall.hear(&floor::delta("sales", 1, &agents, &changed));
    wall.press("enter").shows("sales.00003");
}

#[test]
fn clicks_open_what_they_hit() {
    let mut wall = Wall::of(120, 40, 10);
    let frame = wall.rows();
    let row = frame.iter().position(|row| row.contains("Bao Lindqvist")).unwrap();
    wall.click(20, u16::try_from(row).unwrap()).shows("sales.00001");
    // Beside a popup it closes it.
    wall.click(0, 39).shows_no("sales.00001");
    let row = frame.iter().position(|row| row.contains("Tier 2")).unwrap();
    wall.click(50, u16::try_from(row).unwrap()).shows("support_tier_2");
    let column = wall.rows()[1].find("Technical").unwrap();
    wall.click(u16::try_from(column).unwrap(), 1).shows("Network").shows("name, by name");
}

#[test]
fn the_palette_does_what_is_named() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press(":").write("alerts").press("enter").shows("Over a limit");
    wall.press(":").write("no such thing").shows("nothing is called so");
    wall.press("enter esc").shows("Over a limit");
    // There is no fifth department.
    wall.press(":").write("department").shows("department-4").shows_no("department-5");
}

#[test]
fn help_tells_all_keys_of_the_table() {
    let mut wall = Wall::of(120, 60, 10);
    wall.press("?");
    let mut shown = wall.text();
    wall.press("end");
    shown.push_str(&wall.text());
    for binding in wall.app.keymap().bindings() {
        let is_digit = binding.name.starts_with("department-");
        assert!(is_digit || shown.contains(binding.help), "{}", binding.name);
    }
    assert!(shown.contains("1 to 4"), "{shown}");
    Wall::of(120, 60, 10).press("F1").shows("Keys here").shows("end the program");
}

#[test]
fn help_tells_of_the_keys_of_an_agent_from_there() {
    let mut wall = Wall::of(120, 60, 10);
    wall.press("1 enter ?");
    let rows = wall.rows();
    let at = |words: &str| rows.iter().position(|row| row.contains(words)).unwrap();
    assert!(at("more days of history") < at("Keys elsewhere"), "{}", wall.text());
    wall.press("esc").shows("Daily history");
}

#[test]
fn agents_are_sorted_and_filtered_as_the_settings_want_it() {
    let filter = monti_tui::filter::Filter::parse("state:acw").unwrap();
    let options = Options { sort: monti_tui::board::Sort::Time, filter, ..Options::default() };
    for (width, height, keys) in [(120, 40, "2"), (80, 24, "right")] {
        let mut wall = Wall::calm(width, height, options.clone());
        wall.press(keys).shows("name, by time in state").shows("Daniel").shows_no("Avery");
    }
}

#[test]
fn what_was_said_goes_away_by_itself() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("t").shows("theme dark");
    wall.wait(Duration::from_secs(7));
    wall.shows("theme dark");
    assert_eq!(wall.app.wake_at(), Some(Duration::from_secs(8)));
    wall.wait(Duration::from_secs(1));
    wall.shows_no("theme dark").shows("? help");
    // What went wrong is there for longer.
    wall.press("space i").shows("this is the past");
    wall.wait(Duration::from_secs(19));
    wall.shows("this is the past");
    wall.wait(Duration::from_secs(1));
    wall.shows_no("this is the past");
}

#[test]
fn keys_of_the_terminal_work_everywhere() {
    for keys in ["esc", "i", ":", "1 /", "1 enter", "?"] {
        let mut wall = Wall::of(120, 40, 10);
        wall.press(keys).effects.clear();
        wall.press("ctrl-l ctrl-z ctrl-c");
        assert_eq!(wall.effects, [Effect::Repaint, Effect::Suspend, Effect::Quit], "{keys}");
    }
}

#[test]
fn what_is_selected_is_copied() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("right y 1 down y").shows("copied sales.00001");
    let copied = |text: &str| Effect::Copy(text.to_owned());
    let copies = wall.effects.iter().filter(|effect| matches!(effect, Effect::Copy(_)));
    let copies: Vec<_> = copies.cloned().collect();
    assert_eq!(copies, [copied("sales_general"), copied("sales.00001")]);
}

#[test]
fn activity_is_told_newest_first_and_filtered() {
    let mut wall = Wall::of(120, 40, 10);
    let event = |number: u32, vq: &str| {
        json!({"kind": "queued", "callId": format!("CALL-20260129-{number:06}"), "vq": vq,
               "department": "sales"})
    };
    let events = [event(41, "sales_general"), event(42, "sales_upsell")];
    wall.hear(
        &json!({"type": "activity", "timestamp": floor::start(), "tick": 0, "events": events}),
    );
    wall.press("v");
    let text = wall.text();
    assert!(text.find("000042") < text.find("000041"), "{text}");
    wall.press("/").write("UPSELL").press("enter").shows("000042").shows_no("000041");
}

#[test]
fn keys_of_the_footer_are_dropped_whole_and_help_tells_of_more() {
    for width in (60..=200).step_by(7) {
        for keys in ["0", "1", "a", "1 enter"] {
            let mut wall = Wall::of(width, 40, 10);
            wall.press(keys);
            let footer = wall.rows().pop().unwrap();
            let has_help = footer.contains("? help") || footer.contains("? more");
            assert!(has_help || keys == "1 enter", "{width} {keys}: {footer}");
            let last = footer.split_whitespace().last().unwrap();
            let words: Vec<_> = wall.app.keymap().bindings().iter().map(|it| it.short).collect();
            assert!(last == "more" || words.iter().any(|it| it.ends_with(last)), "{footer}");
            if keys != "1 enter" {
                assert!(footer.contains("esc back"), "{width} {keys}: {footer}");
            }
        }
    }
}

#[test]
fn what_is_pasted_into_a_request_makes_it_another_one() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i down enter");
    let first = injected(&mut wall);
    // While it is on its way nothing is written into it.
    wall.paste("77");
    answer(&mut wall, Answer::Inject { request: first.clone(), result: Err(lost()) });
    wall.shows("sent again it counts once");
    wall.paste("9").shows_no("sent again it counts once");
    wall.press("enter");
    let second = injected(&mut wall);
    let number = |request: &InjectRequest| request.caller_number.unwrap().to_string();
    assert_eq!(number(&second), format!("{}9", number(&first)));
    assert_ne!(second.request_id, first.request_id);
}

#[test]
fn what_is_pasted_counts_like_what_is_written() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1 /").write("state:").shows("is no state");
    wall.paste("acw").shows_no("is no state");
    // The first of what matches then, not the one that was selected of all.
    wall.press("esc : down down down down");
    wall.paste("alerts").press("enter").shows("Over a limit");
}

#[test]
fn another_centre_has_nothing_of_the_one_before() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("i enter");
    let request = injected(&mut wall);
    let calls = vec!["CALL-20260129-000042".parse().unwrap()];
    answer(&mut wall, Answer::Inject { request, result: Ok(InjectResponse { calls }) });
    let mut welcome = floor::welcome();
    welcome["centre"]["name"] = "Another".into();
    wall.hear(&welcome);
    for department in floor::departments() {
        wall.hear(&floor::overview(department, 0, &floor::agents(department, 10)));
    }
    wall.press("I").shows("Put a call into a queue");
    assert_eq!(wall.questions(), []);
}

#[test]
fn the_next_department_is_sorted_and_filtered_like_the_one_before() {
    let mut wall = Wall::of(120, 40, 20);
    wall.press("1 s /").write("state:acw").press("enter tab");
    wall.shows("Tier 1").shows("match state:acw").shows("name, by state");
}

#[test]
fn a_list_that_gets_shorter_is_shown_from_where_it_is() {
    let over = |numbers: std::ops::Range<usize>| {
        let mut agents = floor::agents("sales", 10);
        for number in numbers {
            agents[number] = floor::agent("sales", number, "break", 700);
        }
        agents
    };
    let mut wall = Wall::calm(30, 5, Options::default());
    wall.hear(&floor::overview("sales", 1, &over(0..6)));
    wall.press("a G").shows("!6").shows("Farid");
    wall.hear(&floor::overview("sales", 2, &over(0..2)));
    wall.shows("!2").shows("Avery").shows("Bao");
}

#[test]
fn the_alert_that_is_selected_stays_selected_when_others_come_before_it() {
    let over = |numbers: &[usize]| {
        let mut agents = floor::agents("sales", 10);
        for number in numbers {
            agents[*number] = floor::agent("sales", *number, "break", 700);
        }
        agents
    };
    let mut wall = Wall::calm(120, 40, Options::default());
    wall.hear(&floor::overview("sales", 1, &over(&[3, 5])));
    wall.press("a down");
    wall.hear(&floor::overview("sales", 2, &over(&[1, 2, 3, 5])));
    wall.press("enter").shows("sales.00005");
    // Who was over today, likewise: others were more often.
    let mut agents = over(&[]);
    agents[7]["kpis"]["breakBreaches"] = 1.into();
    agents[8]["kpis"]["breakBreaches"] = 1.into();
    wall.hear(&floor::overview("sales", 3, &agents));
    wall.press("esc right home down");
    agents[2]["kpis"]["breakBreaches"] = 9.into();
    wall.hear(&floor::overview("sales", 4, &agents));
    wall.press("enter").shows("sales.00008");
}

fn happen(wall: &mut Wall, second: u64, numbers: std::ops::Range<u32>) {
    let event = |number: u32| {
        json!({"kind": "queued", "callId": format!("CALL-20260129-{number:06}"),
               "vq": "sales_general", "department": "sales"})
    };
    let events: Vec<_> = numbers.map(event).collect();
    let timestamp = floor::start() + monti_core::Millis::from_secs(second);
    wall.hear(
        &json!({"type": "activity", "timestamp": timestamp, "tick": second, "events": events}),
    );
}

#[test]
fn what_is_read_of_the_activity_stays_in_place_as_more_happens() {
    let mut wall = Wall::of(120, 40, 10);
    happen(&mut wall, 0, 1..100);
    // From the top on the newest is what is read.
    wall.press("v").shows("000099");
    happen(&mut wall, 0, 100..101);
    wall.shows("000100");
    wall.press("down").shows_no("000100").shows("000099");
    let read = wall.rows()[1..39].to_vec();
    happen(&mut wall, 0, 101..150);
    assert_eq!(wall.rows()[1..39], read);
    wall.press("home").shows("000149");
}

#[test]
fn the_activity_of_the_past_is_not_blank() {
    let mut wall = Wall::of(120, 40, 10);
    happen(&mut wall, 0, 1..3);
    for _ in 0..20 {
        wall.tick();
    }
    happen(&mut wall, 20, 3..200);
    wall.press("v G").shows("000001");
    wall.press("[").shows("THE PAST").shows("000002").shows("000001");
}

#[test]
fn clicks_open_what_they_hit_where_a_list_is_scrolled() {
    let mut wall = Wall::of(30, 5, 3);
    wall.press("space down down down");
    assert!(wall.rows()[2].starts_with("Support"), "{}", wall.text());
    wall.click(2, 2);
    assert_eq!(wall.app.screen().department(), Some(1));
}

#[test]
fn a_click_beside_the_alerts_hits_none_of_them() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("a");
    wall.click(5, 39);
    let monti_tui::Screen::Alerts(screen) = wall.app.screen() else { panic!("{}", wall.text()) };
    assert_eq!(screen.part, monti_tui::screen::AlertsPart::Now);
}

#[test]
fn what_happened_is_found_by_the_words_that_are_shown_of_it() {
    let mut wall = Wall::of(120, 40, 10);
    let call = |number: u32| format!("CALL-20260129-{number:06}");
    let events = json!([
        {"kind": "accepted", "callId": call(1), "agentId": "sales.00000", "vq": "sales_general",
         "department": "sales"},
        {"kind": "ring_timeout", "callId": call(2), "agentId": "support.00001",
         "vq": "support_tier_1", "department": "support"},
    ]);
    wall.hear(
        &json!({"type": "activity", "timestamp": floor::start(), "tick": 0, "events": events}),
    );
    wall.press("v");
    for (filter, found) in [
        ("answered", 1),
        ("no answer", 2),
        ("tier 1", 2),
        ("Avery", 1),
        ("sales.00000", 1),
        ("support_tier_1", 2),
        ("SUPPORT", 2),
    ] {
        wall.press("/ ctrl-u").write(filter).press("enter");
        wall.shows(&call(found)).shows_no(&call(3 - found));
    }
}
