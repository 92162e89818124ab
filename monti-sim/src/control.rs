//! The control port: "The simulator's control port" in `docs/protocol.md`, over HTTP.
//!
//! Every body is read whole and checked whole before anything changes. What cannot be carried out
//! is answered with a problem detail that says what is allowed. There are no tokens: whoever is on
//! this machine is answered, but for web pages of other sites.

#[path = "../../programs/body.rs"]
mod body;
mod metrics;
#[path = "../../programs/origin.rs"]
mod origin;
#[path = "../../programs/refusal.rs"]
#[expect(unreachable_pub, reason = "others show theirs")]
mod refusal;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use monti_core::wire::{
    CallsConfig, CallsConfigUpdate, CallsStats, ErrorCode, ErrorMessage, InjectRequest,
    InjectResponse, ScaleRequest, SimStatus, StartRequest,
};
use serde::Serialize;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    time::timeout,
};

use self::{body::Read, refusal::Refusal};
use crate::live::{Conductor, Play, Question, RETRY_AFTER};

/// The longest that an answer is waited for: an injection waits for the server.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a simulator was started: what does not change while it runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Setup {
    /// Its version.
    pub version: String,
    /// The server's address.
    pub connect: String,
    /// `1`, a number, or `per-agent`.
    pub connections: String,
    /// What its dice were seeded with.
    pub seed: u64,
    /// How many agents it was started with.
    pub agents: u32,
    /// The file that says what is played; `null` for people as they usually are.
    pub scenario: Option<String>,
}

/// The answer to `GET /config`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(flatten)]
    setup: Setup,
    clock_speed: f64,
    active_agents: u32,
    calls: CallsConfig,
}

/// The answer to `GET /health`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    status: &'static str,
    links_up: usize,
    links: usize,
}

/// Answers on `listener` until `over`.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    over: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(desk)).with_graceful_shutdown(over).await
}

fn router(desk: Desk) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/status", get(status))
        .route("/config", get(config))
        .route("/calls/config", get(calls_config).put(configure_calls))
        .route("/calls/stats", get(calls_stats))
        .route("/calls/inject", post(inject))
        .route("/start", post(start))
        .route("/stop", post(stop))
        .route("/scale", post(scale))
        .route("/metrics", get(metrics))
        .fallback(unknown_path)
        .method_not_allowed_fallback(refusal::wrong_method)
        .layer(middleware::from_fn(from_here))
        .with_state(desk)
}

/// Lets nothing in from a web page of another site.
async fn from_here(request: Request, next: Next) -> Result<Response, Refusal> {
    if origin::is_from_here(request.headers()) {
        return Ok(next.run(request).await);
    }
    let detail = "the control port answers programs of its own machine only, and no web page of \
        another site";
    Err(Refusal::new(ErrorCode::Forbidden, detail))
}

/// What asks a play, and can be served to many. Until there is a play whoever asks is told to ask
/// again.
#[derive(Clone, Default)]
pub struct Desk(Arc<OnceLock<(mpsc::Sender<Question>, Setup)>>);

impl Desk {
    /// A desk for `play`, which was set up so.
    pub fn new(play: &Play, setup: Setup) -> Self {
        let desk = Self::default();
        desk.open(play, setup);
        desk
    }

    /// Lets `play` be asked, which was set up so; a desk is for one play.
    pub fn open(&self, play: &Play, setup: Setup) {
        let _other = self.0.set((play.questions(), setup));
    }

    fn play(&self) -> Result<&(mpsc::Sender<Question>, Setup), Refusal> {
        self.0.get().ok_or_else(|| busy("the server has not been reached yet"))
    }

    fn setup(&self) -> Result<&Setup, Refusal> {
        self.play().map(|(_, setup)| setup)
    }

    /// Has the conductor answer a question.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Conductor) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let (answer, answered) = oneshot::channel();
        let question: Question = Box::new(move |conductor| {
            let _gone = answer.send(question(conductor));
        });
        let (questions, _) = self.play()?;
        let asked = async {
            questions.send(question).await.ok()?;
            answered.await.ok()
        };
        timeout(PATIENCE, asked).await.ok().flatten().ok_or_else(|| busy("the simulator is ending"))
    }
}

