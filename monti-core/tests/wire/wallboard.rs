//! The wallboard link's messages.

use monti_core::{
    AgentState, BreachKind, CallStatus, ServiceLevels, SettableState,
    wire::{
        Activity, ActivityEvent, ActivityKind, AgentInfo, AgentKpis, ConnectionStatus,
        DepartmentDelta, DepartmentOverview, Health, Mode, Persistence, Resync, ServiceLevel,
        Subscribe, Summary, Tick, VirtualQueue, VqOverview, WallboardClientMessage,
        WallboardServerMessage,
    },
};

use crate::{
    agent_link::{busy, welcome},
    golden::{assert_golden, at, call, id, millis, read},
};

/// Client to server.
pub(crate) const CLIENT_TYPES: &[&str] = &["subscribe", "resync"];

/// Server to client: the first, then in the contract's order.
pub(crate) const SERVER_TYPES: &[&str] = &[
    "welcome",
    "department_overview",
    "tick",
    "department_delta",
    "vq_overview",
    "activity",
    "health",
    "error",
];

#[test]
fn wallboards_say() {
    let messages = [
        WallboardClientMessage::Subscribe(Subscribe {
            request_id: Some(id("w-1")),
            departments: Some(vec!["sales".to_owned(), "support".to_owned()]),
            mode: Mode::Delta,
            agents: true,
        }),
        WallboardClientMessage::Resync(Resync { request_id: Some(id("w-1")) }),
    ];
    let names = messages.each_ref().map(WallboardClientMessage::type_name);
    assert_eq!(names.as_slice(), CLIENT_TYPES);
    assert_eq!(WallboardClientMessage::TYPES, CLIENT_TYPES);
    for message in messages {
        assert_golden(message.type_name(), &message);
        assert_eq!(WallboardClientMessage::parse(&read(message.type_name())), Ok(message));
    }
}

#[test]
fn the_server_says() {
    let (department, timestamp, tick) = ("sales".to_owned(), at("09:15:01.000"), 2_731);
    let messages = [
        WallboardServerMessage::Welcome(welcome()),
        WallboardServerMessage::DepartmentOverview(DepartmentOverview {
            department: department.clone(),
            timestamp,
            tick,
            summary: summary(),
            agents: vec![talking(), over_its_limit()],
        }),
        WallboardServerMessage::Tick(Tick { timestamp, tick }),
        WallboardServerMessage::DepartmentDelta(DepartmentDelta {
            department: department.clone(),
            timestamp,
            tick,
            previous_tick: 2_729,
            summary: summary(),
            changed: vec![talking()],
            removed: vec![id("noor.haddad")],
            queues: vec![busy_queue()],
        }),
        WallboardServerMessage::VqOverview(VqOverview {
            department,
            timestamp,
            tick,
            queues: vec![busy_queue(), new_queue()],
            total_waiting: 3,
            total_active: 7,
        }),
        WallboardServerMessage::Activity(Activity { timestamp, tick, events: events() }),
        WallboardServerMessage::Health(degraded()),
        WallboardServerMessage::Error(busy()),
    ];
    let names = messages.each_ref().map(WallboardServerMessage::type_name);
    assert_eq!(names.as_slice(), SERVER_TYPES);
    assert_eq!(WallboardServerMessage::TYPES, SERVER_TYPES);
    for message in messages {
        assert_golden(message.type_name(), &message);
        assert_eq!(WallboardServerMessage::parse(&read(message.type_name())), Ok(message));
    }
}

#[test]
fn the_least_subscription_shows_everything() {
    let least = r#"{"type":"subscribe","mode":"full"}"#;
    let all = Subscribe { request_id: None, departments: None, mode: Mode::Full, agents: true };
    let message = WallboardClientMessage::Subscribe(all.clone());
    assert_eq!(WallboardClientMessage::parse(least), Ok(message));
    let without_agents = r#"{"type":"subscribe","mode":"full","agents":false}"#;
    let message = WallboardClientMessage::Subscribe(Subscribe { agents: false, ..all });
    assert_eq!(WallboardClientMessage::parse(without_agents), Ok(message));
}

