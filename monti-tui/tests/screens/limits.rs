//! Limits and thresholds: what is red, what is yellow, and what is not.

use ratatui::style::Modifier;

use crate::{floor, wall::Wall};

/// Sales with one agent that does something for so long; nobody elsewhere.
fn with_one(state: &'static str, seconds: u64) -> Wall {
    Wall::with(120, 40, |department| match department {
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
            assert_eq!(row.contains('!'), is_over, "{row}");
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
    wall.shows("2,000 agents").shows("!24 over limit");
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
    let mut wall = Wall::of(120, 40, 10);
    wall.shows("no alerts");
    let mut agents = floor::agents("sales", 10);
    agents[5] = floor::agent("sales", 5, "break", 700);
    let changed = [agents[5].clone()];
    wall.effects.clear();
    wall.hear(&floor::delta("sales", 1, &agents, &changed));
    wall.shows("!1 alert");
    let told: Vec<_> = wall.effects.drain(..).collect();
    assert!(matches!(told.as_slice(), [monti_tui::Effect::Notify(text)] if text.contains("Farid")));
    wall.hear(&floor::tick(2));
    assert_eq!(wall.effects, []);
    wall.press("A").shows("1 acknowledged");
    wall.press("a").shows("1 alert, known").shows("0 not acknowledged");
    // Over is over, and the next one is another.
    agents[5] = floor::agent("sales", 5, "available", 0);
    let changed = [agents[5].clone()];
    wall.hear(&floor::delta("sales", 2, &agents, &changed));
    wall.shows("no alerts").shows("nothing is over its limit");
}
