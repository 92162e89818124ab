//! Limits and thresholds: what is red, what is yellow, and what is not.

use std::time::Duration;

use monti_core::Millis;
use monti_tui::{
    Effect, LinkEvent, Message, Setup,
    kiosk::{Figure, Settings, Targets},
    theme::Level,
};
use ratatui::style::Modifier;
use serde_json::Value;

use crate::{floor, wall::Wall};

/// Sales with one agent that does something for so long; nobody elsewhere.
fn with_one(state: &'static str, seconds: u64) -> Wall {
    Wall::with(140, 40, |department| match department {
        "sales" => vec![floor::agent("sales", 0, state, seconds)],
        _ => Vec::new(),
    })
}

#[test]
fn a_row_is_reversed_marked_and_named_just_past_its_limit() {
    for (state, seconds, time, is_over) in [
        ("after_call_work", 299, "4:59", false),
        ("after_call_work", 301, "5:01", true),
        ("break", 599, "9:59", false),
        ("break", 601, "10:01", true),
    ] {
        for keys in ["0", "1"] {
            let mut wall = with_one(state, seconds);
            wall.press(keys);
            let row = wall.row("Avery");
            assert!(row.contains(time), "{row}");
            let frame = wall.frame();
            let y = wall.rows().iter().position(|row| row.contains("Avery")).unwrap();
            let at = wall.rows()[y].find(time).unwrap();
            let x = wall.rows()[y][..at].chars().count();
            let cell = &frame[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())];
            assert_eq!(
                cell.modifier.contains(Modifier::REVERSED),
                is_over,
                "{state} {seconds} {keys}"
            );
            assert_eq!(row.contains("!✎") || row.contains("!◔"), is_over, "{row}");
            assert_eq!(wall.text().contains("over limit "), is_over || keys == "1", "{state}");
        }
    }
}

#[test]
fn breaches_come_first_in_their_table_and_what_does_not_fit_is_counted() {
    let over = |department: &str| {
        let mut agents = floor::agents(department, 2_000);
        if department == "sales" {
            for number in [7, 700, 77, 770] {
                agents[number] = floor::agent("sales", number, "after_call_work", 400);
            }
            for (at, seconds) in (1_000..1_020).zip(700..) {
                agents[at] = floor::agent("sales", at, "break", seconds);
            }
        }
        agents
    };
    let wall = Wall::with(200, 60, over);
    wall.shows("─ Sales 2,000 !24 ●");
    let rows = wall.rows();
    assert!(rows[2].contains('!') && rows[3].contains('!'), "{}", rows[2]);
    // Not all of them fit, and those that do not are told by what they are over.
    let more = wall.row(" more");
    assert!(more.contains(" break ") || more.contains(" ACW"), "{more}");
}

#[test]
fn a_service_level_has_its_colour_from_the_threshold_on_and_none_without_a_value() {
    let mut wall = Wall::of(120, 40, 10);
    let levels = [Some(80.0), Some(79.9), Some(60.0), Some(59.9)];
    wall.hear(&floor::queues("sales", 1, levels));
    wall.hear(&floor::queues("support", 1, [None; 4]));
    wall.press("1");
    let theme = wall.app.theme().clone();
    let frame = wall.frame();
    for (name, percent, level) in [
        ("General", "80 %", 0),
        ("Enterprise", "79 %", 1),
        ("Upsell", "60 %", 1),
        ("Renewal", "59 %", 2),
    ] {
        let rows = wall.rows();
        let found =
            rows.iter().enumerate().find(|(_, row)| row.contains(name) && row.contains(percent));
        let (y, row) = found.unwrap_or_else(|| panic!("{name} {percent}\n{}", wall.text()));
        let x = row[..row.rfind(percent).unwrap()].chars().count();
        let cell = &frame[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())];
        assert_eq!(Some(cell.fg), theme.levels[level].fg, "{name} {percent}");
    }
    wall.press("2");
    let row = wall.row("Tier 1");
    assert!(row.contains('–') && !row.contains(" % "), "{row}");
}

