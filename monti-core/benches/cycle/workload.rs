//! A centre in its steady state: calls arrive, are answered, completed and wrapped up, with all
//! outputs drained, in a random order of agents.

use std::time::Instant;

use monti_core::{
    AgentAction, AgentId, Assignment, BusinessDay, CallId, Centre, Day, DepartmentId, Engine,
    Event as Told, Input, Millis, Output, Registration, Reply, RequestId, Session, SettableState,
    Timestamp, VqId,
};

use crate::bare::{Bare, Event};

/// How many cycles a sample has.
const CYCLES: u32 = 100_000;
/// How long the mean call lasts in the engine's time.
const HANDLE_MICROS: u64 = 300_000_000;

/// What the centre is like.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) agents: u32,
    /// There are four departments.
    pub(crate) queues_per_department: u32,
    /// Calls that wait all the time; every fifth of them hangs up in the middle of the queue.
    pub(crate) waiting: u32,
    /// Whether every call comes under a request id.
    pub(crate) requests: bool,
}

/// A generator of Lehmer's kind: the benchmark's own dice, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((self.0 >> 33) as usize * bound) >> 31
    }
}

/// Agents with a call, in no particular order.
struct Busy<A> {
    agents: Vec<A>,
    dice: Dice,
}

impl<A: Copy> Busy<A> {
    fn one_done(&mut self) -> A {
        let at = self.dice.below(self.agents.len());
        self.agents.swap_remove(at)
    }
}

/// Answers what a cycle of the bare rings takes, each time it is called.
pub(crate) fn bare_cycles(load: Load) -> Box<dyn FnMut() -> f64> {
    let mut rings = Bare::new(load.agents);
    let mut busy = Busy { agents: Vec::new(), dice: Dice(1) };
    let target = (load.agents * 9 / 10) as usize;
    let mut cycle = move || {
        rings.handle(Event::Arrive);
        while let Some(assigned) = rings.poll() {
            rings.handle(Event::Accept { agent: assigned.agent });
            busy.agents.push(assigned.agent);
            std::hint::black_box(assigned.call);
        }
        if busy.agents.len() >= target {
            let agent = busy.one_done();
            rings.handle(Event::Complete { agent });
            rings.handle(Event::Available { agent });
        }
    };
    Box::new(move || time(&mut cycle))
}

