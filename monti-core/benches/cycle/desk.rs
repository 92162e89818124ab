//! A centre in its steady state: calls arrive, are answered, completed and wrapped up, with all
//! outputs drained, by agents in a random order.

use monti_core::{
    AgentAction, AgentId, Assignment, CallId, Engine, Event, Input, OutputRef, Rejection, Reply,
    RequestId, Session, SettableState, Timestamp, VqId,
};

use crate::{bare::Bare, workload::Load};

/// An agent and the session that it speaks in.
pub(crate) type Login = (AgentId, Session);

/// What is measured: the engine, or the rings in its place.
pub(crate) trait Machine {
    fn handle_input(&mut self, now: Timestamp, input: Input) -> Result<Reply, Rejection>;
    fn poll_output(&mut self) -> Option<OutputRef<'_>>;
}

macro_rules! machine {
    ($type:ty) => {
        impl Machine for $type {
            // Called as another crate would call it.
            #[inline(never)]
            fn handle_input(&mut self, now: Timestamp, input: Input) -> Result<Reply, Rejection> {
                self.handle_input(now, input)
            }

            #[inline(never)]
            fn poll_output(&mut self) -> Option<OutputRef<'_>> {
                self.poll_output()
            }
        }
    };
}

machine!(Engine);
machine!(Bare);

/// A machine under a load.
pub(crate) struct Desk<M> {
    machine: M,
    load: Load,
    micros: u64,
    /// How much time passes from one cycle to the next.
    step_micros: u64,
    /// The moment that it is, which the machine is told with every input.
    now: Timestamp,
    calls: u64,
    /// Where the next call goes, how far it is from there to the one after it, and where that ends.
    vq: u32,
    stride: u32,
    queues: u32,
    /// The identity of the newest call.
    newest: Option<CallId>,
    requests: Vec<RequestId>,
    /// Agents with a call, in no particular order.
    busy: Vec<(AgentId, CallId)>,
    /// By [`AgentId::index`].
    sessions: Vec<Session>,
    dice: Dice,
}

impl<M: Machine> Desk<M> {
    /// When it all begins.
    pub(crate) const START: Timestamp = Timestamp::from_millis(1_769_644_800_000);

    /// Brings the machine to its load.
    pub(crate) fn new(machine: M, load: Load, logins: Vec<Login>) -> Self {
        let mut sessions = vec![Session(0); logins.len()];
        for (agent, session) in logins {
            sessions[agent.index()] = session;
        }
        let queues = load.queues_per_department * 4;
        let mut desk = Self {
            machine,
            load,
            micros: 0,
            step_micros: load.step_micros(),
            now: Self::START,
            calls: 0,
            vq: 0,
            // All queues and departments are visited in turn.
            stride: 7_919 % queues,
            queues,
            newest: None,
            requests: Vec::new(),
            busy: Vec::new(),
            sessions,
            dice: Dice(1),
        };
        for _ in 0..load.busy() + load.waiting {
            desk.arrive(None);
            desk.answer();
        }
        desk
    }

    /// Makes the request ids for so many cycles, outside of what is timed.
    pub(crate) fn prepare_requests(&mut self, cycles: u32) {
        if self.load.requests {
            let (first, count) = (self.calls, u64::from(cycles));
            let ids = (first..first + count).rev().map(|id| format!("call-{id:010}"));
            self.requests = ids.map(|id| id.parse().unwrap()).collect();
        }
    }

    /// One call's worth of everything.
    pub(crate) fn cycle(&mut self) {
        self.pass();
        let request = self.requests.pop();
        self.arrive(request);
        if self.load.waiting > 0 && self.calls.is_multiple_of(5) {
            self.hang_up_in_the_middle();
            self.arrive(None);
        }
        self.answer();
        let at = self.dice.below(self.busy.len());
        let (agent, call) = self.busy.swap_remove(at);
        self.act(agent, AgentAction::Complete { call, outcome: None });
        self.act(agent, AgentAction::SetState(SettableState::Available));
        self.answer();
    }

    fn pass(&mut self) {
        self.micros += self.step_micros;
        let millis = i64::try_from(self.micros / 1_000).unwrap();
        self.now = Timestamp::from_millis(Self::START.as_millis() + millis);
    }

    fn arrive(&mut self, request: Option<RequestId>) {
        let vq = VqId(self.vq);
        self.vq += self.stride;
        if self.vq >= self.queues {
            self.vq -= self.queues;
        }
        self.calls += 1;
        let reply = self.machine.handle_input(self.now, Input::call(vq, request));
        if let Ok(Reply::Queued(queued)) = reply {
            self.newest = Some(queued.call);
        }
    }

    /// The call that arrived half a queue ago hangs up.
    fn hang_up_in_the_middle(&mut self) {
        if let Some(newest) = self.newest {
            let call = CallId { number: newest.number - self.load.waiting / 2, ..newest };
            // With few waiting it may have been answered: that is a refusal.
            let _ = self.machine.handle_input(self.now, Input::Abandon { call });
        }
    }

    /// Accepts whatever rings, and drains all outputs.
    fn answer(&mut self) {
        loop {
            match std::hint::black_box(self.machine.poll_output()) {
                None => return,
                Some(OutputRef::Event(&Event::Assigned(Assignment { agent, call, .. }))) => {
                    self.act(agent, AgentAction::Accept(call));
                    self.busy.push((agent, call));
                }
                Some(_) => {}
            }
        }
    }

    fn act(&mut self, agent: AgentId, action: AgentAction) {
        let session = self.sessions[agent.index()];
        let input = Input::Agent { agent, session, action };
        let reply = self.machine.handle_input(self.now, input);
        reply.expect("carried out");
    }
}

/// A generator of Lehmer's kind: the benchmark's own dice, the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((self.0 >> 33) as usize * bound) >> 31
    }
}