#[test]
fn an_alert_is_told_once_and_stays_known_when_acknowledged() {
    let mut wall = Wall::calm(120, 40, Setup::default());
    wall.shows("no alerts");
    let mut agents = floor::agents("sales", 10);
    agents[5] = floor::agent("sales", 5, "break", 700);
    let changed = [agents[5].clone()];
    wall.effects.clear();
    wall.hear(&floor::delta("sales", 1, &agents, &changed));
    wall.shows("!1 alert");
    let told: Vec<_> = wall.effects.drain(..).collect();
    assert!(matches!(told.as_slice(), [Effect::Notify { words, .. }] if words.contains("Farid")));
    wall.hear(&floor::tick(2));
    assert_eq!(wall.effects, []);
    wall.press("A").shows("1 acknowledged");
    wall.press("a").shows("1 alert, known").shows("0 not acknowledged");
    // Over is over, and the next one is another.
    agents[5] = floor::agent("sales", 5, "available", 0);
    let changed = [agents[5].clone()];
    wall.hear(&floor::delta("sales", 2, &agents, &changed));
    wall.shows("no alerts").shows("no agent is over a limit");
}

/// Has callers wait in the first queue of sales for so long at this second.
fn wait(wall: &mut Wall, second: u64, waited: Option<u64>) {
    wall.hear(&waiting(second, waited));
}

fn waiting(second: u64, waited: Option<u64>) -> Value {
    let mut queues = floor::calm_queues("sales", second);
    let now = floor::start() + Millis::from_secs(second);
    floor::wait_since(&mut queues, waited.map(|seconds| now - Millis::from_secs(seconds)));
    queues
}

#[test]
fn all_is_not_well_while_a_caller_waits_longer_than_the_target_of_the_queue() {
    let mut wall = Wall::calm(120, 40, Setup::default());
    wait(&mut wall, 1, Some(20));
    wall.shows("no alerts");
    wait(&mut wall, 2, Some(21));
    wall.shows("!1 alert");
    wall.press("a").shows("caller waits     0:21 > 0:20   Sales");
    wall.press("b").shows("Sales General: a caller waits for 0:21, over 0:20");
    wait(&mut wall, 3, None);
    wall.shows("no agent is over a limit, no queue below its target");
}

#[test]
fn all_is_not_well_while_a_queue_is_below_its_target() {
    let mut wall = Wall::calm(120, 40, Setup::default());
    let level = |percent: f64| {
        let mut queues = floor::calm_queues("support", 1);
        queues["queues"][2]["serviceLevel"]["currentPercent"] = percent.into();
        queues
    };
    wall.hear(&level(80.0));
    wall.shows("no alerts");
    wall.hear(&level(79.9));
    wall.shows("!1 alert");
    wall.press("a").shows("service level    79 % of 80 %  Support     Billing");
    wall.press("enter").shows("support_billing");
    // A target allows for it: nobody is called.
    assert!(!wall.effects.iter().any(|effect| matches!(effect, Effect::Notify { .. })));
}

#[test]
fn one_caller_after_the_other_over_the_limit_calls_people_once() {
    let targets = Targets { longest_wait: Some(Millis::from_secs(30)), ..Targets::default() };
    let kiosk = Settings { targets, ..Settings::default() };
    let mut wall = Wall::calm(120, 40, Setup { kiosk, ..Setup::default() });
    let told = |wall: &mut Wall, second, waited| {
        wall.effects.clear();
        wait(wall, second, waited);
        wall.effects.iter().filter(|effect| matches!(effect, Effect::Notify { .. })).count()
    };
    assert_eq!(told(&mut wall, 1, Some(30)), 0);
    assert_eq!(told(&mut wall, 2, Some(31)), 1);
    wall.press("A").shows("1 acknowledged");
    // The next callers have waited as long; and now and then none has.
    for second in 3..60 {
        let waited = if second % 3 == 0 { 10 } else { 31 };
        assert_eq!(told(&mut wall, second, Some(waited)), 0, "{second}");
    }
    wall.shows("1 alert, known");
    // After five minutes without it is news again.
    assert_eq!(told(&mut wall, 60, Some(10)), 0);
    assert_eq!(told(&mut wall, 361, Some(10)), 0);
    assert_eq!(told(&mut wall, 362, Some(31)), 1);
    wall.shows("!1 alert");
}

