//! A server's sockets, on a thread of their own.

use std::{
    net::{Ipv4Addr, SocketAddr},
    thread::{self, JoinHandle},
};

use tokio::{net::TcpListener, runtime};

/// Has a port served until that comes to an end; all connections end with it.
pub(crate) fn open(
    serve: impl AsyncFnOnce(TcpListener) + Send + 'static,
) -> (SocketAddr, JoinHandle<()>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let address = listener.local_addr().unwrap();
    (address, thread::spawn(move || runtime.block_on(serve(listener))))
}
