//! What becomes a link, and what does not (RFC 6455, 4.2).

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use crate::server::Server;

const KEY: (&str, &str) = ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
const VERSION: (&str, &str) = ("Sec-WebSocket-Version", "13");
const UPGRADE: (&str, &str) = ("Upgrade", "websocket");
const CONNECTION: (&str, &str) = ("Connection", "keep-alive, Upgrade");

/// What a request with these headers is answered, its headers in lower case.
fn answer(server: &Server, headers: &[(&str, &str)]) -> String {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(stream, "GET /ws HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    String::from_utf8(answer).unwrap().to_ascii_lowercase()
}

#[test]
fn a_handshake_is_answered_with_what_its_key_asks_for() {
    let answer = answer(&Server::open(), &[KEY, VERSION, UPGRADE, CONNECTION]);
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    // The example of RFC 6455, 1.3.
    let accept = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n";
    assert!(answer.contains(accept), "{answer}");
}

#[test]
fn who_speaks_no_websocket_or_another_version_hears_which_one_is_spoken() {
    let server = Server::open();
    for headers in [
        vec![],
        vec![KEY, VERSION, CONNECTION],
        vec![KEY, VERSION, UPGRADE],
        vec![KEY, UPGRADE, CONNECTION],
        vec![KEY, ("Sec-WebSocket-Version", "8"), UPGRADE, CONNECTION],
    ] {
        let answer = answer(&server, &headers);
        assert!(answer.starts_with("http/1.1 426 "), "{headers:?}: {answer}");
        for header in ["upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13"] {
            assert!(answer.contains(&format!("\r\n{header}\r\n")), "{header}: {answer}");
        }
    }
}

#[test]
fn a_key_is_sixteen_bytes_in_base64() {
    let server = Server::open();
    let keys = [
        "",
        "dGhlIHNhbXBsZSBub25j",
        "dGhlIHNhbXBsZSBub25jZXM=",
        "dGhlIHNhbXBsZSBub25jZQ",
        "no key",
    ];
    let keys = keys.map(|key| vec![("Sec-WebSocket-Key", key), VERSION, UPGRADE, CONNECTION]);
    for headers in keys.into_iter().chain([vec![VERSION, UPGRADE, CONNECTION]]) {
        let answer = answer(&server, &headers);
        assert!(answer.starts_with("http/1.1 400 "), "{headers:?}: {answer}");
    }
}
