//! What really happened: the figures of a recording.

use std::{collections::BTreeMap, iter::Sum, ops::Add};

use jiff::civil::Date;
use monti_core::Millis;
use serde::Serialize;

use super::recording::{Fate, RecordedCall};

/// Sums over recorded calls, of which the figures are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Observed {
    /// Calls offered to agents.
    pub offered: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Those whose caller hung up, or was sent elsewhere by the centre.
    pub abandoned: u64,
    /// Those that were answered within the target.
    pub answered_in_target: u64,
    /// Those whose caller waited at all.
    pub had_to_wait: u64,
    /// How long the answered waited in all.
    pub waited: Millis,
    /// How many calls it is known of how long they were served.
    pub served: u64,
    /// How long those were served in all.
    pub service: Millis,
}

/// The figures that go by the names of the protocol; `null` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the protocol's and say it all")]
pub struct ObservedFigures {
    pub calls_offered: u64,
    pub calls_answered: u64,
    pub calls_abandoned: u64,
    pub service_level_percent: Option<f64>,
    pub avg_wait_seconds: Option<f64>,
    pub abandoned_percent: Option<f64>,
    pub waited_percent: Option<f64>,
    pub avg_handle_seconds: Option<f64>,
}

impl Observed {
    /// One call, to be answered within `target`.
    pub fn of(call: &RecordedCall, target: Millis) -> Self {
        let mut sums = Self { offered: 1, ..Self::default() };
        sums.had_to_wait = u64::from(call.waited() > Millis::ZERO);
        match call.fate {
            Fate::Answered { waited, served, .. } => {
                sums.answered = 1;
                sums.answered_in_target = u64::from(waited <= target);
                sums.waited = waited;
                sums.served = u64::from(served.is_some());
                sums.service = served.unwrap_or_default();
            }
            Fate::Abandoned { .. } | Fate::Diverted { .. } => sums.abandoned = 1,
            Fate::Unknown => {}
        }
        sums
    }

    /// The sums of each date, as `date_of` tells a call's.
    pub fn by_date(
        calls: &[RecordedCall],
        date_of: impl Fn(&RecordedCall) -> Date,
        target_of: impl Fn(&RecordedCall) -> Millis,
    ) -> BTreeMap<Date, Self> {
        let mut dates = BTreeMap::<Date, Self>::new();
        for call in calls {
            let sums = dates.entry(date_of(call)).or_default();
            *sums = *sums + Self::of(call, target_of(call));
        }
        dates
    }

    /// The figures of the sums.
    pub fn figures(&self) -> ObservedFigures {
        ObservedFigures {
            calls_offered: self.offered,
            calls_answered: self.answered,
            calls_abandoned: self.abandoned,
            service_level_percent: percent(self.answered_in_target, self.offered),
            avg_wait_seconds: mean(self.waited, self.answered),
            abandoned_percent: percent(self.abandoned, self.offered),
            waited_percent: percent(self.had_to_wait, self.offered),
            avg_handle_seconds: mean(self.service, self.served),
        }
    }
}

impl Add for Observed {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            offered: self.offered + other.offered,
            answered: self.answered + other.answered,
            abandoned: self.abandoned + other.abandoned,
            answered_in_target: self.answered_in_target + other.answered_in_target,
            had_to_wait: self.had_to_wait + other.had_to_wait,
            waited: self.waited + other.waited,
            served: self.served + other.served,
            service: self.service + other.service,
        }
    }
}

impl Sum for Observed {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), Add::add)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn mean(total: Millis, count: u64) -> Option<f64> {
    (count > 0).then(|| total.as_secs_f64() / count as f64)
}
