//! Which calls there are and were: identities, what became of them, and under which request they
//! came, for a day after their arrival and as long as they live.

use std::collections::{BTreeMap, VecDeque};

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use crate::{AgentId, CallId, CallStatus, Day, Millis, RequestId, Timestamp, text::text_hash};

/// How long a call and its request are remembered, counted from its arrival.
const REMEMBERED: Millis = Millis::from_secs(24 * 60 * 60);

/// The calls in the order of their arrival: the first is number 0, whatever its date.
///
/// Kept in a queue from which the oldest are dropped, so that a call costs no allocation once the
/// queue has the length of a day. They are dropped many at a time: who looks for a call sees whether
/// it is to be remembered still.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The place in the order of arrival of the first entry.
    first: u64,
    entries: VecDeque<Entry>,
    /// Calls that outlived the time for which the others are remembered.
    old: BTreeMap<u64, Entry>,
    /// For each date of which calls are known: the date, and the order of its first call.
    days: VecDeque<(Day, u64)>,
    /// The text of all requests that are remembered, one after the other.
    texts: VecDeque<u8>,
    /// How much text has been dropped in front of [`Self::texts`].
    texts_dropped: u64,
    /// Finds the order of a call by its request, of those from [`Self::recent_from`] on. Never
    /// iterated over.
    by_request: HashTable<u64>,
    /// The same of those before. What it finds may be forgotten: it is emptied at once when all of
    /// it is, and takes the place of the other: the two hold the requests of up to 48 hours.
    by_request_before: HashTable<u64>,
    recent_from: u64,
}

/// What is known of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Fate {
    /// It lives in this place of the table of calls.
    Live(u32),
    /// It is over.
    Ended {
        /// How it ended.
        status: CallStatus,
        /// Who had it then: had answered it, or was to answer its ringing.
        agent: Option<AgentId>,
    },
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    fate: Fate,
    arrived_at: Timestamp,
    text: Text,
}

/// Where the text of a request is.
#[derive(Debug, Clone, Copy)]
struct Text {
    /// Counted from the first text ever.
    start: u64,
    /// 0 is no request.
    len: u8,
}

const NO_TEXT: Text = Text { start: 0, len: 0 };

/// A call as it stands in a snapshot of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LedgerRow {
    pub(crate) order: u64,
    pub(crate) arrived_at: Timestamp,
    /// `None` while it lives.
    pub(crate) ended: Option<(CallStatus, Option<AgentId>)>,
    pub(crate) request: Option<RequestId>,
}

impl Ledger {
    /// Enters a call that arrives now, the next of `day`. Answers the call's order and identity.
    pub(crate) fn enter(
        &mut self,
        now: Timestamp,
        day: Day,
        request: Option<&RequestId>,
        place: u32,
    ) -> (u64, CallId) {
        let order = self.next_order();
        if self.days.back().is_none_or(|(last, _)| *last != day) {
            self.days.push_back((day, order));
        }
        let text = request.map_or(NO_TEXT, |request| self.remember(request));
        self.entries.push_back(Entry { fate: Fate::Live(place), arrived_at: now, text });
        if let Some(request) = request {
            self.index(order, request);
        }
        let first_of_day = self.days.back().map_or(order, |(_, first)| *first);
        let number = u32::try_from(order - first_of_day + 1);
        let number = number.unwrap_or_else(|_| panic!("four billion calls in a day"));
        (order, CallId { day, number })
    }

    /// Drops the calls that arrived longer than a day ago and are over, and the requests of those
    /// that are not. Only makes room: when it is done shows nowhere.
    pub(crate) fn forget_old(&mut self, now: Timestamp) {
        if self.entries.front().is_none_or(|entry| entry.is_remembered(now)) {
            return;
        }
        let mut text_len = 0;
        while let Some(&entry) = self.entries.front().filter(|entry| !entry.is_remembered(now)) {
            self.entries.pop_front();
            text_len += usize::from(entry.text.len);
            if matches!(entry.fate, Fate::Live(_)) {
                self.old.insert(self.first, Entry { text: NO_TEXT, ..entry });
            }
            self.first += 1;
        }
        self.texts.drain(..text_len);
        self.texts_dropped += text_len as u64;
        if self.first >= self.recent_from {
            self.by_request_before.clear();
            std::mem::swap(&mut self.by_request, &mut self.by_request_before);
            self.recent_from = self.next_order();
        }
        self.forget_days();
    }

