//! What is no message of the protocol, on both kinds of links.

use std::{
    io::{Read as _, Write as _},
    thread,
    time::{Duration, Instant},
};

use monti_server::{observations::Socket, ws::Pace};

use serde_json::json;
use tungstenite::{
    Bytes, Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::{
    client::Client,
    server::{Server, Wish},
};

const PATHS: [&str; 2] = ["/ws/agent", "/ws"];

/// What is counted of them.
const KINDS: [Socket; 2] = [Socket::Agents, Socket::Wallboard];

/// Has each kind of link meet what `peer` does, and a bystander that must not notice.
fn on_each_link(peer: impl Fn(&mut Client)) {
    let server = Server::open();
    for path in PATHS {
        let mut bystander = server.agents();
        let mut client = server.connect(path, None).unwrap();
        client.hear();
        peer(&mut client);
        assert_eq!(bystander.ask(&json!({"type": "dance"}))["code"], "unsupported");
    }
}

fn frame(data: impl Into<Bytes>, code: Data, is_final: bool) -> Message {
    Message::Frame(Frame::message(data, OpCode::Data(code), is_final))
}

#[test]
fn binary_is_not_for_us() {
    on_each_link(|client| {
        client.send(Message::binary("{}"));
        assert_eq!(client.hear_goodbye(), 1003);
    });
}

#[test]
fn text_is_utf8() {
    on_each_link(|client| {
        client.send(frame(&b"{\"type\":\"\xff\"}"[..], Data::Text, true));
        assert_eq!(client.hear_goodbye(), 1007);
    });
}

#[test]
fn a_message_has_at_most_64_kib() {
    on_each_link(|client| {
        let longest = format!("{{\"type\":\"{}\"}}", "x".repeat(64 * 1024 - 11));
        assert_eq!(longest.len(), 64 * 1024);
        client.send(Message::text(longest.clone()));
        assert_eq!(client.hear_until("error")["code"], "unsupported");
        client.send(Message::text(longest + " "));
        assert_eq!(client.hear_goodbye(), 1009);
    });
}

#[test]
fn a_peer_that_goes_on_sending_hears_why_it_may_not() {
    on_each_link(|client| {
        let _ = client.try_send(Message::text("x".repeat(1024 * 1024)));
        assert_eq!(client.hear_goodbye(), 1009);
    });
}

#[test]
fn fragments_make_one_message_of_at_most_64_kib() {
    on_each_link(|client| {
        client.send(frame("{\"type\":", Data::Text, false));
        client.send(Message::Ping(Bytes::new()));
        client.send(frame("\"dan", Data::Continue, false));
        client.send(frame("ce\"}", Data::Continue, true));
        assert_eq!(client.hear_until("error")["code"], "unsupported");
        client.send(frame("x".repeat(40_000), Data::Text, false));
        client.send(frame("x".repeat(40_000), Data::Continue, true));
        assert_eq!(client.hear_goodbye(), 1009);
    });
}

#[test]
fn what_is_no_websocket_frame_ends_the_link() {
    on_each_link(|client| {
        // Reserved bits, a reserved opcode, and no mask.
        client.stream().write_all(&[0xff, 0x05, 1, 2, 3, 4, 5]).unwrap();
        assert_eq!(client.hear_goodbye(), 1002);
    });
}

/// RFC 6455, 7.1.1: the server ends the connection, and does not wait for a goodbye that it could
/// not read.
#[test]
fn a_link_that_cannot_be_read_any_more_ends_at_once() {
    let pace = Pace { farewell: Duration::from_secs(60), ..Pace::default() };
    let server = Server::of(Wish { pace, ..Wish::default() });
    for (path, kind) in PATHS.into_iter().zip(KINDS) {
        for (unreadable, code) in [
            (frame("x".repeat(70_000), Data::Text, true), 1009),
            (frame(&b"\xff"[..], Data::Text, true), 1007),
            (Message::Frame(Frame::message("", OpCode::Data(Data::Reserved(3)), true)), 1002),
        ] {
            let mut client = server.connect(path, None).unwrap();
            client.hear();
            client.send(unreadable);
            assert_eq!(client.hear_goodbye(), code);
            client.stream().read_to_end(&mut Vec::new()).unwrap();
            drop(client);
            wait_until_gone(&server, kind, 0);
        }
    }
}

#[test]
fn the_tenth_malformed_message_within_a_minute_is_the_last() {
    on_each_link(|client| {
        for garbage in ["", "hello", "[]", "{", "{}", "{\"type\":5}", "null", "1e999", "\u{0}"] {
            client.send(Message::text(garbage));
            let error = client.hear_until("error");
            assert_eq!(error["code"], "malformed", "{garbage:?}");
        }
        // A newer peer may say what is not known here as often as it likes.
        for _ in 0..20 {
            client.say(&json!({"type": "dance"}));
            assert_eq!(client.hear_until("error")["code"], "unsupported");
        }
        client.send(Message::text("once more"));
        assert_eq!(client.hear_until("error")["code"], "malformed");
        assert_eq!(client.hear_goodbye(), 1008);
    });
}

#[test]
fn deeply_nested_text_is_malformed() {
    on_each_link(|client| {
        for text in ["[".repeat(60_000), format!("{{\"type\":{}", "{\"a\":".repeat(12_000))] {
            client.send(Message::text(text));
            assert_eq!(client.hear_until("error")["code"], "malformed");
        }
    });
}

#[test]
fn a_peer_that_just_goes_is_nobodys_problem() {
    let server = Server::open();
    let mut bystander = server.agents();
    for (path, kind) in PATHS.into_iter().zip(KINDS) {
        let before = server.sockets(kind);
        let mut client = server.connect(path, None).unwrap();
        client.hear();
        assert_eq!(server.sockets(kind), before + 1);
        client.send(frame("{\"type\":", Data::Text, false));
        client.stream().shutdown(std::net::Shutdown::Both).unwrap();
        wait_until_gone(&server, kind, before);
        assert_eq!(bystander.ask(&json!({"type": "dance"}))["code"], "unsupported");
    }
}

/// Waits until no more links of a kind are left than there were before.
fn wait_until_gone(server: &Server, kind: Socket, before: u64) {
    let begun = Instant::now();
    while server.sockets(kind) > before {
        assert!(begun.elapsed() < Duration::from_secs(20), "the link is there still");
        thread::yield_now();
    }
}

#[test]
fn a_goodbye_is_answered() {
    let server = Server::open();
    for path in PATHS {
        let mut client = server.connect(path, None).unwrap();
        client.send(Message::Close(None));
        loop {
            match client.hear_anything() {
                Message::Close(frame) => break assert!(frame.is_none()),
                Message::Text(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}
