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
