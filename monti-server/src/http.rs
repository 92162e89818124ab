//! REST, and what it shares with the links: connections, tokens, errors.
//!
//! [`router`] is what is answered, [`serve`] the connections that it is answered on. The world
//! comes in as [`Services`]: nothing here knows how the driver or the store work.

mod agents;
#[path = "../../programs/body.rs"]
mod body;
mod calls;
mod connections;
mod desk;
mod history;
mod live;
mod openapi;
mod operation;
#[path = "../../programs/origin.rs"]
mod origin;
mod permit;
mod query;
mod queues;
#[path = "../../programs/refusal.rs"]
mod refusal;
mod taken;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use monti_core::wire::ErrorCode;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    connections::{Door, Limits, Seat, serve},
    desk::Desk,
    history::{History, HistoryError, Past},
    permit::{AnyRole, Supervisor, Viewer},
    refusal::Refusal,
    taken::Taken,
};
use crate::{auth::Access, observations::Observations};

/// What requests are answered with.
#[expect(missing_debug_implementations, reason = "a history is whatever keeps one")]
pub struct Services {
    /// The way to the driver, and the centre's time.
    pub desk: Desk,
    /// What is kept.
    pub history: Arc<dyn History>,
    /// Who may do what.
    pub access: Access,
    /// How the server is.
    pub observations: Arc<Observations>,
}

/// All that is answered: REST, and the `links` whose handlers are elsewhere.
pub fn router(services: Arc<Services>, links: Router<Arc<Services>>) -> Router {
    let (rest, document) = rest().split_for_parts();
    rest.merge(links)
        .fallback(unknown_path)
        .method_not_allowed_fallback(refusal::wrong_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&services), finish))
        .layer(Extension(openapi::Document::new(&document)))
        .with_state(services)
}

fn rest() -> OpenApiRouter<Arc<Services>> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(agents::history))
        .routes(routes!(agents::set_state))
        .routes(routes!(agents::log_out))
        .routes(routes!(agents::end_call))
        .routes(routes!(calls::page))
        .routes(routes!(calls::inject))
        .routes(routes!(calls::stats))
        .routes(routes!(calls::end))
        .routes(routes!(queues::intervals))
        .routes(routes!(live::snapshot))
        .routes(routes!(operation::health))
        .routes(routes!(operation::ready))
        .routes(routes!(operation::metrics))
        .routes(routes!(operation::document))
}

/// Nothing is there.
async fn unknown_path() -> Refusal {
    let detail = "there is nothing at this path; /openapi.json lists what there is";
    Refusal::with_status(StatusCode::NOT_FOUND, ErrorCode::Unsupported, detail)
}

/// What all answers have in common: they are counted if they refuse, logged, and kept by nobody.
async fn finish(
    State(services): State<Arc<Services>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let mut response = next.run(request).await;
    if let Some(code) = response.extensions().get::<ErrorCode>() {
        services.observations.refused(*code);
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    tracing::debug!(%method, route, status = response.status().as_u16(), "answered");
    response
}
