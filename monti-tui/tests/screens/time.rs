//! How old what is shown is, and the past.

use std::time::Duration;

use monti_tui::{End, LinkEvent, Message, Setup};
use ratatui::style::Modifier;

use crate::{
    floor,
    wall::{LEVELS, Wall},
};

pub(crate) const SECOND: Duration = Duration::from_secs(1);

pub(crate) fn down(wall: &mut Wall) {
    let event = LinkEvent::Down {
        reason: "the server closed the link".to_owned(),
        retry_after: Duration::from_secs(3),
    };
    wall.tell(Message::Link(event));
}

/// The server is lost for a minute, and greets again.
pub(crate) fn lose_a_minute(wall: &mut Wall) {
    down(wall);
    wall.wait(60 * SECOND);
    wall.connect();
}

#[test]
fn silence_is_told_as_late_and_then_as_stale() {
    let mut wall = Wall::of(120, 40, 10);
    wall.tick();
    wall.shows(" live ");
    wall.wait(Duration::from_millis(2_400));
    wall.shows(" live ");
    wall.wait(Duration::from_millis(100));
    wall.shows("late 0:02");
    wall.wait(Duration::from_millis(7_499));
    wall.shows("late 0:09");
    wall.wait(Duration::from_millis(1));
    wall.shows("stale 0:10");
    wall.tick();
    wall.shows(" live ");
}

#[test]
fn the_centres_time_goes_on_as_fast_as_its_clock_runs() {
    for (speed, passed) in [(1.0, 1_001), (60.0, 60_060), (-1.0, 1_001)] {
        let mut wall = Wall::of(120, 40, 1);
        let mut welcome = floor::welcome();
        welcome["clockSpeed"] = speed.into();
        wall.hear(&welcome);
        wall.tick();
        let told = wall.app.now();
        wall.wait(Duration::from_millis(1_001));
        assert_eq!(wall.app.now().since(told), monti_core::Millis::new(passed), "{speed}");
    }
}

#[test]
fn a_lost_server_leaves_all_in_place_dim_and_says_so() {
    let mut wall = Wall::of(120, 40, 10);
    let body = wall.rows()[1..39].to_vec();
    let bright = wall.frame();
    down(&mut wall);
    wall.shows("lost 0:00, again in 3 s");
    wall.wait(2 * SECOND);
    wall.shows("lost 0:02, again in 1 s");
    assert_eq!(wall.rows()[1..39], body);
    let dim = wall.frame();
    let stale = wall.app.theme().stale;
    for y in 1..39 {
        for x in 0..120 {
            let cell = &dim[(x, y)];
            assert_eq!(Some(cell.fg), stale.fg, "{x} {y}");
            assert!(!cell.modifier.contains(Modifier::BOLD), "{x} {y}");
        }
    }
    assert_ne!(bright, dim);
    // Nothing moves while one attempt after the other fails.
    wall.tell(Message::Link(LinkEvent::Connecting));
    wall.wait(SECOND);
    down(&mut wall);
    wall.wait(2 * SECOND);
    assert_eq!(wall.rows()[1..39], body);
    // The link alone is not the state: it takes a state that is whole.
    wall.tell(Message::Link(LinkEvent::Connecting));
    wall.tell(Message::Link(LinkEvent::Up));
    wall.hear(&floor::welcome());
    for department in floor::departments() {
        wall.hear(&floor::overview(department, 9, &floor::ten(department)));
        wall.shows("lost").shows_no(" live ");
        wall.hear(&floor::queues(department, 9, LEVELS));
    }
    wall.shows(" live ").shows_no("lost");
}

