//! A line: members in order of a key, who mostly join at the end and may leave from anywhere.
//!
//! Waiting calls and idle agents stand in lines. Joining at the end, leaving and looking
//! at the first are O(1); a member that joins out of turn (a call that goes back to its place, say)
//! costs O(log n) of those that did.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// No member.
const NONE: u32 = u32::MAX;
/// In place of the member before: this one is in no line.
const OUT: u32 = u32::MAX - 1;
/// In place of the member before: this one is in the set of those that joined before somebody who
/// was there already.
const OUT_OF_TURN: u32 = u32::MAX - 2;

/// The members that a family of lines can have, each in at most one line at a time.
pub(crate) trait Members<K> {
    /// What a member is in its line.
    fn node(&self, member: u32) -> &Node<K>;

    /// The same, to be changed.
    fn node_mut(&mut self, member: u32) -> &mut Node<K>;
}

/// Members kept apart from what they are, so that moving one touches nothing but its neighbours'
/// entries here.
#[derive(Debug)]
pub(crate) struct Links<K> {
    nodes: Vec<Node<K>>,
}

/// A member's key and its neighbours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Node<K> {
    key: K,
    #[serde(skip)]
    link: Link,
}

/// Who stands beside a member.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Link {
    /// A member, [`NONE`], [`OUT`] or [`OUT_OF_TURN`].
    previous: u32,
    /// A member or [`NONE`].
    next: u32,
}

/// One line. Its order is that of the keys; equal keys stand as they joined.
#[derive(Debug)]
pub(crate) struct Line<K> {
    first: u32,
    last: u32,
    len: u32,
    out_of_turn: BTreeSet<(K, u32)>,
}

impl<K> Default for Links<K> {
    fn default() -> Self {
        Self { nodes: Vec::new() }
    }
}

impl<K> Default for Line<K> {
    fn default() -> Self {
        Self { first: NONE, last: NONE, len: 0, out_of_turn: BTreeSet::new() }
    }
}

impl Default for Link {
    /// In no line.
    fn default() -> Self {
        Self { previous: OUT, next: NONE }
    }
}

impl<K> Node<K> {
    /// A member that stands in no line.
    pub(crate) fn new(key: K) -> Self {
        Self { key, link: Link::default() }
    }

    /// Its key, which counts from its next joining on.
    pub(crate) fn key(&self) -> &K {
        &self.key
    }

    /// The key, to be changed before it joins a line.
    pub(crate) fn key_mut(&mut self) -> &mut K {
        debug_assert!(!self.is_in_line(), "a key must not change in a line");
        &mut self.key
    }

    /// Whether it stands in a line.
    pub(crate) fn is_in_line(&self) -> bool {
        self.link.previous != OUT
    }

    /// Whether it stands in a line that it joined before somebody who was there already.
    pub(crate) fn is_out_of_turn(&self) -> bool {
        self.link.previous == OUT_OF_TURN
    }

    /// Who joined in turn after it and is still there.
    pub(crate) fn next(&self) -> Option<u32> {
        (self.link.next != NONE).then_some(self.link.next)
    }
}

impl<K> Members<K> for Links<K> {
    fn node(&self, member: u32) -> &Node<K> {
        &self.nodes[member as usize]
    }

    fn node_mut(&mut self, member: u32) -> &mut Node<K> {
        &mut self.nodes[member as usize]
    }
}

impl<K: Clone> Links<K> {
    /// Makes room for `member`, with a key that counts from its next joining on.
    pub(crate) fn set_key(&mut self, member: u32, key: K) {
        let at = member as usize;
        if at < self.nodes.len() {
            *self.nodes[at].key_mut() = key;
            return;
        }
        self.nodes.resize_with(at + 1, || Node::new(key.clone()));
    }
}

impl<K: Ord + Clone> Line<K> {
    /// How many stand in the line.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// Lets `member` join with the key that it has been given.
    #[inline]
    pub(crate) fn join(&mut self, links: &mut impl Members<K>, member: u32) {
        debug_assert!(!links.node(member).is_in_line(), "nobody stands in two lines");
        self.len += 1;
        let last = self.last;
        if last != NONE && links.node(last).key > links.node(member).key {
            self.out_of_turn.insert((links.node(member).key.clone(), member));
            links.node_mut(member).link.previous = OUT_OF_TURN;
            return;
        }
        links.node_mut(member).link = Link { previous: last, next: NONE };
        if last == NONE {
            self.first = member;
        } else {
            links.node_mut(last).link.next = member;
        }
        self.last = member;
    }

    /// Lets `member` leave. It must stand in this line.
    #[inline]
    pub(crate) fn leave(&mut self, links: &mut impl Members<K>, member: u32) {
        let link = &mut links.node_mut(member).link;
        let Link { previous, next } = *link;
        link.previous = OUT;
        assert!(previous != OUT, "a member leaves the line in which it stands");
        self.len -= 1;
        if previous == OUT_OF_TURN {
            let key = (links.node(member).key.clone(), member);
            let stood_here = self.out_of_turn.remove(&key);
            assert!(stood_here, "a member leaves the line in which it stands");
            return;
        }
        if previous == NONE {
            self.first = next;
        } else {
            links.node_mut(previous).link.next = next;
        }
        if next == NONE {
            self.last = previous;
        } else {
            links.node_mut(next).link.previous = previous;
        }
    }

