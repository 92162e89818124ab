//! The journal's entries: what was given to the engine, in the order and with the moments in which
//! it was.
//!
//! A row of the journal holds the entries of one group, which became durable together. An entry is
//! a moment and an input, or a moment alone at which something was due. Refused inputs and repeats
//! change nothing and are not in the journal.

use monti_core::{Input, Timestamp};

use crate::store::StoreError;

/// One thing that moved the engine; without an input, something that was due.
pub type Entry = (Timestamp, Option<Input>);

/// The entries of one group, encoded.
#[derive(Debug, Default)]
pub struct Entries {
    bytes: Vec<u8>,
    count: usize,
    /// Where the last entry begins.
    last: usize,
    fault: Option<postcard::Error>,
}

impl Entries {
    /// Appends what is given to the engine at `at`.
    pub fn push(&mut self, at: Timestamp, input: Option<&Input>) {
        self.last = self.bytes.len();
        match postcard::to_extend(&(at, input), std::mem::take(&mut self.bytes)) {
            Ok(bytes) => self.bytes = bytes,
            // The group's bytes are lost: it cannot be written, and says so.
            Err(error) => self.fault = Some(error),
        }
        self.count += 1;
    }

    /// Why this group cannot be written: an input could not be encoded, which none is known to do.
    pub fn fault(&self) -> Option<&postcard::Error> {
        self.fault.as_ref()
    }

    /// Takes back the last entry, because it moved nothing. Only once after each [`Self::push`].
    pub fn take_back(&mut self) {
        self.bytes.truncate(self.last);
        self.count = self.count.saturating_sub(1);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// What stands in the journal's row.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets all of them, for the next group.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
    }
}

/// The check sum of group `seq`: of its number too, so that no row passes for another.
pub fn check_sum(seq: i64, entries: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&seq.to_le_bytes());
    hasher.update(entries);
    hasher.finalize()
}

/// Reads the entries of group `seq`, one after the other.
///
/// # Errors
/// [`Damaged`](crate::store::StoreErrorKind::Damaged) at the first that cannot be read.
pub fn read(seq: i64, mut bytes: &[u8]) -> impl Iterator<Item = Result<Entry, StoreError>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        Some(match postcard::take_from_bytes::<Entry>(bytes) {
            Ok((entry, rest)) => {
                bytes = rest;
                Ok(entry)
            }
            Err(error) => {
                bytes = &[];
                Err(unreadable(seq, error))
            }
        })
    })
}

fn unreadable(seq: i64, error: postcard::Error) -> StoreError {
    StoreError::damaged(format_args!("journal group {seq} cannot be read")).because(error)
}

#[cfg(test)]
mod tests {
    use monti_core::{CallId, Day};

    use super::*;

    #[test]
    fn entries_are_read_as_they_were_written_and_those_taken_back_are_not() {
        let at = Timestamp::from_millis(1_769_678_100_250);
        let call = CallId { day: Day::new(2026, 1, 29).unwrap(), number: 1 };
        let mut entries = Entries::default();
        entries.push(at, Some(&Input::Abandon { call }));
        entries.push(at, Some(&Input::Restart));
        entries.take_back();
        entries.push(at, None);
        assert_eq!(entries.len(), 2);
        let read: Result<Vec<_>, _> = read(1, entries.as_bytes()).collect();
        assert_eq!(read.unwrap(), [(at, Some(Input::Abandon { call })), (at, None)]);
    }

    #[test]
    fn what_is_no_entry_is_damage() {
        let mut entries = Entries::default();
        entries.push(Timestamp::from_millis(0), Some(&Input::Restart));
        let mut bytes = entries.as_bytes().to_vec();
        bytes.extend([0xff; 3]);
        let outcome: Vec<_> = read(7, &bytes).collect();
        assert!(outcome[0].is_ok());
        let error = outcome[1].as_ref().unwrap_err().to_string();
        assert!(error.contains("journal group 7"), "{error}");
        assert_eq!(outcome.len(), 2);
    }

    #[test]
    fn a_row_does_not_pass_for_another() {
        assert_ne!(check_sum(1, b"entries"), check_sum(2, b"entries"));
    }
}
