//! What waits to be polled.

use std::collections::VecDeque;

use crate::{AgentDay, CallRecord, Event, Output};

/// Outputs in the order in which they came.
///
/// Records are many times larger than events and rarer; in a queue of their own they make neither
/// the events' queue larger nor a call cost an allocation.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    order: VecDeque<Next>,
    records: VecDeque<CallRecord>,
    agent_days: VecDeque<AgentDay>,
}

#[derive(Debug)]
enum Next {
    Event(Event),
    Record,
    AgentDay,
}

impl Outbox {
    #[inline]
    pub(crate) fn event(&mut self, event: Event) {
        push(&mut self.order, Next::Event(event));
    }

    #[inline]
    pub(crate) fn record(&mut self, record: CallRecord) {
        push(&mut self.order, Next::Record);
        push(&mut self.records, record);
    }

    pub(crate) fn agent_day(&mut self, day: AgentDay) {
        push(&mut self.order, Next::AgentDay);
        push(&mut self.agent_days, day);
    }

    pub(crate) fn pop(&mut self) -> Option<Output> {
        match self.order.pop_front()? {
            Next::Event(event) => Some(Output::Event(event)),
            Next::Record => self.records.pop_front().map(Output::Record),
            Next::AgentDay => self.agent_days.pop_front().map(Output::AgentDay),
        }
    }

    /// All that waits, to be kept.
    pub(crate) fn to_vec(&self) -> Vec<Output> {
        let (mut records, mut days) = (self.records.iter(), self.agent_days.iter());
        let output = |next: &Next| match next {
            Next::Event(event) => Some(Output::Event(event.clone())),
            Next::Record => records.next().cloned().map(Output::Record),
            Next::AgentDay => days.next().cloned().map(Output::AgentDay),
        };
        self.order.iter().filter_map(output).collect()
    }
}

/// Pushes to the end; in an empty queue at the front of its room, which the processor's cache holds.
/// After a burst the queue would else go round and round through all the room that it took then.
#[inline]
fn push<T>(queue: &mut VecDeque<T>, value: T) {
    if queue.is_empty() {
        queue.clear();
    }
    queue.push_back(value);
}

impl FromIterator<Output> for Outbox {
    fn from_iter<I: IntoIterator<Item = Output>>(outputs: I) -> Self {
        let mut outbox = Self::default();
        for output in outputs {
            match output {
                Output::Event(event) => outbox.event(event),
                Output::Record(record) => outbox.record(record),
                Output::AgentDay(day) => outbox.agent_day(day),
            }
        }
        outbox
    }
}
