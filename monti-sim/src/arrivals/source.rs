//! A stream at work: when its next call comes.

use jiff::civil::Time;
use monti_core::{Millis, Priority, Timestamp, VqId};
use rand::{Rng, RngExt as _};
use rand_distr::{Distribution as _, Exp1};

use super::{Count, Peak, Rate, Stream};
use crate::Calendar;

const HOUR_MS: f64 = 3_600_000.0;

/// A rate at which none comes for so long lets none come at all, so that no search for the next
/// call goes on for thousands of years.
const SEARCH: Millis = Millis::from_secs(10 * 366 * 86_400);

/// A stream and where it stands.
#[derive(Debug)]
pub(crate) struct Source {
    stream: Stream,
    /// The times of the day at which the rate may change, peak hours included.
    changes: Vec<Time>,
    progress: Progress,
    /// When the next call comes.
    due: Timestamp,
}

#[derive(Debug)]
enum Progress {
    Poisson {
        /// Where in time the process is, in milliseconds since the epoch: not rounded, so that
        /// roundings do not add up.
        position: f64,
        /// Milliseconds from one call to the next on average; infinite where none come.
        gap: f64,
        /// When the gap changes.
        changes_at: Timestamp,
    },
    Counts {
        /// How many spans have been begun.
        begun: usize,
        /// When the calls of the span come that have not come yet, latest first.
        moments: Vec<Timestamp>,
    },
}

impl Source {
    /// A stream that begins at `now`.
    pub(crate) fn new(
        stream: Stream,
        now: Timestamp,
        calendar: &Calendar,
        peak: &Peak,
        rng: &mut impl Rng,
    ) -> Self {
        let mut source = Self::idle(stream);
        source.begin(now, calendar, peak, rng);
        source
    }

    /// A stream that has not begun.
    pub(crate) fn idle(stream: Stream) -> Self {
        let progress = Progress::Counts { begun: 0, moments: Vec::new() };
        Self { stream, changes: Vec::new(), progress, due: Timestamp::MAX }
    }

    /// Goes on at `now` with a rate that may have changed. A Poisson process remembers nothing, so
    /// it does not matter how long the next call has been waited for.
    pub(crate) fn begin(
        &mut self,
        now: Timestamp,
        calendar: &Calendar,
        peak: &Peak,
        rng: &mut impl Rng,
    ) {
        if let Rate::Counts(counts) = &self.stream.rate {
            let begun = counts.partition_point(|count| count.until <= now);
            self.progress = Progress::Counts { begun, moments: Vec::new() };
        } else {
            let peaks = peak.hours.iter().flat_map(|(from, until)| [*from, *until]);
            self.changes = self.stream.rate.changes().chain(peaks).collect();
            self.changes.sort_unstable();
            self.changes.dedup();
            let (gap, changes_at) = self.step(now, calendar, peak);
            self.progress = Progress::Poisson { position: position(now), gap, changes_at };
        }
        self.advance(calendar, peak, rng);
        // Of a span that runs already, only the rest is to come.
        while self.due < now {
            self.advance(calendar, peak, rng);
        }
    }

    /// When the next call comes.
    pub(crate) fn due(&self) -> Timestamp {
        self.due
    }

    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    pub(crate) fn replace(&mut self, stream: Stream) {
        self.stream = stream;
    }

    /// Lets no call come any more.
    pub(crate) fn stop(&mut self) {
        self.due = Timestamp::MAX;
    }

    /// For which queue the call that is due is, and how urgent it is.
    pub(crate) fn draw_call(&self, rng: &mut impl Rng) -> (VqId, Priority) {
        (self.stream.vqs.draw(rng), self.stream.priorities.draw(rng))
    }

    /// Goes on to the next call.
    pub(crate) fn advance(&mut self, calendar: &Calendar, peak: &Peak, rng: &mut impl Rng) {
        self.due = match &mut self.progress {
            Progress::Counts { begun, moments } => {
                let Rate::Counts(counts) = &self.stream.rate else { return };
                next_moment(counts, begun, moments, rng)
            }
            Progress::Poisson { .. } => self.next_arrival(calendar, peak, rng),
        };
    }

