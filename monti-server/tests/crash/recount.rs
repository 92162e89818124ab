//! The figures counted again, call by call.

use std::collections::BTreeMap;

use monti_core::{
    CallStatus, Timestamp,
    wire::{AgentKpis, CallRecord, Interval, LiveCall, QueueCallStats, Seconds, VirtualQueue},
};

use crate::{
    centre::{SHORT_ABANDON_MS, TARGET_MS, department_of},
    found::Found,
};

/// What a wallboard shows of calls, counted from these themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Count {
    offered: u32,
    waiting: u32,
    overdue: u32,
    completed: u32,
    lost: u32,
    answered: u32,
    answered_in_target: u32,
    abandoned: u32,
    abandoned_in_target: u32,
    abandoned_short: u32,
    wait_ms: u64,
    wait_ms_max: u64,
    handled: u32,
    handle_ms: u64,
}

/// Holds the figures of queues, of their intervals, and of agents against the calls.
pub(crate) fn check(found: &Found) {
    let queues = found.state.departments.iter().flat_map(|department| &department.queues);
    for (queue, stats) in queues.zip(&found.stats.queues) {
        let count = Count::of(found, |vq, _| vq == queue.id);
        count.check_queue(queue);
        count.check_stats(stats);
    }
    for department in &found.state.departments {
        let count = Count::of(found, |vq, _| department_of(vq) == department.department);
        let shown = &department.summary;
        assert_eq!(shown.calls_offered, count.offered);
        assert_eq!(shown.calls_answered, count.answered);
        assert_eq!(shown.calls_abandoned, count.abandoned);
        same_share(shown.service_level_percent, count.service_level());
        same_mean(shown.avg_wait_seconds, count.wait_ms, count.answered);
    }
    for queue in &found.intervals {
        let mut offered = 0;
        for interval in &queue.intervals {
            let length = i64::from(queue.minutes) * 60_000;
            let ends_at = Timestamp::from_millis(interval.starts_at.as_millis() + length);
            let is_in = |at: Timestamp| at >= interval.starts_at && at < ends_at;
            let count = Count::of(found, |vq, at| vq == queue.vq && is_in(at));
            count.check_interval(interval);
            offered += count.offered;
        }
        assert_eq!(offered, Count::of(found, |vq, _| vq == queue.vq).offered, "{}", queue.vq);
    }
    check_agents(found);
}

fn check_agents(found: &Found) {
    let mut of: BTreeMap<&str, Vec<&CallRecord>> = BTreeMap::new();
    for record in found.records.values() {
        if let Some(login) = &record.agent_id {
            of.entry(login.as_str()).or_default().push(record);
        }
    }
    for agent in found.state.departments.iter().flat_map(|department| &department.agents) {
        let calls = of.remove(agent.agent_id.as_str()).unwrap_or_default();
        let sum = |part: fn(&CallRecord) -> Seconds| -> u64 {
            calls.iter().map(|record| part(record).0.get()).sum()
        };
        let AgentKpis { calls_handled, talk_seconds, hold_seconds, acw_seconds, .. } = agent.kpis;
        assert_eq!(calls_handled as usize, calls.len(), "{agent:?}");
        let shown = [talk_seconds, hold_seconds, acw_seconds].map(|Seconds(time)| time.get());
        let counted =
            [sum(|it| it.talk_seconds), sum(|it| it.hold_seconds), sum(|it| it.acw_seconds)];
        assert_eq!(shown, counted, "talking, holding, after-call work: {agent:?}");
    }
    assert!(of.is_empty(), "calls of agents that are not there: {:?}", of.keys());
}

impl Count {
    /// Counts the calls of a queue and of a moment of arrival that `is_meant`.
    fn of(found: &Found, is_meant: impl Fn(&str, Timestamp) -> bool) -> Self {
        let mut count = Self::default();
        let records = found.records.values().filter(|it| is_meant(&it.vq, it.enqueued_at));
        records.for_each(|record| count.add(record));
        let live = found.live.values().filter(|it| is_meant(&it.vq, it.enqueued_at));
        live.for_each(|call| count.add_live(call, found.state.timestamp));
        count
    }

