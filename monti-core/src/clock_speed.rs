//! How fast a centre's time passes.

use std::time::Duration;

use crate::Millis;

/// How many seconds of the centre's time pass in a real one; 1 but for demonstrations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockSpeed(f64);

impl ClockSpeed {
    /// A speed; what is not a positive number counts as 1.
    pub fn new(speed: f64) -> Self {
        Self(if speed.is_finite() && speed > 0.0 { speed } else { 1.0 })
    }

    /// The speed as a number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// How much of the centre's time passes in so much real time, rounded down as its clock is.
    pub fn centre(self, real: Duration) -> Millis {
        scaled(real, self.0).into()
    }

    /// How long so much of the centre's time takes.
    pub fn real(self, centre: Millis) -> Duration {
        scaled(Duration::from_millis(centre.get()), 1.0 / self.0)
    }
}

impl Default for ClockSpeed {
    fn default() -> Self {
        Self(1.0)
    }
}

fn scaled(duration: Duration, by: f64) -> Duration {
    if by.to_bits() == 1.0_f64.to_bits() {
        return duration;
    }
    // Rounds to the nanosecond: a float a hair short of a whole millisecond is that millisecond.
    Duration::try_from_secs_f64(duration.as_secs_f64() * by).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_millisecond_of_real_time_is_as_many_of_the_centres_as_the_speed_says() {
        for (speed, times) in [(1.0, 1), (2.0, 2), (60.0, 60), (1_000.0, 1_000)] {
            assert_eq!(ClockSpeed::new(speed).get().to_bits(), speed.to_bits());
            let speed = ClockSpeed::new(speed);
            for real_ms in 0..5_000 {
                let real = Duration::from_millis(real_ms);
                assert_eq!(speed.centre(real), Millis::new(real_ms * times), "{speed:?}");
                assert_eq!(speed.real(Millis::new(real_ms * times)), real, "{speed:?}");
            }
        }
    }

    #[test]
    fn a_part_of_a_millisecond_is_not_over_yet() {
        let almost = Duration::from_micros(1_999);
        assert_eq!(ClockSpeed::default().centre(almost), Millis::new(1));
        assert_eq!(ClockSpeed::new(10.0).centre(almost), Millis::new(19));
    }

    #[test]
    fn what_is_no_speed_counts_as_one_and_what_is_too_long_as_the_longest() {
        for speed in [0.0, -0.0, -2.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(ClockSpeed::new(speed), ClockSpeed::default(), "{speed}");
        }
        let fastest = ClockSpeed::new(f64::MAX);
        assert_eq!(fastest.centre(Duration::from_secs(1)), Millis::new(u64::MAX));
        assert_eq!(ClockSpeed::new(f64::MIN_POSITIVE).real(Millis::new(1)), Duration::MAX);
    }
}
