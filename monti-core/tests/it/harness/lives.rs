//! A centre's whole life out of a seed, lived three times: under proof, out of its journal, and
//! from a snapshot in its middle on.

use std::sync::Mutex;

use monti_core::{
    AgentAction, DepartmentFigures, DepartmentId, Engine, Event, Input, Interval, Output,
    OutputRef, QueueFigures, Rejection, Reply, Snapshot, Timestamp, VqId,
};

use super::Proof;
use crate::{
    centres,
    dice::Dice,
    rows::Met,
    scenario::{Scenario, Step},
};

/// Where a life is, for whoever asks when it has failed.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    verbose: bool,
    last: Mutex<String>,
}

/// What was given to an engine, and when: an input as it is journalled, or just the time.
type Journal = Vec<(Timestamp, Option<String>)>;

/// A life that is being lived.
struct Life<'a> {
    proof: Proof,
    scenario: Scenario,
    /// For what the scenario does not know of: when to look closely, and when to do things twice.
    dice: Dice,
    journal: Journal,
    digest: Digest,
    trail: &'a Trail,
}

/// A life's middle: the engine then, and how much of the journal was written.
struct Middle {
    snapshot: Snapshot,
    figures: Figures,
    journalled: usize,
}

impl Trail {
    /// Prints every step.
    pub(crate) fn verbose() -> Self {
        Self { verbose: true, ..Self::default() }
    }

    pub(crate) fn last(&self) -> String {
        self.last.lock().expect("nothing fails while it is held").clone()
    }

    fn note(&self, number: usize, now: Timestamp, event: &Step) {
        let step = format!("event {number} at {now}: {event:?}");
        if self.verbose {
            println!("{step}");
        }
        *self.last.lock().expect("nothing fails while it is held") = step;
    }

    fn tell(&self, reply: &Result<Reply, Rejection>, said: &[Output]) {
        if self.verbose {
            println!("    {reply:?}");
            said.iter().for_each(|output| println!("    {output:?}"));
        }
    }
}

/// A life that was lived: a digest of all that was said, and what could have been objected to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lived {
    digest: u64,
    pub(crate) met: Met,
}

/// Lives through so many events of a seed.
pub(crate) fn live_through(seed: u64, events: usize, trail: &Trail) -> Lived {
    let mut life = Life::begin(seed, trail);
    let middle = usize::try_from(life.dice.below(u64::try_from(events).unwrap())).unwrap();
    (0..middle).for_each(|number| life.live(number));
    let snapshot = life.middle();
    (middle..events).for_each(|number| life.live(number));
    life.replay_all(seed);
    life.replay_from(&snapshot);
    life.proof.witness.met.row(8);
    Lived { digest: life.digest.all.0, met: life.proof.witness.met }
}

impl<'a> Life<'a> {
    fn begin(seed: u64, trail: &'a Trail) -> Self {
        Self {
            proof: begin(seed),
            scenario: Scenario::new(seed),
            dice: Dice::new(!seed),
            journal: Journal::new(),
            digest: Digest::default(),
            trail,
        }
    }

    /// Lives through one event; an input comes twice at times.
    fn live(&mut self, number: usize) {
        let (now, step) = self.scenario.next(&self.proof.engine);
        self.trail.note(number, now, &step);
        match &step {
            Step::Timeout => {
                self.journal.push((now, None));
                let said = self.proof.handle_timeout(now);
                self.digest.add(&said);
            }
            Step::Input(input) => {
                self.give(now, input);
                if self.dice.once_in(16) {
                    self.repeat(now, input);
                }
            }
        }
        if number.is_multiple_of(256) {
            self.proof.check_intervals();
        }
    }

    fn middle(&mut self) -> Middle {
        self.digest.since_middle = Fnv::default();
        let engine = &self.proof.engine;
        let journalled = self.journal.len();
        Middle { snapshot: engine.snapshot(), figures: figures_of(engine), journalled }
    }

    /// Gives an input. A refusal changes nothing, which is looked at closely now and then.
    fn give(&mut self, now: Timestamp, input: &Input) {
        let mut said = self.proof.handle_due(now, input);
        let before = self.dice.once_in(16).then(|| self.proof.engine.snapshot());
        let (reply, answer) = self.hand_over(now, input);
        if reply.is_err() || reply == Ok(Reply::Duplicate) {
            assert_eq!(answer, [], "a refusal changes nothing, nor does a repeat");
            if let Some(before) = before {
                let after = self.proof.engine.snapshot();
                assert_alike(&after, &before, "a refusal changes nothing");
            }
        }
        if matches!(input, Input::Standstill { .. }) {
            let live = &self.proof.engine;
            let restored = restore(live, live.snapshot());
            assert_eq!(restored.poll_timeout(), live.poll_timeout(), "what is put off stays so");
        }
        said.extend(answer);
        self.listen(&reply, &said);
    }

    /// Gives an input a second time: any input twice is the input once.
    fn repeat(&mut self, now: Timestamp, input: &Input) {
        let before = self.proof.engine.snapshot();
        let harmless = is_harmless_twice(&self.proof.engine, input);
        let (reply, said) = self.hand_over(now, input);
        if harmless {
            // Links lost in the same moment are told of again by a second restart.
            let is_news = |output: &&Output| {
                *input != Input::Restart
                    || !matches!(output, Output::Event(Event::AgentChanged { .. }))
            };
            assert_eq!(said.iter().find(is_news), None, "any input twice = once");
            assert_alike(&self.proof.engine.snapshot(), &before, "any input twice = once");
            self.proof.witness.met.row(9);
        }
        self.listen(&reply, &said);
    }

