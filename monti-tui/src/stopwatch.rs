//! How long something goes on, the time that the machine sleeps included: what was told before a
//! sleep is as old after it as it is anywhere else.

#[path = "../../programs/uptime.rs"]
mod uptime;

use std::time::Duration;

use self::uptime::uptime;

/// Runs since it was started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch {
    started_at: Duration,
}

impl Stopwatch {
    /// Starts one.
    pub(crate) fn start() -> Self {
        Self { started_at: uptime() }
    }

    /// How long it runs.
    pub(crate) fn elapsed(self) -> Duration {
        uptime().saturating_sub(self.started_at)
    }
}
