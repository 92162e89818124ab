//! The circuit breaker: a sink that is gone is not asked by everybody all the time.

use std::time::{Duration, Instant};

use super::Pace;

/// Lets requests through, or not.
#[derive(Debug)]
pub(crate) struct Breaker {
    pace: Pace,
    state: State,
}

#[derive(Debug)]
enum State {
    /// All is well; so many requests have failed in a row.
    Closed { failures: u32 },
    /// Nothing goes through before `until`, then a probe. It has opened `trips` times without a
    /// success between.
    Open { until: Instant, trips: u32 },
}

impl Breaker {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { pace, state: State::Closed { failures: 0 } }
    }

    /// Whether a request may go out at `now`.
    pub(super) fn lets_through(&self, now: Instant) -> bool {
        self.wait(now).is_zero()
    }

    /// The same for requests that know nothing of each other: while it is open, who is let through
    /// is the probe, and no other follows before that can have come to something.
    pub(crate) fn admits(&mut self, now: Instant) -> bool {
        let admits = self.lets_through(now);
        if admits && self.is_open() {
            self.failed(now);
        }
        admits
    }

    /// Whether the sink is taken to be gone: what goes out is a probe.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    /// For how long nothing may go out from `now` on.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        match self.state {
            State::Closed { .. } => Duration::ZERO,
            State::Open { until, .. } => until.saturating_duration_since(now),
        }
    }

    /// The sink answered.
    pub(crate) fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// The sink did not answer by `now`. Answers whether that opened the breaker.
    pub(crate) fn failed(&mut self, now: Instant) -> bool {
        match &mut self.state {
            State::Closed { failures } => {
                *failures += 1;
                if *failures < self.pace.failures_max {
                    return false;
                }
                self.open(now, 0);
            }
            // Of the requests that were under way together, the first to fail has opened it.
            State::Open { until, trips } if *until <= now => {
                let trips = trips.saturating_add(1);
                self.open(now, trips);
            }
            State::Open { .. } => return false,
        }
        true
    }

    /// The sink is of no use as it is. Answers whether that opened the breaker.
    pub(super) fn trip(&mut self, now: Instant) -> bool {
        if let State::Closed { failures } = &mut self.state {
            *failures = self.pace.failures_max;
        }
        self.failed(now)
    }

    fn open(&mut self, now: Instant, trips: u32) {
        let until = now + self.pace.open.before(trips);
        self.state = State::Open { until, trips };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row() {
        let (pace, now) = (Pace::default(), Instant::now());
        let mut breaker = Breaker::new(pace);
        for _ in 1..pace.failures_max {
            assert!(!breaker.failed(now));
        }
        breaker.succeeded();
        for _ in 1..pace.failures_max {
            assert!(!breaker.failed(now));
        }
        assert!(!breaker.is_open());
        assert!(breaker.failed(now));
        assert!(breaker.is_open());
    }

    #[test]
    fn it_opens_at_once_for_a_sink_that_is_of_no_use() {
        let now = Instant::now();
        let mut breaker = Breaker::new(Pace::default());
        assert!(breaker.trip(now) && breaker.is_open());
        assert!(breaker.wait(now).is_zero() || !breaker.trip(now));
    }

    #[test]
    fn of_many_who_ask_one_at_a_time_is_the_probe() {
        let mut now = Instant::now();
        let mut breaker = Breaker::new(Pace { failures_max: 1, ..Pace::default() });
        assert!(breaker.admits(now) && breaker.admits(now));
        breaker.failed(now);
        for _ in 0..50 {
            now += breaker.wait(now);
            assert!(breaker.admits(now));
            assert!(breaker.wait(now).is_zero() || !breaker.admits(now));
        }
        breaker.succeeded();
        assert!(breaker.admits(now) && breaker.admits(now));
    }

    #[test]
    fn a_probe_closes_it_or_opens_it_for_longer() {
        let (pace, mut now) = (Pace::default(), Instant::now());
        let mut breaker = Breaker::new(pace);
        while !breaker.failed(now) {}
        let mut longest_wait = Duration::ZERO;
        for _ in 0..200 {
            let wait = breaker.wait(now);
            longest_wait = longest_wait.max(wait);
            assert!(wait <= pace.open.longest);
            assert!(wait.is_zero() || !breaker.failed(now), "what was under way changes nothing");
            now += wait;
            assert!(breaker.lets_through(now) && breaker.failed(now));
        }
        assert!(longest_wait > pace.open.longest / 2, "{longest_wait:?}");
        breaker.succeeded();
        assert!(!breaker.is_open() && breaker.lets_through(now));
    }
}
