//! The machine's clocks: the time that has passed since nine in the morning.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use monti_core::{Millis, Timestamp};
use monti_server::clock::TimeSource;

/// Time that stands still until it is moved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machine(Arc<Mutex<Duration>>);

impl Machine {
    pub(crate) fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl TimeSource for Machine {
    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn wall(&self) -> Timestamp {
        let passed = u64::try_from(self.monotonic().as_millis()).unwrap();
        "2026-01-29T09:00:00Z".parse::<Timestamp>().unwrap() + Millis::new(passed)
    }
}