#[test]
fn why_the_server_is_lost_is_told_for_as_long_as_it_is() {
    // On the smallest terminal the rest of it has no room.
    let reason = "the server does not accept";
    let refuse = |wall: &mut Wall| {
        let (reason, retry_after) = (format!("{reason} the token"), 20 * SECOND);
        wall.tell(Message::Link(LinkEvent::Down { reason, retry_after }));
    };
    for (width, height) in [(200, 60), (120, 40), (80, 24), (44, 14), (30, 5)] {
        for keys in ["esc", "1", "b"] {
            let mut wall = Wall::of(width, height, 10);
            wall.press(keys).shows_no(reason);
            // Of a wall the first line turns.
            let before = wall.rows();
            let body = 2..before.len() - 1;
            down(&mut wall);
            wall.shows("the server closed the lin");
            refuse(&mut wall);
            for _ in 0..2 {
                wall.wait(300 * SECOND);
                wall.shows(reason).shows_no("closed the lin");
                assert_eq!(wall.rows()[body.clone()], before[body.clone()]);
                wall.tell(Message::Link(LinkEvent::Connecting));
                wall.shows(reason);
                refuse(&mut wall);
            }
            wall.connect();
            wall.hear_all(601, floor::ten);
            wall.shows_no(reason).shows_no("the server has told nothing");
        }
    }
}

#[test]
fn times_run_by_the_servers_clock_between_what_it_says() {
    let mut wall = Wall::of(120, 40, 1);
    let time = |wall: &Wall| wall.row("Avery")[..40].to_owned();
    assert!(time(&wall).contains("0:07"));
    wall.wait(SECOND);
    assert!(time(&wall).contains("0:08"), "{}", time(&wall));
    wall.hear(&floor::tick(1));
    assert!(time(&wall).contains("0:08"), "{}", time(&wall));
    // Once nothing can be relied on, it stands still.
    down(&mut wall);
    wall.wait(100 * SECOND);
    assert!(time(&wall).contains("0:08"), "{}", time(&wall));
}

#[test]
fn a_gap_in_the_changes_asks_for_the_full_state() {
    let mut wall = Wall::of(120, 40, 10);
    let agents = floor::agents("sales", 10);
    wall.effects.clear();
    wall.hear(&floor::delta("sales", 3, &agents, &[]));
    assert_eq!(wall.effects, [monti_tui::Effect::Resync]);
    // Once is enough, and what does not follow is not shown.
    wall.hear(&floor::delta("sales", 4, &agents, &[]));
    assert_eq!(wall.effects, [monti_tui::Effect::Resync]);
    wall.shows("late 0:00");
    wall.hear_all(5, |_| agents.clone());
    wall.shows(" live ");
}

#[test]
fn the_past_is_told_as_such_and_a_key_returns() {
    let mut wall = Wall::of(120, 40, 10);
    for second in 1..=120 {
        let mut agents = floor::agents("sales", 10);
        let state = if second < 60 { "available" } else { "lunch" };
        agents[0] = floor::agent("sales", 0, state, 0);
        wall.tick();
        wall.hear(&floor::delta("sales", second, &agents, &agents[..1]));
    }
    wall.shows("10:17:00").shows("lunch").shows_no("THE PAST");
    wall.press("{ [");
    wall.shows("THE PAST · 10:15:50 · a minute ago").shows("returns to live");
    assert!(wall.row("Avery").contains("available"), "{}", wall.row("Avery"));
    // The present goes on, and the past stays.
    wall.tick();
    wall.shows("10:15:50").shows_no("lunch");
    wall.press("}").shows("10:16:50").shows("lunch").shows("THE PAST");
    wall.press("\\").shows_no("THE PAST").shows("10:17:01");
    for _ in 0..10 {
        wall.press("{");
    }
    wall.shows("nothing is known of before").shows("10:15:00");
    wall.press("space").shows_no("THE PAST");
}

#[test]
fn the_past_has_its_own_alerts() {
    let mut wall = Wall::calm(120, 40, Setup::default());
    let mut agents = floor::agents("sales", 10);
    for second in 1..=30 {
        wall.tick();
        if second == 20 {
            agents[5] = floor::agent("sales", 5, "break", 700);
            wall.hear(&floor::delta("sales", second, &agents, &agents[5..6]));
        } else {
            wall.hear(&floor::delta("sales", second, &agents, &[]));
        }
    }
    wall.shows("!1 alert");
    wall.press("A").shows("1 alert, known");
    wall.press("[ [").shows("THE PAST · 10:15:10").shows("no alerts");
    wall.press("a").shows("no agent is over a limit");
    wall.press("A").shows("this is the past");
    // What was known then is not kept.
    wall.press("]").shows("THE PAST · 10:15:20").shows("!1 alert").shows("Farid");
    wall.press("\\").shows("1 alert, known");
}

