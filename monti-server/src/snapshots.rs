//! Snapshots of the engine: when they are made, and how they get into the store without holding
//! anybody up.
//!
//! Copying the engine's state takes milliseconds and happens between two inputs. Encoding it
//! happens on a thread of its own, and writing it in parts, one a second, so that no commit waits
//! for a large one. Until the last part is written the snapshot does not count.

use std::{
    cmp::Ordering,
    ops::RangeInclusive,
    sync::Arc,
    thread::{Builder, JoinHandle},
};

use monti_core::{Engine, Millis, Snapshot, Timestamp};

use crate::{
    centre_file::CentreFile,
    store::{Storage, StoreError, StoreErrorKind},
};

/// Journal entries after which a snapshot is made: replaying as many takes less than a second.
const ENTRIES_MAX: usize = 200_000;

/// Seconds after which one is made of a quiet centre, if anything happened at all.
const SECONDS_MAX: u32 = 60 * 60;

/// The bytes of a part.
const PART_BYTES: usize = 2 << 20;

/// Groups dropped at once that no start would read: twice as many as came since the last time, for
/// less would never be done, within these bounds.
const PRUNED_GROUPS: RangeInclusive<u32> = 2_000..=20_000;

/// How long the key of an injection is remembered after it came.
pub const KEYS_REMEMBERED: Millis = Millis::from_secs(24 * 60 * 60);

/// The engine after a group, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The group.
    pub seq: i64,
    /// When it was made.
    pub at: Timestamp,
    /// The text of the centre file that it was made under.
    pub centre: Arc<str>,
    /// The engine's state, in postcard.
    pub state: Vec<u8>,
}

/// A piece of an image's state, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its number, from 0.
    pub number: u32,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Whether it is the last.
    pub is_last: bool,
}

impl Image {
    /// Encodes a snapshot.
    ///
    /// # Errors
    /// If it cannot be, which no snapshot is known to do.
    pub fn encode(
        seq: i64,
        at: Timestamp,
        centre: Arc<str>,
        snapshot: &Snapshot,
    ) -> Result<Self, StoreError> {
        let state = postcard::to_stdvec(snapshot).map_err(|error| {
            StoreError::new(StoreErrorKind::Other, "encoding a snapshot").because(error)
        })?;
        Ok(Self { seq, at, centre, state })
    }

    /// The engine that this is an image of, under the centre it was made under.
    ///
    /// # Errors
    /// [`StoreErrorKind::Damaged`] if that cannot be.
    pub fn decode(&self) -> Result<Engine, StoreError> {
        let seq = self.seq;
        self.check_version()?;
        let snapshot: Snapshot = postcard::from_bytes(&self.state).map_err(|error| {
            StoreError::damaged(format_args!("the snapshot after group {seq} cannot be read"))
                .because(error)
        })?;
        let centre = CentreFile::parse(&self.centre).map_err(|error| {
            StoreError::damaged(format_args!("the snapshot after group {seq} has no good centre"))
                .because(error)
        })?;
        Engine::restore(centre.centre().clone(), snapshot).map_err(|error| {
            StoreError::damaged(format_args!("the snapshot after group {seq}")).because(error)
        })
    }

    /// One of another version cannot be read, but is no damage.
    fn check_version(&self) -> Result<(), StoreError> {
        let Ok((found, _)) = postcard::take_from_bytes::<u32>(&self.state) else { return Ok(()) };
        let (seq, known) = (self.seq, Snapshot::VERSION);
        let (kind, writer) = match found.cmp(&known) {
            Ordering::Equal => return Ok(()),
            Ordering::Less => (StoreErrorKind::Other, "an older"),
            Ordering::Greater => (StoreErrorKind::Newer, "a newer"),
        };
        let what = format!(
            "the snapshot after group {seq} was written by {writer} build (it has version {found}, \
             this server reads {known}): use that one, or another data folder"
        );
        Err(StoreError::new(kind, what))
    }

    /// The check sum over all of it.
    pub fn check_sum(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.seq.to_le_bytes());
        hasher.update(self.centre.as_bytes());
        hasher.update(&self.state);
        hasher.finalize()
    }

    /// The part that follows `written` others; `None` after the last.
    pub fn part(&self, written: u32) -> Option<Part<'_>> {
        let chunk = self.state.chunks(PART_BYTES).nth(usize::try_from(written).ok()?)?;
        let end = (written as usize).saturating_mul(PART_BYTES).saturating_add(chunk.len());
        Some(Part { number: written, bytes: chunk, is_last: end >= self.state.len() })
    }

    /// Writes all of it at once.
    ///
    /// # Errors
    /// What the store fails with.
    pub fn write(&self, store: &mut impl Storage) -> Result<(), StoreError> {
        let parts = (0..).map_while(|written| self.part(written));
        parts.into_iter().try_for_each(|part| store.write_part(self, part))
    }
}

/// Decides when a snapshot is made, and brings it into the store step by step.
#[derive(Debug, Default)]
pub struct Snapshots {
    /// In the journal after the snapshot that is made, or after the newest if none is.
    entries: usize,
    /// In the journal before the snapshot that is made: a start reads them until it is there.
    pending: usize,
    /// Groups written since the last step.
    groups: u32,
    seconds: u32,
    work: Work,
}

