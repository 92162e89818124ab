//! How long something goes on, the time that the machine sleeps included: what was told before a
//! sleep is as old after it as it is anywhere else.

use std::time::Duration;

/// Runs since it was started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch {
    started_at: Duration,
}

impl Stopwatch {
    /// Starts one.
    pub(crate) fn start() -> Self {
        Self { started_at: now() }
    }

    /// How long it runs.
    pub(crate) fn elapsed(self) -> Duration {
        now().saturating_sub(self.started_at)
    }
}

/// The time since the machine was started. `Instant` stands still while it sleeps.
#[cfg(target_os = "linux")]
fn now() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    clock_gettime(ClockId::Boottime).try_into().expect("the machine was started before")
}

/// The time since this was first asked for.
#[cfg(not(target_os = "linux"))]
fn now() -> Duration {
    use std::{sync::LazyLock, time::Instant};

    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    FIRST.elapsed()
}
