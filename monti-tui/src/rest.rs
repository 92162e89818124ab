//! Questions to REST, and their answers.
//!
//! A question that did not go out is asked again, whatever it is. One whose answer was lost is asked
//! again only if that does no harm: what only reads, and calls that are injected, which carry a key.
//! A state that is set, a logout or a call's end may have been done, and the agent may have gone on
//! since: to ask for it again could undo that. So the reader is told that it may have been done.

use std::{sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use monti_core::wire::{InjectRequest, InjectResponse, LiveState, Problem, StateRequest};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    pin, select,
    time::{sleep, timeout},
};

use crate::{
    Answer, Question, Refusal,
    link::backoff,
    remote::{ConnectError, Remote, Stream, TokenError},
    scrub,
};

/// How long one attempt may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a question is asked, where it may be asked again.
const ATTEMPTS: u32 = 3;

/// The longest answer that is read: the live state of a centre with some 100,000 agents.
const ANSWER_BYTES_MAX: usize = 128 << 20;

/// Asks a server's REST interface. Each question makes its own connection: they are asked by people.
#[derive(Debug, Clone)]
pub struct Rest {
    remote: Arc<Remote>,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("no connection within {} s", ANSWER_TIMEOUT.as_secs())]
    NoConnection,
    #[error("no answer within {} s", ANSWER_TIMEOUT.as_secs())]
    NoAnswer,
    #[error("the connection broke: {0}")]
    Broken(#[from] hyper::Error),
    /// What was answered is not HTTP.
    #[error(transparent)]
    Foreign(ConnectError),
    #[error("the answer is longer than {} MiB", ANSWER_BYTES_MAX >> 20)]
    TooLong,
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// The server answered, and said no.
    #[error("{}", .0.words)]
    Refused(Refusal),
}

/// Whether a question may be asked again when its answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    /// It only reads, or the server knows a repeat by its key.
    Harmless,
    /// Done twice it may be another thing.
    Never,
}

impl Rest {
    /// Asks the server that `remote` reaches.
    pub fn new(remote: Arc<Remote>) -> Self {
        Self { remote }
    }

    /// Asks a question; the answer repeats it.
    pub async fn ask(&self, question: Question) -> Answer {
        match question {
            Question::History { agent, days } => {
                let path = format!("/api/agents/{}/history?days={days}", segment(&agent));
                let result = self.get(&path).await;
                Answer::History { agent, days, result }
            }
            Question::Intervals { vq } => {
                let path = format!("/api/queues/{}/intervals?minutes=15", segment(&vq));
                let result = self.get(&path).await;
                Answer::Intervals { vq, result }
            }
            Question::Inject(request) => {
                let result = self.inject(&request).await;
                Answer::Inject { request, result }
            }
            Question::SetState { ref agent, state } => {
                let path = format!("/api/agents/{}/state", segment(agent));
                let result = self.act(&path, Some(&StateRequest { state })).await;
                Answer::Action { result, question }
            }
            Question::LogOut { ref agent } => {
                let path = format!("/api/agents/{}/logout", segment(agent));
                let result = self.act(&path, None::<&()>).await;
                Answer::Action { result, question }
            }
            Question::EndCall { ref agent, call } => {
                let path = format!("/api/agents/{}/calls/{call}/end", segment(agent));
                let result = self.act(&path, None::<&()>).await;
                Answer::Action { result, question }
            }
        }
    }

    /// The whole live state.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn snapshot(&self) -> Result<LiveState, Refusal> {
        self.get("/api/snapshot").await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Refusal> {
        read(&self.exchange(Method::GET, path, Bytes::new(), Again::Harmless).await?)
    }

    async fn inject(&self, request: &InjectRequest) -> Result<InjectResponse, Refusal> {
        // Its request id makes a repeat of it the same calls.
        let again = if request.request_id.is_some() { Again::Harmless } else { Again::Never };
        let path = "/internal/calls/inject";
        read(&self.exchange(Method::POST, path, json(request)?, again).await?)
    }

    async fn act(&self, path: &str, body: Option<&impl Serialize>) -> Result<(), Refusal> {
        let body = body.map(json).transpose()?.unwrap_or_default();
        self.exchange(Method::POST, path, body, Again::Never).await.map(drop)
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        again: Again,
    ) -> Result<Bytes, Refusal> {
        let mut attempt = 1;
        let mut may_be_done = false;
        loop {
            let failure = match self.exchange_once(method.clone(), path, body.clone()).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            may_be_done |= failure.may_be_done();
            if attempt == ATTEMPTS || !failure.may_pass(again) {
                return Err(Refusal::from(failure).after(may_be_done));
            }
            tracing::warn!(%failure, path, "asking again");
            sleep(backoff(attempt, rand::random())).await;
            attempt += 1;
        }
    }

