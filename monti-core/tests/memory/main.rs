//! What the engine keeps, and that a call costs no allocation in the steady state.
//!
//! One test alone in its program: the allocator counts for all threads.

use std::alloc::System;

use cap::Cap;
use monti_core::{
    AgentAction, Assignment, BusinessDay, Centre, DepartmentId, Engine, Event, Input, Millis,
    OutputRef, Registration, Reply, Session, SettableState, Timestamp, VqId,
};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const MANY: usize = 1_000_000;
/// What the engine keeps of a name of eight characters: the text and two counts. The login itself
/// stands in the agent.
const NAME_BYTES: usize = 24;

#[test]
fn what_the_engine_keeps_and_allocates_stays_within_its_bounds() {
    live_agents_take_at_most_400_bytes();
    live_calls_take_at_most_300_bytes();
    a_call_costs_no_allocation();
}

fn live_agents_take_at_most_400_bytes() {
    let mut desk = Desk::new();
    let before = ALLOCATOR.allocated();
    for number in 0..MANY {
        desk.register(number);
    }
    let each = (ALLOCATOR.allocated() - before) / MANY - NAME_BYTES;
    println!("{each} bytes a live agent");
    assert!(each <= 400, "{each} bytes a live agent");
}

fn live_calls_take_at_most_300_bytes() {
    let mut desk = Desk::new();
    let before = ALLOCATOR.allocated();
    for number in 0..MANY {
        desk.arrive(number);
        desk.drain();
    }
    let each = (ALLOCATOR.allocated() - before) / MANY;
    println!("{each} bytes a live call");
    assert!(each <= 300, "{each} bytes a live call");
}

/// Three days to find the size that everything needs, then two more without an allocation:
/// requests, rejections, records and the ends of the dates included.
fn a_call_costs_no_allocation() {
    let mut desk = Desk::new();
    for number in 0..40 {
        desk.register(number);
    }
    let calls_a_day = 8_640;
    for number in 0..3 * calls_a_day {
        desk.cycle(number);
    }
    let before = ALLOCATOR.total_allocated();
    for number in 3 * calls_a_day..5 * calls_a_day {
        desk.cycle(number);
    }
    let bytes = ALLOCATOR.total_allocated() - before;
    assert_eq!(bytes, 0, "bytes allocated for {} calls", 2 * calls_a_day);
}

struct Desk {
    engine: Engine,
    now: Timestamp,
    sessions: Vec<Session>,
}

impl Desk {
    fn new() -> Self {
        let start: Timestamp = "2026-01-29T00:00:00.000Z".parse().unwrap();
        let today = BusinessDay {
            day: "2026-01-29".parse().unwrap(),
            starts_at: start,
            ends_at: start + Millis::from_secs(86_400),
        };
        let engine = Engine::new(Centre::default(), start, today);
        Self { engine, now: start, sessions: Vec::with_capacity(MANY) }
    }

    fn register(&mut self, number: usize) {
        let department = DepartmentId(u16::try_from(number % 4).unwrap());
        let registration = Registration::new(format!("a{number:07}").parse().unwrap(), department);
        let input = Input::Register(Box::new(registration));
        let reply = self.engine.handle_input(self.now, input).unwrap();
        let Reply::Registered(registered) = reply else { panic!("{reply:?}") };
        self.sessions.push(registered.session);
        self.drain();
    }

    fn arrive(&mut self, number: usize) {
        let vq = VqId(u32::try_from(number % 16).unwrap());
        self.engine.handle_input(self.now, Input::call(vq, request(number))).unwrap();
    }

    /// A call arrives, every tenth is rejected once, it is answered, completed and wrapped up.
    fn cycle(&mut self, number: usize) {
        self.pass(1);
        self.arrive(number);
        let mut offer = self.drain().expect("offered");
        if number.is_multiple_of(10) {
            self.act(&offer, AgentAction::Reject(offer.call));
            offer = self.drain().expect("offered to another");
        }
        self.pass(2);
        self.act(&offer, AgentAction::Accept(offer.call));
        self.pass(5);
        self.act(&offer, AgentAction::Complete { call: offer.call, outcome: None });
        self.pass(2);
        self.act(&offer, AgentAction::SetState(SettableState::Available));
        self.drain();
    }

    fn act(&mut self, offer: &Assignment, action: AgentAction) {
        let session = self.sessions[offer.agent.index()];
        let input = Input::Agent { agent: offer.agent, session, action };
        self.engine.handle_input(self.now, input).unwrap();
    }

    fn pass(&mut self, seconds: u64) {
        self.now = self.now + Millis::from_secs(seconds);
    }

    /// Takes all outputs and answers the last offer among them.
    fn drain(&mut self) -> Option<Assignment> {
        let mut offer = None;
        while let Some(output) = self.engine.poll_output() {
            if let OutputRef::Event(&Event::Assigned(assignment)) = output {
                offer = Some(assignment);
            }
        }
        offer
    }
}

/// A request id without an allocation of the test's own.
fn request(number: usize) -> Option<monti_core::RequestId> {
    let mut text = *b"r-0000000000";
    let mut rest = number;
    for digit in text[2..].iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap();
        rest /= 10;
    }
    std::str::from_utf8(&text).unwrap().parse().ok()
}
