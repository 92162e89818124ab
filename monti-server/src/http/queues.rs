//! REST about one queue.

use std::sync::Arc;

use axum::{Json, extract::State};
use monti_core::{
    Engine, Timestamp,
    file::value::quoted,
    wire::{ErrorCode, ErrorMessage, QueueIntervals},
};

use super::{
    Refusal, Services, Viewer,
    desk::counted_until,
    query::{Asked, FromQuery, Named, Pairs},
};

/// How long an interval is.
#[derive(Debug)]
pub(super) struct Minutes(u32);

impl FromQuery for Minutes {
    const KEYS: &[&str] = &["minutes"];

    fn from_query(query: &Pairs) -> Result<Self, Refusal> {
        query.number("minutes", 15..=1440, 15).map(Self)
    }
}

/// A queue's day in intervals
///
/// What became of the calls that arrived in each, from the date's beginning to the interval that
/// runs.
#[utoipa::path(
    operation_id = "queueIntervals",
    get, path = "/api/queues/{vq}/intervals", tag = "queues", security(("token" = ["viewer"])),
    params(
        ("vq" = String, Path, description = "The queue, such as `sales_general`."),
        ("minutes" = Option<u32>, Query, minimum = 15, maximum = 1440, multiple_of = 15,
         description = "How long an interval is, a multiple of 15; 15 without it."),
    ),
    responses((status = 200, description = "Today's intervals, oldest first.",
               body = ref("#/components/schemas/QueueIntervals"))),
)]
pub(super) async fn intervals(
    _: Viewer,
    State(services): State<Arc<Services>>,
    Named(vq): Named<String>,
    Asked(Minutes(minutes)): Asked<Minutes>,
) -> Result<Json<QueueIntervals>, Refusal> {
    let shown = services.desk.ask(move |engine, now| read(engine, now, &vq, minutes)).await?;
    Ok(Json(shown?))
}

fn read(
    engine: &Engine,
    now: Timestamp,
    vq: &str,
    minutes: u32,
) -> Result<QueueIntervals, Box<ErrorMessage>> {
    let id = engine.centre().find_queue(vq).ok_or_else(|| {
        ErrorMessage::new(ErrorCode::UnknownVq, format!("there is no virtual queue {}", quoted(vq)))
    })?;
    let now = counted_until(engine, now);
    let mut quarters = engine.intervals(id, now);
    // The one that begins as the date ends is none of it.
    quarters.retain(|quarter| quarter.starts_at < engine.today().ends_at);
    QueueIntervals::new(vq, minutes, &quarters, now)
}