    /// Drops the dates of which no call is known any more; the last one stays, it counts on.
    fn forget_days(&mut self) {
        let oldest = self.old.keys().next().copied().unwrap_or(self.first);
        while self.days.get(1).is_some_and(|(_, first)| *first <= oldest) {
            self.days.pop_front();
        }
    }

    /// The order of the call `id`, `None` if it is not, or at `now` no longer, known.
    pub(crate) fn find(&self, now: Timestamp, id: CallId) -> Option<u64> {
        let (_, first) = self.days.iter().rev().find(|(day, _)| *day == id.day)?;
        let order = first.checked_add(u64::from(id.number).checked_sub(1)?)?;
        let entry = self.entry(order)?;
        let is_known = matches!(entry.fate, Fate::Live(_)) || entry.is_remembered(now);
        (is_known && self.id_of(order)? == id).then_some(order)
    }

    /// The order of the call that came under `request`, if it is remembered at `now`.
    pub(crate) fn find_request(&self, now: Timestamp, request: &RequestId) -> Option<u64> {
        let is_it = |order: &u64| {
            let is_remembered = self.entry(*order).is_some_and(|entry| entry.is_remembered(now));
            is_remembered && self.request(*order).as_ref() == Some(request)
        };
        let hash = hash(request);
        let find = |table: &HashTable<u64>| table.find(hash, is_it).copied();
        find(&self.by_request).or_else(|| find(&self.by_request_before))
    }

    /// What is known of a call that [`Self::find`] found.
    pub(crate) fn fate(&self, order: u64) -> Fate {
        self.entry(order).unwrap_or_else(|| panic!("call {order} is known")).fate
    }

    /// The identity of a call that was entered.
    pub(crate) fn id(&self, order: u64) -> CallId {
        self.id_of(order).unwrap_or_else(|| panic!("call {order} has a date and a number"))
    }

    /// Writes down that a call is over.
    #[inline(always)]
    pub(crate) fn end(&mut self, order: u64, status: CallStatus, agent: Option<AgentId>) {
        let index = order.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| self.entries.get_mut(index)) {
            Some(entry) => entry.fate = Fate::Ended { status, agent },
            None => self.end_old(order),
        }
    }

    fn end_old(&mut self, order: u64) {
        assert!(self.old.remove(&order).is_some(), "call {order} is known");
        self.forget_days();
    }

    /// What the next call will be numbered.
    pub(crate) fn next_order(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    fn entry(&self, order: u64) -> Option<&Entry> {
        match order.checked_sub(self.first) {
            Some(index) => self.entries.get(usize::try_from(index).ok()?),
            None => self.old.get(&order),
        }
    }

    /// The identity of the call that is, was or would be number `order`.
    fn id_of(&self, order: u64) -> Option<CallId> {
        let (day, first) = self.days.iter().rev().find(|(_, first)| *first <= order)?;
        let number = u32::try_from(order - first + 1).ok()?;
        Some(CallId { day: *day, number })
    }

    /// Keeps the text of the request of the call that is entered next.
    fn remember(&mut self, request: &RequestId) -> Text {
        let text = Text {
            start: self.texts_dropped + self.texts.len() as u64,
            len: u8::try_from(request.as_bytes().len()).unwrap_or(u8::MAX),
        };
        self.texts.extend(request.as_bytes());
        text
    }

    /// Lets the last call that was entered be found by its request.
    fn index(&mut self, order: u64, request: &RequestId) {
        let (entries, first, texts) = (&self.entries, self.first, &self.texts);
        let rehash = |order: &u64| {
            let index = usize::try_from(order - first).ok();
            let entry = index.and_then(|index| entries.get(index));
            let request = entry.and_then(|entry| entry.text.read(texts, self.texts_dropped));
            request.map_or(0, |request| hash(&request))
        };
        self.by_request.insert_unique(hash(request), order, rehash);
    }

    /// The request under which a call came, if it is remembered.
    fn request(&self, order: u64) -> Option<RequestId> {
        self.entry(order)?.text.read(&self.texts, self.texts_dropped)
    }
}