#[test]
fn health_that_is_ok_has_no_backlog() {
    let health = Health {
        persistence: Persistence::Ok,
        backlog_records: None,
        backlog_oldest_seconds: None,
        ..degraded()
    };
    let expected = r#"{"timestamp":"2026-01-29T09:15:01.000Z","persistence":"ok"}"#;
    assert_eq!(serde_json::to_string(&health).unwrap(), expected);
}

pub(crate) fn degraded() -> Health {
    Health {
        timestamp: at("09:15:01.000"),
        persistence: Persistence::Degraded,
        backlog_records: Some(1_204),
        backlog_oldest_seconds: Some(millis(418_500)),
    }
}

/// A department with [`busy_queue`] and [`new_queue`].
pub(crate) fn summary() -> Summary {
    let counts = [3, 2, 0, 6, 1, 1, 1, 0, 0, 0, 0];
    Summary {
        total_agents: 14,
        state_breakdown: AgentState::ALL.into_iter().zip(counts).collect(),
        breaches: 1,
        occupancy_percent: Some(71.5),
        service_level_percent: Some(70.0),
        calls_offered: 103,
        calls_answered: 90,
        calls_abandoned: 10,
        avg_wait_seconds: Some(millis(14_250)),
        avg_handle_seconds: Some(millis(251_125)),
        longest_wait_seconds: Some(millis(15_000)),
        waiting_calls: 3,
        active_calls: 7,
    }
}

/// An agent on a call, with all that an agent without a breach can have.
pub(crate) fn talking() -> AgentInfo {
    AgentInfo {
        agent_id: id("avery.lindqvist"),
        name: id("Avery Lindqvist"),
        department: "sales".to_owned(),
        location: Some(id("Malmö")),
        team: None,
        state: AgentState::OnCall,
        pending_state: Some(AgentState::Lunch),
        state_start: at("09:14:12.000"),
        last_update: at("09:14:40.125"),
        connection_status: ConnectionStatus::Connected,
        current_call_id: Some(call(42)),
        current_vq: Some("sales_general".to_owned()),
        call_start_time: Some(at("09:14:12.000")),
        acw_start_time: None,
        break_start_time: None,
        breach: None,
        kpis: AgentKpis {
            calls_handled: 6,
            talk_seconds: millis(1_400_000),
            hold_seconds: millis(40_000),
            acw_seconds: millis(135_000),
            break_seconds: millis(0),
            login_seconds: millis(4_500_000),
            idle_seconds: millis(2_925_000),
            avg_handle_seconds: Some(millis(257_812)),
            occupancy_percent: Some(35.0),
            ring_no_answers: 1,
            acw_breaches: 0,
            break_breaches: 0,
        },
    }
}

/// An agent without a day so far that lost its link on a break that is too long.
pub(crate) fn over_its_limit() -> AgentInfo {
    AgentInfo {
        agent_id: id("bao.nguyen"),
        name: id("Bao Nguyễn"),
        location: None,
        state: AgentState::Break,
        pending_state: None,
        state_start: at("09:04:00.000"),
        last_update: at("09:14:55.000"),
        connection_status: ConnectionStatus::Lost,
        current_call_id: None,
        current_vq: None,
        call_start_time: None,
        break_start_time: Some(at("09:04:00.000")),
        breach: Some(BreachKind::Break),
        kpis: AgentKpis {
            calls_handled: 0,
            talk_seconds: millis(0),
            hold_seconds: millis(0),
            acw_seconds: millis(0),
            break_seconds: millis(655_000),
            login_seconds: millis(655_000),
            idle_seconds: millis(0),
            avg_handle_seconds: None,
            occupancy_percent: None,
            ring_no_answers: 0,
            acw_breaches: 0,
            break_breaches: 1,
        },
        ..talking()
    }
}

