//! The bare counterpart: a ring of waiting ids, a ring of idle agents, nothing else.
//!
//! It does what routing needs at the very least and keeps no figure, no deadline, no record: the
//! price of a queue without a contact centre around it.

use std::collections::VecDeque;

/// What happens, as the engine's inputs tell it.
#[derive(Clone, Copy)]
pub(crate) enum Event {
    Arrive,
    Accept { agent: u32 },
    Complete { agent: u32 },
    Available { agent: u32 },
}

/// What is to be sent.
#[derive(Clone, Copy)]
pub(crate) struct Assigned {
    pub(crate) call: u64,
    pub(crate) agent: u32,
}

pub(crate) struct Bare {
    next_call: u64,
    waiting: VecDeque<u64>,
    idle: VecDeque<u32>,
    call_of: Vec<u64>,
    outputs: VecDeque<Assigned>,
}

impl Bare {
    pub(crate) fn new(agents: u32) -> Self {
        Self {
            next_call: 0,
            waiting: VecDeque::with_capacity(1_024),
            idle: (0..agents).collect(),
            call_of: vec![0; agents as usize],
            outputs: VecDeque::with_capacity(16),
        }
    }

    #[inline(never)]
    pub(crate) fn handle(&mut self, event: Event) {
        match event {
            Event::Arrive => {
                let call = self.next_call;
                self.next_call += 1;
                self.waiting.push_back(call);
                self.route();
            }
            Event::Accept { agent } | Event::Complete { agent } => {
                // The call the agent is said to have: looked up, as any engine must.
                std::hint::black_box(self.call_of[agent as usize]);
            }
            Event::Available { agent } => {
                self.idle.push_back(agent);
                self.route();
            }
        }
    }

    fn route(&mut self) {
        if self.idle.is_empty() || self.waiting.is_empty() {
            return;
        }
        if let (Some(agent), Some(call)) = (self.idle.pop_front(), self.waiting.pop_front()) {
            self.call_of[agent as usize] = call;
            self.outputs.push_back(Assigned { call, agent });
        }
    }

    #[inline(never)]
    pub(crate) fn poll(&mut self) -> Option<Assigned> {
        self.outputs.pop_front()
    }
}
