//! The bare counterparts, and crowds of watchers, each a process of its own: this program again.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncReadExt as _;
use tungstenite::Message;

use crate::{crowd, process};

/// What a process of this program does.
pub(crate) enum Role {
    /// Sends every message back.
    Echo,
    /// Writes what it was given on its input to so many connections, a piece each second.
    Writer { connections: usize },
    /// So many wallboards, which say `subscribe` and read.
    Boards { address: SocketAddr, count: usize, subscribe: String },
    /// So many connections that read.
    Readers { address: SocketAddr, count: usize },
}

impl Role {
    /// The role that the command line asks for, if it asks for one.
    pub(crate) fn of(arguments: &[String]) -> Option<Self> {
        let number = |at: usize| arguments.get(at)?.parse().ok();
        let address = |at: usize| arguments.get(at)?.parse().ok();
        match arguments.first()?.as_str() {
            "bare-echo" => Some(Self::Echo),
            "bare-writer" => Some(Self::Writer { connections: number(1)? }),
            "boards" => {
                let (address, subscribe) = (address(1)?, arguments.get(3)?.clone());
                Some(Self::Boards { address, count: number(2)?, subscribe })
            }
            "readers" => Some(Self::Readers { address: address(1)?, count: number(2)? }),
            _ => None,
        }
    }

    pub(crate) fn play(self) {
        process::allow_many_connections();
        match self {
            Self::Echo => echo(),
            Self::Writer { connections } => write(connections),
            Self::Boards { address, count, subscribe } => watch(address, count, &subscribe),
            Self::Readers { address, count } => read(address, count),
        }
    }
}

fn echo() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port");
        println!("listening on ws://{}", listener.local_addr().expect("a port"));
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).expect("no delay");
            tokio::spawn(async move {
                let mut link = tokio_tungstenite::accept_async(stream).await.expect("a link");
                while let Some(Ok(message)) = link.next().await {
                    if matches!(message, Message::Text(_)) {
                        link.send(message).await.expect("the link is over");
                    }
                }
            });
        }
    });
}

fn write(connections: usize) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    println!("listening on tcp://{}", listener.local_addr().expect("a port"));
    let mut peers: Vec<_> =
        (0..connections).map(|_| listener.accept().expect("a connection").0).collect();
    let mut prepared = Vec::new();
    std::io::stdin().read_to_end(&mut prepared).expect("what to write");
    let mut pieces = Vec::new();
    let mut rest = prepared.as_slice();
    while let Some((length, after)) = rest.split_first_chunk() {
        let (piece, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        pieces.push(piece);
        rest = after;
    }
    println!("{} pieces", pieces.len());
    let begun = Instant::now();
    for (second, piece) in (1..).zip(pieces.iter().cycle()) {
        thread::sleep(Duration::from_secs(second).saturating_sub(begun.elapsed()));
        for peer in &mut peers {
            if peer.write_all(piece).is_err() {
                return;
            }
        }
    }
}

fn watch(address: SocketAddr, count: usize, subscribe: &str) {
    forever(address, count, async |address| {
        let mut board = crowd::connect(address, "/ws").await;
        board.send(Message::text(subscribe)).await.expect("the link is over");
        tokio::spawn(async move { while let Some(Ok(_)) = board.next().await {} });
    });
}

fn read(address: SocketAddr, count: usize) {
    forever(address, count, async |address| {
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        tokio::spawn(async move {
            let mut buffer = vec![0; 16 * 1024];
            while stream.read(&mut buffer).await.is_ok_and(|bytes| bytes > 0) {}
        });
    });
}

/// Opens connections one by one, says so, and waits to be ended.
fn forever(address: SocketAddr, count: usize, open: impl AsyncFn(SocketAddr)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        for _ in 0..count {
            open(address).await;
        }
        println!("connected to tcp://{address}");
        std::future::pending::<()>().await;
    });
}
