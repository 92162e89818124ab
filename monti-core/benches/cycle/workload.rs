//! The loads, and how a machine under one is timed.

use std::time::Instant;

use monti_core::{
    BusinessDay, Centre, Day, DepartmentId, Engine, Input, Millis, Registration, Reply, Timestamp,
};

use crate::{
    bare::Bare,
    desk::{Desk, Login},
    measure::median,
    rings::BareDesk,
};

/// How many cycles a sample has, and how many of them are timed at once.
const CYCLES: u32 = 100_000;
const BATCH: u32 = 1_000;
/// How long the mean call lasts in the machine's time.
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

impl Load {
    /// How many agents are busy between two cycles: nine of ten, or all while calls wait.
    pub(crate) fn busy(&self) -> u32 {
        if self.waiting > 0 { self.agents } else { self.agents * 9 / 10 }
    }

    /// The time from one arrival to the next, in the machine's time.
    pub(crate) fn step_micros(&self) -> u64 {
        // A deep queue is measured within one date.
        if self.waiting > 0 { 1_000 } else { HANDLE_MICROS / u64::from(self.busy()) }
    }
}

/// Answers what a cycle of the bare rings takes, each time it is called.
pub(crate) fn ring_cycles(load: Load) -> Box<dyn FnMut() -> f64> {
    let mut desk = BareDesk::new(load);
    Box::new(move || time(&mut || desk.cycle()))
}

/// The same behind the engine's interface.
pub(crate) fn bare_cycles(load: Load) -> Box<dyn FnMut() -> f64> {
    let (engine, logins) = centre(load);
    let agents = logins.iter().map(|(agent, _)| *agent).collect();
    let mut desk = Desk::new(Bare::new(engine.today().day, agents), load, logins);
    Box::new(move || time(&mut || desk.cycle()))
}

/// Answers what a cycle of the engine takes, each time it is called.
pub(crate) fn engine_cycles(load: Load) -> Box<dyn FnMut() -> f64> {
    let (engine, logins) = centre(load);
    let mut desk = Desk::new(engine, load, logins);
    Box::new(move || {
        desk.prepare_requests(CYCLES);
        time(&mut || desk.cycle())
    })
}

/// The median over batches that are short enough to be seldom interrupted: a cycle of the engine
/// takes much longer than a bare one, and a busy machine would interrupt it so much more often.
#[expect(clippy::disallowed_methods, reason = "a benchmark is a look at the clock")]
fn time(cycle: &mut impl FnMut()) -> f64 {
    let mut batch = || {
        let start = Instant::now();
        for _ in 0..BATCH {
            cycle();
        }
        start.elapsed().as_nanos() as f64 / f64::from(BATCH)
    };
    median((0..CYCLES / BATCH).map(|_| batch()).collect())
}

/// A centre of four departments with its agents logged in.
fn centre(load: Load) -> (Engine, Vec<Login>) {
    let centre = Centre::from_toml(&centre_file(load.queues_per_department), |_| true).unwrap();
    let start = Desk::<Engine>::START;
    let today = BusinessDay {
        day: Day::new(2026, 1, 29).unwrap(),
        starts_at: start,
        ends_at: start + Millis::from_secs(86_400),
    };
    let mut engine = Engine::new(centre, start, today);
    let logins = (0..load.agents).map(|number| register(&mut engine, start, number)).collect();
    while engine.poll_output().is_some() {}
    (engine, logins)
}

fn register(engine: &mut Engine, now: Timestamp, number: u32) -> Login {
    let department = DepartmentId(u16::try_from(number % 4).unwrap());
    let login = format!("a{number:07}").parse().unwrap();
    let registration = Registration::new(login, department);
    let reply = engine.handle_input(now, Input::Register(Box::new(registration)));
    let Ok(Reply::Registered(registered)) = reply else { panic!("{reply:?}") };
    (registered.agent, registered.session)
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
