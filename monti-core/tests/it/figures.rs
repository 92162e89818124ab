//! Rules 11, 12 and 18 to 23: what is counted, when, and where.

use monti_core::{
    AgentAction, CallId, Centre, Input, Millis, Registration, Reply, ServiceLevels, SettableState,
    VqId,
};

use crate::{
    centres::{head_start, one_queue, two_and_one},
    desk::{D0, D1, Desk, MILLI, Q0, Q1, Q2, mins, registration, secs},
};

/// `ann` takes a call after it waited so long, talks and wraps up.
fn serve(desk: &mut Desk, wait: Millis, talk: Millis, wrap_up: Millis) {
    desk.asks("ann", SettableState::Lunch);
    let call = desk.call(Q0);
    desk.pass(wait);
    desk.asks("ann", SettableState::Available);
    desk.accept("ann", call);
    desk.pass(talk);
    desk.complete("ann", call);
    desk.pass(wrap_up);
    desk.asks("ann", SettableState::Lunch);
}

fn abandon_after(desk: &mut Desk, wait: Millis) {
    let call = desk.call(Q0);
    desk.pass(wait);
    desk.hang_up(call).unwrap();
}

fn with_ann() -> Desk {
    let mut desk = Desk::open(one_queue());
    desk.log_in("ann");
    desk
}

#[test]
fn the_worked_example_of_the_protocol() {
    let mut desk = with_ann();
    for _ in 0..70 {
        serve(&mut desk, secs(20), secs(10), secs(1));
    }
    for _ in 0..20 {
        serve(&mut desk, secs(21), secs(10), secs(1));
    }
    for _ in 0..10 {
        abandon_after(&mut desk, secs(10));
    }
    let ServiceLevels { seed, ignore_abandoned, abandoned_positive, answered_only } =
        desk.queue(Q0).service_levels();
    let tenths = [seed, ignore_abandoned, abandoned_positive, answered_only]
        .map(|percent| (percent.unwrap() * 10.0).round() / 10.0);
    assert_eq!(tenths, [70.0, 77.8, 80.0, 77.8]);
}

#[test]
fn in_target_is_up_to_the_target_and_overdue_from_the_next_millisecond_on() {
    let mut desk = with_ann();
    serve(&mut desk, secs(20), secs(1), secs(1));
    serve(&mut desk, secs(20) + MILLI, secs(1), secs(1));
    assert_eq!(desk.queue(Q0).today.answered, 2);
    assert_eq!(desk.queue(Q0).today.answered_in_target, 1);
    let call = desk.call(Q0);
    desk.pass(secs(20));
    assert_eq!(desk.queue(Q0).live.overdue, 0);
    desk.heard();
    desk.pass(MILLI);
    assert_eq!(desk.queue(Q0).live.overdue, 1);
    assert_eq!(desk.heard(), ["3 misses its target"]);
    desk.hang_up(call).unwrap();
    assert_eq!(desk.queue(Q0).live.overdue, 0);
}

#[test]
fn a_call_that_rings_past_its_target_is_overdue_too() {
    let mut desk = with_ann();
    desk.call(Q0);
    desk.pass(secs(10));
    desk.log_in("bob");
    desk.pass(secs(10) + MILLI);
    assert_eq!((desk.queue(Q0).live.ringing, desk.queue(Q0).live.overdue), (1, 1));
}

#[test]
fn an_abandoned_call_is_short_in_target_or_late() {
    let mut desk = Desk::open(one_queue());
    for wait in [secs(5), secs(5) + MILLI, secs(20), secs(20) + MILLI] {
        abandon_after(&mut desk, wait);
    }
    let today = desk.queue(Q0).today;
    assert_eq!((today.abandoned, today.abandoned_in_target, today.abandoned_short), (4, 3, 1));
    assert_eq!(today.max_wait, secs(20) + MILLI, "waits of abandoned calls count in the maximum");
    assert_eq!(today.avg_wait(), None, "and not in the mean");
}