#[test]
fn who_came_in_a_long_loss_is_news_and_who_waited_before_it_is_not() {
    for (came, is_news) in [(1_000, true), (0, false)] {
        let mut wall = calling();
        wait(&mut wall, 0, Some(0));
        (0..31).for_each(|_| wall.tick());
        assert!(calls_people(&mut wall));
        wall.press("A").shows("1 alert, known");
        lose(&mut wall, 1_169);
        hear_again(&mut wall, &waiting(1_200, Some(1_200 - came)));
        assert_eq!(calls_people(&mut wall), is_news, "{}", wall.text());
        wall.shows(if is_news { "!1 alert" } else { "1 alert, known" });
    }
}

#[test]
fn a_service_level_that_is_below_its_target_after_a_long_loss_is_not_known() {
    for (lost, is_known) in [(300, true), (301, false)] {
        let mut wall = Wall::calm(120, 40, Setup::default());
        let level = |second| {
            let mut queues = floor::calm_queues("support", second);
            queues["queues"][2]["serviceLevel"]["currentPercent"] = 70.into();
            queues
        };
        wall.hear(&level(0));
        wall.press("A").shows("1 alert, known");
        lose(&mut wall, lost);
        hear_again(&mut wall, &level(lost));
        wall.shows(if is_known { "1 alert, known" } else { "!1 alert" });
    }
}

/// The link is lost for so many seconds, and is back.
fn lose(wall: &mut Wall, seconds: u64) {
    let (time, reason) = (Duration::from_secs(seconds), "the server closed the link".to_owned());
    wall.tell(Message::Link(LinkEvent::Down { reason, retry_after: time }));
    wall.wait(time);
    wall.connect();
}

/// The server tells the whole state again, these queues last.
fn hear_again(wall: &mut Wall, last: &Value) {
    let second = last["tick"].as_u64().unwrap();
    for department in floor::departments() {
        wall.hear(&floor::overview(department, second, &floor::ten(department)));
        if last["department"] != department {
            wall.hear(&floor::calm_queues(department, second));
        }
    }
    wall.hear(last);
}

/// A wall that calls people for a caller who has waited for longer than half a minute.
fn calling() -> Wall {
    let targets = Targets { longest_wait: Some(Millis::from_secs(30)), ..Targets::default() };
    let kiosk = Settings { targets, ..Settings::default() };
    Wall::calm(120, 40, Setup { kiosk, ..Setup::default() })
}

fn calls_people(wall: &mut Wall) -> bool {
    wall.effects.drain(..).any(|effect| matches!(effect, Effect::Notify { .. }))
}

#[test]
fn nobody_is_called_for_who_waits_already_when_the_wallboard_starts() {
    let mut wall = calling();
    let mut welcome = floor::welcome();
    welcome["centre"]["name"] = "Another".into();
    wall.hear(&welcome);
    for department in floor::departments() {
        wall.hear(&floor::overview(department, 0, &floor::ten(department)));
        wall.hear(&floor::queues(department, 0, [Some(92.0); 4]));
    }
    wall.shows("!4 alerts");
    assert!(!calls_people(&mut wall));
}

#[test]
fn nobody_is_called_after_a_loss_for_who_was_answered_meanwhile() {
    let mut wall = calling();
    // The last department that is told of has a caller, and then the link is lost for a minute.
    let mut queues = floor::calm_queues("retention", 0);
    floor::wait_since(&mut queues, Some(floor::start()));
    wall.hear(&queues);
    lose(&mut wall, 60);
    wall.hear_all(60, floor::ten);
    wall.shows(" live ").shows("no alerts");
    assert!(!calls_people(&mut wall));
}

#[test]
fn a_department_without_queues_keeps_nobody_waiting_for_them() {
    let mut welcome = floor::welcome();
    welcome["centre"]["departments"][3]["queues"] = Value::Array(Vec::new());
    let mut wall = Wall::silent(120, 40);
    wall.connect();
    wall.hear(&welcome);
    for department in floor::departments() {
        wall.shows_no(" live ");
        if department != "retention" {
            wall.hear(&floor::calm_queues(department, 0));
        }
        wall.hear(&floor::overview(department, 0, &floor::ten(department)));
    }
    wall.shows(" live ");
}

