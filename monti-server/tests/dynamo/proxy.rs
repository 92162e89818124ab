//! A proxy before a server, that does what networks and DynamoDB do on bad days.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr, ToSocketAddrs as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use axum::{
    body::Bytes,
    http::{Request, Response, StatusCode, Uri, header},
};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::Incoming, client::conn::http1 as client, server::conn::http1 as server, service,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime, select,
    sync::watch,
    task::JoinSet,
    time::sleep,
};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is carried out and answered.
    None,
    /// It is not carried out: there is too much of them.
    Throttle,
    /// It is carried out for half of its items; the others are given back.
    Unprocessed,
    /// It is carried out, and the connection ends instead of an answer.
    LoseAnswer,
    /// It is carried out, and the answer takes longer than anybody waits.
    AnswerLate(Duration),
    /// It is not carried out, and the connection ends.
    Drop,
    /// It is not carried out, and the answer is no answer of DynamoDB.
    Garbage,
    /// It is not carried out: the server has troubles of its own.
    ServerError,
    /// It is not carried out: it is refused with this code.
    Refuse(&'static str),
}

/// Which fault the request of a number meets, from 0.
type Plan = Box<dyn Fn(u64) -> Fault + Send>;

/// A proxy that runs until it is dropped.
pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    state: Arc<State>,
    /// Whether it listens: `None` ends it.
    door: watch::Sender<Option<bool>>,
    thread: Option<JoinHandle<()>>,
}

struct State {
    target: SocketAddr,
    plan: Mutex<Plan>,
    requests: AtomicU64,
    /// The requests that have come, for those who wait for one.
    counted: watch::Sender<u64>,
    calls: Mutex<BTreeMap<String, Attempts>>,
}

/// How often a call's record came, and was given back unprocessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Attempts {
    pub(crate) sent: u64,
    pub(crate) given_back: u64,
}

impl Proxy {
    /// A proxy before `endpoint`, that does no harm yet.
    pub(crate) fn before(endpoint: &str) -> Self {
        let target = endpoint.trim_start_matches("http://").trim_end_matches('/');
        let target = target.to_socket_addrs().unwrap().next().expect("an address");
        let state = Arc::new(State {
            target,
            plan: Mutex::new(Box::new(|_| Fault::None)),
            requests: AtomicU64::new(0),
            counted: watch::Sender::new(0),
            calls: Mutex::default(),
        });
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (door, opened) = watch::channel(Some(true));
        let shared = Arc::clone(&state);
        let thread = thread::spawn(move || runtime.block_on(serve(listener, shared, opened)));
        Self { endpoint, state, door, thread: Some(thread) }
    }

    /// From now on requests meet these faults.
    pub(crate) fn plan(&self, plan: impl Fn(u64) -> Fault + Send + 'static) {
        *self.state.plan.lock().unwrap() = Box::new(plan);
    }

    /// Connections are refused from now on, and those that there are end; or they are accepted.
    pub(crate) fn set_open(&self, open: bool) {
        self.door.send(Some(open)).unwrap();
    }