#[test]
fn each_queue_has_limits_of_its_own_and_the_short_one_may_be_the_longer() {
    let text = "[[departments]]\nid = 'd'\nqueues = [\
        { id = 'a', target = '2s', short_abandon = '3s' },\
        { id = 'b', target = '0s', short_abandon = '0s' }]";
    let mut desk = Desk::open(Centre::from_toml(text, |_| true).unwrap());
    for (vq, wait) in [(Q0, 2_000), (Q0, 2_001), (Q0, 3_000), (Q0, 3_001), (Q1, 0), (Q1, 1)] {
        let call = desk.call(vq);
        desk.pass(Millis::new(wait));
        desk.hang_up(call).unwrap();
    }
    for (vq, expected) in [(Q0, (4, 1, 3)), (Q1, (2, 1, 1))] {
        let today = desk.queue(vq).today;
        let counted = (today.abandoned, today.abandoned_in_target, today.abandoned_short);
        assert_eq!(counted, expected, "{vq:?}");
    }
}

#[test]
fn the_four_service_levels_of_calls_of_every_fate() {
    let mut desk = Desk::open(one_queue());
    // One of 25 s late, one in target, one that a supervisor ends in target.
    abandon_after(&mut desk, secs(25));
    abandon_after(&mut desk, secs(10));
    let call = desk.call(Q0);
    desk.pass(secs(5));
    desk.give(Input::EndCall { call, agent: None }).unwrap();
    // Answered in target, and its agent lost.
    let lost = desk.call(Q0);
    desk.log_in("ann");
    desk.accept("ann", lost);
    desk.lose_link("ann");
    desk.pass(secs(30));
    // Answered late.
    desk.log_in("ann");
    serve(&mut desk, secs(21), secs(10), secs(1));
    // One rings past its target, one waits within it.
    desk.call(Q0);
    desk.pass(secs(15));
    desk.asks("ann", SettableState::Available);
    desk.pass(secs(5) + MILLI);
    desk.call(Q0);
    let live = desk.queue(Q0).live;
    assert_eq!((live.ringing, live.waiting, live.overdue), (1, 1, 1));
    // A≤ 1 and A 2, B≤ 2 and B 3, and O 6.
    let ServiceLevels { seed, ignore_abandoned, abandoned_positive, answered_only } =
        desk.queue(Q0).service_levels();
    assert_eq!(seed, Some(100.0 / 6.0));
    assert_eq!(ignore_abandoned, Some(25.0));
    assert_eq!(abandoned_positive, Some(60.0));
    assert_eq!(answered_only, Some(50.0));
}

#[test]
fn who_waits_longest_arrived_first_whatever_goes_before() {
    for centre in [two_and_one(), head_start()] {
        let mut desk = Desk::open(centre);
        let first = desk.now;
        desk.call(Q0);
        desk.pass(secs(1));
        desk.urgent_call(Q0, 9);
        assert_eq!(desk.queue(Q0).oldest_enqueued_at, Some(first));
        desk.log_in("ann");
        assert_eq!(desk.queue(Q0).oldest_enqueued_at, Some(first), "the urgent one rings");
        desk.log_in("bob");
        assert_eq!(desk.queue(Q0).live.ringing, 2);
        assert_eq!(desk.queue(Q0).oldest_enqueued_at, None, "who rings waits in no queue");
    }
}