#[test]
fn an_alert_is_news_at_the_present_whatever_moment_is_shown() {
    let mut wall = Wall::calm(120, 40, Setup::default());
    wall.press("space").shows("THE PAST");
    for second in 1..600 {
        wall.tick();
        wall.hear(&floor::delta("sales", second, &floor::ten("sales"), &[]));
    }
    let mut agents = floor::ten("sales");
    agents[5] = floor::agent("sales", 5, "break", 700);
    wall.effects.clear();
    wall.tick();
    wall.hear(&floor::delta("sales", 600, &agents, &agents[5..6]));
    wall.shows("THE PAST · 10:15:00");
    let told: Vec<_> = wall.effects.drain(..).collect();
    let now = floor::start() + Millis::from_secs(600);
    assert!(matches!(told.as_slice(), [Effect::Notify { at, .. }] if *at == now), "{told:?}");
}

#[test]
fn the_selection_among_alerts_covers_nothing_and_who_was_over_today_can_be_reached() {
    let over = |department: &str| -> Vec<Value> {
        let mut agents = floor::agents(department, 60);
        for agent in &mut agents {
            agent["kpis"]["breakBreaches"] = 2.into();
        }
        agents[5] = floor::agent(department, 5, "break", 700);
        agents
    };
    let mut wall = Wall::with(120, 40, over);
    wall.press("a end").shows("! ›◔ break");
    // Today's are the other part.
    wall.press("right end");
    let last = wall.row("›");
    assert!(last.contains("Technical") && last.contains("Farid"), "{last}");
    wall.press("enter").shows("technical.00005");
}

#[test]
fn states_and_who_is_over_are_counted_in_the_titles_where_there_is_less_room() {
    let floor = |department: &str| {
        let mut agents = floor::agents(department, 100);
        agents[3] = floor::agent(department, 3, "after_call_work", 372);
        agents
    };
    for (width, height) in [(200, 60), (120, 40), (100, 30)] {
        let wall = Wall::with(width, height, floor);
        let title = wall.row("─ Sales");
        // Available, on call, on hold, ringing, in after-call work, no answer, break, lunch, offline.
        for count in ["100", "!1", "●14", "◉28", "◫10", "◎14", "✎14", "×3", "◔11", "◑3", "○3"]
        {
            assert!(title.contains(count), "{width}: {count}: {title}");
        }
        assert!(wall.row("─ Queues").contains("3 wait"), "{width}: {}", wall.row("─ Queues"));
        assert!(!title.contains('…'), "{title}");
    }
}

#[test]
fn a_row_past_its_limit_says_which_limit_at_120_columns() {
    let wall = with_one("break", 700);
    let row = wall.row("Avery");
    assert!(row.contains("!◔ break       11:40  Avery") && row.contains("> 10:00"), "{row}");
}

/// Callers have waited for so long in the first queue of Support, in which they may for 0:20.
fn with_a_wait(width: u16, height: u16, seconds: u64, setup: Setup) -> Wall {
    let mut wall = Wall::calm(width, height, setup);
    let mut queues = floor::calm_queues("support", 0);
    floor::wait_since(&mut queues, Some(floor::before(seconds)));
    wall.hear(&queues);
    wall
}

/// The styles of a text, wherever it is on the screen.
fn styles(wall: &Wall, text: &str) -> Vec<ratatui::style::Style> {
    let frame = wall.frame();
    let mut found = Vec::new();
    for (y, row) in (0..).zip(wall.rows()) {
        for (at, _) in row.match_indices(text) {
            let x = u16::try_from(row[..at].chars().count()).unwrap();
            found.push(frame[(x, y)].style());
        }
    }
    found
}

