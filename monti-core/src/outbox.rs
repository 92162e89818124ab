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
        self.order.push_back(Next::Event(event));
    }

    #[inline]
    pub(crate) fn record(&mut self, record: CallRecord) {
        self.order.push_back(Next::Record);
        self.records.push_back(record);
    }

    pub(crate) fn agent_day(&mut self, day: AgentDay) {
        self.order.push_back(Next::AgentDay);
        self.agent_days.push_back(day);
    }

    pub(crate) fn pop(&mut self) -> Option<Output> {
        let output = match self.order.pop_front()? {
            Next::Event(event) => Some(Output::Event(event)),
            Next::Record => self.records.pop_front().map(Output::Record),
            Next::AgentDay => self.agent_days.pop_front().map(Output::AgentDay),
        };
        if self.order.is_empty() {
            // To begin again at the front, which the processor's cache holds: after a burst the
            // queues would else go round and round through all the room that it took.
            self.order.clear();
            self.records.clear();
        }
        output
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
