//! What the server has in the end, asked of it as anybody can.

use std::{collections::BTreeMap, net::SocketAddr};

use monti_core::{
    CallId,
    wire::{CallRecord, CallStats, CallsPage, LiveCall, LiveState, QueueIntervals},
};

use crate::{
    centre::{DEPARTMENTS, QUEUES, TARGET_MS},
    rest,
};

/// What there is, while nothing happens any more.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) stats: CallStats,
    pub(crate) state: LiveState,
    pub(crate) records: BTreeMap<CallId, CallRecord>,
    pub(crate) live: BTreeMap<CallId, LiveCall>,
    pub(crate) intervals: Vec<QueueIntervals>,
}

impl Found {
    /// What there is once all calls that wait have missed their target: from then on no figure
    /// changes by itself.
    pub(crate) fn when_quiet(address: SocketAddr) -> Self {
        loop {
            let found = Self::ask(address);
            let now = found.state.timestamp;
            let mut live = found.live.values();
            if live.all(|call| now.since(call.enqueued_at).get() > TARGET_MS) {
                return found;
            }
        }
    }

    fn ask(address: SocketAddr) -> Self {
        let state: LiveState = rest::get(address, "/api/snapshot");
        let live: BTreeMap<_, _> =
            state.calls.iter().map(|call| (call.call_id, call.clone())).collect();
        assert_eq!(live.len(), state.calls.len(), "a call is in one place");
        let queues = DEPARTMENTS.iter().flat_map(|of| QUEUES.map(|queue| format!("{of}_{queue}")));
        let intervals = queues.map(|vq| rest::get(address, &format!("/api/queues/{vq}/intervals")));
        Self {
            stats: rest::get(address, "/internal/calls/stats"),
            records: records(address),
            intervals: intervals.collect(),
            state,
            live,
        }
    }
}

fn records(address: SocketAddr) -> BTreeMap<CallId, CallRecord> {
    let mut records = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page: CallsPage = rest::get(address, &format!("/api/calls?limit=1000{cursor}"));
        for record in page.calls {
            assert_eq!(record.call_id.day, page.date);
            let before = records.insert(record.call_id, record);
            assert!(before.is_none(), "{before:?} has two records");
        }
        let Some(next) = page.cursor else { return records };
        cursor = format!("&cursor={next}");
    }
}
