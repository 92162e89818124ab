//! F15: what is under way at the end of a date, and which date each part of it counts in.

use monti_core::{
    AgentAction, AgentState, BreachKind, BusinessDay, Input, Millis, Reply, SettableState, Tally,
};

use crate::{
    centres::{hours, one_queue},
    desk::{D0, Desk, MILLI, Q0, mins, secs},
};

/// `ann` is there, so long before midnight.
fn before_midnight(time: Millis) -> Desk {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.pass(hours(15) - time);
    desk
}

#[test]
fn after_call_work_for_yesterdays_call_is_in_no_handle_time_of_today() {
    let mut desk = before_midnight(mins(10));
    let call = desk.call(Q0);
    desk.pass(secs(10));
    desk.accept("ann", call);
    desk.pass(mins(8) + secs(50));
    desk.complete("ann", call);
    desk.pass(mins(3));
    desk.asks("ann", SettableState::Available);
    assert_eq!(desk.queue(Q0).today, Tally::default());
    let department = desk.engine().department(D0, desk.now).unwrap();
    assert_eq!(department.queues.today.avg_handle(), None);
    assert_eq!(department.occupancy_percent, Some(100.0), "the two minutes of today");
    let today = desk.agent("ann").figures;
    assert_eq!((today.after_call, today.calls_handled), (mins(2), 0));
    assert_eq!(today.avg_handle(), None);
    desk.call(Q0);
    assert_eq!(desk.queue(Q0).estimated_wait, None, "there is no AHT yet");
    let yesterday = desk.days()[0].figures;
    let times = [yesterday.ring, yesterday.talk, yesterday.after_call, yesterday.login];
    assert_eq!(times, [secs(10), mins(8) + secs(50), mins(1), hours(15)]);
    assert_eq!(yesterday.calls_handled, 1);
}

#[test]
fn a_caller_on_hold_is_on_hold_on_both_dates() {
    let mut desk = before_midnight(mins(2));
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.pass(mins(1));
    desk.does("ann", AgentAction::Hold(call));
    desk.pass(mins(3));
    desk.does("ann", AgentAction::Unhold(call));
    desk.pass(mins(1));
    let today = desk.agent("ann").figures_at(desk.now);
    assert_eq!((today.talk, today.hold), (mins(1), mins(2)));
    let yesterday = desk.days()[0].figures;
    assert_eq!((yesterday.talk, yesterday.hold), (mins(1), mins(1)));
    desk.complete("ann", call);
    desk.asks("ann", SettableState::Lunch);
    let record = desk.records().remove(0);
    assert_eq!((record.talk, record.hold), (mins(2), mins(3)), "the record has all of it");
}

#[test]
fn a_breach_that_runs_on_is_shown_but_was_counted_yesterday() {
    let mut desk = before_midnight(mins(15));
    desk.asks("ann", SettableState::Break);
    desk.pass(mins(10) + MILLI);
    assert_eq!(desk.agent("ann").figures.break_breaches, 1);
    desk.pass(mins(10));
    assert_eq!(desk.agent("ann").breach, Some(BreachKind::Break));
    assert_eq!(desk.agent("ann").figures.break_breaches, 0);
    let breaches = |desk: &Desk| desk.engine().department(D0, desk.now).unwrap().breaches;
    assert_eq!(breaches(&desk), 1);
    desk.asks("ann", SettableState::Available);
    assert_eq!(breaches(&desk), 0);
    assert_eq!(desk.agent("ann").figures.break_time, mins(5) + MILLI);
    let yesterday = desk.days()[0].figures;
    assert_eq!((yesterday.break_breaches, yesterday.break_time), (1, mins(15)));
}

#[test]
fn a_grace_that_ends_today_ends_a_call_of_yesterday() {
    let mut desk = before_midnight(secs(30));
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.pass(secs(20));
    desk.lose_link("ann");
    desk.pass(secs(30));
    assert_eq!(desk.agent("ann").state, AgentState::Offline);
    assert_eq!(desk.agent("ann").figures.talk, secs(20));
    assert_eq!(desk.queue(Q0).today, Tally::default());
    assert_eq!(desk.queue(Q0).live.active, 0);
    let record = desk.records().remove(0);
    assert_eq!((record.id.day.to_string().as_str(), record.talk), ("2026-01-29", secs(50)));
}