#[test]
fn a_wait_is_coloured_and_marked_just_past_its_target_wherever_it_is_shown() {
    // The header and: cards, rows of a department, a line of figures, facts of a queue, lines.
    for (width, height, keys, places) in [
        (200, 60, "0", 2),
        (120, 40, "0", 2),
        (160, 40, "2", 2),
        (80, 24, "2", 2),
        (120, 40, "2 right enter", 1),
        (30, 5, "0", 1),
    ] {
        for (seconds, time, level) in
            [(20, "0:20", None), (21, "0:21", Some(1)), (41, "0:41", Some(2))]
        {
            let mut wall = with_a_wait(width, height, seconds, Setup::default());
            wall.press(keys);
            let theme = wall.app.theme().clone();
            let place = format!("{width}x{height} {keys} {time}\n{}", wall.text());
            let plain = styles(&wall, &format!(" {time}"));
            let marked = styles(&wall, &format!("!{time}"));
            let Some(level) = level else {
                assert!(marked.is_empty(), "{place}");
                continue;
            };
            assert!(marked.len() >= places, "{place}");
            for style in marked {
                assert_eq!(style.fg, theme.levels[level].fg, "{place}");
                assert!(style.add_modifier.contains(Modifier::BOLD), "{place}");
            }
            // Elsewhere it stands by itself, its mark before its name.
            let said = wall.rows().iter().filter(|row| row.contains("!longest wait")).count();
            let limits = wall.rows().iter().filter(|row| row.contains("max 0:20")).count();
            assert!(plain.len() <= said + limits, "{place}");
        }
    }
}

#[test]
fn a_tab_is_marked_where_a_call_waits_too_long_and_where_an_agent_is_over() {
    let tabs = |wall: &Wall| wall.rows()[1].clone();
    let setup = Setup::default;
    assert!(!tabs(&with_a_wait(80, 24, 20, setup())).contains('!'));
    assert!(tabs(&with_a_wait(80, 24, 21, setup())).contains("Support !"));
    // A limit of the settings counts in place of the queue's target.
    let targets = Targets { longest_wait: Some(Millis::from_secs(120)), ..Targets::default() };
    let kiosk = Settings { targets, ..Settings::default() };
    let lenient = || Setup { kiosk: kiosk.clone(), ..Setup::default() };
    assert!(!tabs(&with_a_wait(80, 24, 120, lenient())).contains('!'));
    assert!(tabs(&with_a_wait(80, 24, 121, lenient())).contains("Support !"));
}

#[test]
fn a_title_says_that_nobody_is_available_and_loudly_while_callers_wait() {
    let mut wall = Wall::with(200, 60, |department| match department {
        "sales" => vec![floor::agent("sales", 0, "on_call", 9)],
        _ => floor::ten(department),
    });
    let alarm = wall.app.theme().levels[2];
    let of_sales = |wall: &Wall| {
        let row = wall.row("1 agent ");
        assert!(row.contains("● 0 available") || row.contains("●0"), "{row}");
        styles(wall, "●0").into_iter().chain(styles(wall, "● 0 available")).next().unwrap()
    };
    assert_eq!(of_sales(&wall).fg, alarm.fg);
    let mut overview = floor::overview("sales", 1, &[floor::agent("sales", 0, "on_call", 9)]);
    overview["summary"]["waitingCalls"] = 0.into();
    wall.hear(&overview);
    assert_eq!(of_sales(&wall).fg, wall.app.theme().dim.fg);
}

