//! Business dates: how they begin, end and are cut, whatever the clock does meanwhile (F15 and
//! rules 19, 22 and 25).

use monti_core::{
    AgentAction, AgentDay, BusinessDay, Centre, Engine, Event, Input, InvalidValue, Millis, Output,
    Rejection, Reply, SettableState, Timestamp,
};

use crate::{
    centres::{first_day, hours, one_queue, opening},
    desk::{Desk, MILLI, Q0, mins, secs},
};

fn invalid(value: InvalidValue) -> Result<Reply, Rejection> {
    Err(Rejection::InvalidValue(value))
}

#[test]
fn f15_a_call_across_midnight_belongs_to_the_date_of_its_arrival() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.pass(hours(14) + mins(59));
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.pass(mins(2));
    let figures = desk.queue(Q0);
    assert_eq!((figures.live.active, figures.live_today.active), (1, 0), "it lives on");
    assert_eq!(figures.today.offered, 0, "and counts in no figure of the new date");
    desk.complete("ann", call);
    desk.asks("ann", SettableState::Break);
    assert_eq!(desk.queue(Q0).today, monti_core::Tally::default());
    assert_eq!(desk.records()[0].id.to_string(), "CALL-20260129-000001");
    assert_eq!(desk.call(Q0).to_string(), "CALL-20260130-000001", "the counter begins anew");
}

#[test]
fn an_agents_time_is_cut_at_the_dates_own_end_however_late_that_is_noticed() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.pass(hours(14));
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.sleep(hours(3));
    assert_eq!(desk.heard().last().unwrap(), "2026-01-30 begins");
    let figures = desk.agent("ann").figures_at(desk.now);
    assert_eq!((figures.talk, figures.login), (hours(2), hours(2)), "two of the three hours");
    desk.complete("ann", call);
    assert_eq!(desk.agent("ann").figures.calls_handled, 1, "a call counts where it ends");
}

/// Tells the engine how long the date is that has just begun, lets it pass, and gives what was
/// said of `ann`'s day.
fn a_day_of(length: Millis) -> AgentDay {
    let mut desk = Desk::open(one_queue());
    desk.pass(hours(15));
    desk.log_in("ann");
    let today = desk.engine().today();
    let ends_at = today.starts_at + length;
    let told = BusinessDay { ends_at, ..today };
    assert_eq!(desk.give(Input::BusinessDay(told)), Ok(Reply::Done));
    desk.pass(length - MILLI);
    assert_eq!(desk.engine().today().day, today.day, "it has not ended yet");
    assert_eq!(desk.days(), []);
    desk.pass(MILLI);
    assert_eq!(desk.engine().today().day, today.day.next());
    desk.days().pop().expect("the figures of the date are given out")
}

#[test]
fn f15_days_of_23_and_25_hours_add_up() {
    for length in [hours(23), hours(24), hours(25)] {
        let day = a_day_of(length);
        assert_eq!(day.day.to_string(), "2026-01-30");
        assert_eq!((day.figures.login, day.figures.idle), (length, length));
    }
}

#[test]
fn dates_that_were_slept_through_end_one_by_one() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.heard();
    desk.sleep(hours(60));
    let heard = desk.heard();
    let expected = [
        "2026-01-29 of ann is over",
        "2026-01-30 begins",
        "2026-01-30 of ann is over",
        "2026-01-31 begins",
    ];
    assert_eq!(heard, expected);
    assert_eq!(desk.agent("ann").figures_at(desk.now).login, hours(21));
}

#[test]
fn a_date_cannot_come_again_nor_end_before_it_begins() {
    let mut desk = Desk::open(one_queue());
    let today = desk.engine().today();
    let yesterday = BusinessDay { day: "2026-01-28".parse().unwrap(), ..today };
    assert_eq!(desk.give(Input::BusinessDay(yesterday)), invalid(InvalidValue::PastDay));
    for ends_at in [today.starts_at, desk.now, today.starts_at + hours(48) + MILLI] {
        let wrong = BusinessDay { ends_at, ..today };
        assert_eq!(desk.give(Input::BusinessDay(wrong)), invalid(InvalidValue::DayBounds));
    }
    assert_eq!(desk.engine().today(), today);
    let longest = BusinessDay { ends_at: today.starts_at + hours(48), ..today };
    assert_eq!(desk.give(Input::BusinessDay(longest)), Ok(Reply::Done));
}

#[test]
fn a_first_date_without_an_end_has_24_hours() {
    let first = first_day();
    let with_end = |ends_at| {
        Engine::new(one_queue(), opening(), BusinessDay { ends_at, ..first }).today().ends_at
    };
    assert_eq!(with_end(first.starts_at + MILLI), first.starts_at + MILLI);
    for none in [first.starts_at, Timestamp::MIN] {
        assert_eq!(with_end(none), first.starts_at + hours(24));
    }
}

#[test]
fn agents_that_are_offline_at_the_end_of_a_date_are_forgotten_after_their_figures() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.log_in("bob");
    desk.pass(hours(1));
    desk.does("ann", AgentAction::Unregister);
    let agent = desk.id("ann");
    desk.heard();
    desk.pass(hours(14));
    let heard = desk.heard();
    let day = heard.iter().position(|told| told == "2026-01-29 of ann is over");
    let left = heard.iter().position(|told| told == "ann left department 0");
    assert!(day.is_some() && day < left, "{heard:?}");
    assert_eq!(desk.engine().find_agent("ann"), None);
    assert_eq!(desk.give(Input::LogOut { agent }), Err(Rejection::UnknownAgent));
    assert_eq!(desk.agent("bob").login.as_str(), "bob", "who is logged in stays");
    desk.log_in("ann");
    assert_ne!(desk.id("ann"), agent, "a number kept too long names nobody else");
}

#[test]
fn a_breach_counts_on_the_date_on_which_it_begins() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.pass(hours(14) + mins(51));
    desk.asks("ann", SettableState::Break);
    desk.pass(mins(9));
    assert_eq!(desk.agent("ann").figures.break_breaches, 0);
    desk.pass(mins(1) + secs(1));
    assert_eq!(desk.agent("ann").figures.break_breaches, 1);
}

#[test]
fn time_ends_once() {
    let start = Timestamp::MAX - Millis::from_secs(3_600);
    let day = "9999-12-30".parse().unwrap();
    let today = BusinessDay { day, starts_at: start, ends_at: Timestamp::MAX };
    let mut engine = Engine::new(Centre::default(), start, today);
    engine.handle_timeout(Timestamp::MAX);
    assert_eq!(engine.now(), Timestamp::MAX);
    let begun = |engine: &mut Engine| {
        let outputs = std::iter::from_fn(|| engine.poll_output().map(|it| it.to_owned()));
        outputs.filter(|it| matches!(it, Output::Event(Event::DayBegan { .. }))).count()
    };
    assert_eq!(begun(&mut engine), 0, "after the last date there is none");
    engine.handle_timeout(Timestamp::MAX);
    assert_eq!(begun(&mut engine), 0);
}