fn busy(why: &str) -> Refusal {
    let error = ErrorMessage::new(ErrorCode::Busy, why);
    error.retry_after(RETRY_AFTER).into()
}

async fn health(State(desk): State<Desk>) -> Result<impl IntoResponse, Refusal> {
    let (links_up, links) = desk.ask(|conductor| conductor.links()).await?;
    let is_well = links_up > 0;
    let status = if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let says = if is_well { "ok" } else { "disconnected" };
    Ok((status, Json(Health { status: says, links_up, links })))
}

async fn status(State(desk): State<Desk>) -> Result<Json<SimStatus>, Refusal> {
    let seed = desk.setup()?.seed;
    Ok(Json(desk.ask(move |conductor| conductor.status(seed)).await?))
}

async fn config(State(desk): State<Desk>) -> Result<impl IntoResponse, Refusal> {
    let setup = desk.setup()?.clone();
    let config = desk.ask(move |conductor| Config {
        setup,
        clock_speed: conductor.clock_speed(),
        active_agents: conductor.status(0).active_agents,
        calls: conductor.calls_config(),
    });
    Ok(Json(config.await?))
}

async fn calls_config(State(desk): State<Desk>) -> Result<Json<CallsConfig>, Refusal> {
    Ok(Json(desk.ask(|conductor| conductor.calls_config()).await?))
}

async fn configure_calls(
    State(desk): State<Desk>,
    Read(update): Read<CallsConfigUpdate>,
) -> Result<Json<CallsConfig>, Refusal> {
    Ok(Json(desk.ask(move |conductor| conductor.configure_calls(&update)).await??))
}

async fn calls_stats(State(desk): State<Desk>) -> Result<Json<CallsStats>, Refusal> {
    Ok(Json(desk.ask(|conductor| conductor.calls_stats()).await?))
}

async fn inject(
    State(desk): State<Desk>,
    Read(request): Read<InjectRequest>,
) -> Result<(StatusCode, Json<InjectResponse>), Refusal> {
    let (answer, answered) = oneshot::channel();
    desk.ask(move |conductor| conductor.inject(&request, answer)).await?;
    let response = timeout(PATIENCE, answered).await.ok().and_then(Result::ok);
    let response = response.ok_or_else(|| {
        busy("the server has not taken all the calls yet: they call on; with a requestId this can be asked again")
    })??;
    Ok((StatusCode::ACCEPTED, Json(response)))
}

async fn start(
    State(desk): State<Desk>,
    Read(request): Read<StartRequest>,
) -> Result<Json<SimStatus>, Refusal> {
    let seed = desk.setup()?.seed;
    let started = desk.ask(move |conductor| {
        conductor.start(request.active_agents).map(|()| conductor.status(seed))
    });
    Ok(Json(started.await??))
}

async fn stop(
    State(desk): State<Desk>,
    Read(body::Nothing {}): Read<body::Nothing>,
) -> Result<Json<SimStatus>, Refusal> {
    let seed = desk.setup()?.seed;
    let stopped = desk.ask(move |conductor| conductor.stop().map(|()| conductor.status(seed)));
    Ok(Json(stopped.await??))
}

async fn scale(
    State(desk): State<Desk>,
    Read(request): Read<ScaleRequest>,
) -> Result<Json<SimStatus>, Refusal> {
    let seed = desk.setup()?.seed;
    let scaled = desk.ask(move |conductor| {
        conductor.scale(request.active_agents);
        conductor.status(seed)
    });
    Ok(Json(scaled.await?))
}

async fn metrics(State(desk): State<Desk>) -> Result<impl IntoResponse, Refusal> {
    let text = desk.ask(|conductor| metrics::text(conductor)).await?;
    Ok(([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text))
}

/// Nothing is there.
async fn unknown_path() -> Refusal {
    let detail = "there is nothing at this path; there are /health, /status, /config, \
        /calls/config, /calls/stats, /calls/inject, /start, /stop, /scale and /metrics";
    Refusal::with_status(StatusCode::NOT_FOUND, ErrorCode::Unsupported, detail)
}
