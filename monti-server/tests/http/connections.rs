//! Connections: how long, how many, how secret, and how they end.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use monti_server::{http::Limits, observations::Socket, tls};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};

use crate::{
    client::{connect, exchange},
    world::{Wish, World},
};

#[test]
fn a_silent_connection_is_closed() {
    let world = impatient();
    assert_eq!(read_to_end(connect(world.address)), "");
}

#[test]
fn a_request_whose_headers_do_not_end_is_closed() {
    let world = impatient();
    let mut stream = connect(world.address);
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nx-slow: ").unwrap();
    let answer = read_to_end(stream);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn a_connection_that_falls_silent_after_a_request_is_closed() {
    let world = impatient();
    let mut stream = connect(world.address);
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert!(read_to_end(stream).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_body_that_does_not_arrive_is_not_waited_for() {
    let world = impatient();
    let mut stream = connect(world.address);
    let head = "POST /internal/calls/inject HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                content-type: application/json\r\ncontent-length: 22\r\n\r\n{\"vq\":";
    stream.write_all(head.as_bytes()).unwrap();
    assert!(read_to_end(stream).starts_with("HTTP/1.1 408 Request Timeout"));
}

#[test]
fn a_connection_that_takes_nothing_is_closed() {
    let world = impatient();
    let mut stream = connect(world.address);
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    let request = "GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let error = loop {
        if let Err(error) = stream.write_all(request.as_bytes()) {
            break error;
        }
    };
    let closed = [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe];
    assert!(closed.contains(&error.kind()), "{error}");
}

#[test]
fn headers_are_of_bounded_length() {
    let world = World::open();
    let long = "x".repeat(100_000);
    let answer = world.anyone().send("GET", "/health", &[("x-long", &long)], "");
    assert_eq!(answer.status, 431);
}

#[test]
fn what_is_no_http_is_nobodys_problem() {
    let world = World::open();
    for garbage in [&b"\0\0\0\0\0\0\0\0\r\n\r\n"[..], b"GET\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM"] {
        let mut stream = connect(world.address);
        stream.write_all(garbage).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let answer = read_to_end(stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert_eq!(world.anyone().get("/health").status, 200);
}

#[test]
fn one_connection_carries_many_requests() {
    let world = World::open();
    let mut stream = connect(world.address);
    let request = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request.repeat(2).as_bytes()).unwrap();
    stream.write_all(world.anyone().request("GET", "/ready", &[], "").as_bytes()).unwrap();
    assert_eq!(read_to_end(stream).matches("HTTP/1.1 200").count(), 3);
}

#[test]
fn connections_above_the_most_wait_for_their_turn() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let world = World::of(Wish { limits, ..Wish::default() });
    let mut first = connect(world.address);
    ask_and_stay(&mut first);
    let mut second = connect(world.address);
    second.write_all(world.anyone().request("GET", "/health", &[], "").as_bytes()).unwrap();
    // All that the server does it does on one thread, in turn: the second would have its answer
    // long before the first has so many.
    for _ in 0..100 {
        ask_and_stay(&mut first);
        assert_eq!(world.observations.open_sockets(Socket::Http), 1);
    }
    second.set_nonblocking(true).unwrap();
    let nothing = second.read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(nothing, Err(io::ErrorKind::WouldBlock), "there was room for a second one");
    second.set_nonblocking(false).unwrap();
    drop(first);
    assert!(read_to_end(second).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_server_that_stops_finishes_what_it_is_at() {
    let mut world = World::open();
    let mut idle = connect(world.address);
    idle.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut byte = [0];
    idle.read_exact(&mut byte).unwrap();
    world.stop();
    assert!(read_to_end(idle).starts_with("TTP/1.1 200"));
    assert!(TcpStream::connect(world.address).is_err());
}

#[test]
fn with_a_certificate_it_speaks_tls_and_nothing_else() {
    let (world, certificate) = secure(Limits::default());
    let request = world.anyone().request("GET", "/health", &[], "");
    assert_eq!(exchange(encrypted(&world, certificate), &request).status, 200);

    let mut plain = connect(world.address);
    plain.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
}

#[test]
fn a_handshake_that_does_not_come_is_not_waited_for() {
    let limits = Limits { handshake: Duration::from_millis(50), ..Limits::default() };
    let (world, _) = secure(limits);
    assert_eq!(read_to_end(connect(world.address)), "");
}

#[test]
fn nobody_is_waited_for_longer_than_ten_seconds() {
    assert_eq!(Limits::default().handshake, Duration::from_secs(10));
}

/// A server that waits for 50 ms only, for whatever it waits.
fn impatient() -> World {
    let moment = Duration::from_millis(50);
    let limits = Limits { handshake: moment, write: moment, ..Limits::default() };
    World::of(Wish { limits, ..Wish::default() })
}

/// Asks for something over a connection that goes on.
fn ask_and_stay(stream: &mut TcpStream) {
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        let mut piece = [0; 1024];
        let length = stream.read(&mut piece).unwrap();
        assert_ne!(length, 0, "{}", answer.escape_ascii());
        answer.extend(&piece[..length]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", answer.escape_ascii());
}

fn read_to_end(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A server with a certificate that was made for it, and the certificate.
fn secure(limits: Limits) -> (World, CertificateDer<'static>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    std::fs::write(&certificate, cert.pem()).unwrap();
    std::fs::write(&key, signing_key.serialize_pem()).unwrap();
    let tls = Some(tls::acceptor(&certificate, &key).unwrap());
    (World::of(Wish { tls, limits, ..Wish::default() }), cert.der().clone())
}

fn encrypted(
    world: &World,
    certificate: CertificateDer<'static>,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(connection, connect(world.address))
}
