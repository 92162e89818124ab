//! Keys that mean the same everywhere, what is written, and what is said.

use std::time::Duration;

use monti_tui::{Effect, LinkEvent, Message, Question, Setup, keymap::Keymap};

use crate::{floor, wall::Wall};

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
fn the_palette_goes_to_departments_and_queues_by_their_names() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press(":").write("bill").shows("queue, Support");
    wall.press("enter").shows("support_billing");
    wall.press(":").write("technical").press("enter").shows("name, by name").shows("Network");
    wall.press(":").write("tech hard").press("enter").shows("technical_hardware");
    // Without a word it is of actions.
    wall.press(":").shows_no("queue, ");
}

#[test]
fn what_the_palette_says_of_actions_departments_and_queues_stands_below_each_other() {
    let mut welcome = floor::welcome();
    let queue = &mut welcome["centre"]["departments"][0]["queues"][1]["name"];
    *queue = "Orders-of-all-that-is-new-and-of-some-that-is-not".into();
    let mut wall = Wall::silent(120, 40);
    wall.connect();
    wall.hear(&welcome);
    wall.press(":").write("ale");
    let rows = wall.rows();
    let place = |text: &str| {
        let row = rows.iter().find(|row| row.contains(text));
        let row = row.unwrap_or_else(|| panic!("no {text} in\n{}", wall.text()));
        row[..row.find(text).unwrap()].chars().count()
    };
    let action = place("what is over a limit");
    assert_eq!(place("department  "), action, "{}", wall.text());
    assert_eq!(place("queue, Sales"), action, "{}", wall.text());
    // A name that is longer is cut, and a gap follows it.
    wall.shows("is-not queue, Sales");
}

#[test]
fn help_is_seen_at_once_where_there_is_room_for_two_columns() {
    for (width, height) in [(160, 45), (200, 60)] {
        let mut wall = Wall::of(width, height, 10);
        wall.press("?").shows("Keys here").shows("RONA").shows("Keys elsewhere");
        let frame = wall.rows()[height as usize - 2].clone();
        assert!(frame.contains('╯') && !frame.contains("more"), "{}", wall.text());
        wall.shows_no("wo…").shows("average handle time: talk, hold and after-call");
    }
}

#[test]
fn popups_say_that_more_follows_and_whom_they_concern_where_there_is_least_room() {
    let mut wall = Wall::of(30, 5, 10);
    wall.press("?").shows(" more");
    wall.press("G").shows(" above").shows("RONA");
    wall.press("esc");
    wall.press("1 enter").shows("Avery Lindqvist").shows(" more");
    wall.press("x").shows("Avery Lindqvist").shows("› set to").shows("+4 more");
    wall.press("G").shows("Avery Lindqvist").shows("› log out").shows("+4 above");
    wall.press("esc esc :").shows("help").shows(" more");
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
fn keys_of_the_terminal_work_everywhere() {
    for keys in ["esc", "i", ":", "1 /", "1 enter", "?"] {
        let mut wall = Wall::of(120, 40, 10);
        wall.press(keys).effects.clear();
        wall.press("ctrl-l ctrl-z ctrl-c");
        assert_eq!(wall.effects, [Effect::Repaint, Effect::Suspend, Effect::Quit], "{keys}");
    }
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
fn what_is_selected_is_copied() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("right y 1 down y").shows("copied sales.00001");
    let copied = |text: &str| Effect::Copy(text.to_owned());
    let copies = wall.effects.iter().filter(|effect| matches!(effect, Effect::Copy(_)));
    let copies: Vec<_> = copies.cloned().collect();
    assert_eq!(copies, [copied("sales_general"), copied("sales.00001")]);
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
fn where_there_is_room_for_one_panel_it_is_the_one_that_has_the_keys() {
    let mut wall = Wall::of(40, 12, 10);
    wall.press("1").shows("Avery").shows_no("Enterprise");
    wall.press("right").shows("Enterprise").shows_no("Avery");
    wall.press("left").shows("Avery").shows_no("Enterprise");
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
fn what_is_said_is_seen_on_every_size_and_on_a_wall() {
    for (width, height) in [(30, 5), (60, 9), (200, 6), (120, 40)] {
        for (keys, says) in
            [("space i", "this is the past"), ("b i", "this is a wall; b leaves it")]
        {
            let mut wall = Wall::of(width, height, 10);
            wall.press(keys);
            let last = wall.rows().pop().unwrap();
            assert!(last.contains(says), "{width}x{height}\n{}", wall.text());
        }
    }
}

#[test]
fn what_is_selected_in_a_menu_is_in_view_while_something_is_said() {
    let mut wall = Wall::of(30, 5, 10);
    wall.press("1 enter x down").shows("› set to break");
    wall.tell(Message::Trouble("the log is full".to_owned()));
    wall.shows("the log is full").shows("› set to break");
}

#[test]
fn help_stays_open_when_the_server_first_tells_its_centre() {
    let mut wall = Wall::silent(120, 40);
    wall.press("?").shows("Keys here");
    wall.connect();
    wall.shows("Keys here");
}

#[test]
fn what_is_written_stays_when_the_server_first_tells_its_centre() {
    let mut wall = Wall::silent(120, 40);
    wall.press(":").write("tech");
    wall.connect();
    wall.shows(": tech").shows("Technical");
}

#[test]
fn why_there_is_no_connection_is_read_whole_and_no_key_is_offered_that_does_nothing() {
    let reason = "the server wants a token: give one with --token-file or MONTI_TOKEN";
    for (width, height) in [(200, 50), (80, 24), (60, 16), (30, 5)] {
        let mut wall = Wall::silent(width, height);
        wall.tell(Message::Link(LinkEvent::Connecting));
        let retry_after = Duration::from_secs(3);
        wall.tell(Message::Link(LinkEvent::Down { reason: reason.to_owned(), retry_after }));
        let words = wall.text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(reason), "{}", wall.text());
        wall.shows("trying again in 3 s").shows_no("inject").shows_no("alerts");
        assert!(height < 16 || wall.text().contains("? help   q quit"), "{}", wall.text());
    }
}

#[test]
fn a_question_is_answered_by_the_keys_that_it_names() {
    let mut keymap = Keymap::default();
    keymap.bind("open", vec!["o".parse().unwrap()]);
    keymap.bind("back", vec!["n".parse().unwrap()]);
    let mut wall = Wall::calm(120, 40, Setup { keymap, ..Setup::default() });
    wall.press("1 o x o").shows("Sure?").shows("o do it  n leave it");
    wall.press("n").shows_no("Sure?");
    assert!(!wall.questions().iter().any(|it| matches!(it, Question::SetState { .. })));
    wall.press("x o o").shows_no("Sure?");
    assert!(wall.questions().iter().any(|it| matches!(it, Question::SetState { .. })));
}

#[test]
fn a_server_that_is_connected_and_silent_is_not_said_to_refuse() {
    let refused = "Connection refused";
    let retry_after = Duration::from_secs(3);
    let down = || LinkEvent::Down { reason: refused.to_owned(), retry_after };
    let mut wall = Wall::silent(120, 40);
    wall.tell(Message::Link(down()));
    wall.tell(Message::Link(LinkEvent::Connecting));
    wall.shows(refused);
    wall.tell(Message::Link(LinkEvent::Up));
    wall.shows_no(refused).shows("connected, and the server has told nothing yet");
    let mut wall = Wall::silent(120, 40);
    wall.shows("waiting for the server");
    wall.tell(Message::Link(LinkEvent::Up));
    wall.shows("connected, and the server has told nothing yet");
}
