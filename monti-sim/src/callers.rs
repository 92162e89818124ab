//! The people who call: each from the first ring to the end of the call, or to the next try.

use std::collections::VecDeque;

use monti_core::{CallId, Day, Millis, Priority, Timestamp, VqId};

/// A caller's attempt to get through, from its call to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallerId {
    pub(crate) place: u32,
    pub(crate) serial: u64,
}

impl CallerId {
    /// The number of the attempt among all of its fleet, from 1, never used twice: what makes a
    /// request id.
    pub const fn serial(self) -> u64 {
        self.serial
    }
}

/// A caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    pub(crate) vq: VqId,
    pub(crate) priority: Priority,
    pub(crate) phase: Phase,
    /// Of the attempt; see [`CallerId::serial`].
    pub(crate) serial: u64,
    /// The serial of the first attempt: by it the caller is known.
    pub(crate) person: u64,
    /// How long the talk will last once there is an answer.
    pub(crate) talk: Millis,
    /// When it will hang up, or call again; [`Timestamp::MAX`] is never.
    pub(crate) due: Timestamp,
}

/// Where a caller is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody has said yet that the call is in its queue.
    Calling,
    /// In the queue, or at an agent's phone.
    Waiting(CallId),
    /// Talking to somebody.
    Connected(CallId),
    /// Not on the line, which was busy: tries again, unless patience ends before.
    Postponed { gives_up_at: Timestamp },
    /// Hung up, and will call again.
    Resting,
}

impl Phase {
    /// Whether the centre may know of the attempt.
    pub(crate) fn is_on_the_line(self) -> bool {
        !matches!(self, Self::Resting | Self::Postponed { .. })
    }
}

/// All callers on the line, and those who will call again.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    places: Vec<Caller>,
    free: Vec<u32>,
    last_serial: u64,
    book: CallBook,
}

impl Callers {
    /// Takes in a caller who begins the first attempt.
    pub(crate) fn insert(&mut self, mut caller: Caller) -> CallerId {
        let serial = self.next_serial();
        (caller.serial, caller.person) = (serial, serial);
        let place = if let Some(place) = self.free.pop() {
            self.places[place as usize] = caller;
            place
        } else {
            let place = u32::try_from(self.places.len());
            self.places.push(caller);
            place.unwrap_or_else(|_| panic!("four billion callers at once"))
        };
        CallerId { place, serial }
    }

    /// The serial of a new attempt.
    pub(crate) fn next_serial(&mut self) -> u64 {
        self.last_serial += 1;
        self.last_serial
    }

    pub(crate) fn at(&self, place: u32) -> &Caller {
        &self.places[place as usize]
    }

    pub(crate) fn at_mut(&mut self, place: u32) -> &mut Caller {
        &mut self.places[place as usize]
    }

    /// The caller of an attempt, `None` when that is over.
    pub(crate) fn get(&self, id: CallerId) -> Option<&Caller> {
        self.places.get(id.place as usize).filter(|caller| caller.serial == id.serial)
    }

    /// The place of the caller whose call it is, `None` if it is none of these.
    pub(crate) fn find(&self, call: CallId) -> Option<u32> {
        self.book.find(call)
    }

    /// A caller's call is in its queue.
    pub(crate) fn name(&mut self, place: u32, call: CallId) {
        self.places[place as usize].phase = Phase::Waiting(call);
        self.book.enter(call, place);
    }

    /// A call is over: its caller has none now. The answer is its place, `None` if it is none of
    /// these.
    pub(crate) fn unname(&mut self, call: CallId) -> Option<u32> {
        self.book.strike(call)
    }

    /// A caller is gone.
    pub(crate) fn remove(&mut self, place: u32) {
        let caller = self.at_mut(place);
        caller.serial = 0;
        caller.due = Timestamp::MAX;
        self.free.push(place);
    }

    /// All attempts that are on the line.
    pub(crate) fn on_the_line(&self) -> impl Iterator<Item = (CallerId, &Caller)> {
        self.trying().filter(|(_, caller)| caller.phase.is_on_the_line())
    }

