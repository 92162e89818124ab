//! What really happened: the figures of a recording.

use std::{collections::BTreeMap, iter::Sum, ops::Add};

use jiff::civil::Date;
use monti_core::Millis;
use serde::Serialize;

use super::recording::{Fate, RecordedCall};
use crate::study::Calls;

/// Sums over recorded calls, of which the figures are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Observed {
    /// What is summed up of played calls, too. Callers whom the centre sent elsewhere count as
    /// abandoned, and handling is the service alone: after-call work is not recorded.
    pub calls: Calls,
    /// How many calls it is known of how long they were served.
    pub served: u64,
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
        let waited = u64::from(call.waited() > Millis::ZERO);
        let mut calls = Calls { offered: 1, waited, ..Calls::default() };
        let mut known = None;
        match call.fate {
            Fate::Answered { waited, served, .. } => {
                calls.answered = 1;
                calls.in_target = u64::from(waited <= target);
                calls.wait = waited;
                calls.handle = served.unwrap_or_default();
                known = served;
            }
            Fate::Abandoned { .. } | Fate::Diverted { .. } => calls.abandoned = 1,
            Fate::Unknown => {}
        }
        Self { calls, served: u64::from(known.is_some()) }
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
        let Self { calls, served } = self;
        ObservedFigures {
            calls_offered: calls.offered,
            calls_answered: calls.answered,
            calls_abandoned: calls.abandoned,
            service_level_percent: percent(calls.in_target, calls.offered),
            avg_wait_seconds: mean(calls.wait, calls.answered),
            abandoned_percent: percent(calls.abandoned, calls.offered),
            waited_percent: percent(calls.waited, calls.offered),
            avg_handle_seconds: mean(calls.handle, *served),
        }
    }
}

impl Add for Observed {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self.calls.merge(&other.calls);
        self.served += other.served;
        self
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
