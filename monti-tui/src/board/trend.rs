//! How a number went in the last minutes.

use monti_core::{Millis, Timestamp};

/// The length of a stretch of which the highest is kept.
const STRETCH: Millis = Millis::from_secs(30);

/// How many stretches are kept: ten minutes.
pub const STRETCHES: usize = 20;

/// The highest values of the last stretches of time. As large as what it holds, and cheap to copy.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trend {
    /// By the stretch's number, in a ring; `None` of one that nothing is known of.
    highest: [Option<u32>; STRETCHES],
    /// The number of the newest stretch, once there is one.
    newest: Option<u64>,
    /// The last value that was told.
    value: u32,
}

impl Trend {
    /// At `now` the value is this.
    pub fn record(&mut self, value: u32, now: Timestamp) {
        let number = number(now);
        self.go_on(number);
        let highest = &mut self.highest[place(number)];
        *highest = (*highest).max(Some(value));
        self.value = value;
    }

    /// Nothing was told between these moments, which are in order; of the second the last value is.
    pub fn forget(&mut self, from: Timestamp, to: Timestamp) {
        let (from, to) = (number(from), number(to));
        if self.newest.is_none() || from == to {
            return;
        }
        self.go_on(to);
        for number in to.saturating_sub(STRETCHES as u64).max(from) + 1..to {
            self.highest[place(number)] = None;
        }
        self.highest[place(to)] = Some(self.value);
    }

    /// The highest value of each of the last stretches up to `now`, oldest first; `None` of one
    /// that nothing is known of.
    pub fn stretches(mut self, now: Timestamp) -> [Option<u32>; STRETCHES] {
        let Some(newest) = self.newest.map(|newest| newest.max(number(now))) else {
            return [None; STRETCHES];
        };
        self.go_on(newest);
        let mut stretches = self.highest;
        // The oldest is in the place that the next one will have.
        stretches.rotate_left(place(newest + 1));
        stretches
    }

    /// What was told last holds until something else is told.
    fn go_on(&mut self, to: u64) {
        if let Some(newest) = self.newest {
            let missed = to.saturating_sub(newest).min(STRETCHES as u64);
            for number in to - missed..to {
                self.highest[place(number + 1)] = Some(self.value);
            }
        }
        self.newest = self.newest.max(Some(to));
    }
}

fn number(now: Timestamp) -> u64 {
    now.since(Timestamp::from_millis(0)).get() / STRETCH.get()
}

fn place(number: u64) -> usize {
    usize::try_from(number % STRETCHES as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_holds_until_another_is_told_and_the_highest_of_a_stretch_counts() {
        let at = |seconds: i64| Timestamp::from_millis(1_769_678_100_000 + seconds * 1_000);
        let mut trend = Trend::default();
        assert_eq!(trend.stretches(at(0)), [None; STRETCHES]);
        trend.record(3, at(0));
        trend.record(7, at(10));
        trend.record(2, at(20));
        trend.record(5, at(95));
        let told = trend.stretches(at(125));
        let mut expected = [None; STRETCHES];
        expected[15..].copy_from_slice(&[Some(7), Some(2), Some(2), Some(5), Some(5)]);
        assert_eq!(told, expected);
        assert_eq!(trend.stretches(at(100_000)), [Some(5); STRETCHES]);
    }

    #[test]
    fn what_waited_in_a_silence_is_not_known() {
        let at = |seconds: i64| Timestamp::from_millis(1_769_678_100_000 + seconds * 1_000);
        let mut trend = Trend::default();
        trend.record(12, at(0));
        // As all is told after it: first how things are now, then that it was silent.
        trend.record(0, at(125));
        trend.forget(at(10), at(125));
        let mut expected = [None; STRETCHES];
        (expected[15], expected[19]) = (Some(12), Some(0));
        assert_eq!(trend.stretches(at(125)), expected);
        // One within a stretch takes nothing from what was told of that.
        trend.record(7, at(130));
        trend.record(2, at(140));
        trend.forget(at(131), at(140));
        expected[19] = Some(7);
        assert_eq!(trend.stretches(at(140)), expected);
        // And one that is longer than all that is kept leaves nothing of before.
        trend.forget(at(140), at(10_000));
        expected = [None; STRETCHES];
        expected[19] = Some(2);
        assert_eq!(trend.stretches(at(10_000)), expected);
    }
}
