//! What is going to happen in a fleet, and when.

use std::{cmp::Reverse, collections::BinaryHeap};

use monti_core::Timestamp;

/// Something that is due at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// An agent does its next thing. Its number.
    Agent(u32),
    /// An agent begins or ends to want something beside its calls. Its number.
    Wish(u32),
    /// A caller is out of patience, or calls again. Its place.
    Caller(u32),
}

/// Moments and what is due at them, the earliest first; of one moment agents before callers, each
/// by their numbers.
///
/// Nothing is ever taken back: whoever is due remembers when, and what is due at another moment
/// than that was given up and is passed over. That is cheaper than finding it.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<Entry>>,
}

/// A moment and what is due, in one number, so that comparing two is one step without a branch.
/// The upper 64 bits are the moment, the next 32 the kind, the last 32 whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry(u128);

impl Agenda {
    /// When something is due next, [`Timestamp::MAX`] if nothing is.
    pub(crate) fn next(&self) -> Timestamp {
        self.heap.peek().map_or(Timestamp::MAX, |Reverse(entry)| entry.at())
    }

    /// Enters something. Later than all time is never.
    pub(crate) fn enter(&mut self, at: Timestamp, due: Due) {
        if at < Timestamp::MAX {
            self.heap.push(Reverse(Entry::new(at, due)));
        }
    }

    /// Takes the first of what is due at `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        if self.next() > now {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.at(), entry.due()))
    }
}

impl Entry {
    fn new(at: Timestamp, due: Due) -> Self {
        let (kind, whose) = match due {
            Due::Agent(agent) => (0, agent),
            Due::Wish(agent) => (1, agent),
            Due::Caller(place) => (2, place),
        };
        // Moved up by half of all numbers, so that moments before 1970 stay before those after it.
        let moment = at.as_millis().cast_unsigned() ^ (1 << 63);
        Self(u128::from(moment) << 64 | kind << 32 | u128::from(whose))
    }

    fn at(self) -> Timestamp {
        let moment = (self.0 >> 64) as u64;
        Timestamp::from_millis((moment ^ (1 << 63)).cast_signed())
    }

    #[expect(clippy::cast_possible_truncation, reason = "just the last 32 bits")]
    fn due(self) -> Due {
        let whose = self.0 as u32;
        match (self.0 >> 32) as u32 {
            0 => Due::Agent(whose),
            1 => Due::Wish(whose),
            _ => Due::Caller(whose),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_entered_comes_out_in_the_order_of_time() {
        let mut agenda = Agenda::default();
        let entries = [
            (7, Due::Caller(1)),
            (-5, Due::Wish(u32::MAX)),
            (7, Due::Agent(3)),
            (0, Due::Agent(0)),
            (7, Due::Agent(2)),
        ];
        for (at, due) in entries {
            agenda.enter(Timestamp::from_millis(at), due);
        }
        agenda.enter(Timestamp::MAX, Due::Agent(9));
        let now = Timestamp::from_millis(7);
        let taken: Vec<_> = std::iter::from_fn(|| agenda.take_due(now))
            .map(|(at, due)| (at.as_millis(), due))
            .collect();
        let expected = [
            (-5, Due::Wish(u32::MAX)),
            (0, Due::Agent(0)),
            (7, Due::Agent(2)),
            (7, Due::Agent(3)),
            (7, Due::Caller(1)),
        ];
        assert_eq!(taken, expected);
        assert_eq!(agenda.next(), Timestamp::MAX);
    }
}
