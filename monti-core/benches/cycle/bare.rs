//! The two rings once more, told and asked in the engine's own words: what remains of the engine's
//! cost beside this is what it does, without what its interface costs.

use std::collections::VecDeque;

use monti_core::{
    AgentAction, AgentId, Assignment, CallId, Day, Event, Input, Millis, OutputRef, Queued,
    Rejection, Reply, SettableState, Timestamp, VqId,
};

pub(crate) struct Bare {
    day: Day,
    calls: u32,
    waiting: VecDeque<(u32, VqId)>,
    idle: VecDeque<AgentId>,
    call_of: Vec<u32>,
    outputs: Vec<Event>,
    taken: usize,
}

impl Bare {
    pub(crate) fn new(day: Day, agents: Vec<AgentId>) -> Self {
        Self {
            day,
            calls: 0,
            waiting: VecDeque::with_capacity(1_024),
            call_of: vec![0; agents.len()],
            idle: agents.into(),
            outputs: Vec::with_capacity(16),
            taken: 0,
        }
    }

    pub(crate) fn handle_input(
        &mut self,
        now: Timestamp,
        input: Input,
    ) -> Result<Reply, Rejection> {
        match input {
            Input::Call { vq, .. } => {
                self.calls += 1;
                self.waiting.push_back((self.calls, vq));
                self.route(now);
                Ok(Reply::Queued(Queued {
                    call: CallId { day: self.day, number: self.calls },
                    position: 1,
                    estimated_wait: None,
                    duplicate: false,
                }))
            }
            Input::Agent { agent, action, .. } => {
                match action {
                    AgentAction::Complete { .. } => self.call_of[agent.index()] = 0,
                    AgentAction::SetState(SettableState::Available) => {
                        self.idle.push_back(agent);
                        self.route(now);
                    }
                    _ => {}
                }
                Ok(Reply::Done)
            }
            _ => Ok(Reply::Done),
        }
    }

    fn route(&mut self, now: Timestamp) {
        if self.idle.is_empty() || self.waiting.is_empty() {
            return;
        }
        if let (Some(agent), Some((number, vq))) = (self.idle.pop_front(), self.waiting.pop_front())
        {
            self.call_of[agent.index()] = number;
            self.outputs.push(Event::Assigned(Assignment {
                agent,
                call: CallId { day: self.day, number },
                vq,
                caller: None,
                priority: Default::default(),
                enqueued_at: now,
                waited: Millis::ZERO,
            }));
        }
    }

    pub(crate) fn poll_output(&mut self) -> Option<OutputRef<'_>> {
        if self.taken == self.outputs.len() {
            self.outputs.clear();
            self.taken = 0;
            return None;
        }
        self.taken += 1;
        self.outputs.get(self.taken - 1).map(OutputRef::Event)
    }
}