    fn hand_over(
        &mut self,
        now: Timestamp,
        input: &Input,
    ) -> (Result<Reply, Rejection>, Vec<Output>) {
        let journalled = serde_json::to_string(input).expect("an input can be written");
        self.journal.push((now, Some(journalled)));
        self.proof.handle_input(now, input)
    }

    fn listen(&mut self, reply: &Result<Reply, Rejection>, said: &[Output]) {
        self.trail.tell(reply, said);
        self.digest.add(said);
        for output in said {
            if let Output::Record(record) = output {
                self.scenario.remember(record.id);
            }
        }
    }

    fn replay_all(&self, seed: u64) {
        let mut engine = begin(seed).engine;
        let said = replay(&mut engine, &self.journal);
        assert_eq!(said, self.digest.all, "journal replayed = live");
        assert_alike(&engine.snapshot(), &self.proof.engine.snapshot(), "journal replayed = live");
    }

    fn replay_from(&self, middle: &Middle) {
        let live = &self.proof.engine;
        let snapshot = through_json(&middle.snapshot);
        assert!(snapshot == middle.snapshot, "a snapshot is what is written of it");
        let mut engine = restore(live, snapshot);
        assert_eq!(figures_of(&engine), middle.figures, "figures of a snapshot = live");
        let said = replay(&mut engine, &self.journal[middle.journalled..]);
        assert_eq!(said, self.digest.since_middle, "snapshot and rest = live");
        assert_alike(&engine.snapshot(), &live.snapshot(), "snapshot and rest = live");
        assert_eq!(figures_of(&engine), figures_of(live), "figures of snapshot and rest = live");
    }
}

fn restore(live: &Engine, snapshot: Snapshot) -> Engine {
    Engine::restore(live.centre().clone(), snapshot).expect("a snapshot of this centre")
}

/// All that a wallboard shows of departments and queues.
type Figures = (Vec<DepartmentFigures>, Vec<(QueueFigures, Vec<Interval>)>);

fn figures_of(engine: &Engine) -> Figures {
    let (centre, now) = (engine.centre(), engine.now());
    let departments = (0..).map(DepartmentId).map_while(|id| engine.department(id, now));
    let queues = (0..).map(VqId).zip(centre.queues());
    let of_queue = |(vq, _)| Some((engine.queue(vq)?, engine.intervals(vq, now)));
    (departments.collect(), queues.filter_map(of_queue).collect())
}

fn begin(seed: u64) -> Proof {
    let centre = usize::try_from(seed).unwrap() % centres::NAMES.len();
    Proof::new(centres::numbered(centre), centres::opening(), centres::first_day())
}

/// What is meant to have an effect each time: a call without a request, a registration, and what an
/// agent asks for that was given a call because of the first time.
fn is_harmless_twice(engine: &Engine, input: &Input) -> bool {
    let has_call = |agent| engine.agent(agent).is_some_and(|agent| agent.call.is_some());
    match input {
        Input::Call { request, .. } => request.is_some(),
        Input::Register(_) => false,
        Input::SetState { agent, .. }
        | Input::Agent {
            agent, action: AgentAction::Reject(_) | AgentAction::SetState(_), ..
        } => !has_call(*agent),
        _ => true,
    }
}

/// Gives an engine what was journalled; gives a digest of what it said.
fn replay(engine: &mut Engine, journal: &[(Timestamp, Option<String>)]) -> Fnv {
    let mut digest = Digest::default();
    for (now, input) in journal {
        match input {
            None => engine.handle_timeout(*now),
            Some(input) => {
                let input = serde_json::from_str(input).expect("an input can be read");
                // What it replies was compared when it was live.
                let _ = engine.handle_input(*now, input);
            }
        }
        let said: Vec<_> =
            std::iter::from_fn(|| engine.poll_output().map(OutputRef::to_owned)).collect();
        digest.add(&said);
    }
    digest.all
}

/// Two states are the same as they are written; if not, where they begin to differ.
fn assert_alike(one: &Snapshot, other: &Snapshot, what: &str) {
    if one == other {
        return;
    }
    let [one, other] = [one, other].map(|snapshot| serde_json::to_string(snapshot).unwrap());
    if one != other {
        let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
        let near =
            |text: &str| text.chars().skip(at.saturating_sub(300)).take(400).collect::<String>();
        panic!("{what}: …{}…\nand …{}…", near(&one), near(&other));
    }
}

fn through_json(snapshot: &Snapshot) -> Snapshot {
    let text = serde_json::to_string(snapshot).expect("a snapshot can be written");
    serde_json::from_str(&text).expect("and read")
}

/// FNV-1a over everything said, as it is journalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fnv(u64);

/// What was said in all, and since the middle.
#[derive(Debug, Default)]
struct Digest {
    all: Fnv,
    since_middle: Fnv,
}

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Digest {
    fn add(&mut self, said: &[Output]) {
        for output in said {
            let text = serde_json::to_vec(output).expect("an output can be written");
            self.all.add(&text);
            self.since_middle.add(&text);
        }
    }
}