#[test]
fn a_call_of_yesterday_that_waits_too_long_weighs_on_no_service_level_of_today() {
    let mut desk = Desk::open(one_queue());
    desk.pass(hours(15) - secs(10));
    let call = desk.call(Q0);
    let arrived = desk.now;
    desk.pass(secs(40));
    let figures = desk.queue(Q0);
    assert_eq!((figures.live.waiting, figures.live.overdue), (1, 1), "it is seen to wait");
    assert_eq!(figures.oldest_enqueued_at, Some(arrived));
    assert_eq!(figures.service_levels().seed, None);
    desk.log_in("ann");
    desk.accept("ann", call);
    assert_eq!(desk.queue(Q0).live.overdue, 0);
    assert_eq!(desk.queue(Q0).today, Tally::default());
}

#[test]
fn who_works_when_a_date_begins_early_staffed_nothing_before() {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk.pass(hours(1));
    let today = desk.engine().today();
    let (starts_at, ends_at) = (desk.now - mins(50), desk.now + hours(23));
    let next = BusinessDay { day: today.day.next(), starts_at, ends_at };
    desk.give(Input::BusinessDay(next)).unwrap();
    desk.pass(mins(25));
    let intervals = desk.engine().intervals(Q0, desk.now);
    let staffed: Vec<_> = intervals.iter().map(|it| (it.staffed_agents * 15.0).round()).collect();
    assert_eq!(staffed, [0.0, 0.0, 0.0, 10.0, 15.0, 0.0], "minutes; the last has just begun");
}

#[test]
fn a_day_of_25_hours_has_100_quarters_of_an_hour() {
    for (length, quarters) in [(23, 92), (24, 96), (25, 100)] {
        let mut desk = Desk::open(one_queue());
        desk.pass(hours(15));
        let today = desk.engine().today();
        let told = BusinessDay { ends_at: today.starts_at + hours(length), ..today };
        desk.give(Input::BusinessDay(told)).unwrap();
        desk.log_in("ann");
        desk.pass(hours(length) - MILLI);
        desk.call(Q0);
        let intervals = desk.engine().intervals(Q0, desk.now);
        assert_eq!(intervals.len(), quarters);
        let last = intervals.last().unwrap();
        assert_eq!(last.tally.offered, 1, "in the last millisecond");
        assert!((last.staffed_agents - 1.0).abs() < 1e-9, "{}", last.staffed_agents);
        desk.pass(MILLI);
        assert_eq!(desk.engine().intervals(Q0, desk.now).len(), 1);
    }
}

/// It may be repeated because nobody heard that it was done, and by then the agent is another.
#[test]
fn what_was_done_before_midnight_is_a_repeat_after_it_too() {
    let mut desk = before_midnight(mins(2));
    let [completed, forced] = [true, false].map(|completes| {
        let call = desk.call(Q0);
        desk.accept("ann", call);
        let agent = Some(desk.id("ann"));
        match completes {
            true => desk.complete("ann", call),
            false => assert_eq!(desk.give(Input::EndCall { call, agent }), Ok(Reply::Done)),
        }
        desk.asks("ann", SettableState::Available);
        call
    });
    let before = desk.id("ann");
    desk.does("ann", AgentAction::Unregister);
    desk.pass(mins(3));
    desk.log_in("ann");
    assert_ne!(desk.id("ann"), before, "who is out at midnight is forgotten");
    let complete = |call| AgentAction::Complete { call, outcome: None };
    assert_eq!(desk.tries("ann", complete(completed)), Ok(Reply::Duplicate));
    let agent = Some(desk.id("ann"));
    assert_eq!(desk.give(Input::EndCall { call: forced, agent }), Ok(Reply::Duplicate));
    assert!(desk.tries("ann", complete(forced)).is_err(), "it was not completed");
}
