//! The centre's time, as its server told it.

use std::time::Duration;

use monti_core::{ClockSpeed, Millis, Timestamp, wire::Welcome};
use tokio::{
    select,
    sync::watch,
    time::{Instant, sleep_until},
};

/// A clock that was set by a server's `welcome`, and runs at its speed. Never turned back.
#[derive(Debug, Clone, Copy)]
pub(super) struct CentreClock {
    set_to: Timestamp,
    set_at: Instant,
    speed: ClockSpeed,
    /// By how much it is ahead of the server's own, which may stand while the server is down.
    ahead: Millis,
}

impl CentreClock {
    /// A clock set by a welcome that was heard just now.
    pub(super) fn new(welcome: &Welcome) -> Self {
        Self {
            set_to: welcome.server_time,
            set_at: Instant::now(),
            speed: ClockSpeed::new(welcome.clock_speed),
            ahead: Millis::ZERO,
        }
    }

    /// The centre's time.
    pub(super) fn now(&self) -> Timestamp {
        self.set_to + self.speed.centre(self.set_at.elapsed())
    }

    /// Sets the clock by another welcome, unless that would turn it back.
    pub(super) fn set(&mut self, welcome: &Welcome) {
        let now = self.now();
        *self = Self::new(welcome);
        self.ahead = now.since(self.set_to);
        self.set_to = self.set_to + self.ahead;
    }

    /// The time of the server's own clock.
    pub(super) fn server_time(&self) -> Timestamp {
        self.now() - self.ahead
    }

    /// When it will be `moment`: then [`Self::now`] is `moment` or later.
    pub(super) fn instant(&self, moment: Timestamp) -> Instant {
        let real = self.real(moment.since(self.set_to));
        // Further than anybody waits: adding more could overflow.
        let real = real.min(Duration::from_secs(86_400 * 365));
        // The centre's time is told in whole milliseconds, rounded down.
        self.set_at + real + Duration::from_micros(1)
    }

    /// How long so much of the centre's time takes.
    pub(super) fn real(&self, time: Millis) -> Duration {
        self.speed.real(time)
    }

    /// How much time passes in the centre meanwhile.
    pub(super) fn centre(&self, real: Duration) -> Millis {
        self.speed.centre(real)
    }

    /// How many seconds of the centre's time pass in a real one.
    pub(super) fn speed(&self) -> f64 {
        self.speed.get()
    }
}

/// Ends when it is `moment` by a clock that may be set meanwhile; never at the end of all time.
pub(super) async fn until(mut clock: watch::Receiver<CentreClock>, moment: Timestamp) {
    if moment == Timestamp::MAX {
        std::future::pending::<()>().await;
    }
    loop {
        let due = clock.borrow_and_update().instant(moment);
        select! {
            () = sleep_until(due) => return,
            Ok(()) = clock.changed() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use monti_core::Centre;

    use super::*;

    #[test]
    fn a_server_whose_clock_stood_while_it_was_down_does_not_turn_this_one_back() {
        let started: Timestamp = "2026-01-29T09:00:00Z".parse().unwrap();
        let welcome = |now| Welcome::new("1", now, 1.0, &Centre::default());
        let mut clock = CentreClock::new(&welcome(started + Millis::from_secs(600)));
        let before = clock.now();
        clock.set(&welcome(started));
        assert!(clock.now() >= before);
        let passed = clock.server_time().since(started);
        assert!(passed < Millis::from_secs(300), "{passed:?} within this test");

        // One that was ahead of this one is followed.
        clock.set(&welcome(started + Millis::from_secs(6_000)));
        assert!(clock.now() >= started + Millis::from_secs(6_000));
        assert_eq!(clock.ahead, Millis::ZERO);
    }

    #[tokio::test]
    async fn a_moment_comes_by_the_clock_as_it_was_set_last() {
        let started: Timestamp = "2026-01-29T09:00:00Z".parse().unwrap();
        let hour = Millis::from_secs(3_600);
        let welcome = |now| Welcome::new("1", now, 1.0, &Centre::default());
        let clock = watch::Sender::new(CentreClock::new(&welcome(started)));
        let mut comes = std::pin::pin!(until(clock.subscribe(), started + hour));
        select! {
            biased;
            () = &mut comes => panic!("it is an hour yet"),
            () = std::future::ready(()) => {}
        }
        clock.send_modify(|clock| clock.set(&welcome(started + hour)));
        tokio::time::timeout(Duration::from_secs(60), comes).await.expect("it is the moment");
    }
}
