//! What is going to happen in a fleet, and when.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
};

use monti_core::Timestamp;

/// Something that is due at a moment. Of one moment, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
/// Most of what is entered is due within minutes, and only what is due next has to be in order: so
/// what comes later is put with what is due in the same span of time, and brought into order when
/// it is that span's turn.
///
/// Nothing is ever taken back: whoever is due remembers when, and what is due at another moment
/// than that was given up and is passed over. That is cheaper than finding it.
#[derive(Debug)]
pub(crate) struct Agenda {
    /// What is due before the next span begins: empty only if all is.
    near: BinaryHeap<Reverse<Entry>>,
    /// The number of the next span.
    next_span: u64,
    /// What is due in that span and in those after it, each at the place of its number, modulo
    /// their count.
    spans: [Vec<Entry>; SPANS],
    /// How much is in all of them.
    in_spans: usize,
    /// What is due after all of them.
    far: BinaryHeap<Reverse<Entry>>,
}

/// The binary logarithm of a span's milliseconds: about four seconds.
const SPAN_BITS: u32 = 12;

/// How many spans are looked ahead: nine minutes, which is longer than most calls.
const SPANS: usize = 128;

/// In the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Timestamp,
    due: Due,
}

impl Agenda {
    /// When something is due next, [`Timestamp::MAX`] if nothing is.
    pub(crate) fn next(&self) -> Timestamp {
        self.near.peek().map_or(Timestamp::MAX, |Reverse(entry)| entry.at)
    }

    /// Enters something. Later than all time is never.
    pub(crate) fn enter(&mut self, at: Timestamp, due: Due) {
        if at < Timestamp::MAX {
            self.put(Entry { at, due });
            if self.near.is_empty() {
                self.look_ahead();
            }
        }
    }

    /// Takes the first of what is due at `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Due)> {
        if self.next() > now {
            return None;
        }
        let Reverse(Entry { at, due }) = self.near.pop()?;
        if self.near.is_empty() {
            self.look_ahead();
        }
        Some((at, due))
    }

    fn put(&mut self, entry: Entry) {
        match entry.span().checked_sub(self.next_span) {
            None => self.near.push(Reverse(entry)),
            Some(ahead) if ahead < SPANS as u64 => {
                self.spans[place(entry.span())].push(entry);
                self.in_spans += 1;
            }
            Some(_) => self.far.push(Reverse(entry)),
        }
    }

    /// Brings into order what is due next, when nothing is left that is.
    fn look_ahead(&mut self) {
        while self.near.is_empty() {
            if self.in_spans == 0 {
                let Some(Reverse(first)) = self.far.peek() else { return };
                self.next_span = first.span();
            }
            while let Some(first) = self.far.peek_mut()
                && first.0.span() - self.next_span < SPANS as u64
            {
                let Reverse(entry) = PeekMut::pop(first);
                self.spans[place(entry.span())].push(entry);
                self.in_spans += 1;
            }
            let span = &mut self.spans[place(self.next_span)];
            self.in_spans -= span.len();
            self.near.extend(span.drain(..).map(Reverse));
            self.next_span += 1;
        }
    }
}

impl Default for Agenda {
    fn default() -> Self {
        Self {
            near: BinaryHeap::new(),
            next_span: 0,
            spans: [const { Vec::new() }; SPANS],
            in_spans: 0,
            far: BinaryHeap::new(),
        }
    }
}

/// Where a span is in [`Agenda::spans`].
#[expect(clippy::cast_possible_truncation, reason = "less than their count")]
fn place(span: u64) -> usize {
    (span % SPANS as u64) as usize
}

impl Entry {
    /// The number of the span in which it is due.
    fn span(self) -> u64 {
        self.at.since(Timestamp::MIN).get() >> SPAN_BITS
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;
    use crate::Dice;

    fn entry(at: i64, due: Due) -> (Timestamp, Due) {
        (Timestamp::from_millis(at), due)
    }

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
        let taken: Vec<_> = std::iter::from_fn(|| agenda.take_due(now)).collect();
        let expected = [
            entry(-5, Due::Wish(u32::MAX)),
            entry(0, Due::Agent(0)),
            entry(7, Due::Agent(2)),
            entry(7, Due::Agent(3)),
            entry(7, Due::Caller(1)),
        ];
        assert_eq!(taken, expected);
        assert_eq!(agenda.next(), Timestamp::MAX);
    }

    /// Soon, later and much later, and now and then something that was to be done long ago.
    #[test]
    fn the_order_is_that_of_time_however_far_ahead_things_are_entered() {
        let rng = &mut Dice::new(1, 0).people;
        let mut agenda = Agenda::default();
        let mut known = std::collections::BTreeSet::new();
        let mut now = 0;
        for number in 0..200_000 {
            let reach = [10, 5_000, 600_000, 3_000_000, 100_000_000][rng.random_range(0..5)];
            let at = now + rng.random_range(-reach / 10..reach);
            agenda.enter(Timestamp::from_millis(at), Due::Agent(number));
            known.insert((at, number));
            let next = known.first().copied().unwrap();
            assert_eq!(agenda.next().as_millis(), next.0);
            // It fills up, then it empties to the last, and so on.
            if number % 1_000 < 500 {
                continue;
            }
            for _ in 0..rng.random_range(0..=6) {
                let Some((at, number)) = known.pop_first() else { continue };
                now = now.max(at);
                assert_eq!(agenda.take_due(Timestamp::from_millis(at - 1)), None);
                let taken = agenda.take_due(Timestamp::from_millis(now));
                assert_eq!(taken, Some(entry(at, Due::Agent(number))));
            }
        }
    }
}
