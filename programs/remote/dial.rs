//! Connecting to a host that has several addresses.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::{
    net::{TcpStream, lookup_host},
    select,
    time::sleep,
};

/// How long an address has the word alone before the next one is tried beside it.
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects to the host's address that answers first.
///
/// # Errors
/// The host is not found, or no address of it can be reached: then what was wrong with the last.
pub(super) async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    first(lookup_host((host, port)).await?).await
}

/// Tries one address after the other. One that swallows what is sent to it keeps nobody from the
/// next, and one that is slow may still be the first to answer.
async fn first(mut addresses: impl Iterator<Item = SocketAddr>) -> io::Result<TcpStream> {
    let mut attempts = FuturesUnordered::new();
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    loop {
        attempts.extend(addresses.next().map(TcpStream::connect));
        select! {
            ended = attempts.next() => match ended {
                Some(Ok(stream)) => return Ok(stream),
                Some(Err(error)) => failure = error,
                None => return Err(failure),
            },
            () = sleep(HEAD_START) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        net::{TcpListener, TcpSocket},
        runtime,
        time::timeout,
    };

    use super::*;

    /// A test that fails must not hang.
    const PATIENCE: Duration = Duration::from_secs(5);

    fn local() -> SocketAddr {
        ([127, 0, 0, 1], 0).into()
    }

    fn run<T>(test: impl Future<Output = T>) -> T {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { timeout(PATIENCE, test).await.expect("in time") })
    }

    #[test]
    fn an_address_that_swallows_everything_does_not_keep_from_the_next() {
        run(async {
            // Whoever comes once somebody waits there is not answered.
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind(local()).unwrap();
            let full = socket.listen(0).unwrap();
            let full_at = full.local_addr().unwrap();
            let _waits = TcpStream::connect(full_at).await.unwrap();
            let good = TcpListener::bind(local()).await.unwrap();
            let good_at = good.local_addr().unwrap();
            let stream = first([full_at, good_at].into_iter()).await.unwrap();
            assert_eq!(stream.peer_addr().unwrap(), good_at);
        });
    }

    #[test]
    fn an_address_that_refuses_is_followed_by_the_next_and_told_if_there_is_none() {
        run(async {
            let closed_at = TcpListener::bind(local()).await.unwrap().local_addr().unwrap();
            let good = TcpListener::bind(local()).await.unwrap();
            let good_at = good.local_addr().unwrap();
            let stream = first([closed_at, good_at].into_iter()).await.unwrap();
            assert_eq!(stream.peer_addr().unwrap(), good_at);
            let refused = first([closed_at, closed_at].into_iter()).await.unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        });
    }
}