#[test]
fn of_a_quarter_that_ran_in_the_past_the_present_is_not_told() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1 right enter");
    let quarter =
        |minutes: u64, calls| floor::quarter(floor::before(60 * minutes), calls, Some(100.0));
    wall.answer(floor::day(&[quarter(15, 111), quarter(0, 222)]));
    let running = wall.row("so far");
    assert!(running.contains("10:15") && running.contains("222"), "{running}");
    for _ in 0..20 {
        wall.tick();
    }
    wall.press("[").shows("THE PAST").shows("111").shows_no("222").shows("was not told");
}

#[test]
fn the_chart_of_a_day_holds_all_of_it() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("1");
    // From midnight, of the centre's time, to a quarter to midnight.
    let midnight = floor::start() - monti_core::Millis::from_secs(10 * 3_600 + 900);
    wall.wait(Duration::ZERO);
    let quarter = |number: u64, calls, percent| {
        let starts_at = midnight + monti_core::Millis::from_secs(900 * number);
        floor::quarter(starts_at, calls, Some(percent))
    };
    // 41 quarters by now are more than there are columns: half hours. Of the first the calls of the
    // second quarter are three times those of the first: 25 % and 3 x 100 % are 81 %, above the line,
    // however few of them were answered.
    let mut quarters: Vec<_> = (0..41).map(|number| quarter(number, 10, 100.0)).collect();
    quarters[0] = quarter(0, 10, 25.0);
    quarters[1] = quarter(1, 30, 100.0);
    quarters[1]["callsAnswered"] = 5.into();
    wall.answer(floor::day(&quarters));
    wall.shows("30 min as of 10:15").shows("00:00").shows("08:00").shows("offered ");
    let rows = wall.rows();
    let target = rows.iter().find(|row| row.contains(" 80 █")).unwrap();
    let bar = target.chars().skip(86).take(21).collect::<String>();
    assert!(bar.chars().all(|it| it != '─' && it != ' '), "{target}\n{}", rows.join("\n"));
    // The most calls of a half hour.
    assert!(rows.iter().any(|row| row.contains("  40 ")), "{}", rows.join("\n"));
}

#[test]
fn a_moment_of_silence_is_not_shown_as_if_it_were_known() {
    let mut wall = Wall::of(120, 40, 10);
    wall.tick();
    lose_a_minute(&mut wall);
    wall.hear_all(61, floor::ten);
    wall.shows(" live ");
    wall.press("[");
    wall.shows("10:15:51").shows("the server was silent");
    let frame = wall.frame();
    assert_eq!(Some(frame[(20, 10)].fg), wall.app.theme().stale.fg);
    wall.press("{").shows("10:15:00").shows_no("the server was silent");
}

#[test]
fn how_many_waited_in_a_silence_is_not_told() {
    for (seconds, told) in [(120, Some("peak     3 in  2 min")), (600, None)] {
        let mut wall = Wall::calm(200, 60, Setup::default());
        let mut queues = floor::calm_queues("sales", 0);
        floor::wait_since(&mut queues, Some(floor::start()));
        wall.hear(&queues);
        (0..70).for_each(|_| wall.tick());
        wall.shows("peak     3 in  2 min");
        down(&mut wall);
        wall.wait(seconds * SECOND);
        wall.connect();
        // Now nobody waits.
        let back = 70 + u64::from(seconds);
        wall.hear_all(back, floor::ten);
        let peak = |wall: &Wall| {
            let text = wall.text();
            Some(text[text.find("peak")?..].chars().take(20).collect::<String>())
        };
        assert_eq!(peak(&wall).as_deref(), told, "{}", wall.text());
        // And so it is when that has become the past.
        for second in back + 1..=back + 11 {
            wall.at += SECOND;
            wall.hear(&floor::tick(second));
        }
        wall.press("[").shows("THE PAST");
        assert_eq!(peak(&wall).as_deref(), told, "{}", wall.text());
    }
}