    /// All attempts that are not over, those that find no line included.
    pub(crate) fn trying(&self) -> impl Iterator<Item = (CallerId, &Caller)> {
        let ids = (0..).zip(&self.places).map(|(place, caller)| {
            let id = CallerId { place, serial: caller.serial };
            (id, caller)
        });
        ids.filter(|(id, caller)| id.serial > 0 && caller.phase != Phase::Resting)
    }
}

/// No caller.
const NOBODY: u32 = u32::MAX;

/// Whose a call is.
///
/// Calls are numbered by the date, one after the other, so a date's calls stand in a row from the
/// oldest that lives to the newest: finding one is an addition, and a call costs no allocation.
#[derive(Debug, Default)]
struct CallBook {
    days: VecDeque<Row>,
}

#[derive(Debug)]
struct Row {
    day: Day,
    /// The number of the first call in [`Self::places`].
    first: u32,
    places: VecDeque<u32>,
}

impl CallBook {
    fn find(&self, call: CallId) -> Option<u32> {
        let row = self.days.iter().rev().find(|row| row.day == call.day)?;
        let index = call.number.checked_sub(row.first)?;
        row.places.get(index as usize).copied().filter(|place| *place != NOBODY)
    }

    fn enter(&mut self, call: CallId, place: u32) {
        let Some(row) = self.days.iter_mut().rev().find(|row| row.day == call.day) else {
            self.days.retain(|row| !row.places.is_empty());
            let places = VecDeque::from([place]);
            self.days.push_back(Row { day: call.day, first: call.number, places });
            return;
        };
        if row.places.is_empty() {
            row.first = call.number;
        }
        // Links may tell of calls in another order than that of their numbers.
        while row.first > call.number {
            row.places.push_front(NOBODY);
            row.first -= 1;
        }
        let index = (call.number - row.first) as usize;
        while row.places.len() < index {
            row.places.push_back(NOBODY);
        }
        match row.places.get_mut(index) {
            Some(nobody) => *nobody = place,
            None => row.places.push_back(place),
        }
    }

    /// Crosses out a call. The answer is whose it was.
    fn strike(&mut self, call: CallId) -> Option<u32> {
        let row = self.days.iter_mut().rev().find(|row| row.day == call.day)?;
        let index = call.number.checked_sub(row.first)?;
        let place = std::mem::replace(row.places.get_mut(index as usize)?, NOBODY);
        while row.places.front() == Some(&NOBODY) {
            row.places.pop_front();
            row.first += 1;
        }
        (place != NOBODY).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(day: i8, number: u32) -> CallId {
        CallId { day: Day::new(2026, 1, day).unwrap(), number }
    }

    #[test]
    fn calls_are_found_in_whatever_order_they_come_and_go() {
        let mut book = CallBook::default();
        for (number, place) in [(7, 0), (9, 1), (5, 2), (8, 3)] {
            book.enter(call(1, number), place);
        }
        book.enter(call(2, 1), 4);
        assert_eq!(book.find(call(1, 5)), Some(2));
        assert_eq!(book.find(call(1, 6)), None);
        assert_eq!(book.find(call(2, 1)), Some(4));
        assert_eq!(book.find(call(3, 1)), None);
        for number in [7, 5, 8] {
            book.strike(call(1, number));
            assert_eq!(book.find(call(1, number)), None);
        }
        assert_eq!(book.find(call(1, 9)), Some(1));
        book.strike(call(1, 9));
        book.enter(call(3, 1), 5);
        assert_eq!(book.days.len(), 2);
    }

    #[test]
    fn a_caller_who_is_gone_is_not_taken_for_the_next_at_its_place() {
        let caller = Caller {
            vq: VqId(0),
            priority: Priority::default(),
            phase: Phase::Calling,
            serial: 0,
            person: 0,
            talk: Millis::ZERO,
            due: Timestamp::MAX,
        };
        let mut callers = Callers::default();
        let first = callers.insert(caller);
        callers.remove(first.place);
        let second = callers.insert(caller);
        assert_eq!(first.place, second.place);
        assert!(callers.get(first).is_none());
        assert!(callers.get(second).is_some());
        assert_eq!(callers.places.len(), 1);
    }
}