#[test]
fn waits_and_rings_of_a_call_offered_often_add_up_and_leave_nothing_to_the_next() {
    let mut desk = Desk::open(one_queue());
    let call = desk.call(Q0);
    desk.pass(secs(7));
    desk.log_in("ann");
    desk.pass(secs(25));
    desk.log_in("bob");
    desk.pass(secs(3));
    desk.does("bob", AgentAction::Reject(call));
    desk.pass(secs(4));
    desk.lose_link("bob");
    desk.pass(secs(6));
    desk.log_in("bob");
    desk.pass(secs(2));
    desk.accept("bob", call);
    let answered_at = desk.now;
    assert_eq!(desk.queue(Q0).today.avg_wait(), Some(secs(47)));
    desk.complete("bob", call);
    desk.asks("bob", SettableState::Available);
    let record = desk.records().remove(0);
    assert_eq!((record.wait, record.ring, record.offers), (secs(7 + 5 + 6), secs(29), 4));
    assert_eq!(record.assigned_at, Some(answered_at - secs(2)), "the offer that was taken");
    let next = desk.call(Q0);
    desk.pass(secs(1));
    desk.does("bob", AgentAction::Reject(next));
    desk.pass(secs(2));
    desk.hang_up(next).unwrap();
    let record = desk.records().remove(0);
    assert_eq!((record.wait, record.ring, record.offers), (Millis::ZERO, secs(3), 2));
    assert_eq!(record.assigned_at, Some(desk.now - secs(2)));
}

#[test]
fn the_wait_includes_ringing_and_handling_counts_when_it_is_final() {
    let mut desk = with_ann();
    let call = desk.call(Q0);
    desk.pass(secs(12));
    desk.accept("ann", call);
    desk.pass(secs(30));
    desk.does("ann", AgentAction::Hold(call));
    desk.pass(secs(20));
    desk.does("ann", AgentAction::Unhold(call));
    desk.complete("ann", call);
    assert_eq!(desk.queue(Q0).today.avg_wait(), Some(secs(12)));
    assert_eq!(desk.queue(Q0).today.avg_handle(), None, "after-call work is awaited");
    desk.pass(secs(10));
    desk.asks("ann", SettableState::Available);
    assert_eq!(desk.queue(Q0).today.avg_handle(), Some(secs(60)));
    let figures = desk.agent("ann").figures;
    let times = [figures.ring, figures.talk, figures.hold, figures.after_call, figures.login];
    assert_eq!(times, [12, 30, 20, 10, 72].map(secs));
}

#[test]
fn the_handle_time_of_an_agent_is_that_of_the_calls_that_have_ended() {
    let mut desk = with_ann();
    let average = |desk: &Desk| desk.agent("ann").avg_handle_at(desk.now);
    assert_eq!(average(&desk), None);
    let talk = |desk: &mut Desk| {
        let call = desk.call(Q0);
        desk.accept("ann", call);
        desk.pass(secs(50));
        desk.does("ann", AgentAction::Hold(call));
        desk.pass(secs(30));
        desk.does("ann", AgentAction::Unhold(call));
        desk.pass(secs(10));
        call
    };
    let first = talk(&mut desk);
    assert_eq!(average(&desk), None, "it goes on");
    desk.complete("ann", first);
    desk.pass(secs(10));
    desk.asks("ann", SettableState::Available);
    assert_eq!(average(&desk), Some(secs(100)));
    let second = talk(&mut desk);
    assert_eq!(average(&desk), Some(secs(100)), "the second goes on");
    desk.complete("ann", second);
    assert_eq!(average(&desk), Some(secs(95)));
}

#[test]
fn occupancy_is_time_in_calls_of_time_open_to_calls() {
    let mut desk = with_ann();
    desk.pass(secs(25));
    let call = desk.call(Q0);
    desk.pass(secs(5));
    desk.accept("ann", call);
    desk.pass(secs(40));
    desk.does("ann", AgentAction::Hold(call));
    desk.pass(secs(10));
    desk.complete("ann", call);
    desk.pass(secs(20));
    desk.asks("ann", SettableState::Break);
    desk.pass(secs(500));
    assert_eq!(desk.agent("ann").figures.occupancy_percent(), Some(75.0));
    let department = desk.engine().department(D0, desk.now).unwrap();
    assert_eq!(department.occupancy_percent, Some(75.0));
}

