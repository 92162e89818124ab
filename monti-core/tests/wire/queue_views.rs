//! What the engine shows of queues, departments and the centre, on the wire.

use monti_core::{
    AgentState, Centre, DepartmentFigures, Interval, LiveCalls, Millis, QueueFigures, Tally,
    Timestamp, VqId,
    wire::{CallCounts, CallStats, ErrorCode, QueueIntervals, Summary, VirtualQueue, Welcome},
};

use crate::golden::{at, day, millis};

const MINUTE: u64 = 60_000;

#[test]
fn a_queue_counts_its_calls_of_any_date_and_its_service_level_of_today() {
    let centre = Centre::default();
    let now = at("09:15:00.000");
    let queue = VirtualQueue::new(billing(&centre), &queue_figures(), &centre, now);
    assert_eq!((queue.id.as_str(), queue.department.as_str()), ("support_billing", "support"));
    assert_eq!((queue.waiting_calls, queue.ringing_calls, queue.active_calls), (3, 1, 2));
    assert_eq!(queue.available_agents, 4);
    assert_eq!(queue.oldest_enqueued_at, Some(at("09:14:00.000")));
    assert_eq!(queue.longest_wait_seconds, Some(millis(MINUTE)));
    assert_eq!(queue.estimated_wait_seconds, Some(millis(90_000)));
    let level = queue.service_level;
    assert_eq!(level.current_percent, Some(60.0));
    assert_eq!(level.variants.seed, Some(60.0));
    assert_eq!(level.variants.answered_only, Some(75.0));
    assert_eq!((level.calls_offered, level.calls_answered), (9, 4));
    assert_eq!((level.calls_abandoned, level.calls_abandoned_short), (0, 0));
    assert_eq!(level.avg_wait_seconds, Some(millis(10_000)));
    assert_eq!(level.max_wait_seconds, Some(millis(25_000)));
}

#[test]
fn a_figure_without_a_value_is_null() {
    let centre = Centre::default();
    let nothing = QueueFigures::default();
    let queue = VirtualQueue::new(billing(&centre), &nothing, &centre, at("09:15:00.000"));
    assert_eq!((queue.oldest_enqueued_at, queue.longest_wait_seconds), (None, None));
    assert_eq!(queue.estimated_wait_seconds, None);
    let level = queue.service_level;
    assert_eq!(level.current_percent, None);
    assert_eq!((level.avg_wait_seconds, level.avg_handle_seconds), (None, None));
    assert_eq!(level.max_wait_seconds, None);
}

#[test]
fn a_caller_that_gave_up_at_once_waited_longest_if_alone() {
    let centre = Centre::default();
    let today = Tally { offered: 1, abandoned: 1, ..Tally::default() };
    let figures = QueueFigures { today, ..QueueFigures::default() };
    let queue = VirtualQueue::new(billing(&centre), &figures, &centre, at("09:15:00.000"));
    assert_eq!(queue.service_level.max_wait_seconds, Some(millis(0)));
}

#[test]
fn a_summary_counts_agents_by_state_and_calls_over_all_queues() {
    let figures = DepartmentFigures {
        queues: queue_figures(),
        agents: [1, 4, 1, 2, 0, 3, 0, 0, 0, 0, 1],
        breaches: 2,
        busy: Millis::from_secs(5),
        open: Millis::from_secs(8),
        occupancy_percent: Some(62.5),
    };
    let summary = Summary::new(&figures, at("09:15:00.000"));
    assert_eq!(summary.total_agents, 12);
    assert_eq!(summary.state_breakdown.len(), AgentState::ALL.len());
    assert_eq!(summary.state_breakdown[&AgentState::AfterCallWork], 3);
    assert_eq!(summary.state_breakdown[&AgentState::NotResponding], 1);
    assert_eq!((summary.breaches, summary.occupancy_percent), (2, Some(62.5)));
    assert_eq!(summary.service_level_percent, Some(60.0));
    assert_eq!((summary.calls_offered, summary.calls_answered), (9, 4));
    assert_eq!((summary.waiting_calls, summary.active_calls), (3, 2));
    assert_eq!(summary.longest_wait_seconds, Some(millis(MINUTE)));
}

#[test]
fn quarters_of_an_hour_join_to_longer_intervals() {
    let now = at("00:50:00.000");
    let quarters: Vec<_> = [(2.0, 1), (4.0, 0), (6.0, 0), (9.0, 2)]
        .into_iter()
        .zip(0..)
        .map(|((staffed_agents, overdue), number)| quarter(number, staffed_agents, overdue))
        .collect();
    let shown = |minutes| QueueIntervals::new("v", minutes, &quarters, now).unwrap().intervals;

    let single = shown(15);
    let told: Vec<_> = single
        .iter()
        .map(|it| (it.starts_at, it.service_level_percent.unwrap(), it.staffed_agents))
        .collect();
    let wanted = [
        (at("00:00:00.000"), 60.0, 2.0),
        (at("00:15:00.000"), 75.0, 4.0),
        (at("00:30:00.000"), 75.0, 6.0),
        (at("00:45:00.000"), 50.0, 9.0),
    ];
    assert_eq!(told, wanted);
    assert_eq!((single[3].calls_offered, single[3].calls_answered), (10, 4));
    assert_eq!(single[3].avg_wait_seconds, Some(millis(10_000)));
    assert_eq!(single[3].avg_handle_seconds, Some(millis(250_000)));

    let halves = shown(30);
    assert_eq!(halves.len(), 2);
    assert_eq!(halves[1].starts_at, at("00:30:00.000"));
    assert_eq!((halves[0].calls_offered, halves[1].calls_offered), (20, 20));
    assert_eq!(halves[0].avg_wait_seconds, Some(millis(10_000)));
    assert_eq!(halves[0].staffed_agents, 3.0);
    // The last quarter has lasted for five minutes only.
    assert_eq!(halves[1].staffed_agents, (6.0 * 15.0 + 9.0 * 5.0) / 20.0);
    assert_eq!(halves[0].service_level_percent, Some(100.0 * 6.0 / 9.0));
}

