//! The link, against a server that does what real ones seldom do.

use std::{
    net::{TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use monti_core::{
    Centre,
    wire::{Mode, Subscribe, WallboardServerMessage, Welcome},
};
use monti_tui::{LinkEvent, Message, link::Link, remote::Remote};
use tokio::{
    runtime,
    sync::mpsc as channel,
    time::{self, timeout},
};
use tungstenite::{
    Message as Frame, WebSocket,
    handshake::server::{Request, Response},
    http::StatusCode,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

/// A test that fails must not hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// A wallboard that was greeted by a server that says no more, and what it says to it.
fn greeted() -> (Wall, mpsc::Receiver<String>) {
    let (sender, said) = mpsc::channel();
    let mut wall = Wall::of(move |mut socket| {
        greet(&mut socket);
        while let Ok(Frame::Text(text)) = socket.read() {
            sender.send(text.to_string()).unwrap();
        }
    });
    wall.until_heard("welcome");
    (wall, said)
}

#[test]
fn it_subscribes_to_changes_and_asks_for_all_of_it_when_told_to() {
    let (wall, said) = greeted();
    wall.resyncs.blocking_send(()).unwrap();
    wall.run_until(|| said.try_iter().any(|text| text.contains("\"resync\"")));
}

#[test]
fn asking_for_all_of_it_does_not_keep_a_link_that_is_silent() {
    let (mut wall, said) = greeted();
    let heard_at = wall.runtime.block_on(async {
        time::pause();
        time::Instant::now()
    });
    for _ in 0..2 {
        wall.runtime.block_on(time::advance(Duration::from_secs(7)));
        wall.resyncs.blocking_send(()).unwrap();
        wall.run_until(|| said.try_iter().any(|text| text.contains("\"resync\"")));
    }
    assert_eq!(wall.until_down(), "the server says nothing any more");
    let silence = wall.runtime.block_on(async { heard_at.elapsed() });
    assert!(silence < Duration::from_secs(16), "{silence:?}");
}

#[test]
fn what_it_does_not_know_is_passed_over_and_what_cannot_be_read_ends_the_link() {
    let mut wall = Wall::of(|mut socket| {
        greet(&mut socket);
        socket.send(Frame::text("{\"type\":\"weather\",\"sun\":true}")).unwrap();
        socket.send(Frame::text("{\"type\":\"tick\"}")).unwrap();
        let _ = socket.read();
        let _ = socket.read();
    });
    wall.until_heard("welcome");
    let reason = wall.until_down();
    assert!(reason.contains("cannot be read: the field `timestamp`"), "{reason}");
}

#[test]
fn a_server_of_another_protocol_is_said_to_be_one_whatever_else_it_says() {
    let mut wall = Wall::of(|mut socket| {
        socket.send(Frame::text(r#"{"type":"welcome","protocol":2,"centre":{}}"#)).unwrap();
        let _ = socket.read();
        let _ = socket.read();
    });
    assert_eq!(wall.until_down(), "the server speaks protocol 2; this program speaks 1");
}

#[test]
fn a_server_that_stops_is_said_to_and_tried_again() {
    let mut wall = Wall::of(|mut socket| {
        greet(&mut socket);
        let frame = CloseFrame { code: CloseCode::Restart, reason: "stopping".into() };
        socket.close(Some(frame)).unwrap();
        while socket.read().is_ok() {}
    });
    for _ in 0..2 {
        wall.until_heard("welcome");
        assert_eq!(wall.until_down(), "the server stops");
    }
}

#[test]
fn a_refusal_is_told_in_words() {
    let mut wall = Wall::refused(&[401, 403, 404]);
    assert!(wall.until_down().contains("--token-file or MONTI_TOKEN"));
    assert!(wall.until_down().contains("does not allow"));
    assert!(wall.until_down().contains("no MONTI server: it answered 404"));
}

#[test]
fn a_server_that_cannot_open_a_link_for_now_is_not_said_to_be_another_one() {
    let mut wall = Wall::refused(&[429, 500, 502, 503]);
    assert_eq!(wall.until_down(), "the server answered 429 Too Many Requests");
    assert_eq!(wall.until_down(), "the server answered 500 Internal Server Error");
    assert_eq!(wall.until_down(), "the server answered 502 Bad Gateway");
    assert_eq!(wall.until_down(), "the server answered 503 Service Unavailable");
}

/// A link, and what it tells.
struct Wall {
    runtime: runtime::Runtime,
    messages: channel::Receiver<Message>,
    resyncs: channel::Sender<()>,
}

impl Wall {
    /// A link to a server that does this on every connection.
    fn of(serve: impl Fn(WebSocket<TcpStream>) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Ok(socket) = tungstenite::accept(stream) {
                    serve(socket);
                }
            }
        });
        Self::at(&address)
    }

    /// A link to a server that opens none: it answers these, one after the other.
    fn refused(answers: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            for (stream, status) in listener.incoming().zip(answers.iter().cycle()) {
                #[expect(clippy::result_large_err, reason = "the signature is tungstenite's")]
                let refuse = |_: &Request, _: Response| {
                    let mut response = tungstenite::http::Response::new(None);
                    *response.status_mut() = StatusCode::from_u16(*status).unwrap();
                    Err(response)
                };
                let _ = tungstenite::accept_hdr(stream.unwrap(), refuse);
            }
        });
        Self::at(&address)
    }

    fn at(address: &str) -> Self {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (sender, messages) = channel::channel(64);
        let (resyncs, asked) = channel::channel(1);
        let remote = Arc::new(Remote::new(address.parse().unwrap(), None, None).unwrap());
        let subscribe =
            Subscribe { request_id: None, departments: None, mode: Mode::Delta, agents: true };
        let link = Link { remote, subscribe, resyncs: asked, messages: sender };
        // As soon as the ceiling of the delay allows.
        runtime.spawn(link.run(|| 0.0));
        Self { runtime, messages, resyncs }
    }

    fn next(&mut self) -> LinkEvent {
        let Self { runtime, messages, .. } = self;
        let next = runtime.block_on(async { timeout(PATIENCE, messages.recv()).await });
        match next.expect("in time") {
            Some(Message::Link(event)) => event,
            other => panic!("{other:?}"),
        }
    }

    fn until_heard(&mut self, kind: &str) {
        while !matches!(self.next(), LinkEvent::Heard(message) if message.type_name() == kind) {}
    }

    fn until_down(&mut self) -> String {
        loop {
            if let LinkEvent::Down { reason, .. } = self.next() {
                return reason;
            }
        }
    }

    /// Lets the link do its work until something is so.
    fn run_until(&self, is_so: impl Fn() -> bool) {
        let waiting = async {
            while !is_so() {
                tokio::task::yield_now().await;
            }
        };
        self.runtime.block_on(async { timeout(PATIENCE, waiting).await.expect("in time") });
    }
}

fn greet(socket: &mut WebSocket<TcpStream>) {
    let now = "2026-01-29T09:00:00.000Z".parse().unwrap();
    let welcome = Welcome::new("0.1.0", now, 1.0, &Centre::default());
    let welcome = WallboardServerMessage::Welcome(welcome);
    socket.send(Frame::text(serde_json::to_string(&welcome).unwrap())).unwrap();
}
