//! A whole server for a test: sockets, driver and store are real, the centre's time stands still
//! until it is moved.

use std::{
    convert::identity,
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use monti_core::wire::ErrorMessage;
use monti_server::{
    assembly::{self, Time, Ways},
    auth::Access,
    centre_file::CentreFile,
    driver::{self, Driver},
    http::{self, Limits},
    inbox::{Inbox, Outlet, Request, Role},
    observations::{Observations, Socket},
    store::{Store, StoreOptions},
    ws::Pace,
};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{client::Client, front, machine::Machine, tokens::add_tokens};

/// A running server.
pub(crate) struct Server {
    pub(crate) inbox: Inbox,
    pub(crate) observations: Arc<Observations>,
    pub(crate) address: SocketAddr,
    machine: Machine,
    secrets: Vec<(Role, String)>,
    stop: Option<oneshot::Sender<()>>,
    threads: Vec<JoinHandle<()>>,
    _folder: TempDir,
}

/// How a server is to be; the default is one without tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) with_tokens: bool,
    pub(crate) pace: Pace,
    pub(crate) inbox: usize,
}

impl Default for Wish {
    fn default() -> Self {
        // Clients of tests often leave without a word.
        let pace = Pace { farewell: Duration::from_millis(200), ..Pace::default() };
        Self { with_tokens: false, pace, inbox: 16_384 }
    }
}

impl Server {
    /// A server without tokens, to which everything is allowed.
    pub(crate) fn open() -> Self {
        Self::of(Wish::default())
    }

    pub(crate) fn of(wish: Wish) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tokens = folder.path().join("tokens.jsonl");
        let secrets = if wish.with_tokens { add_tokens(&tokens) } else { Vec::new() };
        let machine = Machine::at("2026-01-29T09:00:00Z");
        let options = StoreOptions { reserve_bytes: 64 << 10, ..StoreOptions::default() };
        let store = Store::open(folder.path(), options).unwrap();
        let history = Arc::new(store.history().unwrap());
        let time = Time { source: Box::new(machine.clone()), speed: 1.0 };
        let opened = assembly::driver(store, identity, CentreFile::default(), time);
        let (driver, feed, world) = opened.unwrap();
        let observations = Arc::clone(&world.observations);
        let (ways, outlet) = Ways::new(world, feed, wish.inbox, wish.pace).unwrap();
        let access = Access::open(&tokens, false).unwrap();
        let door = ways.door(history, access, None, Limits::default());
        let Ways { inbox, links, .. } = ways;
        let (stop, stopped) = oneshot::channel();
        let (address, front) = front::open(async move |listener| {
            let stopped = async {
                let _ = stopped.await;
            };
            http::serve(listener, door, stopped).await;
            links.closed().await;
        });
        let threads = vec![drive(driver, outlet), front];
        let stop = Some(stop);
        Self { inbox, observations, address, machine, secrets, stop, threads, _folder: folder }
    }

    /// A link of somebody without a token, who has been welcomed.
    pub(crate) fn agents(&self) -> Client {
        welcomed(self.connect("/ws/agent", None).unwrap())
    }

    /// The same for a wallboard.
    pub(crate) fn wallboard(&self) -> Client {
        welcomed(self.connect("/ws", None).unwrap())
    }

    /// A link of somebody with a token of `role`.
    ///
    /// # Errors
    /// The status with which it was refused.
    pub(crate) fn connect_as(&self, path: &str, role: Role) -> Result<Client, u16> {
        let secret = self.secrets.iter().find(|(other, _)| *other == role);
        self.connect(path, Some(&secret.expect("a token").1))
    }

    /// The same with any token, or none.
    pub(crate) fn connect(&self, path: &str, token: Option<&str>) -> Result<Client, u16> {
        Client::open(self.address, path, token)
    }

    /// Lets time pass, a second or less at a time, as it does for the driver. Each second is one
    /// tick.
    pub(crate) fn pass(&self, time: Duration) {
        let second = Duration::from_secs(1);
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(second);
            self.machine.pass(step);
            self.settle();
            left -= step;
        }
    }

    /// Waits until the driver has done all that it was asked.
    pub(crate) fn settle(&self) {
        let (done, is_done) = mpsc::channel();
        let ask = Request::Ask(Box::new(move |_| {
            let _ = done.send(());
        }));
        assert!(self.inbox.try_send(ask).is_ok(), "the inbox is full");
        is_done.recv().unwrap();
    }

    /// Has a supervisor do something.
    pub(crate) fn supervise<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, ErrorMessage>>) -> Request,
    ) -> T {
        let (answer, answered) = oneshot::channel();
        assert!(self.inbox.try_send(request(answer)).is_ok(), "the inbox is full");
        answered.blocking_recv().unwrap().unwrap()
    }

    /// How many links of a kind are open.
    pub(crate) fn sockets(&self, kind: Socket) -> u64 {
        self.observations.open_sockets(kind)
    }

    /// Tells the server to stop, without waiting for it.
    pub(crate) fn begin_to_stop(&mut self) {
        self.inbox.stop();
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Stops the server, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.begin_to_stop();
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.stop();
        }
    }
}

fn welcomed(mut client: Client) -> Client {
    assert_eq!(client.hear()["type"], "welcome");
    client
}

fn drive(driver: Driver<Store>, outlet: Outlet) -> JoinHandle<()> {
    thread::spawn(move || driver::run(driver, &outlet).unwrap())
}