#[test]
fn a_frozen_moment_stands_still() {
    let mut wall = Wall::of(120, 40, 10);
    wall.tick();
    wall.press("space").shows("THE PAST · 10:15:01");
    let frozen = wall.rows()[2..39].to_vec();
    for _ in 0..5 {
        wall.tick();
    }
    assert_eq!(wall.rows()[2..39], frozen);
    wall.shows("5 seconds ago");
}

#[test]
fn what_the_server_does_not_say_draws_nothing() {
    let mut wall = Wall::of(120, 40, 10);
    let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::F(12));
    assert!(!wall.tell(Message::Input(crossterm::event::Event::Key(key))));
    assert!(!wall.tell(Message::Input(crossterm::event::Event::FocusGained)));
    let mut released = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('1'));
    released.kind = crossterm::event::KeyEventKind::Release;
    assert!(!wall.tell(Message::Input(crossterm::event::Event::Key(released))));
    wall.shows_no("name, by name");
}

#[test]
fn a_recording_is_never_shown_as_the_present() {
    let mut wall = recorded(120);
    wall.tick();
    wall.shows(" a recording ").shows_no(" live ");
    wall.tell(Message::Link(LinkEvent::Ended(End::Over)));
    wall.shows(" the recording has ended ").shows_no("lost").shows_no("faulty");
}

/// What is told to it comes from a recording.
fn recorded(width: u16) -> Wall {
    Wall::calm(width, 40, Setup { recording: true, ..Setup::default() })
}

#[test]
fn a_loss_that_was_recorded_is_told_as_one_and_not_as_the_end() {
    let mut wall = recorded(160);
    wall.tick();
    wall.wait(10 * SECOND);
    wall.shows(" a recording: stale 0:10 ").shows_no("ended");
    down(&mut wall);
    wall.wait(2 * SECOND);
    wall.shows(" a recording: lost 0:12 ").shows_no("ended");
    assert_eq!(Some(wall.frame()[(20, 10)].fg), wall.app.theme().stale.fg);
    wall.connect();
    wall.hear_all(13, floor::ten);
    wall.shows(" a recording ").shows_no("lost");
    // Where there is least room it is marked all the same.
    let mut wall = recorded(40);
    down(&mut wall);
    wall.shows(" rec. lost ");
}

#[test]
fn a_recording_that_cannot_be_read_on_is_not_told_as_one_that_is_over() {
    let mut wall = recorded(120);
    wall.tick();
    let words = "day.jsonl, line 3: it is before the line before it";
    wall.tell(Message::Link(LinkEvent::Ended(End::Faulty(words.to_owned()))));
    wall.shows(" the recording is faulty here ").shows(words).shows_no("ended");
    wall.wait(60 * SECOND);
    wall.shows(" the recording is faulty here ");
}

#[test]
fn a_server_whose_clock_is_far_behind_shows_another_centre() {
    let hour = monti_core::Millis::from_secs(3_600);
    let again = |behind: monti_core::Millis, speed: f64| {
        let mut wall = Wall::calm(120, 40, Setup::default());
        wall.hear(&floor::tick(3_600));
        down(&mut wall);
        let mut welcome = floor::welcome();
        welcome["clockSpeed"] = speed.into();
        welcome["serverTime"] = serde_json::json!(floor::start() + hour - behind);
        wall.tell(Message::Link(LinkEvent::Up));
        wall.hear(&welcome);
        wall
    };
    let ms = monti_core::Millis::new;
    // What it has told of is caught up with in ten seconds at most.
    for (behind, speed, goes_on) in [
        (ms(0), 1.0, true),
        (ms(10_000), 1.0, true),
        (ms(10_001), 1.0, false),
        (hour, 1.0, false),
        (ms(600_000), 60.0, true),
        (ms(601_000), 60.0, false),
    ] {
        let wall = again(behind, speed);
        assert_eq!(wall.text().contains("Avery"), goes_on, "{behind:?} {speed}\n{}", wall.text());
    }
    // Its times are right from the start, and what was told before is not its past.
    let mut wall = again(hour, 1.0);
    wall.hear_all(0, floor::ten);
    wall.shows(" live ").shows("10:15:00");
    assert!(wall.row("Avery")[..40].contains("0:07"), "{}", wall.row("Avery"));
    wall.press("{").shows("nothing is known of before");
}

