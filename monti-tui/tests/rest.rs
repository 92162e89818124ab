//! What is asked again, and what is not, when a server takes a question and does not answer.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, mpsc},
    thread,
};

use monti_core::{SettableState, wire::InjectRequest};
use monti_tui::{Answer, Question, Refusal, remote::Remote, rest::Rest};

#[test]
fn an_action_that_was_sent_is_not_sent_again_and_may_have_been_done() {
    let agent: monti_core::LoginId = "ada".parse().unwrap();
    let call = "CALL-20260129-000042".parse().unwrap();
    for question in [
        Question::SetState { agent: agent.clone(), state: SettableState::Break },
        Question::LogOut { agent: agent.clone() },
        Question::EndCall { agent, call },
    ] {
        let server = Server::start(Manners::HangUp);
        let Answer::Action { result: Err(refusal), .. } = ask(&server.address, question) else {
            panic!("an answer")
        };
        assert!(refusal.may_be_done, "{refusal:?}");
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn what_only_reads_and_what_carries_a_key_is_asked_three_times() {
    let server = Server::start(Manners::HangUp);
    let agent = "ada".parse().unwrap();
    ask(&server.address, Question::History { agent, days: 7 });
    assert_eq!(server.asked().len(), 3);

    let server = Server::start(Manners::HangUp);
    let answer = ask(&server.address, Question::Inject(inject(Some("tui-1"))));
    let Answer::Inject { result: Err(refusal), .. } = answer else { panic!("{answer:?}") };
    assert!(refusal.may_be_done);
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|body| body.contains("\"tui-1\"")), "{asked:?}");

    // Without its key a repeat would be another call.
    let server = Server::start(Manners::HangUp);
    ask(&server.address, Question::Inject(inject(None)));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn what_somebody_between_answers_may_have_been_done_and_what_the_server_refuses_was_not() {
    let log_out = || Question::LogOut { agent: "ada".parse().unwrap() };
    for (status, may_be_done) in [("502 Bad Gateway", true), ("404 Not Found", false)] {
        let server = Server::start(Manners::Answer(status));
        let answer = ask(&server.address, log_out());
        let Answer::Action { result: Err(refusal), .. } = answer else { panic!("{answer:?}") };
        assert_eq!(refusal.may_be_done, may_be_done, "{status}");
    }
}

#[test]
fn what_was_sent_once_may_have_been_done_though_nobody_could_be_asked_again() {
    let server = Server::start(Manners::Vanish);
    let answer = ask(&server.address, Question::Inject(inject(Some("tui-1"))));
    let Answer::Inject { result: Err(refusal), .. } = answer else { panic!("{answer:?}") };
    assert_eq!(server.asked().len(), 1);
    assert!(refusal.words.contains("cannot reach"), "{refusal:?}");
    assert!(refusal.may_be_done);
}

#[test]
fn what_was_sent_once_may_have_been_done_unless_the_server_refuses_what_it_is_asked_for() {
    // As one that is stuck does: it took the question, and does not look at the next one.
    for (code, may_be_done) in [("read_only", true), ("busy", true), ("unknown_vq", false)] {
        let server = Server::start(Manners::HangUpOnce(code));
        let answer = ask(&server.address, Question::Inject(inject(Some("tui-1"))));
        let Answer::Inject { result: Err(refusal), .. } = answer else { panic!("{answer:?}") };
        assert_eq!(server.asked().len(), 2);
        assert_eq!(refusal.code.map(|code| code.as_str()), Some(code));
        assert_eq!(refusal.may_be_done, may_be_done, "{refusal:?}");
    }
}

#[test]
fn what_reached_nobody_was_not_done() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let answer = ask(&address, Question::LogOut { agent: "ada".parse().unwrap() });
    let Answer::Action { result: Err(Refusal { may_be_done, words, .. }), .. } = answer else {
        panic!("{answer:?}")
    };
    assert!(!may_be_done && words.contains("cannot reach"), "{words}");
}

fn inject(request_id: Option<&str>) -> InjectRequest {
    InjectRequest {
        vq: "sales_general".to_owned(),
        caller_number: None,
        priority: 0.try_into().unwrap(),
        count: 1,
        request_id: request_id.map(|id| id.parse().unwrap()),
    }
}

fn ask(address: &str, question: Question) -> Answer {
    let remote = Arc::new(Remote::new(address.parse().unwrap(), None, None).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Rest::new(remote).ask(question))
}

/// What becomes of a question that was taken.
#[derive(Clone, Copy)]
enum Manners {
    HangUp,
    /// There is no server any more.
    Vanish,
    Answer(&'static str),
    /// The first one; the others get a problem with this code.
    HangUpOnce(&'static str),
}

/// A server that takes every question.
struct Server {
    address: String,
    asked: mpsc::Receiver<String>,
}

impl Server {
    fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, asked) = mpsc::channel();
        thread::spawn(move || {
            let mut listener = Some(listener);
            let mut is_first = true;
            while let Some(Ok((stream, _))) = listener.as_ref().map(TcpListener::accept) {
                if matches!(manners, Manners::Vanish) {
                    listener = None;
                }
                let mut reader = BufReader::new(stream);
                let mut length = 0;
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|_| line != "\r\n") {
                    if let Some(("content-length", value)) = line.trim_end().split_once(": ") {
                        length = value.parse().unwrap();
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                // Told before the client can know that its question has arrived.
                sender.send(String::from_utf8(body).unwrap()).unwrap();
                let was_first = std::mem::take(&mut is_first);
                let (status, body) = match manners {
                    Manners::Answer(status) => (status, String::new()),
                    Manners::HangUpOnce(code) if !was_first => ("503 Not Now", problem(code)),
                    Manners::HangUp | Manners::Vanish | Manners::HangUpOnce(_) => continue,
                };
                let length = body.len();
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
                reader.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { address, asked }
    }

    /// The bodies of the questions so far.
    fn asked(&self) -> Vec<String> {
        self.asked.try_iter().collect()
    }
}

fn problem(code: &str) -> String {
    format!(
        r#"{{"type":"about:blank","title":"No","status":503,"detail":"not now","code":"{code}"}}"#
    )
}
