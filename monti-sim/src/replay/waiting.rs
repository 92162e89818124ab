//! When callers waited, for the agents that could have answered them.

use std::collections::BTreeSet;

use monti_core::Timestamp;

use super::recording::{RecordedCall, Span};

/// The times in which at least one caller waited, in order and apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Waiting(Vec<Span>);

impl Waiting {
    /// The times in which somebody waited in one of `queues`; `calls` are in order of arrival.
    pub(super) fn of(calls: &[RecordedCall], queues: &BTreeSet<usize>) -> Self {
        let mut spans = Vec::<Span>::new();
        for call in calls.iter().filter(|call| queues.contains(&call.queue)) {
            let (from, until) = (call.arrival, call.arrival + call.waited());
            match spans.last_mut() {
                _ if from == until => {}
                Some(last) if from <= last.until => last.until = last.until.max(until),
                _ => spans.push(Span { from, until }),
            }
        }
        Self(spans)
    }

    /// Until when somebody waits without a break from `moment` on; `None` if nobody does then.
    pub(super) fn from(&self, moment: Timestamp) -> Option<Timestamp> {
        let span = self.0.get(self.0.partition_point(|span| span.until <= moment))?;
        (span.from <= moment).then_some(span.until)
    }

    /// Whether anybody waits in `span`.
    pub(super) fn anybody_in(&self, span: Span) -> bool {
        let next = self.0.get(self.0.partition_point(|it| it.until <= span.from));
        next.is_some_and(|it| it.from < span.until)
    }
}
