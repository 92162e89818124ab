//! Durations on the wire.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Millis;

/// A duration, written as a number of seconds such as `12.5`, exact to the millisecond.
///
/// Read from 0 to [`Seconds::MAX`], and rounded to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seconds(pub Millis);

impl Seconds {
    /// The longest duration that is read, in whole seconds: more than 300 years.
    pub const MAX: u64 = 10_000_000_000;
}

impl From<Millis> for Seconds {
    fn from(duration: Millis) -> Self {
        Self(duration)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.as_secs_f64())
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        if !(0.0..=Millis::from_secs(Self::MAX).as_secs_f64()).contains(&seconds) {
            let message = format_args!("a duration is a number of seconds from 0 to {}", Self::MAX);
            return Err(de::Error::custom(message));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 10^13, as just checked"
        )]
        let millis = (seconds * 1_000.0).round() as u64;
        Ok(Self(Millis::new(millis)))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, F64Deserializer};

    use super::*;

    #[test]
    fn every_millisecond_survives() {
        for millis in (0..100_000).chain([86_399_999, 31_535_999_999, Seconds::MAX * 1_000]) {
            let duration = Seconds(Millis::new(millis));
            let text = serde_json::to_string(&duration).unwrap();
            assert_eq!(serde_json::from_str::<Seconds>(&text).unwrap(), duration, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.001, -1e300, 1e10 + 0.001] {
            let read = Seconds::deserialize(F64Deserializer::<Error>::new(number));
            assert!(read.is_err(), "{number}");
        }
        assert!(serde_json::from_str::<Seconds>("\"12.5\"").is_err());
    }
}
