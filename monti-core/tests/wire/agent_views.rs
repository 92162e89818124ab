//! What the engine shows of agents, on the wire.

use monti_core::{
    AgentDay, AgentFigures, AgentState, AgentView, BreachKind, CallPhase, Centre, DepartmentId,
    Label, LoginId, Millis, Session,
    wire::{AgentDailyStats, AgentInfo, ConnectionStatus},
};

use crate::{
    call_views::{agent_id, call_view},
    golden::{at, call, day, id, millis},
};

const MINUTE: u64 = 60_000;

#[test]
fn an_agents_seconds_count_up_to_its_last_change() {
    let (login, name) = names();
    let talking = AgentView {
        state: AgentState::OnCall,
        state_start: at("09:14:00.000"),
        counted_until: at("09:14:00.000"),
        last_update: at("09:14:30.000"),
        call: Some(call_view(CallPhase::Active {
            agent: agent_id(),
            assigned_at: at("09:13:50.000"),
            answered_at: at("09:14:00.000"),
            held_since: None,
        })),
        talks_since: Some(at("09:14:00.000")),
        ..available(&login, &name)
    };
    let info = AgentInfo::new(&talking, &Centre::default());
    assert_eq!(info.last_update, at("09:14:30.000"));
    assert_eq!(info.kpis.talk_seconds, millis(2 * MINUTE + 30_000));
    assert_eq!(info.kpis.login_seconds, millis(10 * MINUTE + 30_000));
    assert_eq!(info.kpis.avg_handle_seconds, Some(millis(2 * MINUTE)), "of the call before");
    assert_eq!(info.current_call_id, Some(call(42)));
    assert_eq!(info.current_vq.as_deref(), Some("support_billing"));
    assert_eq!(info.call_start_time, Some(at("09:14:00.000")));
    assert_eq!(info.department, "support");
}

#[test]
fn a_date_that_begins_is_a_change_of_every_agent() {
    let (login, name) = names();
    let midnight = at("00:00:00.000");
    let resting = AgentView {
        state: AgentState::Available,
        state_start: midnight - Millis::new(5),
        last_update: midnight - Millis::new(5),
        counted_until: midnight,
        figures: AgentFigures::default(),
        ..available(&login, &name)
    };
    let info = AgentInfo::new(&resting, &Centre::default());
    assert_eq!(info.last_update, midnight);
    assert_eq!(info.kpis.login_seconds, millis(0));
}

#[test]
fn an_agents_call_has_begun_when_it_was_answered() {
    let (login, name) = names();
    let ringing = AgentView {
        state: AgentState::Ringing,
        call: Some(call_view(CallPhase::Ringing {
            agent: agent_id(),
            assigned_at: at("09:14:00.000"),
        })),
        ..available(&login, &name)
    };
    let info = AgentInfo::new(&ringing, &Centre::default());
    assert_eq!(info.current_call_id, Some(call(42)));
    assert_eq!(info.call_start_time, None);
}

#[test]
fn an_agents_breaches_show_since_when() {
    let (login, name) = names();
    let start = at("09:00:00.000");
    let shown = |state, breach| {
        let view = AgentView { state, breach, state_start: start, ..available(&login, &name) };
        let info = AgentInfo::new(&view, &Centre::default());
        (info.acw_start_time, info.break_start_time, info.breach)
    };
    let (acw, rest) = (Some(BreachKind::AfterCallWork), Some(BreachKind::Break));
    assert_eq!(shown(AgentState::AfterCallWork, acw), (Some(start), None, acw));
    assert_eq!(shown(AgentState::Break, rest), (None, Some(start), rest));
    assert_eq!(shown(AgentState::Lunch, None), (None, None, None));
}

#[test]
fn an_agent_is_connected_while_its_link_is_there() {
    let (login, name) = names();
    let shown = |state, link_lost_at| {
        let view = AgentView { state, link_lost_at, ..available(&login, &name) };
        AgentInfo::new(&view, &Centre::default()).connection_status
    };
    assert_eq!(shown(AgentState::Available, None), ConnectionStatus::Connected);
    let lost = Some(at("09:14:00.000"));
    assert_eq!(shown(AgentState::Available, lost), ConnectionStatus::Lost);
    assert_eq!(shown(AgentState::Offline, None), ConnectionStatus::Lost);
}

#[test]
fn an_agents_day() {
    let figures = AgentFigures { ring_no_answers: 3, break_breaches: 2, ..figures() };
    let stats = AgentDailyStats::new(&AgentDay { login: id("a1"), day: day(), figures });
    assert_eq!(stats.date, day());
    assert_eq!(stats.calls_handled, 1);
    assert_eq!(stats.talk_seconds, millis(2 * MINUTE));
    assert_eq!(stats.login_seconds, millis(10 * MINUTE));
    assert_eq!(stats.occupancy_percent, Some(20.0));
    assert_eq!((stats.ring_no_answers, stats.acw_breaches, stats.break_breaches), (3, 0, 2));
}

fn names() -> (LoginId, Label) {
    (id("avery.lindqvist"), id("Avery Lindqvist"))
}

/// An agent of support that has been available since 09:10.
fn available<'a>(login: &'a LoginId, name: &'a Label) -> AgentView<'a> {
    AgentView {
        id: agent_id(),
        login,
        name,
        location: None,
        team: None,
        department: DepartmentId(1),
        queues: None,
        auto_answer: false,
        session: Session(1),
        state: AgentState::Available,
        pending: None,
        state_start: at("09:10:00.000"),
        last_update: at("09:10:00.000"),
        link_lost_at: None,
        call: None,
        talks_since: None,
        breach: None,
        figures: figures(),
        counted_until: at("09:10:00.000"),
    }
}

fn figures() -> AgentFigures {
    AgentFigures {
        calls_handled: 1,
        talk: Millis::new(2 * MINUTE),
        idle: Millis::new(8 * MINUTE),
        login: Millis::new(10 * MINUTE),
        ..AgentFigures::default()
    }
}
