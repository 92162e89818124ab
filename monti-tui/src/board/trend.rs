//! How a number went in the last minutes.

use monti_core::{Millis, Timestamp};

/// The length of a stretch of which the highest is kept.
const STRETCH: Millis = Millis::from_secs(30);

/// How many stretches are kept: ten minutes.
pub const STRETCHES: usize = 20;

/// The highest values of the last stretches of time. As large as what it holds, and cheap to copy.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trend {
    /// By the stretch's number, in a ring.
    highest: [u32; STRETCHES],
    /// The number of the newest stretch, and of the first that is known.
    newest: u64,
    first: Option<u64>,
    /// The last value that was told.
    value: u32,
}

impl Trend {
    /// At `now` the value is this.
    pub fn record(&mut self, value: u32, now: Timestamp) {
        let number = number(now);
        match self.first {
            None => (self.first, self.newest) = (Some(number), number),
            Some(_) => self.go_on(number),
        }
        let highest = &mut self.highest[place(number)];
        *highest = (*highest).max(value);
        self.value = value;
    }

    /// The highest value of each of the last stretches up to `now`, oldest first; `None` of one
    /// that began before anything was known.
    pub fn stretches(mut self, now: Timestamp) -> [Option<u32>; STRETCHES] {
        let newest = number(now).max(self.newest);
        if self.first.is_some() {
            self.go_on(newest);
        }
        let mut stretches = [None; STRETCHES];
        for (back, stretch) in stretches.iter_mut().rev().enumerate() {
            let number = newest.checked_sub(back as u64);
            let known = number.filter(|number| self.first.is_some_and(|first| *number >= first));
            *stretch = known.map(|number| self.highest[place(number)]);
        }
        stretches
    }

    /// What was told last holds until something else is told.
    fn go_on(&mut self, to: u64) {
        let missed = to.saturating_sub(self.newest).min(STRETCHES as u64);
        for number in to - missed..to {
            self.highest[place(number + 1)] = self.value;
        }
        self.newest = self.newest.max(to);
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
}
