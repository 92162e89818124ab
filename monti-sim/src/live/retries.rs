//! What is tried again later.

use std::collections::BTreeMap;

use tokio::time::Instant;

/// Things to be tried again, by when.
#[derive(Debug)]
pub(super) struct Retries<T> {
    due: BTreeMap<(Instant, u64), T>,
    last: u64,
}

impl<T> Default for Retries<T> {
    fn default() -> Self {
        Self { due: BTreeMap::new(), last: 0 }
    }
}

impl<T> Retries<T> {
    /// Enters something to be tried at a moment.
    pub(super) fn enter(&mut self, at: Instant, what: T) {
        self.last += 1;
        self.due.insert((at, self.last), what);
    }

    /// When something is to be tried next.
    pub(super) fn next(&self) -> Option<Instant> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the first of what is due at `now`; of what is due together what was entered first.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<T> {
        let first = self.due.first_entry().filter(|first| first.key().0 <= now)?;
        Some(first.remove())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_due_is_taken_in_order_and_leaves_nothing_behind() {
        let (now, second) = (Instant::now(), Duration::from_secs(1));
        let mut retries = Retries::default();
        for (after, what) in [(2, "c"), (1, "a"), (1, "b"), (9, "later")] {
            retries.enter(now + second * after, what);
        }
        assert_eq!(retries.take_due(now), None);
        let due: Vec<_> = std::iter::from_fn(|| retries.take_due(now + second * 5)).collect();
        assert_eq!(due, ["a", "b", "c"]);
        assert_eq!(retries.next(), Some(now + second * 9));
        // As many as wait are kept, however often things are tried again.
        assert_eq!(retries.due.len(), 1);
    }
}
