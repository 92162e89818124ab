//! What is over its limit, and what was today.

use monti_tui::Setup;

use crate::{floor, wall::Wall};

#[test]
fn a_list_that_gets_shorter_is_shown_from_where_it_is() {
    let over = |numbers: std::ops::Range<usize>| {
        let mut agents = floor::agents("sales", 10);
        for number in numbers {
            agents[number] = floor::agent("sales", number, "break", 700);
        }
        agents
    };
    let mut wall = Wall::calm(30, 5, Setup::default());
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
    let mut wall = Wall::calm(120, 40, Setup::default());
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

#[test]
fn a_click_beside_the_alerts_hits_none_of_them() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("a");
    wall.click(5, 39);
    let monti_tui::Screen::Alerts(screen) = wall.app.screen() else { panic!("{}", wall.text()) };
    assert_eq!(screen.part, monti_tui::screen::AlertsPart::Now);
}

#[test]
fn the_furthest_over_its_limit_is_first_and_none_moves_while_time_passes() {
    let mut wall = Wall::calm(120, 40, Setup::default());
    for (department, waited) in [("sales", 49), ("support", 762), ("technical", 100)] {
        let mut queues = floor::calm_queues(department, 1);
        floor::wait_since(&mut queues, Some(floor::before(waited)));
        wall.hear(&queues);
    }
    let over = |number, seconds| floor::agent("retention", number, "break", seconds);
    let mut agents = floor::agents("retention", 10);
    (agents[3], agents[5]) = (over(3, 601), over(5, 700));
    wall.hear(&floor::overview("retention", 1, &agents));
    wall.press("a");
    for _ in 0..3 {
        let rows = wall.rows();
        let over: Vec<_> = rows.iter().filter(|row| row.starts_with('!')).collect();
        for (row, told) in over.iter().zip(["12:4", "1:4", "Sales", "Farid", "Daniel"]) {
            assert!(row.contains(told), "{told} is not in {row}\n{}", wall.text());
        }
        assert_eq!(over.len(), 5, "{}", wall.text());
        wall.tick();
    }
}

#[test]
fn of_an_alert_its_mark_and_its_figure_are_loud_and_what_is_read_is_plain() {
    let mut wall = Wall::calm(120, 40, Setup::default());
    let mut agents = floor::ten("sales");
    agents[3] = floor::agent("sales", 3, "break", 700);
    wall.hear(&floor::overview("sales", 1, &agents));
    wall.press("a");
    let frame = wall.frame();
    let row = wall.rows().iter().position(|row| row.contains("Daniel")).unwrap();
    let loud = (0..frame.area.width).filter(|x| {
        let cell = &frame[(*x, u16::try_from(row).unwrap())];
        cell.modifier.contains(ratatui::style::Modifier::REVERSED)
    });
    let loud: String =
        loud.map(|x| frame[(x, u16::try_from(row).unwrap())].symbol().to_owned()).collect();
    assert_eq!(loud, "! 11:41 ");
}

#[test]
fn whether_an_alert_is_known_moves_none_of_its_columns() {
    let mut welcome = floor::welcome();
    welcome["centre"]["departments"][0]["name"] = "Sales of the northern region".into();
    for width in [60, 72, 80, 100, 120] {
        let mut wall = Wall::silent(width, 40);
        wall.connect();
        wall.hear(&welcome);
        for department in floor::departments() {
            wall.hear(&floor::overview(department, 0, &floor::ten(department)));
            wall.hear(&floor::calm_queues(department, 0));
        }
        let mut agents = floor::ten("sales");
        agents[3] = floor::agent("sales", 3, "break", 700);
        wall.hear(&floor::overview("sales", 1, &agents));
        wall.press("a");
        let place = |wall: &Wall, text: &str| {
            let row = wall.row(text);
            row[..row.find(text).unwrap()].chars().count()
        };
        let open = place(&wall, "Dan");
        wall.press("A");
        agents[5] = floor::agent("sales", 5, "break", 650);
        wall.hear(&floor::overview("sales", 2, &agents));
        assert!(wall.row("Dan").ends_with(" known"), "{width}\n{}", wall.text());
        let places = [place(&wall, "Dan"), place(&wall, "Far")];
        assert_eq!(places, [open; 2], "{width}\n{}", wall.text());
    }
}

#[test]
fn a_list_of_alerts_says_how_many_are_further_down() {
    let over: Vec<_> = (0..30).map(|at| floor::agent("sales", at, "break", 700)).collect();
    for (width, height) in [(120, 40), (80, 24), (30, 5)] {
        let mut wall = Wall::calm(width, height, Setup::default());
        wall.hear(&floor::overview("sales", 1, &over));
        wall.press("a");
        let shown = wall.rows().iter().filter(|row| row.starts_with('!')).count();
        let title = |wall: &Wall| wall.row("Over a limit");
        assert!(title(&wall).contains(&format!("+{}", 30 - shown)), "{}", wall.text());
        wall.press("G");
        assert!(!title(&wall).contains('+'), "{}", wall.text());
    }
}

#[test]
fn alerts_are_told_before_the_clock_and_so_is_that_the_server_takes_no_calls() {
    for (width, height) in [(50, 20), (44, 14), (30, 5), (60, 16), (80, 24), (120, 40)] {
        let mut wall = Wall::of(width, height, 10);
        wall.hear(&serde_json::json!({
            "type": "health", "timestamp": floor::start(), "persistence": "read_only",
        }));
        let header = wall.rows().remove(0);
        let noun = if width < 40 { "" } else { " alerts" };
        assert!(header.contains(&format!("!8{noun}")), "{width}x{height}: {header}");
        assert!(header.contains("READ-ONLY") && header.contains(" live "), "{header}");
        assert_eq!(header.contains("10:15:00"), width >= 50, "{header}");
    }
}
