//! What is to be said on a link that is back, in portions: all at once would be more than waits for a
//! link, which would be lost again for it.

use std::collections::{HashMap, VecDeque};

use monti_core::CallId;

use super::LinkNo;
use crate::CallerId;

/// So much may be unanswered on a link at once. A server takes that within a moment, and a link has
/// room for much more.
const UNANSWERED_MAX: usize = 512;

/// Something to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resumed {
    /// A caller's call, which from then on is told to this link.
    Call(CallerId),
    /// A caller hung up while there was no link.
    HangUp(CallId),
}

/// What waits for its turn, link by link.
#[derive(Debug, Default)]
pub(super) struct Resuming {
    waiting: HashMap<u32, VecDeque<Resumed>>,
}

impl Resuming {
    /// A link is back: all that is to be said on it. Answers what of it is said at once.
    pub(super) fn begin(
        &mut self,
        link: LinkNo,
        all: impl IntoIterator<Item = Resumed>,
    ) -> Vec<Resumed> {
        let mut all = all.into_iter().collect::<VecDeque<_>>();
        let first = all.drain(..all.len().min(UNANSWERED_MAX)).collect();
        if !all.is_empty() {
            self.waiting.insert(link.0, all);
        }
        first
    }

    /// Something that was said on a link about a call is answered: what is said in its place.
    pub(super) fn next(&mut self, link: LinkNo) -> Option<Resumed> {
        let waiting = self.waiting.get_mut(&link.0)?;
        let next = waiting.pop_front();
        if waiting.is_empty() {
            self.waiting.remove(&link.0);
        }
        next
    }

    /// A link is lost before all was said on it.
    pub(super) fn lose(&mut self, link: LinkNo) -> impl Iterator<Item = Resumed> + use<> {
        self.waiting.remove(&link.0).unwrap_or_default().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_is_unanswered_than_a_link_has_room_for_and_nothing_is_left_out() {
        let callers = (0..100_000).map(|place| Resumed::Call(CallerId { place, serial: 1 }));
        let mut resuming = Resuming::default();
        let (back, other) = (LinkNo(3), LinkNo(4));
        let mut said = resuming.begin(back, callers.clone());
        assert_eq!(said.len(), UNANSWERED_MAX);
        assert_eq!(resuming.next(other), None);
        said.extend(std::iter::from_fn(|| resuming.next(back)));
        assert!(said.into_iter().eq(callers.clone()));
        assert!(resuming.waiting.is_empty());

        resuming.begin(back, callers);
        assert_eq!(resuming.lose(back).count(), 100_000 - UNANSWERED_MAX);
        assert_eq!(resuming.next(back), None);
    }
}
