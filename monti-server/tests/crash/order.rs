//! First come, first served: nobody was offered a call while a better one had waited for its
//! first offer.

use std::collections::BTreeSet;

use monti_core::{CallId, Timestamp};

use crate::{book::Facts, centre::department_of, found::Found};

/// The order in which calls are to be served: the smaller one first.
type Rank = (u8, Timestamp, CallId);

/// What happens to a call, in the order in which things at one moment are to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Left,
    Offered,
    Came,
}

/// A call as far as it matters here.
struct Call {
    rank: Rank,
    department: String,
    /// When it was offered, if all of it was heard.
    offered_at: Vec<Timestamp>,
    has_heard_all: bool,
    left_at: Option<Timestamp>,
}

/// Goes through all departments' days; every agent serves all queues of its department.
pub(crate) fn check(facts: &Facts, found: &Found) {
    let calls = calls(facts, found);
    for department in crate::centre::DEPARTMENTS {
        let mut turns: Vec<(Timestamp, Turn, Rank)> = Vec::new();
        for call in calls.iter().filter(|call| call.department == department) {
            let (_, came_at, _) = call.rank;
            turns.extend(call.offered_at.iter().map(|at| (*at, Turn::Offered, call.rank)));
            let first = call.offered_at.iter().min();
            if call.has_heard_all && first != Some(&came_at) {
                turns.push((came_at, Turn::Came, call.rank));
                turns.extend(call.left_at.map(|at| (at, Turn::Left, call.rank)));
            }
        }
        turns.sort_unstable();
        let mut waiting = BTreeSet::new();
        for (at, turn, rank) in turns {
            match turn {
                Turn::Came => _ = waiting.insert(rank),
                Turn::Left => _ = waiting.remove(&rank),
                Turn::Offered => {
                    waiting.remove(&rank);
                    let better = waiting.first().filter(|first| **first < rank);
                    assert_eq!(better, None, "{rank:?} was offered at {at} before it");
                }
            }
        }
    }
}

fn calls(facts: &Facts, found: &Found) -> Vec<Call> {
    let call = |id: CallId, vq: &str, priority: u8, came_at, offers: u32, left_at| {
        let offered_at = facts.calls.get(&id).map(|told| told.offered_at.clone());
        let offered_at = offered_at.unwrap_or_default();
        Call {
            rank: (9 - priority, came_at, id),
            department: department_of(vq).to_owned(),
            has_heard_all: offered_at.len() == offers as usize,
            offered_at,
            left_at,
        }
    };
    let over = found.records.values().map(|it| {
        let left_at = it.answered_at.is_none().then_some(it.ended_at);
        call(it.call_id, &it.vq, it.priority.get(), it.enqueued_at, it.offers, left_at)
    });
    let live = found
        .live
        .values()
        .map(|it| call(it.call_id, &it.vq, it.priority.get(), it.enqueued_at, it.offers, None));
    over.chain(live).collect()
}