#[test]
fn intervals_of_other_lengths_are_refused() {
    for minutes in [0, 1, 14, 16, 1_455, u32::MAX] {
        let error = QueueIntervals::new("v", minutes, &[], at("00:50:00.000")).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidValue, "{minutes}");
    }
    let empty = QueueIntervals::new("v", 1_440, &[], at("00:50:00.000")).unwrap();
    assert_eq!(empty.intervals, []);
}

#[test]
fn statistics_check_that_no_call_is_lost() {
    let centre = Centre::default();
    let stats = |figures: QueueFigures| {
        CallStats::new(at("09:15:00.000"), day(), &centre, |vq| {
            Some(if vq == VqId(6) { figures } else { QueueFigures::default() })
        })
    };
    let all = stats(queue_figures());
    assert_eq!(all.queues.len(), centre.queues().len());
    assert_eq!(all.total, all.queues[6].counts);
    assert!(all.total.conserved);
    assert_eq!((all.total.calls_offered, all.total.earlier_calls), (9, 1));

    let mut lossy = queue_figures();
    lossy.today.completed -= 1;
    let lossy = stats(lossy);
    assert!(lossy.queues[0].counts.conserved);
    assert!(!lossy.queues[6].counts.conserved);
    assert!(!lossy.total.conserved);
}

#[test]
fn the_total_adds_up_every_count_of_every_queue() {
    let figures = queue_figures();
    let figures =
        QueueFigures { today: Tally { abandoned: 2, agent_lost: 3, ..figures.today }, ..figures };
    let stats = CallStats::new(at("09:15:00.000"), day(), &Centre::default(), |_| Some(figures));
    let queues = u32::try_from(stats.queues.len()).unwrap();
    let of = |count: fn(&CallCounts) -> u32| (count(&stats.total), count(&stats.queues[0].counts));
    let counts = [
        of(|counts| counts.calls_offered),
        of(|counts| counts.waiting_calls),
        of(|counts| counts.ringing_calls),
        of(|counts| counts.active_calls),
        of(|counts| counts.calls_completed),
        of(|counts| counts.calls_abandoned),
        of(|counts| counts.calls_agent_lost),
        of(|counts| counts.earlier_calls),
    ];
    for (place, (total, one)) in counts.into_iter().enumerate() {
        assert!(one > 0, "count {place} has nothing to show");
        assert_eq!(total, queues * one, "count {place}");
    }
}

#[test]
fn the_welcome_describes_the_centre() {
    let welcome = Welcome::new("0.1.0", at("09:15:00.000"), 1.0, &Centre::default());
    let departments = &welcome.centre.departments;
    let ids: Vec<_> = departments.iter().map(|department| department.id.as_str()).collect();
    assert_eq!(ids, ["sales", "support", "technical", "retention"]);
    let queues: usize = departments.iter().map(|department| department.queues.len()).sum();
    assert_eq!(queues, 16);
    assert_eq!(departments[1].queues[2].id, "support_billing");
    assert_eq!(welcome.protocol, 1);
    assert_eq!(welcome.centre.limits.ring_timeout_seconds, millis(20_000));
}

fn billing(centre: &Centre) -> &monti_core::VirtualQueue {
    centre.queue(VqId(6)).unwrap()
}

/// Nine calls today: four answered, three of them in target; one of the others is overdue. One
/// call of yesterday waits still.
fn queue_figures() -> QueueFigures {
    let live_today = LiveCalls { waiting: 2, ringing: 1, active: 2, overdue: 1 };
    QueueFigures {
        today: Tally { offered: 9, completed: 4, agent_lost: 0, ..tally() },
        live: LiveCalls { waiting: 3, ..live_today },
        live_today,
        available_agents: 4,
        oldest_enqueued_at: Some(at("09:14:00.000")),
        estimated_wait: Some(Millis::new(90_000)),
    }
}

fn tally() -> Tally {
    Tally {
        offered: 10,
        answered: 4,
        answered_in_target: 3,
        handled: 2,
        wait: Millis::new(40_000),
        handle: Millis::new(500_000),
        max_wait: Millis::new(25_000),
        ..Tally::default()
    }
}

fn quarter(number: u64, staffed_agents: f64, overdue: u32) -> Interval {
    let starts_at: Timestamp = at("00:00:00.000") + Millis::new(number * 15 * MINUTE);
    Interval { starts_at, tally: tally(), overdue, staffed_agents }
}
