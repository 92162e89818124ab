//! Milestones in a line: who stands before somebody is counted from the nearest one, and not from the
//! beginning of the line.

use std::collections::VecDeque;

use crate::line::{Line, Members};

/// How many members join between one milestone and the next: so many are counted one by one at most,
/// and the milestones of a line of a million fit into the processor's cache.
const SPACING: u32 = 256;

/// The milestones of one line, told of whoever joins and leaves it. No two members have the same
/// key.
#[derive(Debug)]
pub(crate) struct Milestones<K> {
    stretches: VecDeque<Stretch<K>>,
}

/// From one milestone to the next: members that joined one after the other, each in turn.
#[derive(Debug)]
struct Stretch<K> {
    /// The key of the one that joined first. It may have left.
    begins: K,
    /// The first of those that are left.
    first: u32,
    /// How many joined.
    joined: u32,
    /// How many of them are left: at least one.
    left: u32,
}

impl<K> Default for Milestones<K> {
    fn default() -> Self {
        Self { stretches: VecDeque::new() }
    }
}

impl<K: Ord + Clone> Milestones<K> {
    /// Notes that `member` has joined the line.
    #[inline]
    pub(crate) fn joined(&mut self, links: &impl Members<K>, member: u32) {
        let node = links.node(member);
        if node.is_out_of_turn() {
            return;
        }
        match self.stretches.back_mut() {
            Some(last) if last.joined < SPACING => {
                last.joined += 1;
                last.left += 1;
            }
            _ => {
                let begins = node.key().clone();
                self.stretches.push_back(Stretch { begins, first: member, joined: 1, left: 1 });
            }
        }
    }

    /// Notes that `member` is about to leave the line.
    #[inline]
    pub(crate) fn leaves(&mut self, links: &impl Members<K>, member: u32) {
        let node = links.node(member);
        if node.is_out_of_turn() {
            return;
        }
        let at = match self.stretches.get(1) {
            Some(second) if second.begins <= *node.key() => {
                self.stretches.partition_point(|it| it.begins <= *node.key()) - 1
            }
            _ => 0,
        };
        let stretch = &mut self.stretches[at];
        stretch.left -= 1;
        if stretch.left == 0 {
            self.stretches.remove(at);
        } else if stretch.first == member {
            stretch.first = node.next().expect("others of its stretch are behind it");
        }
    }

    /// How many of the line stand before `key`.
    pub(crate) fn count_before(&self, line: &Line<K>, links: &impl Members<K>, key: &K) -> u32 {
        let out_of_turn = line.count_out_of_turn_before(key);
        let begun = self.stretches.partition_point(|it| it.begins < *key);
        let Some(last) = begun.checked_sub(1) else { return out_of_turn };
        let before: u32 = self.stretches.range(..last).map(|it| it.left).sum();
        let stretch = &self.stretches[last];
        let in_stretch = std::iter::successors(Some(stretch.first), |at| links.node(*at).next())
            .take(stretch.left as usize)
            .take_while(|at| links.node(*at).key() < key);
        let here = u32::try_from(in_stretch.count()).expect("at most as many as joined");
        before + here + out_of_turn
    }
}

#[cfg(test)]
#[expect(dead_code, reason = "it is made for lives of centres, which need more of it")]
#[path = "../tests/it/dice.rs"]
mod dice;

#[cfg(test)]
mod tests {
    use super::{dice::Dice, *};
    use crate::line::Links;

    /// A moment, and the member's own number.
    type Key = (u32, u32);

    /// A line of thousands, of which some joined out of turn, and what is known of it besides.
    #[derive(Default)]
    struct Watched {
        line: Line<Key>,
        links: Links<Key>,
        milestones: Milestones<Key>,
        keys: Vec<Key>,
    }

    impl Watched {
        fn join(&mut self, member: u32, moment: u32) {
            let key = (moment, member);
            self.links.set_key(member, key);
            self.line.join(&mut self.links, member);
            self.milestones.joined(&self.links, member);
            self.keys.push(key);
        }

        /// Anybody leaves, if there is somebody.
        fn leave_one(&mut self, dice: &mut Dice) {
            if !self.keys.is_empty() {
                let at = dice.below(self.keys.len() as u64);
                let (_, member) = self.keys.swap_remove(usize::try_from(at).unwrap());
                self.milestones.leaves(&self.links, member);
                self.line.leave(&mut self.links, member);
            }
        }

        fn assert_counts(&self, moment: u32) {
            let key = (moment, 0);
            let before = self.keys.iter().filter(|other| **other < key).count();
            let counted = self.milestones.count_before(&self.line, &self.links, &key);
            assert_eq!(counted as usize, before, "before {moment}");
        }
    }

    fn number(dice: &mut Dice, below: u32) -> u32 {
        u32::try_from(dice.below(below.into())).unwrap()
    }

    #[test]
    fn as_many_are_counted_as_stand_before_whoever_joins_and_leaves() {
        for seed in 0..4 {
            let mut dice = Dice::new(seed);
            let mut watched = Watched::default();
            let mut latest = 0;
            for member in 0..6_000 {
                latest += number(&mut dice, 3);
                let is_late = dice.once_in(50);
                let moment = if is_late { number(&mut dice, latest + 1) } else { latest };
                watched.join(member, moment);
                // The line grows, is as long as it was, or gets shorter, for a thousand each.
                for _ in 0..member / 1_000 % 3 {
                    watched.leave_one(&mut dice);
                }
                if member % 10 == 0 {
                    watched.assert_counts(number(&mut dice, latest + 2));
                }
            }
            while !watched.keys.is_empty() {
                watched.leave_one(&mut dice);
                watched.assert_counts(number(&mut dice, latest + 2));
            }
            assert!(watched.milestones.stretches.is_empty(), "none is kept for nobody");
        }
    }
}
