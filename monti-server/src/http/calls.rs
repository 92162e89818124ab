//! REST about calls.

use std::sync::Arc;

use super::{
    Refusal, Services, Supervisor, Viewer,
    body::{Nothing, Read},
    query::{Asked, FromQuery, Named, Pairs, invalid},
};
use crate::inbox::Request;
use axum::{Json, extract::State, http::StatusCode};
use monti_core::{
    CallId, Day,
    wire::{CallStats, CallsPage, InjectRequest, InjectResponse},
};

/// Which page of which date.
#[derive(Debug)]
pub(super) struct PageQuery {
    date: Option<Day>,
    limit: usize,
    cursor: Option<CallId>,
}

impl FromQuery for PageQuery {
    const KEYS: &[&str] = &["date", "limit", "cursor"];

    fn from_query(query: &Pairs) -> Result<Self, Refusal> {
        let limit = query.number("limit", 1..=1_000, 100)?;
        Ok(Self {
            date: query.get("date")?,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            cursor: query.get("cursor")?,
        })
    }
}

/// A date's calls
///
/// The calls that arrived on a business date and are over, after-call work included, in the order
/// of their ids as texts; the callers' numbers are whole. A page that has a `cursor` is followed by another.
#[utoipa::path(
    operation_id = "listCalls",
    get, path = "/api/calls", tag = "calls", security(("token" = ["supervisor"])),
    params(
        ("date" = Option<String>, Query, format = Date,
         description = "The business date of their arrival; without it the `cursor`'s, or today's."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000,
         description = "The most calls of a page; 100 without it."),
        ("cursor" = Option<String>, Query,
         description = "What the page before gave; the first page without it."),
    ),
    responses((status = 200, description = "A page of calls.",
               body = ref("#/components/schemas/CallsPage"))),
)]
pub(super) async fn page(
    _: Supervisor,
    State(services): State<Arc<Services>>,
    Asked(PageQuery { date, limit, cursor }): Asked<PageQuery>,
) -> Result<Json<CallsPage>, Refusal> {
    // Who turns pages at midnight stays in the date that it began with.
    let date = match date.or(cursor.map(|cursor| cursor.day)) {
        Some(date) => date,
        None => services.desk.ask(|engine, _| engine.today().day).await?,
    };
    if cursor.is_some_and(|cursor| cursor.day != date) {
        return Err(invalid("cursor", format!("no page of {date} ended with it")));
    }
    // One more than asked for tells whether there is another page.
    let past = services.read(move |history| history.calls(date, cursor, limit + 1)).await?;
    let mut calls = past.found;
    let has_more = calls.len() > limit;
    calls.truncate(limit);
    let last = calls.last().filter(|_| has_more);
    let cursor = last.map(|call| call.call_id.to_string());
    Ok(Json(CallsPage { date, calls, cursor, partial: past.is_partial }))
}

/// Put calls into a queue
///
/// They have no link that could answer for their callers: they wait until they are routed or
/// ended by a supervisor. The same `requestId` within 24 hours means the same calls.
#[utoipa::path(
    operation_id = "injectCalls",
    post, path = "/internal/calls/inject", tag = "calls", security(("token" = ["supervisor"])),
    request_body(content = ref("#/components/schemas/InjectRequest")),
    responses((status = 202, description = "The calls are in the queue, durably.",
               body = ref("#/components/schemas/InjectResponse"))),
)]
pub(super) async fn inject(
    _: Supervisor,
    State(services): State<Arc<Services>>,
    Asked(()): Asked<()>,
    Read(request): Read<InjectRequest>,
) -> Result<(StatusCode, Json<InjectResponse>), Refusal> {
    let calls = services.desk.act(|answer| Request::Inject { request, answer }).await?;
    Ok((StatusCode::ACCEPTED, Json(InjectResponse { calls })))
}

/// Queue statistics
///
/// Where today's calls are or went, for each queue and in total, and whether that accounts for
/// all of them.
#[utoipa::path(
    operation_id = "callStats",
    get, path = "/internal/calls/stats", tag = "calls", security(("token" = ["viewer"])),
    responses((status = 200, description = "The statistics.",
               body = ref("#/components/schemas/CallStats"))),
)]
pub(super) async fn stats(
    _: Viewer,
    State(services): State<Arc<Services>>,
    Asked(()): Asked<()>,
) -> Result<Json<CallStats>, Refusal> {
    let stats = services.desk.ask(|engine, now| {
        CallStats::new(now, engine.today().day, engine.centre(), |vq| engine.queue(vq))
    });
    Ok(Json(stats.await?))
}

/// End a call
///
/// Whether it waits, rings or is answered.
#[utoipa::path(
    operation_id = "endCall",
    post, path = "/internal/calls/{callId}/end", tag = "calls",
    security(("token" = ["supervisor"])),
    params(("callId" = String, Path, description = "The call, such as `CALL-20260129-000042`.")),
    responses((status = 204, description = "The call is over.")),
)]
pub(super) async fn end(
    _: Supervisor,
    State(services): State<Arc<Services>>,
    Named(call): Named<CallId>,
    Asked(()): Asked<()>,
    Read(Nothing {}): Read<Nothing>,
) -> Result<StatusCode, Refusal> {
    services.desk.act(|answer| Request::EndCall { call, login: None, answer }).await?;
    Ok(StatusCode::NO_CONTENT)
}