/// Answers what a cycle of the engine takes, each time it is called.
pub(crate) fn engine_cycles(load: Load) -> Box<dyn FnMut() -> f64> {
    let mut desk = Desk::new(load);
    Box::new(move || {
        desk.prepare_requests();
        time(&mut || desk.cycle())
    })
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is a look at the clock")]
fn time(cycle: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..CYCLES {
        cycle();
    }
    start.elapsed().as_nanos() as f64 / f64::from(CYCLES)
}

struct Desk {
    engine: Engine,
    load: Load,
    micros: u64,
    step_micros: u64,
    calls: u64,
    /// The identity of the newest call.
    newest: Option<CallId>,
    requests: Vec<RequestId>,
    busy: Busy<(AgentId, CallId)>,
    sessions: Vec<Session>,
}

impl Desk {
    fn new(load: Load) -> Self {
        let centre = Centre::from_toml(&centre_file(load.queues_per_department), |_| true);
        let start = Timestamp::from_millis(1_769_644_800_000);
        let today = BusinessDay {
            day: Day::new(2026, 1, 29).unwrap(),
            starts_at: start,
            ends_at: start + Millis::from_secs(86_400),
        };
        let busy_target = u64::from(load.agents * 9 / 10);
        let mut desk = Self {
            engine: Engine::new(centre.unwrap(), start, today),
            load,
            micros: 0,
            // A deep queue is measured within one date.
            step_micros: if load.waiting > 0 { 1_000 } else { HANDLE_MICROS / busy_target },
            calls: 0,
            newest: None,
            requests: Vec::new(),
            busy: Busy { agents: Vec::new(), dice: Dice(1) },
            sessions: vec![Session(0); load.agents as usize],
        };
        for number in 0..load.agents {
            desk.register(number);
        }
        desk.fill();
        desk
    }

    fn now(&self) -> Timestamp {
        let millis = self.micros / 1_000;
        Timestamp::from_millis(1_769_644_800_000 + i64::try_from(millis).unwrap())
    }

    fn register(&mut self, number: u32) {
        let department = DepartmentId(u16::try_from(number % 4).unwrap());
        let login = format!("a{number:07}").parse().unwrap();
        let registration = Registration::new(login, department);
        let reply = self.engine.handle_input(self.now(), Input::Register(Box::new(registration)));
        let Ok(Reply::Registered(registered)) = reply else { panic!("registered") };
        self.sessions[registered.agent.index()] = registered.session;
    }

    /// Brings the centre to its load: nine of ten agents busy, or all and calls waiting.
    fn fill(&mut self) {
        if self.load.waiting == 0 {
            while self.busy.agents.len() < (self.load.agents * 9 / 10) as usize {
                self.arrive(None);
                self.answer();
            }
        } else {
            for _ in 0..self.load.agents + self.load.waiting {
                self.arrive(None);
                self.answer();
            }
        }
    }

    fn prepare_requests(&mut self) {
        if !self.load.requests {
            return;
        }
        let (first, count) = (self.calls, u64::from(CYCLES));
        let ids = (first..first + count).rev().map(|id| format!("call-{id:010}"));
        self.requests = ids.map(|id| id.parse().unwrap()).collect();
    }

    fn cycle(&mut self) {
        self.micros += self.step_micros;
        let request = self.requests.pop();
        self.arrive(request);
        if self.load.waiting > 0 && self.calls.is_multiple_of(5) {
            self.hang_up_in_the_middle();
            self.arrive(None);
        }
        self.answer();
        let (agent, call) = self.busy.one_done();
        self.act(agent, AgentAction::Complete { call, outcome: None });
        self.act(agent, AgentAction::SetState(SettableState::Available));
        self.answer();
    }

    fn arrive(&mut self, request: Option<RequestId>) {
        let queues = u64::from(self.load.queues_per_department * 4);
        // A stride that visits all queues and departments in turn.
        let vq = VqId(u32::try_from(self.calls * 7_919 % queues).unwrap());
        self.calls += 1;
        let input = Input::call(vq, request);
        if let Ok(Reply::Queued(queued)) = self.engine.handle_input(self.now(), input) {
            self.newest = Some(queued.call);
        }
    }

    /// The call that arrived half a queue ago hangs up.
    fn hang_up_in_the_middle(&mut self) {
        if let Some(newest) = self.newest {
            let number = newest.number - self.load.waiting / 2;
            let call = CallId { number, ..newest };
            // With few waiting it may have been answered: that is a refusal.
            let _ = self.engine.handle_input(self.now(), Input::Abandon { call });
        }
    }

    /// Accepts whatever rings, and drains all outputs.
    fn answer(&mut self) {
        loop {
            // Looked at where it is: moving it once more would be the benchmark's cost.
            match std::hint::black_box(&self.engine.poll_output()) {
                None => return,
                Some(Output::Event(Told::Assigned(Assignment { agent, call, .. }))) => {
                    self.act(*agent, AgentAction::Accept(*call));
                    self.busy.agents.push((*agent, *call));
                }
                Some(_) => {}
            }
        }
    }

    fn act(&mut self, agent: AgentId, action: AgentAction) {
        let session = self.sessions[agent.index()];
        let input = Input::Agent { agent, session, action };
        self.engine.handle_input(self.now(), input).expect("carried out");
    }
}

/// Four departments with equally many queues.
fn centre_file(queues_per_department: u32) -> String {
    let mut file = String::new();
    for department in 0..4 {
        file += &format!("[[departments]]\nid = \"d{department}\"\nqueues = [\n");
        for queue in 0..queues_per_department {
            file += &format!("{{ id = \"q{queue}\" }},\n");
        }
        file += "]\n";
    }
    file
}
