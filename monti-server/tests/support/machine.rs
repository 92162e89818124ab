//! A machine's clocks, in a test's hand.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use monti_core::Timestamp;
use monti_server::clock::TimeSource;

/// The machine's clocks, which stand still until a test moves them.
#[derive(Clone)]
pub(crate) struct Machine(Arc<Mutex<(Duration, Timestamp)>>);

impl Machine {
    pub(crate) fn at(moment: &str) -> Self {
        Self(Arc::new(Mutex::new((Duration::ZERO, moment.parse().unwrap()))))
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        let mut clocks = self.0.lock().unwrap();
        let millis = i64::try_from(time.as_millis()).unwrap();
        *clocks = (clocks.0 + time, Timestamp::from_millis(clocks.1.as_millis() + millis));
    }

    /// Sets the wall clock.
    pub(crate) fn set_wall(&self, step_ms: i64) {
        let mut clocks = self.0.lock().unwrap();
        clocks.1 = Timestamp::from_millis(clocks.1.as_millis() + step_ms);
    }
}

impl TimeSource for Machine {
    fn monotonic(&self) -> Duration {
        self.0.lock().unwrap().0
    }

    fn wall(&self) -> Timestamp {
        self.0.lock().unwrap().1
    }
}
