//! The bodies of REST.

use monti_core::{
    CallStatus, Priority, SettableState,
    wire::{
        AgentDailyStats, AgentHistory, CallCounts, CallRecord, CallStats, CallsPage,
        DepartmentState, InjectRequest, InjectResponse, Interval, LiveCall, LiveCallStatus,
        LiveState, Problem, QueueCallStats, QueueIntervals, StateRequest, parse_body,
    },
};

use crate::{
    agent_link::{busy, centre},
    golden::{assert_golden, at, call, day, id, millis, read},
    wallboard::{busy_queue, degraded, over_its_limit, summary, talking},
};

/// The golden files of this module.
pub(crate) const BODIES: &[&str] = &[
    "rest_agent_history",
    "rest_call_stats",
    "rest_calls_page",
    "rest_inject_request",
    "rest_inject_response",
    "rest_intervals",
    "rest_problem",
    "rest_snapshot",
    "rest_state_request",
];

#[test]
fn an_agents_history() {
    let today = AgentDailyStats {
        date: day(),
        calls_handled: 6,
        talk_seconds: millis(1_400_000),
        acw_seconds: millis(135_000),
        hold_seconds: millis(40_000),
        break_seconds: millis(0),
        login_seconds: millis(4_500_000),
        occupancy_percent: Some(35.0),
        acw_breaches: 0,
        break_breaches: 0,
        ring_no_answers: 1,
    };
    let training = AgentDailyStats {
        date: "2026-01-28".parse().unwrap(),
        calls_handled: 0,
        talk_seconds: millis(0),
        acw_seconds: millis(0),
        hold_seconds: millis(0),
        occupancy_percent: None,
        ring_no_answers: 0,
        ..today.clone()
    };
    let history = AgentHistory {
        agent_id: id("avery.lindqvist"),
        days: vec![today, training],
        partial: false,
    };
    assert_golden("rest_agent_history", &history);
}

#[test]
fn a_page_of_calls() {
    let answered = CallRecord {
        call_id: call(42),
        date: day(),
        vq: "sales_general".to_owned(),
        department: "sales".to_owned(),
        caller_number: Some("+49301234567".to_owned()),
        priority: Priority::new(5).unwrap(),
        status: CallStatus::Completed,
        outcome: Some(id("Sold: 3 licences")),
        agent_id: Some(id("avery.lindqvist")),
        enqueued_at: at("09:15:00.250"),
        assigned_at: Some(at("09:15:12.750")),
        answered_at: Some(at("09:15:15.250")),
        ended_at: at("09:19:00.250"),
        wait_seconds: millis(12_500),
        ring_seconds: millis(2_500),
        talk_seconds: millis(205_000),
        hold_seconds: millis(20_000),
        acw_seconds: millis(26_125),
        answered_in_target: true,
        offers: 1,
    };
    let abandoned = CallRecord {
        call_id: call(43),
        caller_number: None,
        priority: Priority::default(),
        status: CallStatus::Abandoned,
        outcome: None,
        agent_id: None,
        assigned_at: None,
        answered_at: None,
        ended_at: at("09:15:18.500"),
        wait_seconds: millis(18_250),
        ring_seconds: millis(0),
        talk_seconds: millis(0),
        hold_seconds: millis(0),
        acw_seconds: millis(0),
        answered_in_target: false,
        offers: 0,
        ..answered.clone()
    };
    let page = CallsPage {
        date: day(),
        calls: vec![answered, abandoned],
        cursor: Some("CALL-20260129-000043".to_owned()),
        partial: false,
    };
    assert_golden("rest_calls_page", &page);
}

#[test]
fn a_queues_intervals() {
    let quiet = Interval {
        starts_at: at("09:00:00.000"),
        calls_offered: 0,
        calls_answered: 0,
        calls_abandoned: 0,
        service_level_percent: None,
        avg_wait_seconds: None,
        avg_handle_seconds: None,
        staffed_agents: 0.0,
    };
    let busy = Interval {
        starts_at: at("09:15:00.000"),
        calls_offered: 24,
        calls_answered: 22,
        calls_abandoned: 2,
        service_level_percent: Some(87.5),
        avg_wait_seconds: Some(millis(9_750)),
        avg_handle_seconds: Some(millis(251_125)),
        staffed_agents: 6.5,
    };
    let intervals = QueueIntervals {
        vq: "sales_general".to_owned(),
        minutes: 15,
        intervals: vec![quiet, busy],
    };
    assert_golden("rest_intervals", &intervals);
}

#[test]
fn queue_statistics_and_their_check() {
    let counts = CallCounts {
        calls_offered: 110,
        waiting_calls: 3,
        ringing_calls: 1,
        active_calls: 6,
        calls_completed: 89,
        calls_abandoned: 10,
        calls_agent_lost: 1,
        conserved: true,
        earlier_calls: 1,
    };
    let queue =
        QueueCallStats { vq: "sales_general".to_owned(), department: "sales".to_owned(), counts };
    let stats = CallStats {
        timestamp: at("09:15:01.000"),
        date: day(),
        queues: vec![queue],
        total: counts,
    };
    assert_golden("rest_call_stats", &stats);
}

#[test]
fn the_whole_live_state() {
    let state = LiveState {
        timestamp: at("09:15:01.000"),
        centre: centre(),
        health: degraded(),
        departments: vec![DepartmentState {
            department: "sales".to_owned(),
            summary: summary(),
            agents: vec![talking(), over_its_limit()],
            queues: vec![busy_queue()],
        }],
        calls: vec![LiveCall {
            call_id: call(42),
            vq: "sales_general".to_owned(),
            department: "sales".to_owned(),
            caller_number: Some("+********567".to_owned()),
            priority: Priority::new(5).unwrap(),
            status: LiveCallStatus::Active,
            agent_id: Some(id("avery.lindqvist")),
            enqueued_at: at("09:14:00.250"),
            assigned_at: Some(at("09:14:10.000")),
            answered_at: Some(at("09:14:12.000")),
            held_since: None,
            offers: 1,
        }],
    };
    assert_golden("rest_snapshot", &state);
}

#[test]
fn an_injection() {
    let request = InjectRequest {
        vq: "sales_general".to_owned(),
        caller_number: Some(id("+49301234567")),
        priority: Priority::new(9).unwrap(),
        count: 2,
        request_id: Some(id("drill-1")),
    };
    assert_golden("rest_inject_request", &request);
    assert_eq!(parse_body(&read("rest_inject_request")), Ok(request));
    let response = InjectResponse { calls: vec![call(44), call(45)] };
    assert_golden("rest_inject_response", &response);
}

#[test]
fn the_least_injection_is_one_call() {
    let request: InjectRequest = parse_body(r#"{"vq":"sales_general"}"#).unwrap();
    assert_eq!(request.count, 1);
    assert_eq!(request.priority, Priority::default());
    assert_eq!((request.caller_number, request.request_id), (None, None));
}

#[test]
fn a_supervisors_state() {
    let request = StateRequest { state: SettableState::Meeting };
    assert_golden("rest_state_request", &request);
    assert_eq!(parse_body(&read("rest_state_request")), Ok(request));
}

#[test]
fn a_problem() {
    assert_golden("rest_problem", &Problem::from(busy()));
}
