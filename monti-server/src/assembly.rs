//! How a server is put together: by the program, and by tests over clocks and disks of their own.

use std::{io, sync::Arc};

use tokio_rustls::TlsAcceptor;

use crate::{
    auth::Access,
    centre_file::CentreFile,
    clock::{Clock, TimeSource},
    driver::{Driver, Feed, World},
    http::{self, Desk, Door, History, Limits, Services},
    inbox::{Inbox, Outlet, inbox},
    observations::Observations,
    recovery::{RecoveryError, recover},
    store::{Storage, Store},
    ws::{self, Links, Pace},
};

/// Where a centre's time comes from.
#[expect(missing_debug_implementations, reason = "a source is whatever has clocks")]
pub struct Time {
    /// The machine's clocks.
    pub source: Box<dyn TimeSource>,
    /// How many seconds of the centre pass in one of the machine.
    pub speed: f64,
}

/// A driver that goes on from what is in a `store`, which is kept from here on as `keep` makes it;
/// what is to be seen of it; and what it lives in.
///
/// # Errors
/// As for [`recover`] and [`Driver::open`].
pub fn driver<S: Storage>(
    mut store: Store,
    keep: impl FnOnce(Store) -> S,
    centre: CentreFile,
    time: Time,
) -> Result<(Driver<S>, Feed, World), RecoveryError> {
    let recovered = recover(&mut store, &centre, time.source.wall())?;
    if !store.bring_log_in()? {
        tracing::warn!(
            "monti.db-wal cannot be brought into monti.db: another program reads from it, or the \
             disk is full; what a sync did not confirm in the last run may be in memory alone"
        );
    }
    let clock = Arc::new(Clock::start(time.source, time.speed, recovered.engine.now()));
    clock.warn_if_ahead();
    let observations = Arc::new(Observations::new(Arc::clone(&clock)));
    let world = World { centre, clock, observations };
    let (driver, feed) = Driver::open(keep(store), recovered, world.clone())?;
    Ok((driver, feed, world))
}

/// The ways to a driver.
#[derive(Debug, Clone)]
pub struct Ways {
    /// For whatever is asked of it.
    pub inbox: Inbox,
    /// For agents and wallboards.
    pub links: Arc<Links>,
    /// What it lives in.
    pub world: World,
}

impl Ways {
    /// The ways to the driver that lives in `world`, with `room` for so many requests, and the end
    /// of them, which is the driver's.
    ///
    /// # Errors
    /// As for [`Links::new`].
    pub fn new(world: World, feed: Feed, room: usize, pace: Pace) -> io::Result<(Self, Outlet)> {
        let (inbox, outlet) = inbox(room, world.clock.now());
        let links = Arc::new(Links::new(inbox.clone(), feed, world.clone(), pace)?);
        Ok((Self { inbox, links, world }, outlet))
    }

    /// The door that all of them go through.
    pub fn door(
        &self,
        history: Arc<dyn History>,
        access: Access,
        tls: Option<TlsAcceptor>,
        limits: Limits,
    ) -> Door {
        let World { clock, observations, .. } = &self.world;
        let services = Arc::new(Services {
            desk: Desk::new(self.inbox.clone(), Arc::clone(clock)),
            history,
            access,
            observations: Arc::clone(observations),
        });
        let router = http::router(services, ws::router(Arc::clone(&self.links)));
        Door { router, tls, observations: Arc::clone(observations), limits }
    }
}
