//! Questions to REST, and their answers.
//!
//! Every question may be asked twice: what it changes is the same after the second time, and calls
//! that are injected carry a key. So a question whose answer was lost is asked again, and only when
//! that fails, too, is its effect unknown.

use std::{sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use monti_core::wire::{LiveState, Problem, StateRequest};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    pin, select,
    time::{sleep, timeout},
};

use crate::{
    Answer, Question, Refusal,
    link::backoff,
    remote::{ConnectError, Remote, TokenError},
    scrub,
};

/// How long one attempt may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a question is asked whose answer does not come.
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
    #[error("no answer within {} s", ANSWER_TIMEOUT.as_secs())]
    Timeout,
    #[error("the connection broke: {0}")]
    Broken(#[from] hyper::Error),
    #[error("the answer is longer than {} MiB", ANSWER_BYTES_MAX >> 20)]
    TooLong,
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// The server answered, and said no.
    #[error("{}", .0.words)]
    Refused(Refusal),
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
                let result = self.post("/internal/calls/inject", Some(&request)).await;
                Answer::Inject { request, result: result.and_then(|body| read(&body)) }
            }
            Question::SetState { ref agent, state } => {
                let path = format!("/api/agents/{}/state", segment(agent));
                let result = self.post(&path, Some(&StateRequest { state })).await;
                Answer::Action { result: result.map(drop), question }
            }
            Question::LogOut { ref agent } => {
                let path = format!("/api/agents/{}/logout", segment(agent));
                let result = self.post(&path, None::<&()>).await;
                Answer::Action { result: result.map(drop), question }
            }
            Question::EndCall { ref agent, call } => {
                let path = format!("/api/agents/{}/calls/{call}/end", segment(agent));
                let result = self.post(&path, None::<&()>).await;
                Answer::Action { result: result.map(drop), question }
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
        read(&self.exchange(Method::GET, path, Bytes::new()).await?)
    }

    async fn post(&self, path: &str, body: Option<&impl Serialize>) -> Result<Bytes, Refusal> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|error| Failure::Unreadable(error.to_string()))?;
        self.exchange(Method::POST, path, body.unwrap_or_default().into()).await
    }

    async fn exchange(&self, method: Method, path: &str, body: Bytes) -> Result<Bytes, Refusal> {
        let mut attempt = 1;
        loop {
            let exchange = self.exchange_once(method.clone(), path, body.clone());
            let result = timeout(ANSWER_TIMEOUT, exchange).await;
            match result.map_err(|_| Failure::Timeout).flatten() {
                Err(failure) if attempt < ATTEMPTS && failure.may_pass() => {
                    tracing::warn!(%failure, path, "asking again");
                    sleep(backoff(attempt, rand::random())).await;
                    attempt += 1;
                }
                result => return Ok(result?),
            }
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
            .map_err(|error| Failure::Unreadable(error.to_string()))?;
        if let Some(authorization) = self.remote.authorization()? {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        let stream = TokioIo::new(self.remote.connect().await?);
        let (mut sender, connection) = http1::handshake(stream).await?;
        let answer = async {
            let response = sender.send_request(request).await?;
            let status = response.status();
            let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
            Ok::<_, Failure>((status, body.map_err(Failure::of_body)?.to_bytes()))
        };
        pin!(answer, connection);
        let (status, body) = select! {
            answer = &mut answer => answer,
            // It may be over once all of the answer is there.
            ended = &mut connection => {
                ended?;
                answer.await
            }
        }?;
        if status.is_success() { Ok(body) } else { Err(Failure::Refused(refusal(status, &body))) }
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

    /// Whether asking again may help: not if the server has answered.
    fn may_pass(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Timeout | Self::Broken(_))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal,
            other => Self { code: None, words: scrub::text(&other.to_string()) },
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
        Ok(problem) => Refusal { code: Some(problem.code), words: scrub::text(&problem.detail) },
        Err(_) => Refusal { code: None, words: format!("the server answered {status}") },
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let result = serde_json::from_slice(body);
    Ok(result.map_err(|error| Failure::Unreadable(error.to_string()))?)
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
        let refused = refusal(StatusCode::BAD_GATEWAY, b"<html>");
        assert_eq!((refused.code, &*refused.words), (None, "the server answered 502 Bad Gateway"));
    }
}