    fn next_arrival(&mut self, calendar: &Calendar, peak: &Peak, rng: &mut impl Rng) -> Timestamp {
        let Progress::Poisson { position: begun, .. } = self.progress else {
            return Timestamp::MAX;
        };
        loop {
            let Progress::Poisson { position: at, gap, changes_at } = &mut self.progress else {
                return Timestamp::MAX;
            };
            if gap.is_finite() {
                let standard: f64 = Exp1.sample(rng);
                let next = *at + *gap * standard;
                if next < position(*changes_at) {
                    *at = next;
                    return moment(next);
                }
            }
            let change = *changes_at;
            let is_given_up = self.stream.rate.is_zero() || change > moment(begun) + SEARCH;
            if change == Timestamp::MAX || is_given_up {
                return Timestamp::MAX;
            }
            // At a change of the rate the process begins anew, which changes nothing about it.
            let (gap, changes_at) = self.step(change, calendar, peak);
            self.progress = Progress::Poisson { position: position(change), gap, changes_at };
        }
    }

    /// The mean gap from `now` on, and until when it is that.
    fn step(&self, now: Timestamp, calendar: &Calendar, peak: &Peak) -> (f64, Timestamp) {
        if self.changes.is_empty() {
            let per_hour = self.stream.rate.per_hour_at(Time::midnight()).unwrap_or(0.0);
            return (HOUR_MS / per_hour, Timestamp::MAX);
        }
        let time = calendar.local(now).time();
        let per_hour = self.stream.rate.per_hour_at(time).unwrap_or(0.0) * peak.factor_at(time);
        let next = self.changes.iter().map(|change| calendar.next(now, *change)).min();
        (HOUR_MS / per_hour, next.unwrap_or(Timestamp::MAX))
    }
}

fn next_moment(
    counts: &[Count],
    begun: &mut usize,
    moments: &mut Vec<Timestamp>,
    rng: &mut impl Rng,
) -> Timestamp {
    loop {
        if let Some(next) = moments.pop() {
            return next;
        }
        let Some(count) = counts.get(*begun) else { return Timestamp::MAX };
        *begun += 1;
        let length = count.until.since(count.from).get().max(1);
        moments.extend(
            (0..count.calls).map(|_| count.from + Millis::new(rng.random_range(0..length))),
        );
        moments.sort_unstable_by(|one, other| other.cmp(one));
    }
}

#[expect(clippy::cast_precision_loss, reason = "2^53 ms are 285,000 years")]
fn position(moment: Timestamp) -> f64 {
    moment.as_millis() as f64
}

#[expect(clippy::cast_possible_truncation, reason = "moments are within the year 9999")]
fn moment(position: f64) -> Timestamp {
    Timestamp::from_millis(position as i64)
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use monti_core::Centre;

    use super::*;
    use crate::{Dice, arrivals::Mix};

    /// Nor does the search for it go on day by day to the end of time.
    #[test]
    fn a_rate_of_less_than_a_call_in_ten_years_lets_none_come() {
        let peak = Peak { factor: 1.3, hours: vec![(time(9, 0, 0, 0), time(11, 0, 0, 0))] };
        let calendar = Calendar::of(&Centre::default());
        for per_hour in [0.0, 1e-7, 1e-6] {
            let stream = Stream {
                vqs: Mix::only(VqId(0)),
                priorities: Mix::only(Priority::default()),
                rate: Rate::Constant(per_hour),
            };
            let now = Timestamp::from_millis(1_769_644_800_000);
            let source = Source::new(stream, now, &calendar, &peak, &mut Dice::new(1, 0).calls);
            assert_eq!(source.due(), Timestamp::MAX, "{per_hour}");
        }
    }
}