#[test]
fn who_has_lost_the_link_is_not_counted_among_those_who_can_take_a_call() {
    let cut_off = |department: &str| {
        let mut agents = vec![floor::agent(department, 0, "available", 9)];
        agents[0]["connectionStatus"] = "lost".into();
        agents.push(floor::agent(department, 1, "on_call", 9));
        agents
    };
    let mut wall = Wall::with(200, 60, cut_off);
    let alarm = wall.app.theme().levels[2];
    let title = wall.row("2 agents ");
    assert!(title.contains("●0") || title.contains("● 0 available"), "{title}");
    assert!(title.contains("?1") || title.contains("? 1 link lost"), "{title}");
    let zero = [styles(&wall, "●0"), styles(&wall, "● 0 available")].concat();
    assert_eq!(zero[0].fg, alarm.fg);
    let available = |wall: &Wall| {
        let board = wall.app.board().unwrap();
        Figure::Available.read(board, wall.app.now(), &Targets::default())
    };
    let reading = available(&wall);
    assert_eq!(reading.value.as_deref(), Some("0"));
    assert_eq!((reading.level, reading.place.as_str()), (Level::Poor, "Sales"));
    wall.press("1");
    wall.shows(" ● available        0").shows(" ? link lost        1");
    // The link is found again, and the agent goes to lunch.
    for (number, state, count) in [(1, "available", "1"), (2, "lunch", "0")] {
        let back = [floor::agent("sales", 0, state, 9), floor::agent("sales", 1, "on_call", 9)];
        wall.hear(&floor::delta("sales", number, &back, &back[..1]));
        assert_eq!(available(&wall).value.as_deref(), Some(count), "{state}");
    }
    // Others come.
    let found = floor::ten("sales");
    wall.hear(&floor::delta("sales", 3, &found, &found));
    let told = floor::agents("sales", 10).iter().filter(|it| it["state"] == "available").count();
    assert_eq!(available(&wall).value, Some(told.to_string()));
    wall.shows_no("link lost");
}

/// Calls that have waited for so many seconds in General and in Enterprise of Sales.
fn two_waits(general: u64, enterprise: u64) -> Value {
    let mut queues = floor::calm_queues("sales", 0);
    for (place, seconds) in [general, enterprise].into_iter().enumerate() {
        queues["queues"][place]["waitingCalls"] = 1.into();
        queues["queues"][place]["oldestEnqueuedAt"] = serde_json::json!(floor::before(seconds));
    }
    queues
}

#[test]
fn a_walls_longest_wait_is_the_one_furthest_over_its_target_and_else_the_longest() {
    for (general, enterprise, shown) in
        [(59, 41, "0:41"), (81, 42, "0:42"), (83, 42, "1:23"), (19, 20, "0:20")]
    {
        // So small that digits are letters.
        let kiosk = Settings { start: true, ..Settings::default() };
        let mut wall = Wall::calm(60, 16, Setup { kiosk, ..Setup::default() });
        let mut welcome = floor::welcome();
        welcome["centre"]["departments"][0]["queues"][0]["targetSeconds"] = 60.0.into();
        wall.hear(&welcome);
        wall.hear_all(0, floor::ten);
        wall.hear(&two_waits(general, enterprise));
        // Below the header and the strip of alerts.
        let figures = wall.rows()[2..].join("\n");
        let times = figures.matches(':').count();
        assert!(figures.contains(shown), "{shown} is not in\n{figures}");
        assert_eq!(times, 2, "a wait and its target are in\n{figures}");
    }
}

#[test]
fn the_wait_that_is_told_is_the_one_furthest_over_its_target_and_else_the_longest() {
    // The header; rows of a department, a line of figures, and lines.
    for (width, height, keys) in [(200, 60, "0"), (160, 40, "1"), (80, 24, "1"), (30, 5, "0")] {
        let mut wall = Wall::calm(width, height, Setup::default());
        let mut welcome = floor::welcome();
        welcome["centre"]["departments"][0]["queues"][0]["targetSeconds"] = 60.0.into();
        wall.hear(&welcome);
        wall.hear_all(0, floor::ten);
        // In General they may wait for a minute, in Enterprise for 20 seconds.
        let mut told = |general: u64, enterprise: u64| {
            wall.hear(&two_waits(general, enterprise));
            wall.press(keys);
            let rows = wall.rows();
            let all = if height == 5 { rows[1].clone() } else { rows.join("\n") };
            (rows[0].clone(), all)
        };
        for (general, enterprise, shown, hidden) in [
            (59, 41, "!0:41", "0:59"),
            (81, 42, "!0:42", "1:21"),
            (83, 42, "!1:23", "0:42"),
            (19, 20, "0:20", "0:19"),
        ] {
            let (header, text) = told(general, enterprise);
            assert!(text.contains(shown), "{width}x{height}: {shown} is not in\n{text}");
            assert!(height == 5 || !header.contains(hidden), "{header}");
        }
    }
}