#[test]
fn the_figures_of_a_lost_server_are_dim_in_the_header_too() {
    let mut wall = Wall::of(120, 40, 10);
    down(&mut wall);
    let frame = wall.frame();
    let stale = wall.app.theme().stale;
    let level = wall.rows()[0].find("SL").unwrap();
    for x in u16::try_from(level).unwrap()..119 {
        let cell = &frame[(x, 0)];
        assert!(cell.symbol() == " " || Some(cell.fg) == stale.fg, "{x}: {cell:?}");
    }
}

#[test]
fn a_moment_after_the_last_that_was_told_is_not_known_while_the_server_is_lost() {
    let mut wall = Wall::of(120, 40, 10);
    wall.tick();
    wall.wait(SECOND / 2);
    down(&mut wall);
    wall.wait(60 * SECOND);
    wall.press("space").shows("THE PAST · 10:15:01 · a minute ago, the server was silent");
    let stale = wall.app.theme().stale;
    assert_eq!(Some(wall.frame()[(20, 10)].fg), stale.fg);
    // What was told before is known.
    wall.press("[").shows("10:15:00").shows_no("the server was silent");
    assert_ne!(Some(wall.frame()[(20, 10)].fg), stale.fg);
}

#[test]
fn a_server_of_another_protocol_is_not_listened_to() {
    let mut foreign = floor::welcome();
    foreign["protocol"] = 2.into();
    let mut wall = Wall::of(120, 40, 10);
    wall.tick();
    down(&mut wall);
    let body = wall.rows()[1..39].to_vec();
    wall.tell(Message::Link(LinkEvent::Up));
    wall.hear(&foreign);
    wall.hear_all(9, |_| Vec::new());
    wall.hear(&floor::tick(10));
    wall.shows("lost").shows_no(" live ").shows("the server speaks protocol 2");
    assert_eq!(wall.rows()[1..39], body);
    // One that speaks ours is.
    wall.connect();
    wall.hear_all(11, |_| Vec::new());
    wall.shows(" live ").shows("0 agents");
}

#[test]
fn that_the_only_server_speaks_another_protocol_stays_on_the_screen() {
    let mut foreign = floor::welcome();
    foreign["protocol"] = 2.into();
    let mut wall = Wall::silent(120, 40);
    wall.tell(Message::Link(LinkEvent::Up));
    wall.hear(&foreign);
    wall.wait(60 * SECOND);
    wall.shows("the server speaks protocol 2").shows_no("waiting for the server");
}

#[test]
fn the_past_has_the_health_that_it_had() {
    let mut wall = Wall::of(120, 40, 10);
    let agents = floor::agents("sales", 10);
    let health = |wall: &mut Wall, second: u64, persistence: &str| {
        let timestamp = floor::start() + monti_core::Millis::from_secs(second);
        wall.hear(&serde_json::json!({
            "type": "health", "timestamp": timestamp, "persistence": persistence,
        }));
    };
    for second in 1..=40 {
        wall.tick();
        wall.hear(&floor::delta("sales", second, &agents, &[]));
        match second {
            15 => health(&mut wall, second, "degraded"),
            35 => health(&mut wall, second, "ok"),
            _ => {}
        }
    }
    wall.shows_no("degraded");
    wall.press("[").shows("THE PAST · 10:15:30").shows("history degraded");
    wall.press("[").shows("THE PAST · 10:15:20").shows("history degraded");
    wall.press("[").shows("THE PAST · 10:15:10").shows_no("degraded");
}