    /// The requests that have come.
    pub(crate) fn requests(&self) -> u64 {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// What became of each call's record that came.
    pub(crate) fn calls(&self) -> BTreeMap<String, Attempts> {
        self.state.calls.lock().unwrap().clone()
    }

    /// Waits until so many requests have come.
    pub(crate) fn wait_for(&self, requests: u64) {
        let mut counted = self.state.counted.subscribe();
        crate::servers::run(async {
            let enough = counted.wait_for(|count| *count >= requests);
            tokio::time::timeout(60 * crate::SECOND, enough).await.expect("requests").unwrap();
        });
    }
}

impl State {
    /// Notes something of each call's record in a batch.
    fn note(&self, batch: &Value, note: impl Fn(&mut Attempts)) {
        let tables = batch.as_object().into_iter().flatten();
        let puts = tables.flat_map(|(_, puts)| puts.as_array().into_iter().flatten());
        let mut calls = self.calls.lock().unwrap();
        for call in puts.filter_map(|put| put["PutRequest"]["Item"]["CallID"]["S"].as_str()) {
            note(calls.entry(call.to_owned()).or_default());
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.door.send_replace(None);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

async fn serve(listener: TcpListener, state: Arc<State>, mut door: watch::Receiver<Option<bool>>) {
    let address = listener.local_addr().unwrap();
    let mut listener = Some(listener);
    loop {
        let mut connections = JoinSet::new();
        while let Some(open) = &listener {
            select! {
                accepted = open.accept() => {
                    let (stream, _) = accepted.unwrap();
                    connections.spawn(connection(stream, Arc::clone(&state)));
                }
                changed = door.changed() => {
                    changed.unwrap();
                    listener = None;
                }
            }
        }
        drop(connections);
        let wished = *door.wait_for(|open| *open != Some(false)).await.unwrap();
        if wished.is_none() {
            return;
        }
        listener = Some(TcpListener::bind(address).await.unwrap());
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let service = service::service_fn(|request| answer(request, &state));
    // A connection that is ended on purpose is no fault of the test.
    let _ = server::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Errors end the connection.
async fn answer(
    request: Request<Incoming>,
    state: &State,
) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
    let number = state.requests.fetch_add(1, Ordering::Relaxed);
    state.counted.send_replace(number + 1);
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    state.note(&sent["RequestItems"], |call| call.sent += 1);
    let fault = (state.plan.lock().unwrap())(number);
    let forward = async |body: Bytes| {
        let mut request = Request::new(Full::new(body.clone()));
        *request.headers_mut() = head.headers.clone();
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = Uri::from_static("/");
        request.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
        exchange(state.target, request).await
    };
    let ends = || std::io::Error::other("the connection ends");
    match fault {
        Fault::None => forward(body).await,
        Fault::Throttle => Ok(refusal(
            StatusCode::BAD_REQUEST,
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        )),
        Fault::ServerError => Ok(refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "com.amazonaws.dynamodb.v20120810#InternalServerError",
        )),
        Fault::Refuse(code) => Ok(refusal(
            StatusCode::BAD_REQUEST,
            &format!("com.amazonaws.dynamodb.v20120810#{code}"),
        )),
        Fault::Unprocessed => match halves(sent) {
            Some((done, left)) => {
                let answered = forward(done).await?;
                if !answered.status().is_success() {
                    return Ok(answered);
                }
                state.note(&left["UnprocessedItems"], |call| call.given_back += 1);
                Ok(json_answer(StatusCode::OK, &left))
            }
            None => forward(body).await,
        },
        Fault::LoseAnswer => {
            forward(body).await?;
            Err(ends())
        }
        Fault::AnswerLate(delay) => {
            let answered = forward(body).await;
            sleep(delay).await;
            answered
        }
        Fault::Drop => Err(ends()),
        Fault::Garbage => {
            let page = "<html><body>502 Bad Gateway</body></html>";
            Ok(Response::new(Full::from(page)))
        }
    }
}

/// Half of a batch, and the answer that gives the other half back.
fn halves(mut request: Value) -> Option<(Bytes, Value)> {
    let (table, puts) = request.get_mut("RequestItems")?.as_object_mut()?.iter_mut().next()?;
    let puts = puts.as_array_mut()?;
    let left = puts.split_off(puts.len().div_ceil(2));
    let answer = json!({ "UnprocessedItems": { table.clone(): left } });
    let answer = if left_is_empty(&answer) { json!({ "UnprocessedItems": {} }) } else { answer };
    Some((request.to_string().into(), answer))
}

fn left_is_empty(answer: &Value) -> bool {
    let tables = answer["UnprocessedItems"].as_object().unwrap();
    tables.values().all(|left| left.as_array().unwrap().is_empty())
}

fn refusal(status: StatusCode, code: &str) -> Response<Full<Bytes>> {
    json_answer(status, &json!({ "__type": code, "message": "as the test wants it" }))
}

fn json_answer(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("application/x-amz-json-1.0");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

async fn exchange(
    target: SocketAddr,
    request: Request<Full<Bytes>>,
) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let stream = TcpStream::connect(target).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) =
        client::handshake(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
    let talk = async {
        let response = sender.send_request(request).await.map_err(std::io::Error::other)?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
        Ok(Response::from_parts(head, Full::new(body)))
    };
    select! {
        answered = talk => answered,
        ended = connection => Err(std::io::Error::other(format!("{ended:?}"))),
    }
}
