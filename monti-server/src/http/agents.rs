//! REST about one agent.

use std::sync::Arc;

use super::{
    Refusal, Services, Supervisor, Viewer,
    body::{Nothing, Read},
    desk::counted_until,
    query::{Asked, FromQuery, Named, Pairs},
};
use crate::inbox::Request;
use axum::{Json, extract::State, http::StatusCode};
use monti_core::{
    AgentDay, CallId, Day, Engine, LoginId, SettableState, Timestamp,
    wire::{AgentDailyStats, AgentHistory, ErrorCode, StateRequest},
};

/// How many days are shown, today's included.
#[derive(Debug)]
pub(super) struct Days(u32);

impl FromQuery for Days {
    const KEYS: &[&str] = &["days"];

    fn from_query(query: &Pairs) -> Result<Self, Refusal> {
        query.number("days", 1..=90, 7).map(Self)
    }
}

/// An agent's days
///
/// Newest first, today's up to this moment included. Days on which the agent did not log in are
/// left out.
#[utoipa::path(
    operation_id = "agentHistory",
    get, path = "/api/agents/{agentId}/history", tag = "agents", security(("token" = ["viewer"])),
    params(
        ("agentId" = String, Path, description = "The agent, such as `avery.lindqvist`."),
        ("days" = Option<u32>, Query, minimum = 1, maximum = 90,
         description = "How many days, today's included; 7 without it."),
    ),
    responses((status = 200, description = "The days.",
               body = ref("#/components/schemas/AgentHistory"))),
)]
pub(super) async fn history(
    _: Viewer,
    State(services): State<Arc<Services>>,
    Named(login): Named<LoginId>,
    Asked(Days(count)): Asked<Days>,
) -> Result<Json<AgentHistory>, Refusal> {
    let agent = login.clone();
    let (today, live) = services.desk.ask(move |engine, now| today(engine, now, &agent)).await?;
    let agent = login.clone();
    let dates = first_of(count, today)..=today;
    let mut past = services.read(move |history| history.agent_days(&agent, dates)).await?;
    // Today's can be over since the engine was asked.
    past.found.retain(|kept| kept.date < today);
    let live = live.as_ref().map(AgentDailyStats::new);
    let days: Vec<_> = live.into_iter().chain(past.found).collect();
    if days.is_empty() && !past.is_partial {
        let detail = format!("no agent {login} was logged in within {count} days");
        return Err(Refusal::new(ErrorCode::UnknownAgent, detail));
    }
    Ok(Json(AgentHistory { agent_id: login, days, partial: past.is_partial }))
}

/// The date, and the agent's figures of it up to `now` if it was logged in.
fn today(engine: &Engine, now: Timestamp, login: &LoginId) -> (Day, Option<AgentDay>) {
    let day = engine.today().day;
    let agent = engine.find_agent(login).and_then(|agent| engine.agent(agent));
    let figures = agent.map(|agent| agent.figures_at(counted_until(engine, now)));
    (day, figures.map(|figures| AgentDay { login: login.clone(), day, figures }))
}

/// The first of the last `count` dates up to and with `today`.
fn first_of(count: u32, today: Day) -> Day {
    (1..count).fold(today.date(), |date, _| date.yesterday().unwrap_or(date)).into()
}

/// Set an agent's state
///
/// During a call it takes effect after the call.
#[utoipa::path(
    operation_id = "setAgentState",
    post, path = "/api/agents/{agentId}/state", tag = "agents",
    security(("token" = ["supervisor"])),
    params(("agentId" = String, Path, description = "The agent, such as `avery.lindqvist`.")),
    request_body(content = ref("#/components/schemas/StateRequest")),
    responses((status = 204, description = "It is done, or will be after the call.")),
)]
pub(super) async fn set_state(
    _: Supervisor,
    State(services): State<Arc<Services>>,
    Named(login): Named<LoginId>,
    Asked(()): Asked<()>,
    Read(StateRequest { state }): Read<StateRequest>,
) -> Result<StatusCode, Refusal> {
    services.desk.act(|answer| Request::SetState { login, state, answer }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Log an agent out
///
/// During a call it takes effect after the call.
#[utoipa::path(
    operation_id = "logOutAgent",
    post, path = "/api/agents/{agentId}/logout", tag = "agents",
    security(("token" = ["supervisor"])),
    params(("agentId" = String, Path, description = "The agent, such as `avery.lindqvist`.")),
    responses((status = 204, description = "It is done, or will be after the call.")),
)]
pub(super) async fn log_out(
    _: Supervisor,
    State(services): State<Arc<Services>>,
    Named(login): Named<LoginId>,
    Asked(()): Asked<()>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<StatusCode, Refusal> {
    let state = SettableState::Offline;
    services.desk.act(|answer| Request::SetState { login, state, answer }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End an agent's call
///
/// Refused if the call is not, or no longer, this agent's.
#[utoipa::path(
    operation_id = "endAgentCall",
    post, path = "/api/agents/{agentId}/calls/{callId}/end", tag = "agents",
    security(("token" = ["supervisor"])),
    params(
        ("agentId" = String, Path, description = "The agent, such as `avery.lindqvist`."),
        ("callId" = String, Path, description = "The call, such as `CALL-20260129-000042`."),
    ),
    responses((status = 204, description = "The call is over.")),
)]
pub(super) async fn end_call(
    _: Supervisor,
    State(services): State<Arc<Services>>,
    Named((login, call)): Named<(LoginId, CallId)>,
    Asked(()): Asked<()>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<StatusCode, Refusal> {
    let login = Some(login);
    services.desk.act(|answer| Request::EndCall { call, login, answer }).await?;
    Ok(StatusCode::NO_CONTENT)
}
