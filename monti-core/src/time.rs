//! Moments and durations, in whole milliseconds.
//!
//! The engine never asks what time it is; these types only carry what the shell tells it.

use std::{
    fmt,
    num::NonZeroU64,
    ops::{Add, AddAssign, Sub},
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::deserialize_parsed;

/// A duration in milliseconds, never negative.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(u64);

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A duration of `millis` milliseconds.
    pub const fn new(millis: u64) -> Self {
        Self(millis)
    }

    /// A duration of `seconds` whole seconds; saturates at the largest duration.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// The number of milliseconds.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The number of seconds, as the wire writes durations; exact below 2^53 ms.
    #[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1_000.0
    }

    /// This duration divided by `count` things, `None` when there are none.
    pub fn mean_over(self, count: u64) -> Option<Self> {
        self.0.checked_div(count).map(Self)
    }
}

impl From<Duration> for Millis {
    /// The whole milliseconds of it; saturates at the largest duration.
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl Add for Millis {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Millis {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Millis {
    type Output = Self;

    /// Stops at zero: a duration is never negative.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Millis {
    fn sum<I: Iterator<Item = Self>>(durations: I) -> Self {
        durations.fold(Self::ZERO, Add::add)
    }
}

/// A moment: milliseconds since the Unix epoch, UTC.
///
/// Text and human-readable formats show RFC 3339 with milliseconds
/// (`2026-01-29T09:15:00.250Z`), compact formats the bare number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// 1 is [`Self::MIN`]: never 0, so that a moment that may be missing takes no more room.
    ordinal: NonZeroU64,
}

const MIN_MILLIS: i64 = -62_135_596_800_000;
const MAX_MILLIS: i64 = 253_402_207_200_000;

impl Timestamp {
    /// The last moment that can be written, at the end of the year 9999: "never" for a deadline.
    pub const MAX: Self = Self::from_millis(MAX_MILLIS);
    /// The first moment that can be written, at the start of the year 1.
    pub const MIN: Self = Self::from_millis(MIN_MILLIS);

    /// The moment `millis` milliseconds after the Unix epoch, brought within [`Self::MIN`] and
    /// [`Self::MAX`].
    pub const fn from_millis(millis: i64) -> Self {
        let after_min = if millis < MIN_MILLIS {
            0
        } else if millis > MAX_MILLIS {
            MAX_MILLIS.abs_diff(MIN_MILLIS)
        } else {
            millis.abs_diff(MIN_MILLIS)
        };
        Self { ordinal: NonZeroU64::MIN.saturating_add(after_min) }
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        (MIN_MILLIS - 1).wrapping_add_unsigned(self.ordinal.get())
    }

    /// The time that has passed since `earlier`, zero if `earlier` is later than this.
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.ordinal.get().saturating_sub(earlier.ordinal.get()))
    }
}

impl Default for Timestamp {
    /// The Unix epoch.
    fn default() -> Self {
        Self::from_millis(0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timestamp").field(&self.as_millis()).finish()
    }
}

impl Add<Millis> for Timestamp {
    type Output = Self;

    /// Stops at [`Timestamp::MAX`].
    fn add(self, after: Millis) -> Self {
        let ordinal = self.ordinal.saturating_add(after.0);
        Self { ordinal: ordinal.min(Self::MAX.ordinal) }
    }
}

impl Sub<Millis> for Timestamp {
    type Output = Self;

    /// Stops at [`Timestamp::MIN`].
    fn sub(self, before: Millis) -> Self {
        let ordinal = NonZeroU64::new(self.ordinal.get().saturating_sub(before.0));
        ordinal.map_or(Self::MIN, |ordinal| Self { ordinal })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_millisecond(self.as_millis()).map_err(|_| fmt::Error)?;
        write!(f, "{moment:.3}")
    }
}

/// A text that is no RFC 3339 moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a moment such as 2026-01-29T09:15:00.250Z")]
pub struct InvalidTimestamp {
    text: String,
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        text.parse::<jiff::Timestamp>()
            .map(|moment| Self::from_millis(moment.as_millisecond()))
            .map_err(|_| InvalidTimestamp { text: text.chars().take(64).collect() })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.as_millis().serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserialize_parsed(deserializer)
        } else {
            i64::deserialize(deserializer).map(Self::from_millis)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_with_milliseconds() {
        let moment: Timestamp = "2026-01-29T09:15:00.25Z".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-01-29T09:15:00.250Z");
        assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert!("yesterday".parse::<Timestamp>().is_err());
        for bound in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(bound.to_string().parse(), Ok(bound));
        }
        assert_eq!(Timestamp::from_millis(-1).as_millis(), -1);
        assert_eq!(Timestamp::from_millis(i64::MIN), Timestamp::MIN);
        assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
    }

    #[test]
    fn durations_stop_at_zero_and_at_their_largest() {
        let (early, late) = (Timestamp::from_millis(5), Timestamp::from_millis(9));
        assert_eq!(late.since(early), Millis::new(4));
        assert_eq!(early.since(late), Millis::ZERO);
        assert_eq!(Millis::new(3) - Millis::new(4), Millis::ZERO);
        assert_eq!(Millis::new(u64::MAX) + Millis::new(1), Millis::new(u64::MAX));
        assert_eq!(Timestamp::MAX + Millis::new(1), Timestamp::MAX);
        assert_eq!(Timestamp::MIN - Millis::new(1), Timestamp::MIN);
        assert_eq!(Millis::new(7).mean_over(2), Some(Millis::new(3)));
        assert_eq!(Millis::new(7).mean_over(0), None);
        assert_eq!(Millis::from(Duration::from_micros(1_999)), Millis::new(1));
        assert_eq!(Millis::from(Duration::MAX), Millis::new(u64::MAX));
    }

    #[test]
    fn a_moment_is_text_for_people_and_a_number_for_machines() {
        let moment = Timestamp::from_millis(1_769_678_100_250);
        let text = serde_json::to_string(&moment).unwrap();
        assert_eq!(text, "\"2026-01-29T09:15:00.250Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), moment);
    }
}
