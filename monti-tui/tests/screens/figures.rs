//! Figures that follow from others: of the whole centre, of an agent whose state runs on, beside
//! their targets.

use monti_core::Millis;
use monti_tui::{
    Setup,
    kiosk::{Figure, Settings, Targets},
    theme::{Symbols, Theme, ThemeName},
};
use ratatui::style::Style;
use serde_json::{Value, json};

use crate::{floor, wall::Wall};

/// Has so many calls of a department count for its service level, and wait in its first queue.
fn tell(wall: &mut Wall, department: &str, in_target: u32, decided: u32, waiting: u32) {
    let mut overview = floor::empty_overview(department);
    let percent = (decided > 0).then(|| 100.0 * f64::from(in_target) / f64::from(decided));
    overview["summary"]["serviceLevelPercent"] =
        json!(if waiting > 0 { percent.or(Some(0.0)) } else { percent });
    let mut queues = floor::queues(department, 0, [None; 4]);
    floor::wait_since(&mut queues, (waiting > 0).then(|| floor::before(41)));
    let queue = &mut queues["queues"][0];
    queue["waitingCalls"] = waiting.into();
    queue["serviceLevel"]["callsAnswered"] = decided.into();
    queue["serviceLevel"]["callsAnsweredInTarget"] = in_target.into();
    wall.hear(&overview);
    wall.hear(&queues);
}

/// A centre of which nothing is known but this of its first two departments.
fn centre(sales: [u32; 3], support: [u32; 3]) -> Wall {
    let mut wall = Wall::silent(160, 40);
    wall.connect();
    for (department, [in_target, decided, waiting]) in
        [("sales", sales), ("support", support), ("technical", [0; 3]), ("retention", [0; 3])]
    {
        tell(&mut wall, department, in_target, decided, waiting);
    }
    wall
}

/// How the header says it.
fn service_level(wall: &Wall) -> (String, Style) {
    let header = wall.rows().remove(0);
    let at = header.find("SL ").unwrap_or_else(|| panic!("{header}")) + 3;
    let x = u16::try_from(header[..at].chars().count()).unwrap();
    let text: String = header[at..].chars().take(5).collect();
    // Its last sign is there whatever its width.
    (text.trim().to_owned(), wall.frame()[(x + 4, 0)].style())
}

#[test]
fn a_centre_that_is_exactly_at_its_target_is_not_below_it() {
    let wall = centre([7, 8, 0], [17, 22, 0]);
    let (text, style) = service_level(&wall);
    assert_eq!(text, "80 %");
    assert_eq!(style.fg, wall.app.theme().levels[0].fg);
}

#[test]
fn of_a_department_at_nought_only_callers_known_to_be_late_count() {
    // Fifty wait, and all that is told is that the oldest of them has for too long.
    let wall = centre([0, 0, 50], [80, 100, 0]);
    assert_eq!(service_level(&wall).0, "79 %");
    let wall = centre([0, 25, 50], [80, 100, 0]);
    assert_eq!(service_level(&wall).0, "63 %");
}

#[test]
fn averages_and_shares_of_an_agent_run_with_the_times_that_they_are_made_of() {
    // Six calls, 1,575 s busy of 4,500 s open; on a call since 1,350 s.
    let agent = |state: &str| floor::agent("sales", 6, state, 1_350);
    let popup = |agent: Value| {
        let mut wall = Wall::with(120, 40, |department| match department {
            "sales" => vec![agent.clone()],
            _ => Vec::new(),
        });
        wall.press("1 enter");
        wall
    };
    let wall = popup(agent("on_call"));
    wall.shows("talk        45:50").shows("AHT          4:22").shows("occupancy    50 %");
    // The call counts once it has ended, and so does its time; what is left then runs.
    let wall = popup(agent("after_call_work"));
    wall.shows("AHT          8:07").shows("occupancy    50 %");
    let wall = popup(agent("available"));
    wall.shows("idle      1:11:15").shows("AHT          4:22").shows("occupancy    26 %");
    let wall = popup(agent("lunch"));
    wall.shows("AHT          4:22").shows("occupancy    35 %");
    // Nothing tells how busy one was who had not been free at all.
    let mut busy = agent("available");
    busy["kpis"]["occupancyPercent"] = 100.0.into();
    busy["kpis"]["idleSeconds"] = 0.0.into();
    popup(busy).shows("occupancy       –");
}