#[derive(Debug, Default)]
enum Work {
    #[default]
    None,
    Encoding(JoinHandle<Result<Image, StoreError>>),
    Writing {
        image: Image,
        parts: u32,
    },
    Pruning,
}

impl Snapshots {
    /// Begins with `entries` in the journal after the newest snapshot, and prunes what an earlier
    /// run left.
    pub fn after(entries: usize) -> Self {
        Self { entries, work: Work::Pruning, ..Self::default() }
    }

    /// A group of so many entries was written to the journal.
    pub fn count(&mut self, entries: usize) {
        self.entries += entries;
        self.groups = self.groups.saturating_add(1);
    }

    /// Entries in the journal after the newest snapshot that is there whole.
    pub fn journal_depth(&self) -> usize {
        self.pending + self.entries
    }

    /// A second passed. Answers whether a snapshot is to be made.
    pub fn is_due(&mut self) -> bool {
        self.seconds = self.seconds.saturating_add(1);
        let is_old = self.seconds >= SECONDS_MAX && self.entries > 0;
        matches!(self.work, Work::None) && (is_old || self.entries >= ENTRIES_MAX)
    }

    /// Begins to make a snapshot of the engine after group `seq`.
    pub fn begin(&mut self, seq: i64, at: Timestamp, centre: Arc<str>, snapshot: Snapshot) {
        self.pending += std::mem::take(&mut self.entries);
        self.seconds = 0;
        let encode = move || Image::encode(seq, at, centre, &snapshot);
        let thread = Builder::new().name("snapshot".to_owned()).spawn(encode);
        self.work = Work::Encoding(thread.expect("a thread can be made"));
    }

    /// Does a little of what there is to do, at `now`; to be called each second.
    ///
    /// # Errors
    /// What the store fails with; after one that passes it can go on.
    pub fn step(&mut self, store: &mut impl Storage, now: Timestamp) -> Result<(), StoreError> {
        let groups = std::mem::take(&mut self.groups);
        self.work = match std::mem::take(&mut self.work) {
            Work::None => Work::None,
            Work::Encoding(thread) if !thread.is_finished() => Work::Encoding(thread),
            Work::Encoding(thread) => match joined(thread) {
                Ok(image) => Work::Writing { image, parts: 0 },
                Err(error) => {
                    self.entries += std::mem::take(&mut self.pending);
                    return Err(error);
                }
            },
            Work::Writing { image, parts } => {
                let Some(part) = image.part(parts) else {
                    self.work = Work::Pruning;
                    self.pending = 0;
                    return Ok(());
                };
                let outcome = store.write_part(&image, part);
                let parts = if outcome.is_ok() { parts + 1 } else { parts };
                self.work = Work::Writing { image, parts };
                return outcome;
            }
            Work::Pruning => {
                self.work = Work::Pruning;
                let (least, most) = PRUNED_GROUPS.into_inner();
                let groups = groups.saturating_mul(2).clamp(least, most);
                let has_more = store.prune(groups, now - KEYS_REMEMBERED)?;
                if has_more { Work::Pruning } else { Work::None }
            }
        };
        Ok(())
    }
}

fn joined(thread: JoinHandle<Result<Image, StoreError>>) -> Result<Image, StoreError> {
    let panicked = |_| StoreError::new(StoreErrorKind::Other, "encoding a snapshot panicked");
    thread.join().map_err(panicked)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{FILE_NAME, waiting::waiting};

    /// Else each snapshot would come later than the one before it.
    #[test]
    fn what_is_to_be_dropped_is_dropped_sooner_than_as_much_comes() {
        let (mut store, folder) = waiting(0);
        let file = rusqlite::Connection::open(folder.path().join(FILE_NAME)).unwrap();
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) \
                   INSERT INTO journal (seq, entries, crc) SELECT i, x'', 0 FROM n; \
                   INSERT INTO snapshot VALUES (8000, 0, '', 1, 0), (9000, 0, '', 1, 0)";
        file.execute_batch(sql).unwrap();
        let now = "2026-01-29T08:00:00Z".parse().unwrap();
        let mut snapshots = Snapshots::after(0);
        for oldest in [4_001, 8_001] {
            (0..2_000).for_each(|_| snapshots.count(1));
            snapshots.step(&mut store, now).unwrap();
            let sql = "SELECT min(seq) FROM journal";
            let found: i64 = file.query_row(sql, [], |row| row.get(0)).unwrap();
            assert_eq!(found, oldest);
        }
    }

    #[test]
    fn a_snapshot_of_another_version_is_no_damage_whatever_is_in_it() {
        for (version, kind, writer) in [
            (Snapshot::VERSION - 1, StoreErrorKind::Other, "an older build"),
            (Snapshot::VERSION + 1, StoreErrorKind::Newer, "a newer build"),
        ] {
            let state = postcard::to_stdvec(&(version, "another layout")).unwrap();
            let image = Image { seq: 7, at: Timestamp::MIN, centre: "".into(), state };
            let error = image.decode().unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(error.to_string().contains(writer), "{error}");
        }
    }
}
