//! The last half hour, second by second.
//!
//! Kept are the changes, and a whole board each minute: a board shares its agents with the next
//! one, so this costs what changed, and any second is at most a minute of changes away.

use std::{collections::VecDeque, sync::Arc};

use monti_core::{Millis, Timestamp};

use super::{Board, Change};

/// How far back it goes.
const HISTORY: Millis = Millis::from_secs(30 * 60);

/// How far apart the whole boards are.
const KEYFRAME: Millis = Millis::from_secs(60);

/// The last half hour.
#[derive(Debug, Default)]
pub struct History {
    stretches: VecDeque<Stretch>,
    /// From when to when nothing was told, oldest first.
    gaps: VecDeque<(Timestamp, Timestamp)>,
}

/// A board and what came after it.
#[derive(Debug)]
struct Stretch {
    start: Board,
    changes: Vec<Arc<Change>>,
}

impl History {
    /// Keeps what is about to change `board`, and forgets what is too old.
    pub fn record(&mut self, board: &Board, change: &Change) {
        let now = change.timestamp();
        let is_due =
            self.stretches.back().is_none_or(|stretch| now.since(stretch.start.now()) >= KEYFRAME);
        if is_due {
            self.stretches.push_back(Stretch { start: board.clone(), changes: Vec::new() });
        }
        if let Some(stretch) = self.stretches.back_mut() {
            stretch.changes.push(Arc::new(change.clone()));
        }
        // The first stretch goes when all of it is too old: when the second has begun long enough ago.
        while self.stretches.get(1).is_some_and(|next| now.since(next.start.now()) >= HISTORY) {
            self.stretches.pop_front();
        }
    }

    /// Keeps that nothing was told from one moment to another.
    pub fn record_gap(&mut self, from: Timestamp, to: Timestamp) {
        self.gaps.push_back((from, to));
        while self.gaps.front().is_some_and(|(_, end)| to.since(*end) > HISTORY + KEYFRAME) {
            self.gaps.pop_front();
        }
    }

    /// Whether the server told how things were at `moment`: in a gap only how they were before is
    /// known.
    pub fn is_known_at(&self, moment: Timestamp) -> bool {
        !self.gaps.iter().any(|(from, to)| (*from..*to).contains(&moment) && moment > *from)
    }

    /// The first moment that can be shown.
    pub fn begins_at(&self) -> Option<Timestamp> {
        let first = self.stretches.front()?;
        if first.start.is_whole() {
            return Some(first.start.now());
        }
        // Before the first change of a department, the very first board is one of which nothing
        // is known.
        let tells = |change: &&Arc<Change>| matches!(***change, Change::Department(_));
        first.changes.iter().find(tells).map(|change| change.timestamp())
    }

    /// The board as it was at `moment`; the first one there is if that is before it.
    pub fn at(&self, moment: Timestamp) -> Option<Board> {
        let after = self.stretches.partition_point(|stretch| stretch.start.now() <= moment);
        let stretch = self.stretches.get(after.saturating_sub(1))?;
        let mut board = stretch.start.clone();
        for change in &stretch.changes {
            if change.timestamp() > moment {
                break;
            }
            board.apply(change);
        }
        board.pass(moment);
        Some(board)
    }

    /// Forgets everything: it was of another centre.
    pub fn clear(&mut self) {
        self.stretches.clear();
        self.gaps.clear();
    }
}
