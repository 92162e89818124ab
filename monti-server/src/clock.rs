//! The centre's time, and its business dates.
//!
//! The clock starts at the wall clock's time and from there on runs with the monotonic clock, at
//! [`Clock::speed`] times its pace: it never stands back, a wall clock that is set does not move
//! it, and a machine that sleeps does not stop it. Both clocks of the machine are asked for through
//! a [`TimeSource`], so that a test can be both.

#[path = "../../programs/first_moment.rs"]
mod first_moment;
#[path = "../../programs/uptime.rs"]
mod uptime;

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, tz::TimeZone};
use monti_core::{BusinessDay, ClockSpeed, Day, Millis, Timestamp};

use self::{first_moment::first_moment, uptime::uptime};

/// A step of the wall clock that is worth a line in the log.
const STEP_MIN: Millis = Millis::from_secs(1);

/// The two clocks of a machine.
pub trait TimeSource: Send + Sync {
    /// The time that has passed since some fixed moment, also while the machine slept; never less
    /// than before.
    fn monotonic(&self) -> Duration;

    /// The time of day, which somebody may set.
    fn wall(&self) -> Timestamp;
}

/// The clocks of the machine that this runs on.
#[derive(Debug, Clone, Copy)]
pub struct SystemTimeSource;

impl TimeSource for SystemTimeSource {
    fn monotonic(&self) -> Duration {
        uptime()
    }

    fn wall(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // A clock before 1970 was never set.
        Timestamp::from_millis(0) + since_epoch.unwrap_or_default().into()
    }
}

/// The centre's clock. Shared by all who tell the time.
pub struct Clock {
    source: Box<dyn TimeSource>,
    speed: ClockSpeed,
    /// The centre's time, and the monotonic clock's, at the start.
    anchor: (Timestamp, Duration),
    /// The latest moment told, in milliseconds since the epoch.
    latest: AtomicI64,
    /// By how many milliseconds the wall clock differs from one that ran evenly since the start,
    /// as far as was told.
    absorbed: AtomicI64,
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock").field("speed", &self.speed).field("anchor", &self.anchor).finish()
    }
}

impl Clock {
    /// A clock that shows the wall clock's time, but nothing before `not_before`, and runs `speed`
    /// times as fast as real time.
    ///
    /// A speed that is not a positive number counts as 1.
    pub fn start(source: Box<dyn TimeSource>, speed: f64, not_before: Timestamp) -> Self {
        let wall = source.wall();
        let begin = wall.max(not_before);
        Self {
            anchor: (begin, source.monotonic()),
            source,
            speed: ClockSpeed::new(speed),
            latest: AtomicI64::new(begin.as_millis()),
            absorbed: AtomicI64::new(wall.as_millis() - begin.as_millis()),
        }
    }

    /// The centre's time: never earlier than any moment told before.
    pub fn now(&self) -> Timestamp {
        let (begin, _) = self.anchor;
        let now = begin + self.speed.centre(self.elapsed());
        let latest = self.latest.fetch_max(now.as_millis(), Ordering::Relaxed);
        now.max(Timestamp::from_millis(latest))
    }

    /// How much of the centre's time passes in so much real time.
    pub(crate) fn centre(&self, real: Duration) -> Millis {
        self.speed.centre(real)
    }

    /// The centre's time so long ago, in real time.
    pub(crate) fn before(&self, real: Duration) -> Timestamp {
        self.now() - self.centre(real)
    }

    /// How many seconds of the centre's time pass in a real one.
    pub fn speed(&self) -> f64 {
        self.speed.get()
    }

    /// The machine's monotonic time, which runs at its own pace.
    pub fn monotonic(&self) -> Duration {
        self.source.monotonic()
    }

    /// How long to wait, in real time, until it is `moment`: after it, [`Self::now`] is `moment`
    /// or later. Zero if it is already.
    pub fn until(&self, moment: Timestamp) -> Duration {
        let left = moment.since(self.now());
        if left == Millis::ZERO {
            return Duration::ZERO;
        }
        // The centre's time is told in whole milliseconds, rounded down.
        self.speed.real(left).saturating_add(Duration::from_millis(1))
    }

    /// By how much the centre's time is ahead of the wall clock; negative if it is behind.
    ///
    /// It is ahead after a run over a wall clock that was, or at another speed: the centre's time
    /// never stands back.
    pub fn ahead(&self) -> SignedDuration {
        let ahead_ms = self.now().as_millis().saturating_sub(self.source.wall().as_millis());
        SignedDuration::from_millis(ahead_ms)
    }

    /// Logs that the centre's time is ahead of the wall clock, if it is by more than a second.
    pub(crate) fn warn_if_ahead(&self) {
        let ahead = self.ahead();
        if ahead > SignedDuration::from_secs(1) {
            tracing::warn!(
                ahead_seconds = ahead.as_secs_f64(),
                "the centre's clock is ahead of this machine's and runs on from where it left off, \
                 with the dates that it shows: docs/operations.md, \"The centre's clock\""
            );
        }
    }

    /// By how much the wall clock was set since the last time this told, in milliseconds, if that
    /// is more than a second.
    ///
    /// The centre's time goes on evenly all the same: calls neither age by an hour nor get
    /// younger. The next start takes over what the wall clock says then.
    pub fn wall_step_ms(&self) -> Option<i64> {
        let (begin, _) = self.anchor;
        let even = begin + self.elapsed().into();
        let offset = self.source.wall().as_millis().saturating_sub(even.as_millis());
        let step = offset.saturating_sub(self.absorbed.load(Ordering::Relaxed));
        (step.unsigned_abs() > STEP_MIN.get()).then(|| {
            self.absorbed.store(offset, Ordering::Relaxed);
            step
        })
    }

