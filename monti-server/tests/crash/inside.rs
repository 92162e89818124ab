//! The server inside the test's own process, over a store that fails when it is told to: what a
//! disk does is not to be had from a real one.

use std::{
    fs,
    future::pending,
    net::SocketAddr,
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
};

use monti_server::{
    assembly::{self, Time, Ways},
    auth::Access,
    centre_file::CentreFile,
    clock::SystemTimeSource,
    driver,
    http::{self, Limits},
    inbox::INBOX_CAPACITY,
    store::{Store, StoreError, StoreOptions},
    ws::Pace,
};
use tokio::{select, sync::oneshot};

use crate::{
    faulty::{Faulty, Switch},
    front,
};

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
        let store = Store::open(&folder.join("data"), options).unwrap();
        let history = Arc::new(store.history().unwrap());
        let time = Time { source: Box::new(SystemTimeSource), speed: 1.0 };
        let switch = Switch::default();
        let keep = |store| Faulty::new(store, switch.clone());
        let (driver, feed, world) = assembly::driver(store, keep, centre, time).unwrap();
        let (ways, outlet) = Ways::new(world, feed, INBOX_CAPACITY, Pace::default()).unwrap();
        let access = Access::open(&folder.join("tokens.jsonl"), false).unwrap();
        let door = ways.door(history, access, None, Limits::default());
        let (die, died) = oneshot::channel();
        let driver = thread::spawn(move || {
            // With the store's failure the process ends, and with it all connections.
            driver::run(driver, &outlet).inspect_err(|_| die.send(()).unwrap())
        });
        let (address, front) = front::open(async move |listener| {
            select! {
                () = http::serve(listener, door, pending()) => {}
                Ok(()) = died => {}
            }
        });
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
