//! The keys of injections.
//!
//! They are a table of their own, not the engine's keys of calls with something appended: a
//! client's own key of 64 characters leaves no room for that, and no suffix is one that clients
//! cannot use.

use std::collections::BTreeMap;

use monti_core::{RequestId, Timestamp};

use crate::{snapshots::KEYS_REMEMBERED, store::Injection};

/// The injections of the last 24 hours that came under a key.
#[derive(Debug, Default)]
pub(super) struct Injections {
    by_key: BTreeMap<String, Injection>,
    /// Before this nothing is to be forgotten.
    oldest: Option<Timestamp>,
}

impl Injections {
    pub(super) fn new(known: Vec<(RequestId, Injection)>) -> Self {
        let mut injections = Self::default();
        known.iter().for_each(|(key, injection)| injections.insert(key, *injection));
        injections
    }

    pub(super) fn find(&self, key: &RequestId) -> Option<&Injection> {
        self.by_key.get(key.as_str())
    }

    pub(super) fn insert(&mut self, key: &RequestId, injection: Injection) {
        let oldest = self.oldest.get_or_insert(injection.at);
        *oldest = injection.at.min(*oldest);
        self.by_key.insert(key.as_str().to_owned(), injection);
    }

    /// Forgets what is older than 24 hours at `now`.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let is_old = |at: Timestamp| now.since(at) > KEYS_REMEMBERED;
        if self.oldest.is_some_and(is_old) {
            self.by_key.retain(|_, injection| !is_old(injection.at));
            self.oldest = self.by_key.values().map(|injection| injection.at).min();
        }
    }
}

#[cfg(test)]
mod tests {
    use monti_core::{Day, Millis};

    use super::*;

    #[test]
    fn a_key_is_remembered_for_24_hours() {
        let at = Timestamp::from_millis(1_000_000);
        let day = Day::new(2026, 1, 29).unwrap();
        let key = "k".repeat(64).parse().unwrap();
        let mut injections = Injections::new(Vec::new());
        injections.insert(&key, Injection { at, day, first: 3, count: 2 });
        injections.forget(at + KEYS_REMEMBERED);
        let calls: Vec<_> = injections.find(&key).unwrap().calls().collect();
        assert_eq!(calls.iter().map(|call| call.number).collect::<Vec<_>>(), [3, 4]);
        injections.forget(at + KEYS_REMEMBERED + Millis::new(1));
        assert_eq!(injections.find(&key), None);
    }
}