    fn add(&mut self, record: &CallRecord) {
        self.offered += 1;
        let decided_at = record.answered_at.unwrap_or(record.ended_at);
        let waited = decided_at.since(record.enqueued_at).get();
        let is_in_target = waited <= TARGET_MS;
        self.wait_ms_max = self.wait_ms_max.max(waited);
        if record.answered_at.is_none() {
            assert_eq!((record.status, record.answered_in_target), (CallStatus::Abandoned, false));
            self.abandoned += 1;
            self.abandoned_in_target += u32::from(is_in_target);
            self.abandoned_short += u32::from(waited <= SHORT_ABANDON_MS);
            return;
        }
        assert_eq!(record.answered_in_target, is_in_target, "{record:?}");
        match record.status {
            CallStatus::Completed => self.completed += 1,
            CallStatus::AgentLost => self.lost += 1,
            other => panic!("nobody had a call {other:?}"),
        }
        self.answered += 1;
        self.answered_in_target += u32::from(is_in_target);
        self.wait_ms += waited;
        self.handled += 1;
        let parts = [record.talk_seconds, record.hold_seconds, record.acw_seconds];
        self.handle_ms += parts.map(|Seconds(part)| part.get()).iter().sum::<u64>();
    }

    fn add_live(&mut self, call: &LiveCall, now: Timestamp) {
        self.offered += 1;
        self.waiting += 1;
        self.overdue += u32::from(now.since(call.enqueued_at).get() > TARGET_MS);
    }

    /// A≤ / O.
    fn service_level(&self) -> Option<f64> {
        share(self.answered_in_target, self.answered + self.abandoned + self.overdue)
    }

    fn check_queue(&self, queue: &VirtualQueue) {
        let shown = &queue.service_level;
        let numbers = [
            (queue.waiting_calls, self.waiting),
            (queue.ringing_calls, 0),
            (queue.active_calls, 0),
            (shown.calls_offered, self.offered),
            (shown.calls_answered, self.answered),
            (shown.calls_answered_in_target, self.answered_in_target),
            (shown.calls_abandoned, self.abandoned),
            (shown.calls_abandoned_short, self.abandoned_short),
        ];
        assert!(numbers.iter().all(|(shown, counted)| shown == counted), "{queue:?}, but {self:?}");
        let (answered, abandoned) = (self.answered, self.abandoned);
        let (in_target, given_up) = (self.answered_in_target, self.abandoned_in_target);
        let decided = answered + abandoned + self.overdue;
        same_share(shown.current_percent, self.service_level());
        same_share(shown.variants.seed, self.service_level());
        same_share(shown.variants.ignore_abandoned, share(in_target, decided - given_up));
        let positive = share(in_target + given_up, answered + abandoned);
        same_share(shown.variants.abandoned_positive, positive);
        same_share(shown.variants.answered_only, share(in_target, answered));
        same_mean(shown.avg_wait_seconds, self.wait_ms, answered);
        same_mean(shown.avg_handle_seconds, self.handle_ms, self.handled);
        let longest = (answered + abandoned > 0).then_some(self.wait_ms_max);
        assert_eq!(shown.max_wait_seconds.map(|it| it.0.get()), longest, "{queue:?}");
    }

    fn check_stats(&self, stats: &QueueCallStats) {
        let shown = &stats.counts;
        let numbers = [
            (shown.calls_offered, self.offered),
            (shown.waiting_calls, self.waiting),
            (shown.ringing_calls, 0),
            (shown.active_calls, 0),
            (shown.calls_completed, self.completed),
            (shown.calls_abandoned, self.abandoned),
            (shown.calls_agent_lost, self.lost),
        ];
        let is_same = numbers.iter().all(|(shown, counted)| shown == counted);
        assert!(is_same && shown.conserved, "{stats:?}, but {self:?}");
    }

    fn check_interval(&self, shown: &Interval) {
        let numbers = [shown.calls_offered, shown.calls_answered, shown.calls_abandoned];
        assert_eq!(numbers, [self.offered, self.answered, self.abandoned], "{shown:?}");
        same_share(shown.service_level_percent, self.service_level());
        same_mean(shown.avg_wait_seconds, self.wait_ms, self.answered);
        same_mean(shown.avg_handle_seconds, self.handle_ms, self.handled);
    }
}

fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| 100.0 * f64::from(part) / f64::from(of))
}

fn same_share(shown: Option<f64>, counted: Option<f64>) {
    let is_same = match (shown, counted) {
        (Some(shown), Some(counted)) => (shown - counted).abs() < 1e-9,
        (shown, counted) => shown == counted,
    };
    assert!(is_same, "{shown:?} %, but {counted:?} %");
}

/// A mean is shown to the millisecond.
fn same_mean(shown: Option<Seconds>, sum_ms: u64, count: u32) {
    let Some(Seconds(shown)) = shown else { return assert_eq!(count, 0) };
    let count = u64::from(count);
    assert!(shown.get().abs_diff(sum_ms / count) <= 1, "{shown:?}, but {sum_ms} ms of {count}");
}
