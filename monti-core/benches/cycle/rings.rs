//! The bare counterpart: a ring of waiting ids, a ring of idle agents, nothing else.
//!
//! It does what routing needs at the very least, in its own few words: no figures, no deadlines, no
//! records, no checks, no way back. Whatever the engine takes beyond it is the price of a contact
//! centre.

use std::{collections::VecDeque, hint::black_box};

use crate::{desk::Dice, workload::Load};

/// What happens.
#[derive(Clone, Copy)]
enum Told {
    Arrive,
    Accept { agent: u32 },
    Complete { agent: u32 },
    Available { agent: u32 },
}

/// What is to be sent.
#[derive(Clone, Copy)]
struct Assigned {
    call: u64,
    agent: u32,
}

/// The two rings.
struct Rings {
    next_call: u64,
    waiting: VecDeque<u64>,
    idle: VecDeque<u32>,
    call_of: Vec<u64>,
    outputs: VecDeque<Assigned>,
}

impl Rings {
    fn new(agents: u32) -> Self {
        Self {
            next_call: 0,
            waiting: VecDeque::with_capacity(1_024),
            idle: (0..agents).collect(),
            call_of: vec![0; agents as usize],
            outputs: VecDeque::with_capacity(16),
        }
    }

    #[inline(never)]
    fn handle(&mut self, told: Told) {
        match told {
            Told::Arrive => {
                self.waiting.push_back(self.next_call);
                self.next_call += 1;
                self.route();
            }
            // The call that the agent is said to have: looked up, as any engine must.
            Told::Accept { agent } | Told::Complete { agent } => {
                black_box(self.call_of[agent as usize]);
            }
            Told::Available { agent } => {
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
    fn poll(&mut self) -> Option<Assigned> {
        self.outputs.pop_front()
    }
}

/// The same steady state as of the engine.
pub(crate) struct BareDesk {
    rings: Rings,
    busy: Vec<u32>,
    dice: Dice,
}

impl BareDesk {
    pub(crate) fn new(load: Load) -> Self {
        let mut desk = Self { rings: Rings::new(load.agents), busy: Vec::new(), dice: Dice(1) };
        for _ in 0..load.busy() {
            desk.rings.handle(Told::Arrive);
            desk.answer();
        }
        desk
    }

    pub(crate) fn cycle(&mut self) {
        self.rings.handle(Told::Arrive);
        self.answer();
        let at = self.dice.below(self.busy.len());
        let agent = self.busy.swap_remove(at);
        self.rings.handle(Told::Complete { agent });
        self.rings.handle(Told::Available { agent });
        self.answer();
    }

    fn answer(&mut self) {
        while let Some(Assigned { call, agent }) = self.rings.poll() {
            black_box(call);
            self.rings.handle(Told::Accept { agent });
            self.busy.push(agent);
        }
    }
}