#[test]
fn a_departments_occupancy_runs_on_while_nothing_changes_in_it() {
    let mut wall = Wall::calm(200, 60, Setup::default());
    wall.press("1");
    // Its only agent was free for a minute, is on a call for 29, free for ten and on a call again.
    for (second, state, idle, [told, then], until) in [
        (0, "on_call", 60, [0.0, 96.7], 1_740),
        (1_740, "available", 60, [290.0 / 3.0, 72.5], 2_340),
        (2_340, "on_call", 660, [72.5, 78.0], 2_940),
    ] {
        let mut agent = floor::agent("sales", 6, state, 0);
        let since = json!(floor::start() + Millis::from_secs(second));
        (agent["stateStart"], agent["lastUpdate"]) = (since.clone(), since);
        (agent["kpis"]["idleSeconds"], agent["kpis"]["occupancyPercent"]) =
            (idle.into(), told.into());
        let agents = [agent];
        let mut change = match second {
            0 => floor::overview("sales", 0, &agents),
            _ => floor::delta("sales", second, &agents, &agents),
        };
        change["summary"]["occupancyPercent"] = told.into();
        // Nothing was told of it in between.
        change["previousTick"] = 0.into();
        wall.hear(&change);
        let says = |wall: &Wall, percent: f64| {
            let row = wall.row("occupancy  ");
            assert!(row.contains(&format!(" {percent:.1} %")), "{percent:.1}: {row}");
        };
        says(&wall, told);
        (second..until).for_each(|_| wall.tick());
        says(&wall, then);
    }
    let targets = Targets { occupancy_percent: 75.0, ..Targets::default() };
    let busiest = Figure::Occupancy.read(wall.app.board().unwrap(), wall.app.now(), &targets);
    assert_eq!((busiest.value.as_deref(), busiest.place.as_str()), (Some("78"), "Sales"));
}

#[test]
fn a_figure_of_a_wall_is_as_fine_as_its_target() {
    let targets = Targets { abandoned_percent: 2.5, ..Targets::default() };
    let kiosk = Settings { targets, start: true, ..Settings::default() };
    let mut wall = Wall::calm(60, 16, Setup { kiosk, ..Setup::default() });
    let abandoned = |wall: &mut Wall, calls: u32| {
        for department in floor::departments() {
            let mut overview = floor::overview(department, 1, &[]);
            overview["summary"]["callsOffered"] = 1_000.into();
            overview["summary"]["callsAbandoned"] = calls.into();
            wall.hear(&overview);
        }
    };
    abandoned(&mut wall, 25);
    wall.shows("at most 2.5").shows(" 2.5 %").shows_no("! Abandoned");
    abandoned(&mut wall, 26);
    wall.shows(" 2.6 %").shows("! Abandoned");
    // What is over is not shown as what is not.
    abandoned(&mut wall, 24);
    wall.shows(" 2.4 %");
}

#[test]
fn figures_of_a_department_stand_beside_what_they_should_be() {
    let targets = Targets { waiting_calls: 2, abandoned_percent: 2.5, ..Targets::default() };
    let kiosk = Settings { targets, ..Settings::default() };
    let mut wall = Wall::calm(200, 60, Setup { kiosk, ..Setup::default() });
    wall.press("1");
    let level = |wall: &Wall, text: &str| {
        let rows = wall.rows();
        let y = rows
            .iter()
            .position(|row| row.contains(text))
            .unwrap_or_else(|| panic!("{text}\n{}", wall.text()));
        let x = rows[y][..rows[y].find(text).unwrap()].chars().count();
        wall.frame()[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].fg
    };
    let theme = wall.app.theme().clone();
    // 3 wait, 22 of 400 were abandoned, and nobody is above 85 %.
    assert_eq!(Some(level(&wall, "3     max 2")), theme.levels[1].fg);
    assert_eq!(Some(level(&wall, "5.5 %   max 2.5")), theme.levels[2].fg);
    assert_eq!(Some(level(&wall, "71.5 %    max 85")), theme.levels[0].fg);
}