/// The worked example of the four service levels, and three calls that wait in target.
pub(crate) fn busy_queue() -> VirtualQueue {
    VirtualQueue {
        id: "sales_general".to_owned(),
        name: "General".to_owned(),
        department: "sales".to_owned(),
        waiting_calls: 3,
        ringing_calls: 0,
        active_calls: 7,
        available_agents: 0,
        oldest_enqueued_at: Some(at("09:14:46.000")),
        longest_wait_seconds: Some(millis(15_000)),
        estimated_wait_seconds: Some(millis(100_450)),
        service_level: ServiceLevel {
            target_percent: 80.0,
            target_seconds: millis(20_000),
            current_percent: Some(70.0),
            calls_offered: 103,
            calls_answered: 90,
            calls_answered_in_target: 70,
            calls_abandoned: 10,
            calls_abandoned_short: 4,
            avg_wait_seconds: Some(millis(14_250)),
            avg_handle_seconds: Some(millis(251_125)),
            max_wait_seconds: Some(millis(92_000)),
            variants: ServiceLevels {
                seed: Some(70.0),
                ignore_abandoned: Some(7_000.0 / 90.0),
                abandoned_positive: Some(80.0),
                answered_only: Some(7_000.0 / 90.0),
            },
        },
    }
}

/// A queue that nobody called yet.
fn new_queue() -> VirtualQueue {
    VirtualQueue {
        id: "sales_upsell".to_owned(),
        name: "Upsell".to_owned(),
        department: "sales".to_owned(),
        waiting_calls: 0,
        ringing_calls: 0,
        active_calls: 0,
        available_agents: 2,
        oldest_enqueued_at: None,
        longest_wait_seconds: None,
        estimated_wait_seconds: Some(millis(0)),
        service_level: ServiceLevel {
            target_percent: 80.0,
            target_seconds: millis(20_000),
            current_percent: None,
            calls_offered: 0,
            calls_answered: 0,
            calls_answered_in_target: 0,
            calls_abandoned: 0,
            calls_abandoned_short: 0,
            avg_wait_seconds: None,
            avg_handle_seconds: None,
            max_wait_seconds: None,
            variants: ServiceLevels::default(),
        },
    }
}

/// One event of each kind, in the contract's order.
fn events() -> Vec<ActivityEvent> {
    use ActivityKind as Kind;

    let of_call = |kind, agent: Option<&str>, seconds: Option<u64>| ActivityEvent {
        kind,
        call_id: Some(call(42)),
        agent_id: agent.map(id),
        vq: Some("sales_general".to_owned()),
        department: "sales".to_owned(),
        seconds: seconds.map(millis),
    };
    let of_agent = |kind, seconds: Option<u64>| ActivityEvent {
        call_id: None,
        vq: None,
        ..of_call(kind, Some("avery.lindqvist"), seconds)
    };
    let avery = Some("avery.lindqvist");
    vec![
        of_call(Kind::Queued, None, None),
        of_call(Kind::Assigned, avery, Some(10_000)),
        of_call(Kind::Accepted, avery, Some(12_500)),
        of_call(Kind::Completed, avery, Some(251_125)),
        of_call(Kind::Abandoned, None, Some(18_250)),
        of_call(Kind::Rejected, avery, Some(2_000)),
        of_call(Kind::RingTimeout, avery, Some(20_000)),
        of_call(Kind::AgentLost, avery, Some(90_500)),
        of_agent(Kind::Breach, None),
        of_agent(Kind::BreachCleared, Some(372_000)),
        of_agent(Kind::Login, None),
        of_agent(Kind::Logout, None),
    ]
}

#[test]
fn names_are_as_they_are_written() {
    for persistence in Persistence::ALL {
        assert_eq!(serde_json::to_value(persistence).unwrap(), persistence.as_str());
    }
    for status in CallStatus::ALL {
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
    }
    for state in SettableState::ALL {
        assert_eq!(serde_json::to_value(state).unwrap(), AgentState::from(state).as_str());
    }
}
