//! What operators and their machines ask: is it alive, is it ready, how is it, what can it do.
//!
//! Open to all: nothing here tells of callers or of single agents.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use monti_core::wire::Persistence;
use serde::Serialize;
use tokio::time::timeout;

use super::{Services, openapi::Document};
use crate::{
    metrics::{self, Figures},
    observations::Observations,
};

/// A scrape does not wait longer for a driver that is stalled: that is when it is needed most.
const FIGURES_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether the server is well.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Condition {
    /// In one word.
    status: Status,
    /// Whether what happens can be kept.
    persistence: Persistence,
    /// How long ago the driver was last heard of; it beats each second.
    heartbeat_age_seconds: f64,
    /// Whether new calls are accepted.
    accepting_calls: bool,
    /// Records that wait for their store; left out while it keeps up.
    #[serde(skip_serializing_if = "Option::is_none")]
    backlog_records: Option<u64>,
    /// For how long the oldest of them has waited; left out while it keeps up.
    #[serde(skip_serializing_if = "Option::is_none")]
    backlog_oldest_seconds: Option<f64>,
}

/// Whether the server is well, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// It is.
    Ok,
    /// It is; the store of records lags behind.
    Degraded,
    /// Nothing new can be made durable.
    ReadOnly,
    /// The driver is not heard of.
    Stalled,
}

impl Condition {
    fn of(observations: &Observations) -> Self {
        let persistence = observations.persistence();
        let status = match persistence {
            _ if observations.is_stalled() => Status::Stalled,
            Persistence::ReadOnly => Status::ReadOnly,
            Persistence::Degraded => Status::Degraded,
            Persistence::Ok => Status::Ok,
        };
        let outbox = Some(observations.outbox()).filter(|outbox| outbox.lags);
        Self {
            status,
            persistence,
            heartbeat_age_seconds: observations.heartbeat_age().as_secs_f64(),
            accepting_calls: observations.accepts_calls(),
            backlog_records: outbox.map(|outbox| outbox.records),
            backlog_oldest_seconds: outbox.map(|outbox| outbox.oldest.as_secs_f64()),
        }
    }

    fn answer(self, is_good: bool) -> (StatusCode, Json<Self>) {
        (if is_good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(self))
    }
}

/// Whether the server is well
///
/// It is not if its driver is stalled or if nothing new can be made durable. A store of records
/// that lags behind is no illness: routing does not need it.
#[utoipa::path(
    get, path = "/health", tag = "operation", security(()),
    responses(
        (status = 200, description = "It is.", body = ref("#/components/schemas/Condition")),
        (status = 503, description = "It is not.", body = ref("#/components/schemas/Condition")),
    ),
)]
pub(super) async fn health(State(services): State<Arc<Services>>) -> impl IntoResponse {
    let condition = Condition::of(&services.observations);
    let is_well = matches!(condition.status, Status::Ok | Status::Degraded);
    condition.answer(is_well)
}

/// Whether new calls are accepted
///
/// Not before the recovery is done, not after the server was told to stop, and not while it is
/// not well.
#[utoipa::path(
    get, path = "/ready", tag = "operation", security(()),
    responses(
        (status = 200, description = "They are.", body = ref("#/components/schemas/Condition")),
        (status = 503, description = "They are not.",
         body = ref("#/components/schemas/Condition")),
    ),
)]
pub(super) async fn ready(State(services): State<Arc<Services>>) -> impl IntoResponse {
    let condition = Condition::of(&services.observations);
    let is_ready = condition.accepting_calls;
    condition.answer(is_ready)
}

/// Metrics
///
/// For Prometheus, as OpenMetrics text. Without the centre's figures while the driver is stalled, and
/// in the first seconds of a lock on the data file.
#[utoipa::path(
    get, path = "/metrics", tag = "operation", security(()),
    responses((status = 200, description = "The metrics.", body = String,
               content_type = "application/openmetrics-text")),
)]
pub(super) async fn metrics(State(services): State<Arc<Services>>) -> impl IntoResponse {
    let text = metrics::text(&services.observations, figures(&services).await);
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text)
}

async fn figures(services: &Services) -> Option<Figures> {
    if services.observations.is_stalled() {
        return None;
    }
    timeout(FIGURES_TIMEOUT, services.desk.ask_for_much(Figures::read)).await.ok()?.ok()
}

/// This document
#[utoipa::path(
    operation_id = "openapi",
    get, path = "/openapi.json", tag = "operation", security(()),
    responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value)),
)]
pub(super) async fn document(Extension(document): Extension<Document>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], document.text())
}