#[test]
fn a_share_of_a_department_that_is_over_its_maximum_is_not_shown_as_the_maximum() {
    let mut wall = Wall::calm(200, 60, Setup::default());
    let mut overview = floor::overview("sales", 1, &floor::ten("sales"));
    overview["summary"]["callsOffered"] = 2_500.into();
    overview["summary"]["callsAbandoned"] = 126.into();
    overview["summary"]["occupancyPercent"] = 85.01.into();
    wall.hear(&overview);
    wall.press("1");
    for (name, figure) in [("!abandon rate", "5.1 %     max 5"), ("!occupancy", "85.1 %    max 85")]
    {
        assert!(wall.row(name).contains(figure), "{}", wall.row(name));
    }
}

#[test]
fn a_figure_of_a_department_touches_no_name() {
    for width in [100, 120, 139, 140, 200] {
        let mut wall = Wall::of(width, 40, 10);
        let mut overview = floor::overview("sales", 1, &floor::agents("sales", 10));
        overview["summary"]["callsAbandoned"] = overview["summary"]["callsOffered"].clone();
        overview["summary"]["occupancyPercent"] = 100.into();
        wall.hear(&overview);
        wall.press("1");
        for name in ["abandon rate", "occupancy"] {
            let row = wall.row(name);
            assert!(row.contains(&format!("{name} ")) && row.contains(" 100.0 %"), "{row}");
        }
    }
}

#[test]
fn a_chart_without_room_does_not_say_that_there_were_no_calls() {
    let mut wall = Wall::of(60, 16, 3);
    wall.press("1 right z");
    wall.answer(floor::day(&[floor::quarter(floor::before(900), 9, Some(100.0))]));
    wall.shows_no("no calls yet today").shows("no room for a chart");
}

/// A floor of agents whose names and places a plain terminal can show.
fn plain(department: &str) -> Vec<Value> {
    let mut agents = floor::agents(department, 20);
    for agent in &mut agents {
        agent["location"] = "Malmo".into();
    }
    agents
}

#[test]
fn no_screen_of_ascii_has_a_sign_that_is_none() {
    let themes = Theme::all(
        ThemeName::Dark,
        Default::default(),
        monti_tui::theme::ColourDepth::Ansi256,
        Symbols::ASCII,
    );
    for (width, height) in [(200, 60), (120, 40), (80, 24), (30, 5)] {
        for keys in [
            "0",
            "1",
            "2 right z",
            "1 right enter",
            "1 enter",
            "1 enter x",
            "1 enter x enter",
            "i",
            "a",
            "a right",
            "v",
            "v /",
            "1 /",
            "?",
            ":",
            "b",
            "space",
            "[",
        ] {
            let mut wall = Wall::silent(width, height);
            wall.app = monti_tui::App::new(
                Setup { themes: themes.clone(), ..Setup::default() },
                ratatui::layout::Size::new(width, height),
            );
            let assert_ascii = |wall: &Wall| {
                let text = wall.text();
                let other = text.lines().find(|line| !line.is_ascii());
                assert_eq!(other, None, "{width}x{height} {keys}\n{text}");
            };
            assert_ascii(&wall);
            wall.connect();
            // Nothing has a value yet, and then all has.
            for department in floor::departments() {
                wall.hear(&floor::empty_overview(department));
                wall.hear(&floor::queues(department, 0, [None; 4]));
            }
            wall.press(keys);
            assert_ascii(&wall);
            for department in floor::departments() {
                wall.hear(&floor::overview(department, 1, &plain(department)));
                wall.hear(&floor::queues(department, 1, [Some(83.5), Some(20.0), None, Some(0.0)]));
            }
            let timestamp = floor::start() + Millis::from_secs(1);
            wall.hear(&json!({"type": "activity", "timestamp": timestamp, "tick": 1, "events": [
                {"kind": "breach", "agentId": "sales.00003", "department": "sales"}]}));
            wall.tick();
            wall.press(keys);
            assert_ascii(&wall);
        }
    }
}
