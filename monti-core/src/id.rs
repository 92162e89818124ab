//! Identifiers inside the engine: small numbers that copy.
//!
//! Text identifiers live at the engine's edge, see [`crate::text`].

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::deserialize_parsed;

/// A department: its place in the centre, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DepartmentId(pub u16);

/// A virtual queue: its place among all of the centre's queues, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VqId(pub u32);

impl DepartmentId {
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl VqId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// An agent known to the engine: a place in its table and how often that place was taken before,
/// so that a number kept too long never names somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AgentId {
    pub(crate) slot: u32,
    pub(crate) generation: u32,
}

impl AgentId {
    /// The agent's place in the engine's table: small, and different for all agents that are known
    /// at one time. For tables of the shell's own.
    pub fn index(self) -> usize {
        self.slot as usize
    }
}

/// One registration of an agent. Numbers grow with every registration of any agent and are never
/// used twice; only an agent's newest session may speak for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Session(pub u64);

/// Where a call came from, for the shell's own use: the engine only repeats it in what it says
/// about the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Origin(pub u64);

/// A business date, in the centre's own time zone, from 0001-01-01 to 9999-12-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Year, month and day of the month as one number, `yyyymmdd`: dates are compared with every
    /// call, so they are compared at once.
    yyyymmdd: u32,
}

impl Day {
    /// The last day that can be written.
    pub const MAX: Self = Self { yyyymmdd: 99_991_231 };

    /// The day of a year (1 to 9999), month and day of the month; `None` if the calendar has no
    /// such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        (year >= 1).then_some(())?;
        Date::new(year, month, day).ok().map(Self::from)
    }

    /// The day after this one; the last day stays the last.
    pub fn next(self) -> Self {
        self.date().tomorrow().map_or(self, Self::from)
    }

    /// The calendar date.
    pub fn date(self) -> Date {
        let part = |divisor, modulus| self.yyyymmdd / divisor % modulus;
        let small = |part: u32| i8::try_from(part).ok();
        let date = || {
            let year = i16::try_from(part(10_000, 10_000)).ok()?;
            Date::new(year, small(part(100, 100))?, small(part(1, 100))?).ok()
        };
        date().unwrap_or_else(|| panic!("{} was made from a date", self.yyyymmdd))
    }
}

impl From<Date> for Day {
    /// Years before 1 become 0001-01-01: business has no dates before it.
    fn from(date: Date) -> Self {
        let date = date.max(Date::constant(1, 1, 1));
        let (year, month, day) = (date.year(), date.month(), date.day());
        let number = |part: i16| u32::from(part.unsigned_abs());
        Self { yyyymmdd: number(year) * 10_000 + number(month.into()) * 100 + number(day.into()) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A call: the business date of its arrival and a counter within that date, from 1. Never used
/// twice.
///
/// Written `CALL-20260129-000042`; the counter has at least six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId {
    /// The business date on which the call arrived.
    pub day: Day,
    /// Counts the calls of that date, from 1.
    pub number: u32,
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CALL-{:08}-{:06}", self.day.yyyymmdd, self.number)
    }
}

/// A text that names no call or day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct InvalidId {
    text: String,
    expected: &'static str,
}

impl InvalidId {
    fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.chars().take(64).collect(), expected }
    }
}

impl FromStr for CallId {
    type Err = InvalidId;

    /// Accepts just what [`fmt::Display`] writes, so that one call has one name.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let parse = || {
            let (date, number) = text.strip_prefix("CALL-")?.split_once('-')?;
            let is_padded = number.len() == 6 || number.len() > 6 && !number.starts_with('0');
            (date.len() == 8 && are_digits(date) && is_padded && are_digits(number))
                .then_some(())?;
            let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
            let day = Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
            let number = number.parse().ok()?;
            (number > 0).then_some(Self { day, number })
        };
        parse().ok_or_else(|| InvalidId::new(text, "a call such as CALL-20260129-000042"))
    }
}

impl FromStr for Day {
    type Err = InvalidId;

    /// Accepts just `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.parse::<Date>()
            .ok()
            .map(Self::from)
            .filter(|day| day.to_string() == text)
            .ok_or_else(|| InvalidId::new(text, "a date such as 2026-01-29"))
    }
}

/// Serialises through text, in every format: days and calls are keys in files and on the wire.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize_parsed(deserializer)
            }
        }
    };
}

serde_as_text!(Day);
serde_as_text!(CallId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_one_name() {
        let day = Day::new(2026, 1, 29).unwrap();
        for (number, name) in [
            (42, "CALL-20260129-000042"),
            (999_999, "CALL-20260129-999999"),
            (1_000_000, "CALL-20260129-1000000"),
        ] {
            let id = CallId { day, number };
            assert_eq!(id.to_string(), name);
            assert_eq!(name.parse(), Ok(id));
        }
    }

    #[test]
    fn a_date_is_shown_as_it_is_written() {
        let day = Day::new(2026, 1, 29).unwrap();
        assert_eq!(
            (day.to_string(), format!("{day:?}")),
            ("2026-01-29".into(), "2026-01-29".into())
        );
    }

    #[test]
    fn what_is_no_call_is_refused() {
        for text in [
            "",
            "CALL-20260129-42",
            "CALL-20260129-0000042",
            "CALL-20260129-000000",
            "CALL-20260230-000042",
            "CALL-20260129-+00042",
            "CALL-20260129-00004é",
            "CALL-2026+129-000042",
            "CALL-20260129-000042 ",
            "CALL-2026é129-000042",
            "CALL-20260129-99999999999",
            "call-20260129-000042",
        ] {
            assert!(text.parse::<CallId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_day_knows_its_morrow() {
        let leap = Day::new(2028, 2, 28).unwrap();
        assert_eq!(leap.next().to_string(), "2028-02-29");
        assert_eq!(leap.next().next().to_string(), "2028-03-01");
        assert_eq!(Day::MAX.next(), Day::MAX);
        assert_eq!("2028-02-29".parse(), Ok(leap.next()));
        assert!("2027-02-29".parse::<Day>().is_err());
        assert!("20280229".parse::<Day>().is_err());
        assert_eq!(Day::new(0, 1, 1), None);
    }
}