    async fn exchange_once(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Bytes, Failure> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.remote.address().authority())
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|error| Failure::Refused(Refusal::unasked(error.to_string())))?;
        if let Some(authorization) = self.remote.authorization()? {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        let connected = timeout(ANSWER_TIMEOUT, self.remote.connect()).await;
        let stream = connected.map_err(|_| Failure::NoConnection)??;
        // From here on the question may be with the server, whatever becomes of its answer.
        let asked = timeout(ANSWER_TIMEOUT, ask(stream, request)).await;
        let (status, body) = match asked.map_err(|_| Failure::NoAnswer)? {
            Err(Failure::Broken(error)) if error.is_parse() => {
                return Err(Failure::Foreign(self.remote.not_http()));
            }
            answered => answered?,
        };
        if status.is_success() { Ok(body) } else { Err(Failure::Refused(refusal(status, &body))) }
    }
}

/// Sends a question and waits for all of its answer.
async fn ask(
    stream: Stream,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Bytes), Failure> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let answer = async {
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        Ok::<_, Failure>((status, body.map_err(Failure::of_body)?.to_bytes()))
    };
    pin!(answer, connection);
    select! {
        answer = &mut answer => answer,
        // It may be over once all of the answer is there.
        ended = &mut connection => {
            ended?;
            answer.await
        }
    }
}

impl Failure {
    fn of_body(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        match error.downcast::<hyper::Error>() {
            Ok(error) => Self::Broken(*error),
            Err(error) if error.is::<LengthLimitError>() => Self::TooLong,
            Err(error) => Self::Unreadable(error.to_string()),
        }
    }

    /// Whether asking again may help, and does no harm.
    fn may_pass(&self, again: Again) -> bool {
        match self {
            Self::Connect(_) | Self::NoConnection => true,
            Self::NoAnswer | Self::Broken(_) => again == Again::Harmless,
            _ => false,
        }
    }

    /// Whether the server may have done what it was asked for.
    fn may_be_done(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Token(_) | Self::NoConnection => false,
            Self::NoAnswer
            | Self::Broken(_)
            | Self::Foreign(_)
            | Self::TooLong
            | Self::Unreadable(_) => true,
            Self::Refused(refusal) => refusal.may_be_done,
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let may_be_done = failure.may_be_done();
        match failure {
            Failure::Refused(refusal) => refusal,
            other => Self { code: None, may_be_done, words: scrub::text(&other.to_string()) },
        }
    }
}

/// The answer to a question that nobody can be asked.
pub fn refuse(question: Question, refusal: &Refusal) -> Answer {
    let refusal = refusal.clone();
    match question {
        Question::History { agent, days } => Answer::History { agent, days, result: Err(refusal) },
        Question::Intervals { vq } => Answer::Intervals { vq, result: Err(refusal) },
        Question::Inject(request) => Answer::Inject { request, result: Err(refusal) },
        Question::SetState { .. } | Question::LogOut { .. } | Question::EndCall { .. } => {
            Answer::Action { question, result: Err(refusal) }
        }
    }
}

/// What the server says in an error: the details of its problem, or else what its status means.
fn refusal(status: StatusCode, body: &[u8]) -> Refusal {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => Refusal {
            code: Some(problem.code),
            may_be_done: false,
            words: scrub::text(&problem.detail),
        },
        // Somebody between here and the server, who may have passed the question on.
        Err(_) => Refusal {
            code: None,
            may_be_done: status.is_server_error(),
            words: format!("the server answered {status}"),
        },
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let result = serde_json::from_slice(body);
    Ok(result.map_err(|error| Failure::Unreadable(error.to_string()))?)
}

fn json(body: &impl Serialize) -> Result<Bytes, Refusal> {
    let written = serde_json::to_vec(body).map(Bytes::from);
    written.map_err(|error| Refusal::unasked(error.to_string()))
}

/// An identifier as a part of a path: what would mean something there is escaped.
fn segment(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let part = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    id.bytes().map(part).collect()
}

#[cfg(test)]
mod tests {
    use monti_core::wire::ErrorCode;

    use super::*;

    #[test]
    fn an_identifier_stays_one_part_of_a_path() {
        assert_eq!(segment("sales_tier-1.x"), "sales_tier-1.x");
        assert_eq!(segment("../a?b#ä"), "..%2Fa%3Fb%23%C3%A4");
    }

    #[test]
    fn a_problems_details_are_the_words_and_nothing_in_them_reaches_the_terminal() {
        let body = br#"{"type":"about:blank","title":"Forbidden","status":403,
            "detail":"\u001b[31mthe role viewer may not","code":"forbidden"}"#;
        let refused = refusal(StatusCode::FORBIDDEN, body);
        assert_eq!(refused.code, Some(ErrorCode::Forbidden));
        assert_eq!(refused.words, "[31mthe role viewer may not");
        assert!(!refused.may_be_done);
        let refused = refusal(StatusCode::BAD_GATEWAY, b"<html>");
        assert_eq!((refused.code, &*refused.words), (None, "the server answered 502 Bad Gateway"));
        // Who stands between may have passed it on.
        assert!(refused.may_be_done);
    }
}
