//! REST's answer to what there is at this moment.

use std::sync::Arc;

use axum::{Json, extract::State};
use monti_core::{
    AgentId, CallPhase, CallView, Department, DepartmentId, Engine, LoginId, Timestamp,
    wire::{AgentInfo, CentreInfo, DepartmentState, Health, LiveCall, LiveState, Summary},
};

use super::{Refusal, Services, Viewer, desk::counted_until, query::Asked};
use crate::driver::queues_of;

/// The whole live state
///
/// One moment of the centre: its departments, agents, queues and live calls. Callers' numbers are
/// masked unless the role is supervisor.
#[utoipa::path(
    get, path = "/api/snapshot", tag = "centre", security(("token" = ["viewer"])),
    responses((status = 200, description = "The state.",
               body = ref("#/components/schemas/LiveState"))),
)]
pub(super) async fn snapshot(
    Viewer(grant): Viewer,
    State(services): State<Arc<Services>>,
    Asked(()): Asked<()>,
) -> Result<Json<LiveState>, Refusal> {
    let show_callers = grant.role.sees_callers();
    let observations = Arc::clone(&services.observations);
    let state = services.desk.ask_for_much(move |engine, now| {
        live_state(engine, now, observations.health(now), show_callers)
    });
    Ok(Json(state.await?))
}

fn live_state(engine: &Engine, now: Timestamp, health: Health, show_callers: bool) -> LiveState {
    let centre = engine.centre();
    let departments = centre
        .departments()
        .filter_map(|(id, department)| department_state(engine, now, id, department));
    let mut calls: Vec<_> = engine.calls().collect();
    calls.sort_unstable_by_key(|call| call.id);
    let show = |call: &CallView| LiveCall::new(call, agent_of(engine, call), centre, show_callers);
    LiveState {
        timestamp: now,
        centre: CentreInfo::new(centre),
        health,
        departments: departments.collect(),
        calls: calls.iter().map(show).collect(),
    }
}

fn department_state(
    engine: &Engine,
    now: Timestamp,
    id: DepartmentId,
    department: &Department,
) -> Option<DepartmentState> {
    let centre = engine.centre();
    Some(DepartmentState {
        department: department.id.clone(),
        summary: Summary::new(&engine.department(id, counted_until(engine, now))?, now),
        agents: engine.agents(id).map(|agent| AgentInfo::new(&agent, centre)).collect(),
        queues: queues_of(department, engine, now),
    })
}

/// The login of the agent whose phone rings or who answered.
fn agent_of(engine: &Engine, call: &CallView) -> Option<LoginId> {
    let login = |agent: AgentId| Some(engine.agent(agent)?.login.clone());
    match call.phase {
        CallPhase::Waiting => None,
        CallPhase::Ringing { agent, .. } | CallPhase::Active { agent, .. } => login(agent),
    }
}