#[test]
fn ringing_in_vain_occupies_and_not_responding_does_not() {
    let mut desk = with_ann();
    desk.pass(secs(20));
    desk.call(Q0);
    desk.pass(secs(120));
    let figures = desk.agent("ann").figures_at(desk.now);
    assert_eq!((figures.occupancy_percent(), figures.login), (Some(50.0), secs(140)));
    let department = desk.engine().department(D0, desk.now).unwrap();
    assert_eq!(department.occupancy_percent, Some(50.0));
}

#[test]
fn a_departments_occupancy_is_of_the_time_spent_in_it() {
    let mut desk = Desk::open(two_and_one());
    desk.log_in("ann");
    desk.pass(secs(30));
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.pass(secs(10));
    desk.register(Registration { department: D1, ..registration("ann") });
    desk.pass(secs(20));
    desk.complete("ann", call);
    desk.pass(secs(10));
    desk.asks("ann", SettableState::Available);
    desk.pass(secs(10));
    let [first, second] = [D0, D1].map(|id| desk.engine().department(id, desk.now).unwrap());
    assert_eq!(first.occupancy_percent, Some(25.0));
    assert_eq!(second.occupancy_percent, Some(75.0));
    assert_eq!(first.queues.today.avg_handle(), Some(secs(40)), "the call stays the first's");
    assert_eq!(second.queues.today.offered, 0);
}

#[test]
fn a_call_that_a_supervisor_ends_is_completed_if_it_was_answered_else_abandoned() {
    let mut desk = with_ann();
    let [answered, ringing, waiting] = [(); 3].map(|()| {
        let call = desk.call(Q0);
        if desk.agent("ann").call.map(|call| call.id) == Some(call) && call.number == 1 {
            desk.accept("ann", call);
            desk.log_in("bob");
        }
        call
    });
    for (call, agent) in [(answered, Some(desk.id("ann"))), (ringing, None), (waiting, None)] {
        assert_eq!(desk.give(Input::EndCall { call, agent }), Ok(Reply::Done));
    }
    let today = desk.queue(Q0).today;
    assert_eq!((today.offered, today.completed, today.abandoned), (3, 1, 2));
}

#[test]
fn the_estimated_wait_follows_rule_23() {
    let mut desk = Desk::open(two_and_one());
    let wait = |desk: &Desk, vq: VqId| desk.queue(vq).estimated_wait;
    assert_eq!(wait(&desk, Q0), None, "nobody could take it");
    desk.log_in("ann");
    assert_eq!(wait(&desk, Q0), Some(Millis::ZERO), "an agent is available");
    serve(&mut desk, secs(1), secs(50), secs(10));
    assert_eq!(wait(&desk, Q0), None, "an agent at lunch takes no call");
    desk.register(Registration { state: SettableState::AfterCallWork, ..registration("bob") });
    assert_eq!(wait(&desk, Q0), Some(secs(60)), "one agent works, AHT 60 s");
    let first: CallId = desk.call(Q0);
    desk.call(Q0);
    assert_eq!(wait(&desk, Q0), Some(secs(180)), "two wait already");
    assert_eq!(wait(&desk, Q1), Some(secs(60)), "the department's AHT stands in for the queue's");
    desk.register(Registration { state: SettableState::AfterCallWork, ..registration("cat") });
    assert_eq!(wait(&desk, Q0), Some(secs(90)), "two agents share the work");
    desk.hang_up(first).unwrap();
    assert_eq!(wait(&desk, Q0), Some(secs(60)));
}

