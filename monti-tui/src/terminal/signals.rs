//! What the system tells the program to do.

use std::io;

use rustix::process::Signal;
use tokio::{
    select,
    signal::unix::{self, SignalKind},
};

/// The signals that end, stop and continue the program, and that tell of another size. From when they are listened to, none of
/// them does so by itself.
#[derive(Debug)]
pub struct Signals {
    ends: [unix::Signal; 3],
    stops: unix::Signal,
    continues: unix::Signal,
    resizes: unix::Signal,
}

impl Signals {
    /// Listens to them.
    ///
    /// # Errors
    /// The system refuses.
    pub fn listen() -> io::Result<Self> {
        let signal = |signal: Signal| unix::signal(SignalKind::from_raw(signal.as_raw()));
        Ok(Self {
            ends: [signal(Signal::TERM)?, signal(Signal::HUP)?, signal(Signal::INT)?],
            stops: signal(Signal::TSTP)?,
            continues: signal(Signal::CONT)?,
            resizes: signal(Signal::WINCH)?,
        })
    }

    /// Waits until the program is told to end. Meanwhile it stops and continues as it is told,
    /// with a clean terminal in between; `changed` is called whenever the terminal may be another
    /// than before.
    ///
    /// # Errors
    /// The terminal is gone.
    pub async fn told_to_end(mut self, mut changed: impl FnMut()) -> io::Result<()> {
        let [terminate, hang_up, interrupt] = &mut self.ends;
        loop {
            select! {
                _ = terminate.recv() => return Ok(()),
                _ = hang_up.recv() => return Ok(()),
                _ = interrupt.recv() => return Ok(()),
                _ = self.stops.recv() => drop(super::suspend()?),
                // The one who continues it may have changed the terminal, even if it was stopped
                // without being asked.
                _ = self.continues.recv() => super::take_over_again()?,
                _ = self.resizes.recv() => {}
            }
            changed();
        }
    }
}
