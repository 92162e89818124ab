//! The connections: accepted, bounded in number and time, closed in good order.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    select,
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutWriter;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::{
    body::Patience,
    taken::{Noting, Taken},
};
use crate::observations::{Observations, Socket};

/// The most bytes of a request's headers, and what is read ahead of its body.
const BUFFER_BYTES_MAX: usize = 16 * 1024;

/// How long to wait when the system has no room for another connection.
const ACCEPT_RETRY: Duration = Duration::from_millis(200);

/// What there is behind every connection.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "what holds the key is not printed")]
pub struct Door {
    /// What is answered.
    pub router: Router,
    /// With it connections speak TLS, and nothing else.
    pub tls: Option<TlsAcceptor>,
    /// Where connections are counted.
    pub observations: Arc<Observations>,
    /// How many of them there may be, and for how long.
    pub limits: Limits,
}

/// How many connections there may be, and for how long they may do nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most at once, links included. More wait to be accepted.
    pub connections: usize,
    /// For TLS's handshake, for a request's headers, and for its body; a connection that says
    /// nothing is closed after it, too.
    pub handshake: Duration,
    /// For taking anything at all of what is sent. Longer than the 10 s after which a wallboard
    /// that takes nothing is closed: that one is told why.
    pub write: Duration,
    /// For finishing what connections are at, once the server is to stop.
    pub drain: Duration,
}

impl Default for Limits {
    /// Twice the 20,000 connections of a large centre, 10 s, 15 s, and 3 s.
    fn default() -> Self {
        Self {
            connections: 40_000,
            handshake: Duration::from_secs(10),
            write: Duration::from_secs(15),
            drain: Duration::from_secs(3),
        }
    }
}

/// A connection's place among those allowed at once. A handler that upgrades the connection takes
/// it out of its request's extensions and keeps it for as long as the link lives.
#[derive(Debug, Clone)]
pub struct Seat {
    #[expect(dead_code, reason = "held, not read")]
    permit: Arc<OwnedSemaphorePermit>,
    taken: Taken,
}

impl Seat {
    /// When the peer last took anything.
    pub fn taken(&self) -> &Taken {
        &self.taken
    }
}

/// Accepts connections and answers what comes over them until `shutdown`; then lets those that
/// are at something finish it, and returns within [`Limits::drain`]. Links are none of its
/// business any more once they are upgraded.
pub async fn serve(listener: TcpListener, door: Door, shutdown: impl Future<Output = ()>) {
    let seats = Arc::new(Semaphore::new(door.limits.connections));
    let (close, closing) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            (stream, peer, seat) = accept(&listener, &seats) => {
                connections.spawn(connection(stream, peer, seat, door.clone(), closing.clone()));
            }
        }
    }
    drop(listener);
    drop(close);
    let drained = async { while connections.join_next().await.is_some() {} };
    if timeout(door.limits.drain, drained).await.is_err() {
        tracing::warn!("connections that did not finish in time are closed");
    }
}

/// The next connection, when there is a place for it.
async fn accept(listener: &TcpListener, seats: &Arc<Semaphore>) -> (TcpStream, SocketAddr, Seat) {
    loop {
        // It never fails: nobody closes the semaphore.
        let Ok(seat) = Arc::clone(seats).acquire_owned().await else { continue };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let seat = Seat { permit: Arc::new(seat), taken: Taken::new() };
                return (stream, peer, seat);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections");
                sleep(ACCEPT_RETRY).await;
            }
        }
    }
}

/// Whether an error of `accept` is about one connection, and the next can be well.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    seat: Seat,
    door: Door,
    closing: watch::Receiver<()>,
) {
    let _open = door.observations.open(Socket::Http);
    // Without it small messages wait for the peer's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "no TCP_NODELAY");
    }
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(door.limits.write));
    let stream = Noting::new(Box::pin(stream), seat.taken.clone());
    let Some(tls) = &door.tls else { return http(stream, peer, seat, &door, closing).await };
    match timeout(door.limits.handshake, tls.accept(stream)).await {
        Ok(Ok(stream)) => http(stream, peer, seat, &door, closing).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake"),
        Err(_) => tracing::debug!(%peer, "no TLS handshake in time"),
    }
}

async fn http<S>(
    stream: S,
    peer: SocketAddr,
    seat: Seat,
    door: &Door,
    mut closing: watch::Receiver<()>,
) where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let patience = Patience(door.limits.handshake);
    let service = door.router.clone().map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(seat.clone());
        request.extensions_mut().insert(patience);
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(door.limits.handshake)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = select! {
        ended = connection.as_mut() => ended,
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection");
    }
}