    /// The first in the line, with its key.
    #[inline]
    pub(crate) fn first<'a>(&'a self, links: &'a impl Members<K>) -> Option<(&'a K, u32)> {
        let in_turn = (self.first != NONE).then(|| (&links.node(self.first).key, self.first));
        if self.out_of_turn.is_empty() {
            return in_turn;
        }
        let out_of_turn = self.out_of_turn.first().map(|(key, member)| (key, *member));
        match (in_turn, out_of_turn) {
            (Some(one), Some(other)) => Some(if other.0 < one.0 { other } else { one }),
            (one, other) => one.or(other),
        }
    }

    /// The key of the one that is last, `None` if the line is empty.
    pub(crate) fn last_key<'a>(&'a self, links: &'a impl Members<K>) -> Option<&'a K> {
        let in_turn = (self.last != NONE).then(|| &links.node(self.last).key);
        in_turn.max(self.out_of_turn.last().map(|(key, _)| key))
    }

    /// How many of those that joined out of turn stand before `key`.
    pub(crate) fn count_out_of_turn_before(&self, key: &K) -> u32 {
        let before = self.out_of_turn.range(..(key.clone(), 0)).count();
        u32::try_from(before).expect("members are numbered in 32 bits")
    }

    /// Everybody in the line, the first first.
    pub(crate) fn iter<'a>(
        &'a self,
        links: &'a impl Members<K>,
    ) -> impl Iterator<Item = (&'a K, u32)> {
        let next_of = |member: u32| (member != NONE).then_some(member);
        let mut in_turn = std::iter::successors(next_of(self.first), move |at| {
            next_of(links.node(*at).link.next)
        })
        .map(|member| (&links.node(member).key, member))
        .peekable();
        let mut out_of_turn =
            self.out_of_turn.iter().map(|(key, member)| (key, *member)).peekable();
        std::iter::from_fn(move || match (in_turn.peek(), out_of_turn.peek()) {
            (Some(one), Some(other)) if other.0 < one.0 => out_of_turn.next(),
            (None, _) => out_of_turn.next(),
            _ => in_turn.next(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of(keys: &[u32]) -> (Line<u32>, Links<u32>) {
        let (mut line, mut links) = (Line::default(), Links::default());
        for (member, key) in (0..).zip(keys) {
            links.set_key(member, *key);
            line.join(&mut links, member);
        }
        (line, links)
    }

    fn keys(line: &Line<u32>, links: &Links<u32>) -> Vec<u32> {
        line.iter(links).map(|(key, _)| *key).collect()
    }

    #[test]
    fn who_joins_out_of_turn_stands_in_its_place() {
        let (line, links) = line_of(&[10, 30, 20, 40, 5]);
        assert_eq!(keys(&line, &links), [5, 10, 20, 30, 40]);
        assert_eq!(line.first(&links), Some((&5, 4)));
        assert_eq!(line.last_key(&links), Some(&40));
        assert_eq!(line.len(), 5);
    }

    #[test]
    fn equal_keys_stand_as_they_joined() {
        let (line, links) = line_of(&[1, 1, 1]);
        let members: Vec<_> = line.iter(&links).map(|(_, member)| member).collect();
        assert_eq!(members, [0, 1, 2]);
    }

    #[test]
    fn who_joins_out_of_turn_stands_behind_its_equals() {
        let (line, links) = line_of(&[1, 3, 1, 2, 3]);
        let members: Vec<_> = line.iter(&links).map(|(_, member)| member).collect();
        assert_eq!(members, [0, 2, 3, 1, 4]);
        assert_eq!(line.first(&links), Some((&1, 0)));
    }

    #[test]
    fn anybody_can_leave() {
        for leaver in 0..5 {
            let all = [10, 30, 20, 40, 5];
            let (mut line, mut links) = line_of(&all);
            line.leave(&mut links, leaver);
            let mut rest = all.to_vec();
            rest.remove(leaver as usize);
            rest.sort_unstable();
            assert_eq!(keys(&line, &links), rest);
            assert_eq!(line.first(&links).map(|(key, _)| *key), rest.first().copied());
            assert_eq!(line.last_key(&links), rest.last());
            assert!(!links.node(leaver).is_in_line());
        }
    }

    #[test]
    fn who_stands_out_of_turn_is_in_the_line_whoever_of_the_others_has_left() {
        let all = [10, 30, 20, 40, 5, 35];
        for gone in 0..1_u32 << all.len() {
            let (mut line, mut links) = line_of(&all);
            let is_gone = |member: u32| gone & (1 << member) != 0;
            let mut rest = Vec::new();
            for (member, key) in (0..).zip(all) {
                if is_gone(member) {
                    line.leave(&mut links, member);
                } else {
                    rest.push(key);
                }
            }
            rest.sort_unstable();
            assert_eq!(keys(&line, &links), rest, "{gone:b}");
            assert_eq!(line.first(&links).map(|(key, _)| *key), rest.first().copied());
            assert_eq!(line.last_key(&links), rest.last());
        }
    }

    #[test]
    fn an_empty_line_can_be_joined_again() {
        let (mut line, mut links) = line_of(&[2, 1]);
        line.leave(&mut links, 0);
        line.leave(&mut links, 1);
        assert_eq!(line.len(), 0);
        assert_eq!(line.first(&links), None);
        assert_eq!(line.last_key(&links), None);
        line.join(&mut links, 0);
        assert_eq!(keys(&line, &links), [2]);
    }

    #[test]
    #[should_panic(expected = "leaves the line in which it stands")]
    fn leaving_a_line_twice_is_a_broken_invariant() {
        let (mut line, mut links) = line_of(&[1, 2]);
        line.leave(&mut links, 0);
        line.leave(&mut links, 0);
    }
}
