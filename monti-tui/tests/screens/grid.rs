//! All departments, and the way from them to one.

use crate::{floor, wall::Wall};

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
fn clicks_open_what_they_hit_where_a_list_is_scrolled() {
    let mut wall = Wall::of(30, 5, 3);
    wall.press("space down down down");
    assert!(wall.rows()[2].starts_with("Technical"), "{}", wall.text());
    // The last row says that there are others.
    wall.click(2, 4);
    assert_eq!(wall.app.screen().department(), Some(3));
    wall.shows("+2 above");
    wall.click(2, 2);
    assert_eq!(wall.app.screen().department(), Some(2));
}

#[test]
fn a_click_on_what_is_said_hits_no_department_that_was_there() {
    let mut wall = Wall::of(30, 5, 3);
    wall.press("t").shows("theme dark").shows("+2 more").shows_no("Retention");
    wall.click(2, 4).click(2, 3).shows("theme dark").shows_no("name, by name");
    wall.click(2, 2);
    assert_eq!(wall.app.screen().department(), Some(1));
}

#[test]
fn the_selection_stays_at_the_ends_of_all_departments() {
    let mut wall = Wall::of(120, 40, 10);
    wall.press("tab tab tab end y").shows("copied retention.00004");
    wall.press("down down y").shows("copied retention.00004");
    wall.press("0 backtab backtab backtab up y").shows("copied sales");
}

#[test]
fn a_centre_without_a_name_of_its_own_is_not_named_twice() {
    let mut wall = Wall::of(200, 40, 10);
    wall.shows("MONTI   Northwind Care   10:15:00");
    let mut welcome = floor::welcome();
    welcome["centre"]["name"] = "MONTI".into();
    wall.hear(&welcome);
    wall.shows(" MONTI   ").shows_no("MONTI   MONTI");
}
