//! The server inside the test's own process, over a store that fails when it is told to: what a
//! disk does is not to be had from a real one.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
};

use monti_server::{
    auth::Access,
    centre_file::CentreFile,
    clock::{Clock, SystemTimeSource, TimeSource as _},
    driver::{self, Driver, World},
    http::{self, Desk, Door, Limits, Services},
    inbox::{INBOX_CAPACITY, inbox},
    observations::Observations,
    recovery::recover,
    store::{Store, StoreError, StoreOptions},
    ws::{self, Links, Pace},
};
use tokio::{net::TcpListener, runtime, select, sync::oneshot};

use crate::faulty::{Faulty, Switch};

/// A server that runs.
pub(crate) struct Inside {
    pub(crate) switch: Switch,
    address: SocketAddr,
    driver: JoinHandle<Result<(), StoreError>>,
    front: JoinHandle<()>,
}

impl Inside {
    /// Starts one over what is in `folder`, as the program does.
    pub(crate) fn start(folder: &Path) -> Self {
        let centre = fs::read_to_string(folder.join("centre.toml")).unwrap();
        let centre = CentreFile::parse(&centre).unwrap();
        let options = StoreOptions { reserve_bytes: 64 << 10, ..StoreOptions::default() };
        let mut store = Store::open(&folder.join("data"), options).unwrap();
        let history = Arc::new(store.history().unwrap());
        let source = Box::new(SystemTimeSource::default());
        let recovered = recover(&mut store, &centre, source.wall()).unwrap();
        let clock = Arc::new(Clock::start(source, 1.0, recovered.engine.now()));
        let observations = Arc::new(Observations::new(Arc::clone(&clock)));
        let world =
            World { centre, clock: Arc::clone(&clock), observations: Arc::clone(&observations) };
        let switch = Switch::default();
        let store = Faulty::new(store, switch.clone());
        let (driver, feed) = Driver::open(store, recovered, world.clone()).unwrap();
        let (inbox, outlet) = inbox(INBOX_CAPACITY, clock.now());
        let links = Arc::new(Links::new(inbox.clone(), feed, world, Pace::default()).unwrap());
        let services = Services {
            desk: Desk::new(inbox.clone(), clock),
            history,
            access: Access::open(&folder.join("tokens.jsonl"), false).unwrap(),
            observations: Arc::clone(&observations),
        };
        let router = http::router(Arc::new(services), ws::router(links));
        let door = Door { router, tls: None, observations, limits: Limits::default() };
        let (die, died) = oneshot::channel();
        let driver = thread::spawn(move || {
            // With the store's failure the process ends, and with it all connections.
            driver::run(driver, &outlet).inspect_err(|_| die.send(()).unwrap())
        });
        let (address, front) = front(door, died);
        Self { switch, address, driver, front }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the end that the disk brings about.
    pub(crate) fn died(self) -> StoreError {
        let error = self.driver.join().unwrap().expect_err("the disk did not confirm");
        self.front.join().unwrap();
        error
    }
}

/// Serves until it dies, and drops all connections then.
fn front(door: Door, died: oneshot::Receiver<()>) -> (SocketAddr, JoinHandle<()>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let address = listener.local_addr().unwrap();
    let thread = thread::spawn(move || {
        runtime.block_on(async {
            select! {
                () = http::serve(listener, door, std::future::pending()) => {}
                Ok(()) = died => {}
            }
        });
    });
    (address, thread)
}
