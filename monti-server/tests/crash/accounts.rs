//! Every call that anybody was told of is in one place, and is what was told.

use std::collections::BTreeMap;

use monti_core::{
    CallId, CallStatus,
    wire::{LiveCallStatus, Seconds},
};

use crate::{
    book::{Facts, Told},
    found::Found,
};

/// Holds what was told against what there is.
pub(crate) fn check(facts: &Facts, found: &Found) {
    let mut calls_of: BTreeMap<&str, Vec<CallId>> = BTreeMap::new();
    for (call, caller, vq, priority) in all(found) {
        let known = &facts.callers.get(caller).expect("somebody asked for it").asked;
        assert_eq!((vq, priority), (known.vq.as_str(), known.priority), "{call}");
        calls_of.entry(caller).or_default().push(call);
    }
    let numbers: Vec<_> = found.records.keys().chain(found.live.keys()).collect();
    let (first, last) = (numbers.iter().min().unwrap(), numbers.iter().max().unwrap());
    assert_eq!((first.number, first.day), (1, last.day));
    assert_eq!(numbers.len(), last.number as usize, "every number is one call's");
    for (caller, known) in &facts.callers {
        let mut told = known.calls.clone();
        told.sort_unstable();
        let mut there = calls_of.remove(caller.as_str()).unwrap_or_default();
        there.sort_unstable();
        if known.is_acknowledged {
            assert_eq!(there, told, "{known:?}");
        } else {
            assert!(known.is_given_up, "{known:?} has no answer");
            let is_all_or_nothing = there.is_empty() || there.len() == known.asked.count;
            assert!(is_all_or_nothing && told.iter().all(|call| there.contains(call)), "{known:?}");
        }
    }
    for (call, told) in &facts.calls {
        check_fate(*call, told, found);
    }
}

/// All calls that there are: their ids, callers, queues and priorities.
fn all(found: &Found) -> impl Iterator<Item = (CallId, &str, &str, u8)> {
    let records = found.records.values().map(|it| {
        assert!(!found.live.contains_key(&it.call_id), "{it:?}");
        (it.call_id, it.caller_number.as_deref().unwrap(), it.vq.as_str(), it.priority.get())
    });
    records.chain(found.live.values().map(|it| {
        (it.call_id, it.caller_number.as_deref().unwrap(), it.vq.as_str(), it.priority.get())
    }))
}

fn check_fate(call: CallId, told: &Told, found: &Found) {
    let seen = told.offered_at.len();
    let Some(record) = found.records.get(&call) else {
        let live = found.live.get(&call).unwrap_or_else(|| panic!("{call} is lost: {told:?}"));
        assert_eq!(live.status, LiveCallStatus::Waiting, "all agents have finished: {live:?}");
        let is_open = !told.is_completed && !told.is_abandoned && told.ended.is_none();
        assert!(is_open && told.answered_by.is_none(), "{live:?}, but {told:?}");
        return assert!(live.offers as usize >= seen, "{live:?}, but {told:?}");
    };
    assert!(record.offers as usize >= seen, "{record:?}, but {told:?}");
    if told.is_completed {
        assert_eq!(record.status, CallStatus::Completed, "{told:?}");
    }
    if told.is_abandoned {
        assert_eq!(record.status, CallStatus::Abandoned, "{told:?}");
    }
    if told.was_too_late {
        assert!(record.answered_at.is_some(), "{record:?}, but {told:?}");
    }
    if let Some(ended) = told.ended {
        assert_eq!(record.status, ended, "{told:?}");
    }
    let decided_at = record.answered_at.unwrap_or(record.ended_at);
    let rang_after = told.offered_at.iter().find(|at| **at > decided_at);
    assert_eq!(rang_after, None, "{record:?}");
    let answered_by = record.agent_id.as_ref().map(|login| login.as_str());
    assert_eq!(answered_by, told.answered_by.as_deref(), "{record:?}");
    let parts =
        [record.wait_seconds, record.ring_seconds, record.talk_seconds, record.hold_seconds];
    let parts: u64 = parts.iter().map(|Seconds(part)| part.get()).sum();
    assert_eq!(parts, record.ended_at.since(record.enqueued_at).get(), "{record:?}");
}