#[test]
fn the_estimated_wait_is_by_who_serves_the_queue() {
    let mut desk = Desk::open(two_and_one());
    for (login, vq) in [("ann", Q0), ("bob", Q1)] {
        desk.register(Registration { queues: Some(vec![vq]), ..registration(login) });
    }
    let wait = |desk: &Desk, vq: VqId| desk.queue(vq).estimated_wait;
    let call = desk.call(Q0);
    desk.accept("ann", call);
    desk.pass(secs(90));
    desk.complete("ann", call);
    desk.pass(secs(10));
    desk.asks("ann", SettableState::Available);
    let call = desk.call(Q0);
    desk.accept("ann", call);
    assert_eq!(wait(&desk, Q0), Some(secs(100)), "bob is available, but not for this queue");
    assert_eq!(wait(&desk, Q1), Some(Millis::ZERO));
    let call = desk.call(Q1);
    desk.accept("bob", call);
    desk.lose_link("bob");
    assert_eq!(wait(&desk, Q1), Some(secs(100)), "his call goes on, by the department's AHT");
    desk.pass(secs(30));
    assert_eq!(wait(&desk, Q1), None, "nobody serves it any more");
    assert_eq!(desk.queue(Q1).today.avg_handle(), Some(secs(30)), "a lost call was handled");
    assert_eq!(wait(&desk, Q2), None, "another department's AHT is not this one's");
}

#[test]
fn the_first_moment_of_a_quarter_of_an_hour_is_its_own() {
    let mut desk = Desk::open(one_queue());
    desk.pass(mins(15) - MILLI);
    desk.call(Q0);
    desk.pass(MILLI);
    desk.call(Q0);
    let counts = |desk: &Desk| {
        let intervals = desk.engine().intervals(Q0, desk.now);
        let [.., before, after] = &intervals[..] else { panic!("two quarters") };
        [before, after].map(|interval| (interval.tally.offered, interval.overdue))
    };
    assert_eq!(counts(&desk), [(1, 0), (1, 0)]);
    desk.pass(secs(20));
    assert_eq!(counts(&desk), [(1, 1), (1, 0)]);
    desk.pass(MILLI);
    assert_eq!(counts(&desk), [(1, 1), (1, 1)]);
}

#[test]
fn a_call_counts_in_the_quarter_of_an_hour_of_its_arrival() {
    let mut desk = with_ann();
    desk.asks("ann", SettableState::Lunch);
    let early = desk.call(Q0);
    desk.pass(mins(15));
    let late = desk.call(Q0);
    desk.hang_up(early).unwrap();
    desk.pass(mins(2));
    desk.asks("ann", SettableState::Available);
    desk.accept("ann", late);
    let intervals = desk.engine().intervals(Q0, desk.now);
    let [first, second] = &intervals[intervals.len() - 2..] else { panic!("two quarters") };
    assert_eq!((first.tally.offered, first.tally.abandoned, first.tally.answered), (1, 1, 0));
    assert_eq!((second.tally.offered, second.tally.abandoned, second.tally.answered), (1, 0, 1));
    assert_eq!(intervals.len(), 38, "from midnight to a quarter past nine and two minutes");
}

#[test]
fn staffed_agents_are_the_mean_of_those_logged_in() {
    let mut desk = with_ann();
    desk.pass(mins(5));
    desk.log_in("bob");
    desk.pass(mins(5));
    desk.does("ann", AgentAction::Unregister);
    desk.pass(mins(5));
    let intervals = desk.engine().intervals(Q0, desk.now);
    let [.., over, begun] = &intervals[..] else { panic!("two quarters") };
    let staffed = 20.0 / 15.0;
    assert!((over.staffed_agents - staffed).abs() < 1e-9, "{}", over.staffed_agents);
    assert_eq!(begun.starts_at, desk.now);
}

/// An engine that cannot go on, as on a full disk, is asked about a time that it does not know.
#[test]
fn whoever_is_logged_in_staffs_the_quarters_that_have_not_begun_for_the_engine() {
    let mut desk = with_ann();
    desk.pass(mins(5));
    desk.log_in("bob");
    let intervals = desk.engine().intervals(Q0, desk.now + mins(25));
    let [.., first, second, begun] = &intervals[..] else { panic!("three quarters") };
    assert!((first.staffed_agents - 25.0 / 15.0).abs() < 1e-9, "{}", first.staffed_agents);
    assert!((second.staffed_agents - 2.0).abs() < 1e-9, "{}", second.staffed_agents);
    assert_eq!(begun.starts_at, desk.now + mins(25));
}
