//! What waits to be polled.

use crate::{AgentDay, AgentLeft, CallRecord, Event, Output, OutputRef};

/// Outputs in the order in which they came.
///
/// They stay where they were written until all are taken: whoever takes one reads it there, and
/// nothing of it is moved. What is larger than events and rarer stands apart.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    order: Vec<Next>,
    /// How many of them are taken.
    taken: usize,
    records: Vec<CallRecord>,
    agent_days: Vec<AgentDay>,
    agents_left: Vec<AgentLeft>,
}

#[derive(Debug)]
enum Next {
    Event(Event),
    /// One of the records, counted from 0; the others likewise.
    Record(usize),
    AgentDay(usize),
    AgentLeft(usize),
}

impl Outbox {
    #[inline]
    pub(crate) fn event(&mut self, event: Event) {
        self.order.push(Next::Event(event));
    }

    /// Takes in a record that is made when there is a place for it, and in that place.
    #[inline(always)]
    pub(crate) fn record(&mut self, record: impl FnOnce() -> CallRecord) {
        self.order.push(Next::Record(self.records.len()));
        self.records.extend(std::iter::once_with(record));
    }

    pub(crate) fn agent_day(&mut self, day: AgentDay) {
        self.order.push(Next::AgentDay(self.agent_days.len()));
        self.agent_days.push(day);
    }

    pub(crate) fn agent_left(&mut self, left: AgentLeft) {
        self.order.push(Next::AgentLeft(self.agents_left.len()));
        self.agents_left.push(left);
    }

    /// Takes the next one.
    pub(crate) fn take(&mut self) -> Option<OutputRef<'_>> {
        if self.taken >= self.order.len() {
            if self.taken > 0 {
                self.clear();
            }
            return None;
        }
        let next = &self.order[self.taken];
        self.taken += 1;
        Some(self.output(next))
    }

    /// All that is not taken, to be kept.
    pub(crate) fn to_vec(&self) -> Vec<Output> {
        self.order[self.taken..].iter().map(|next| self.output(next).to_owned()).collect()
    }

    fn clear(&mut self) {
        self.taken = 0;
        self.order.clear();
        if self.records.len() + self.agent_days.len() + self.agents_left.len() > 0 {
            self.clear_large();
        }
    }

    /// Apart from [`Self::take`], which is short and seldom comes to this.
    #[inline(never)]
    fn clear_large(&mut self) {
        self.records.clear();
        self.agent_days.clear();
        self.agents_left.clear();
    }

    #[inline(always)]
    fn output<'a>(&'a self, next: &'a Next) -> OutputRef<'a> {
        match next {
            Next::Event(event) => OutputRef::Event(event),
            Next::Record(at) => OutputRef::Record(&self.records[*at]),
            Next::AgentDay(at) => OutputRef::AgentDay(&self.agent_days[*at]),
            Next::AgentLeft(at) => OutputRef::AgentLeft(&self.agents_left[*at]),
        }
    }
}

impl FromIterator<Output> for Outbox {
    fn from_iter<I: IntoIterator<Item = Output>>(outputs: I) -> Self {
        let mut outbox = Self::default();
        for output in outputs {
            match output {
                Output::Event(event) => outbox.event(event),
                Output::Record(record) => outbox.record(|| record),
                Output::AgentDay(day) => outbox.agent_day(day),
                Output::AgentLeft(left) => outbox.agent_left(left),
            }
        }
        outbox
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AgentFigures, AgentId, CallId, CallStatus, Day, DepartmentId, Millis, Priority, Timestamp,
        VqId,
    };

    #[test]
    fn what_was_taken_makes_room_when_all_is_taken() {
        let outputs: [fn(Day) -> Output; 4] = [
            |day| Output::Event(Event::DayBegan { day }),
            |day| Output::Record(record(day)),
            |day| {
                let (login, figures) = ("ann".parse().unwrap(), AgentFigures::default());
                Output::AgentDay(AgentDay { login, day, figures })
            },
            |_| {
                let (agent, login) = (AgentId { slot: 0, generation: 0 }, "ann".parse().unwrap());
                Output::AgentLeft(AgentLeft { agent, login, department: DepartmentId(0) })
            },
        ];
        for output in outputs.map(|output| output("2026-01-29".parse().unwrap())) {
            let mut outbox: Outbox = [output.clone(), output.clone()].into_iter().collect();
            for _ in 0..2 {
                assert_eq!(outbox.take().map(OutputRef::to_owned), Some(output.clone()));
                assert_eq!(outbox.order.len(), 2, "it is lent where it stands");
            }
            assert_eq!(outbox.take(), None);
            let Outbox { order, taken, records, agent_days, agents_left } = &outbox;
            assert_eq!((order.len(), *taken), (0, 0));
            assert_eq!((records.len(), agent_days.len(), agents_left.len()), (0, 0, 0));
        }
    }

    fn record(day: Day) -> CallRecord {
        CallRecord {
            id: CallId { day, number: 1 },
            vq: VqId(0),
            department: DepartmentId(0),
            caller: None,
            priority: Priority::default(),
            status: CallStatus::Abandoned,
            outcome: None,
            agent: None,
            enqueued_at: Timestamp::MIN,
            assigned_at: None,
            answered_at: None,
            ended_at: Timestamp::MIN,
            wait: Millis::ZERO,
            ring: Millis::ZERO,
            talk: Millis::ZERO,
            hold: Millis::ZERO,
            after_call: Millis::ZERO,
            answered_in_target: false,
            offers: 0,
        }
    }
}