    /// The real time that passed since the start.
    fn elapsed(&self) -> Duration {
        let (_, start) = self.anchor;
        self.source.monotonic().saturating_sub(start)
    }
}

/// The business date at `now`, with its true bounds in `zone`: 23, 24 or 25 hours.
///
/// Dates do not come again. If `today`, the date that runs, is later than the calendar's (the
/// centre moved to another time zone), it stays, up to its own end in the new zone.
pub fn business_day(zone: &TimeZone, now: Timestamp, today: Option<Day>) -> BusinessDay {
    let moment = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
    let calendar = Day::from(zone.to_datetime(moment).date());
    let day = today.map_or(calendar, |today| today.max(calendar));
    let starts_at = first_moment(zone, day.date()).min(now);
    let ends_at = first_moment(zone, day.next().date());
    BusinessDay { day, starts_at, ends_at }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_step_of_the_wall_clock_is_told_once_and_moves_nothing() {
        let (clock, machine) = clock(1.0, Timestamp::MIN);
        let begin = clock.now();
        for step_ms in [3_600_000, -7_200_000] {
            machine.set_wall(step_ms);
            assert_eq!(clock.now(), begin);
            assert_eq!(clock.wall_step_ms(), Some(step_ms));
            assert_eq!(clock.wall_step_ms(), None);
        }
        machine.set_wall(900);
        assert_eq!(clock.wall_step_ms(), None);
        machine.pass(Duration::from_millis(1_500));
        assert_eq!(clock.now().since(begin), Millis::new(1_500));
    }

    #[test]
    fn the_clock_begins_no_earlier_than_it_left_off() {
        let left_off = at("2031-01-01T00:00:00Z");
        let (clock, machine) = clock(1.0, left_off);
        assert_eq!(clock.now(), left_off);
        machine.pass(Duration::from_secs(1));
        assert_eq!(clock.now().since(left_off), Millis::from_secs(1));
        assert_eq!(clock.wall_step_ms(), None);
    }

    /// That the two run on while the machine sleeps is the system's word: no test puts it to sleep,
    /// and on a machine that never slept this cannot tell the clock from one that stands still then.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_machines_clock_is_the_one_that_counts_its_sleep() {
        use rustix::time::{ClockId, clock_gettime};

        let counts_sleep = || Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap();
        let (before, read, after) = (counts_sleep(), SystemTimeSource.monotonic(), counts_sleep());
        assert!((before..=after).contains(&read), "{before:?} {read:?} {after:?}");
    }

    #[test]
    fn how_far_it_is_ahead_is_told() {
        let (clock, machine) = clock(1.0, at("2026-01-29T08:00:05Z"));
        assert_eq!(clock.ahead(), SignedDuration::from_secs(5));
        machine.pass(Duration::from_secs(60));
        assert_eq!(clock.ahead(), SignedDuration::from_secs(5));
        machine.set_wall(6_000);
        assert_eq!(clock.ahead(), SignedDuration::from_secs(-1));
    }

    #[test]
    fn a_faster_clock_waits_shorter() {
        let (clock, machine) = clock(60.0, Timestamp::MIN);
        let soon = clock.now() + Millis::from_secs(60);
        let wait = clock.until(soon);
        assert!((1_000..=1_002).contains(&wait.as_millis()), "{wait:?}");
        machine.pass(wait);
        assert!(clock.now() >= soon);
        assert_eq!(clock.until(soon), Duration::ZERO);
    }

    #[test]
    fn days_of_clock_changes_have_23_and_25_hours() {
        for (zone, moment, day, hours) in [
            ("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-29", 23),
            ("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-25", 25),
            ("Europe/Berlin", "2026-06-01T22:30:00Z", "2026-06-02", 24),
            // At these dates' midnights the clock was set to 1 and to 23 o'clock.
            ("America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04", 23),
            ("America/Sao_Paulo", "2018-02-17T12:00:00Z", "2018-02-17", 25),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let date = business_day(&zone, at(moment), None);
            assert_eq!(date.day.to_string(), day);
            assert_eq!(date.ends_at.since(date.starts_at), Millis::from_secs(hours * 3_600));
            let next = business_day(&zone, date.ends_at, None);
            assert_eq!((next.day, next.starts_at), (date.day.next(), date.ends_at));
        }
    }

    #[test]
    fn a_date_does_not_come_again_in_another_zone() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let now = at("2026-01-10T02:00:00Z");
        let today = Day::new(2026, 1, 10).unwrap();
        let date = business_day(&zone, now, Some(today));
        assert_eq!((date.day, date.starts_at), (today, now));
        assert_eq!(date.ends_at, at("2026-01-11T05:00:00Z"));
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[derive(Clone)]
    struct Machine(Arc<Mutex<(Duration, i64)>>);

    impl Machine {
        fn pass(&self, time: Duration) {
            self.0.lock().unwrap().0 += time;
        }

        fn set_wall(&self, step_ms: i64) {
            self.0.lock().unwrap().1 += step_ms;
        }
    }

    impl TimeSource for Machine {
        fn monotonic(&self) -> Duration {
            self.0.lock().unwrap().0
        }

        fn wall(&self) -> Timestamp {
            let (passed, offset) = *self.0.lock().unwrap();
            let even = at("2026-01-29T08:00:00Z") + passed.into();
            Timestamp::from_millis(even.as_millis() + offset)
        }
    }

    fn clock(speed: f64, not_before: Timestamp) -> (Clock, Machine) {
        let machine = Machine(Arc::default());
        (Clock::start(Box::new(machine.clone()), speed, not_before), machine)
    }
}
