//! How long the machine has been up, the time that it slept included.

use std::time::Duration;

/// The time since the machine was started. `Instant` stands still while it sleeps.
#[cfg(target_os = "linux")]
pub(crate) fn uptime() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    clock_gettime(ClockId::Boottime).try_into().expect("the machine was started before")
}

/// The time since this was first asked for.
#[cfg(not(target_os = "linux"))]
pub(crate) fn uptime() -> Duration {
    use std::{sync::LazyLock, time::Instant};

    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    FIRST.elapsed()
}
