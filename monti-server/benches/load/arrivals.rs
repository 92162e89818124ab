//! Callers at a steady pace, and when each of them was heard of again.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::link;

/// The queues that the calls are spread over: one of each department and more.
pub(crate) const QUEUES: [&str; 16] = [
    "sales_general",
    "support_tier_1",
    "technical_network",
    "retention_cancel",
    "sales_enterprise",
    "support_tier_2",
    "technical_software",
    "retention_winback",
    "sales_upsell",
    "support_billing",
    "technical_hardware",
    "retention_loyalty",
    "sales_renewal",
    "support_returns",
    "technical_security",
    "retention_escalation",
];

/// Every caller's number has so many digits; a caller is known by it.
const NUMBERS_FROM: usize = 100_000_000;

/// When callers called, and for how long they waited to be heard of.
pub(crate) struct Book {
    start: Instant,
    /// In nanoseconds since the start; 0 is not called yet.
    called: Vec<AtomicU64>,
    /// How long it took, in nanoseconds; 0 is not heard of yet.
    taken: Vec<AtomicU64>,
    /// How much later than it was due each call was made, in nanoseconds: the callers' own delay.
    late: Vec<AtomicU64>,
    is_closed: AtomicBool,
}

impl Book {
    pub(crate) fn new(callers: usize) -> Arc<Self> {
        let zeros = |count| (0..count).map(|_| AtomicU64::new(0)).collect();
        Arc::new(Self {
            start: Instant::now(),
            called: zeros(callers),
            taken: zeros(callers),
            late: zeros(callers),
            is_closed: AtomicBool::new(false),
        })
    }

    /// No more callers call.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// A call was assigned, by what is told of it.
    pub(crate) fn assigned(&self, call_assign: &str) {
        let number = link::field(call_assign, "callerNumber").and_then(|text| text.parse().ok());
        let caller: usize = number.map_or(0, |number: usize| number - NUMBERS_FROM);
        let called = self.called[caller].load(Ordering::Acquire);
        self.taken[caller].store(self.now() - called, Ordering::Release);
    }

    /// How long each caller waited for a phone to ring, in milliseconds. Waits a while for those
    /// that were not heard of yet.
    pub(crate) fn millis(&self) -> Vec<f64> {
        let begun = Instant::now();
        let taken = |taken: &AtomicU64| taken.load(Ordering::Acquire);
        while self.taken.iter().any(|one| taken(one) == 0) {
            assert!(begun.elapsed() < Duration::from_secs(20), "calls were lost");
            thread::sleep(Duration::from_millis(20));
        }
        millis_of(&self.taken)
    }

    /// How much later than it was due each call was made, in milliseconds: what the machine had to
    /// do besides, before the server comes into it.
    pub(crate) fn late_millis(&self) -> Vec<f64> {
        millis_of(&self.late)
    }

    /// So many callers a second call over a link of their own, until each has once and all of them
    /// were heard of.
    pub(crate) fn call(&self, address: SocketAddr, per_second: u32, prefix: &str) {
        self.pace(address, per_second * 60, prefix);
    }

    /// The same with so many a minute.
    pub(crate) fn pace(&self, address: SocketAddr, per_minute: u32, prefix: &str) {
        let (mut ear, mut mouth) = link::open(address, "/ws/agent");
        let hearing = thread::spawn(move || {
            let mut refused = 0;
            while let Some(text) = ear.hear() {
                refused += u32::from(text.starts_with("{\"type\":\"error\""));
            }
            refused
        });
        let begun = Instant::now();
        for (caller, called) in self.called.iter().enumerate() {
            let due = Duration::from_secs(60) / per_minute * u32::try_from(caller).expect("few");
            thread::sleep(due.saturating_sub(begun.elapsed()));
            if self.is_closed.load(Ordering::Acquire) {
                break;
            }
            let (vq, number) = (QUEUES[caller % QUEUES.len()], NUMBERS_FROM + caller);
            let message = format!(
                r#"{{"type":"incoming_call","requestId":"{prefix}-{caller}","vq":"{vq}","callerNumber":"{number}"}}"#
            );
            let late = begun.elapsed().saturating_sub(due).as_nanos();
            self.late[caller].store(u64::try_from(late).unwrap_or(u64::MAX), Ordering::Release);
            called.store(self.now(), Ordering::Release);
            mouth.say(message);
        }
        if !self.is_closed.load(Ordering::Acquire) {
            // What is answered after the last assignment is not waited for.
            self.millis();
        }
        mouth.hang_up();
        assert_eq!(hearing.join().expect("no panic"), 0, "calls were refused");
    }
}

fn millis_of(nanos: &[AtomicU64]) -> Vec<f64> {
    let nanos = nanos.iter().map(|nanos| nanos.load(Ordering::Acquire));
    nanos.map(|nanos| Duration::from_nanos(nanos).as_secs_f64() * 1e3).collect()
}

/// The name of the `number`th agent, and its department: the departments share them evenly.
pub(crate) fn agent(number: usize) -> (String, &'static str) {
    let departments = ["sales", "support", "technical", "retention"];
    (format!("agent-{number:05}"), departments[number % departments.len()])
}

pub(crate) fn register(number: usize) -> String {
    let (agent, department) = agent(number);
    format!(
        r#"{{"type":"register","agentId":"{agent}","department":"{department}","name":"Agent Number {number}","location":"Lisbon","team":"North"}}"#
    )
}

/// What an agent does with a call: answers it, ends it, and is there for the next.
pub(crate) fn handle(call_assign: &str) -> [String; 3] {
    let agent = link::field(call_assign, "agentId").expect("an agent");
    let call = link::field(call_assign, "callId").expect("a call");
    let about =
        |kind: &str, call: &str| format!(r#"{{"type":"{kind}","agentId":"{agent}"{call}}}"#);
    let of_call = format!(r#","callId":"{call}""#);
    [
        about("call_accept", &of_call),
        about("call_complete", &of_call),
        about("state_change", r#","state":"available""#),
    ]
}

/// Whether a message offers a call.
pub(crate) fn is_offer(text: &str) -> bool {
    text.starts_with("{\"type\":\"call_assign\"")
}