impl Entry {
    /// Whether its request is remembered at `now`, and the call itself though it is over.
    fn is_remembered(&self, now: Timestamp) -> bool {
        self.arrived_at >= now - REMEMBERED
    }
}

impl Text {
    fn read(self, texts: &VecDeque<u8>, dropped: u64) -> Option<RequestId> {
        if self.len == 0 {
            return None;
        }
        let from = usize::try_from(self.start - dropped).ok()?;
        Some(RequestId::kept(texts.range(from..from + usize::from(self.len))))
    }
}

fn hash(request: &RequestId) -> u64 {
    text_hash(request.as_bytes())
}

/// Into and out of a snapshot.
impl Ledger {
    /// The dates, and the calls with `None` for the fate of those that live: what is to be
    /// remembered at `now`, whether or not the rest has been dropped.
    pub(crate) fn rows(&self, now: Timestamp) -> (Vec<(Day, u64)>, Vec<LedgerRow>) {
        let entries = (self.first..).zip(&self.entries);
        let all = self.old.iter().map(|(order, entry)| (*order, entry)).chain(entries);
        let row = |(order, entry): (u64, &Entry)| {
            let ended = match entry.fate {
                Fate::Live(_) => None,
                Fate::Ended { status, agent } => Some((status, agent)),
            };
            let text = if entry.is_remembered(now) { entry.text } else { NO_TEXT };
            let request = text.read(&self.texts, self.texts_dropped);
            let is_known = ended.is_none() || entry.is_remembered(now);
            is_known.then_some(LedgerRow { order, arrived_at: entry.arrived_at, ended, request })
        };
        let rows: Vec<_> = all.filter_map(row).collect();
        let oldest = rows.first().map_or(self.next_order(), |row| row.order);
        let first_date = self.days.iter().rposition(|(_, first)| *first <= oldest).unwrap_or(0);
        (self.days.iter().skip(first_date).copied().collect(), rows)
    }

    /// The ledger with these dates and calls, of which the one numbered `next` would be the next;
    /// `place` tells where those are that live.
    pub(crate) fn from_rows(
        days: Vec<(Day, u64)>,
        rows: &[LedgerRow],
        next: u64,
        place: impl Fn(u64) -> Option<u32>,
    ) -> Option<Self> {
        // The calls without a gap up to the next are in the queue, what was before is old.
        let recent = (rows.iter().rev().zip(1..))
            .take_while(|(row, back)| row.order.checked_add(*back) == Some(next))
            .count();
        let (old, recent) = rows.split_at(rows.len() - recent);
        let first = next - recent.len() as u64;
        let mut ledger = Self { first, days: days.into(), ..Self::default() };
        for row in old.iter().chain(recent) {
            let fate = match row.ended {
                Some((status, agent)) => Fate::Ended { status, agent },
                None => Fate::Live(place(row.order)?),
            };
            let text = row.request.as_ref().map_or(NO_TEXT, |request| ledger.remember(request));
            let entry = Entry { fate, arrived_at: row.arrived_at, text };
            if row.order < first {
                ledger.old.insert(row.order, entry);
                continue;
            }
            ledger.entries.push_back(entry);
            if let Some(request) = &row.request {
                ledger.index(row.order, request);
            }
        }
        Some(ledger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_ago_than_a_day_makes_room() {
        let mut ledger = Ledger::default();
        let mut day: Day = "2026-01-29".parse().unwrap();
        let mut now = Timestamp::from_millis(1_769_644_800_000);
        for number in 0..7 {
            let request = format!("request-{number}").parse().unwrap();
            ledger.forget_old(now);
            let (order, _) = ledger.enter(now, day, Some(&request), 0);
            if number > 0 {
                ledger.end(order, CallStatus::Completed, None);
            }
            day = day.next();
            now = now + Millis::from_secs(24 * 60 * 60 + 1);
        }
        assert_eq!(ledger.entries.len(), 1, "the last");
        assert_eq!(ledger.old.len(), 1, "the first lives");
        assert_eq!(ledger.texts.len(), "request-6".len());
        assert_eq!(ledger.days.len(), 7, "the first call's date is the oldest");
        ledger.end(0, CallStatus::Completed, None);
        ledger.forget_old(now);
        assert_eq!(ledger.entries.len() + ledger.old.len() + ledger.texts.len(), 0);
        assert_eq!(ledger.days.len(), 1, "the last date counts on");
    }
}
