//! The centre's time, as its server told it.

use std::time::Duration;

use monti_core::{Millis, Timestamp, wire::Welcome};
use tokio::time::Instant;

/// A clock that was set by a server's `welcome`, and runs at its speed. Never turned back.
#[derive(Debug, Clone, Copy)]
pub(super) struct CentreClock {
    set_to: Timestamp,
    set_at: Instant,
    speed: f64,
}

impl CentreClock {
    /// A clock set by a welcome that was heard just now.
    pub(super) fn new(welcome: &Welcome) -> Self {
        let is_speed = welcome.clock_speed.is_finite() && welcome.clock_speed > 0.0;
        Self {
            set_to: welcome.server_time,
            set_at: Instant::now(),
            speed: if is_speed { welcome.clock_speed } else { 1.0 },
        }
    }

    /// The centre's time.
    pub(super) fn now(&self) -> Timestamp {
        self.set_to + millis(scaled(self.set_at.elapsed(), self.speed))
    }

    /// Sets the clock by another welcome, unless that would turn it back.
    pub(super) fn set(&mut self, welcome: &Welcome) {
        let now = self.now();
        *self = Self::new(welcome);
        self.set_to = self.set_to.max(now);
    }

    /// When it will be `moment`: then [`Self::now`] is `moment` or later.
    pub(super) fn instant(&self, moment: Timestamp) -> Instant {
        let ahead = Duration::from_millis(moment.since(self.set_to).get());
        // Further than anybody waits: adding more could overflow.
        let real = scaled(ahead, 1.0 / self.speed).min(Duration::from_secs(86_400 * 365));
        // The centre's time is told in whole milliseconds, rounded down.
        self.set_at + real + Duration::from_micros(1)
    }

    /// How long so much of the centre's time takes.
    pub(super) fn real(&self, time: Millis) -> Duration {
        scaled(Duration::from_millis(time.get()), 1.0 / self.speed)
    }

    /// How much time passes in the centre meanwhile.
    pub(super) fn centre(&self, real: Duration) -> Millis {
        millis(scaled(real, self.speed))
    }

    /// How many seconds of the centre's time pass in a real one.
    pub(super) fn speed(&self) -> f64 {
        self.speed
    }
}

fn scaled(duration: Duration, by: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * by).unwrap_or(Duration::MAX)
}

fn millis(duration: Duration) -> Millis {
    Millis::new(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
