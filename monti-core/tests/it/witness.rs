//! What is always true, whoever decides: the ten rows of `docs/faults.md`, checked after every event
//! against nothing but what the engine shows and what it has said so far.

mod agents;
mod story;
mod timesheet;

use std::collections::{BTreeMap, BTreeSet};

use monti_core::{
    AgentId, BusinessDay, CallId, CallPhase, CallView, Centre, Engine, Event, LiveCalls, Millis,
    Output, PriorityMode, QueueFigures, Session, Tally, Timestamp, VqId,
};

use self::{agents::Seen, story::Life, timesheet::Timesheets};
use crate::rows::Met;

/// Remembers what it saw and heard of one engine from its beginning on.
#[derive(Debug)]
pub(crate) struct Witness {
    centre: Centre,
    now: Timestamp,
    today: BusinessDay,
    /// Calls that the outputs tell of and that have no record yet.
    lives: BTreeMap<CallId, Life>,
    /// Who has which call, as the outputs tell.
    holders: BTreeMap<AgentId, CallId>,
    last_call: Option<CallId>,
    last_session: Session,
    /// Today's counters of each queue, added up from the outputs.
    ledgers: Vec<Tally>,
    /// What each queue showed last.
    queues: Vec<QueueFigures>,
    agents: BTreeMap<AgentId, Seen>,
    timesheets: Timesheets,
    /// When the shell stood still, and for how long.
    standstills: Vec<(Timestamp, Millis)>,
    /// What it could have objected to.
    pub(crate) met: Met,
}

impl Witness {
    pub(crate) fn new(engine: &Engine) -> Self {
        let queues = engine.centre().queues().len();
        Self {
            centre: engine.centre().clone(),
            now: engine.now(),
            today: engine.today(),
            lives: BTreeMap::new(),
            holders: BTreeMap::new(),
            last_call: None,
            last_session: Session(0),
            ledgers: vec![Tally::default(); queues],
            queues: vec![QueueFigures::default(); queues],
            agents: BTreeMap::new(),
            timesheets: Timesheets::default(),
            standstills: Vec::new(),
            met: Met::default(),
        }
    }

    /// Hears that nobody was heard from `since` until `now`.
    pub(crate) fn stand_still(&mut self, since: Timestamp, now: Timestamp) {
        let since = since.max(self.now);
        self.standstills.push((since, now.since(since)));
    }

    fn put_off_since(&self, begun: Timestamp) -> Millis {
        let later = self.standstills.iter().filter(|(since, _)| *since >= begun);
        later.fold(Millis::ZERO, |sum, (_, lasted)| sum + *lasted)
    }

    /// Checks everything after an event and the outputs that it gave.
    pub(crate) fn see(&mut self, engine: &Engine, outputs: &[Output]) {
        assert!(engine.now() >= self.now, "the clock never runs backwards");
        self.close_dates(engine);
        self.now = engine.now();
        for at in 0..outputs.len() {
            self.hear(engine, outputs, at);
        }
        self.timesheets.expect_all_given_out();
        self.see_calls(engine);
        self.check_calls(engine);
        self.check_queues(engine, outputs);
        self.check_agents(engine, outputs);
        self.check_deadlines(engine);
    }

    /// Each call is where the outputs say, and nowhere else.
    fn check_calls(&mut self, engine: &Engine) {
        let mut live = 0;
        for call in engine.calls() {
            live += 1;
            let life = self.lives.get(&call.id).expect("a call that nobody told of");
            assert_eq!(call.phase, life.phase.expect("a live call is not over"), "{}", call.id);
            assert_eq!(call.offers, life.offers, "{}", call.id);
            assert_eq!(engine.call(call.id), Some(call), "found as it is listed");
            if let Some(agent) = holder(&call) {
                let agent = engine.agent(agent).expect("a call's agent is known");
                assert_eq!(agent.call, Some(call), "agent and call point at each other");
                self.met.row(2);
            }
        }
        let told = self.lives.values().filter(|life| life.phase.is_some()).count();
        assert_eq!(live, told, "a call is in exactly one place until it is over");
        let distinct: BTreeSet<_> = self.holders.values().collect();
        assert_eq!(distinct.len(), self.holders.len(), "a call has at most one agent");
    }

    /// Conservation, and figures that are what the outputs add up to.
    fn check_queues(&mut self, engine: &Engine, outputs: &[Output]) {
        let mut live = vec![(LiveCalls::default(), LiveCalls::default()); self.ledgers.len()];
        for (id, life) in self.lives.iter().filter(|(_, life)| life.phase.is_some()) {
            let (all, today) = &mut live[life.vq.0 as usize];
            life.count_in(all);
            if id.day == self.today.day {
                life.count_in(today);
            }
        }
        let shown: BTreeSet<_> = outputs.iter().filter_map(Output::changed_queue).collect();
        let new_day =
            outputs.iter().any(|output| matches!(output, Output::Event(Event::DayBegan { .. })));
        let (mut offered, mut accounted) = (0, 0);
        for (vq, _) in self.centre.queues() {
            let at = vq.0 as usize;
            let figures = engine.queue(vq).expect("the centre's queue");
            assert!(figures.is_conserved(), "{vq:?}: {figures:?}");
            assert_eq!(figures.today, self.ledgers[at], "{vq:?}: a recomputation from the outputs");
            assert_eq!((figures.live, figures.live_today), live[at], "{vq:?}");
            offered += figures.today.offered;
            let Tally { completed, abandoned, agent_lost, .. } = figures.today;
            let LiveCalls { waiting, ringing, active, .. } = figures.live_today;
            accounted += waiting + ringing + active + completed + abandoned + agent_lost;
            let before = std::mem::replace(&mut self.queues[at], figures);
            let told = shown.contains(&vq) || new_day;
            assert!(told || is_shown_alike(&before, &figures), "{vq:?} changed and nobody is told");
        }
        assert_eq!(offered, accounted, "conservation in total");
        if offered > 0 {
            self.met.row(1);
        }
        for (department, _) in self.centre.departments() {
            let figures = engine.department(department, self.now).expect("the centre's").queues;
            assert!(figures.is_conserved(), "{department:?}: {figures:?}");
        }
    }

    /// Everything that passes has its end in the engine's deadlines, and nothing is overdue.
    fn check_deadlines(&mut self, engine: &Engine) {
        let next = engine.poll_timeout().expect("a date ends");
        assert!(next > self.now, "{next} is due and was not done by {}", self.now);
        let limits = *self.centre.limits();
        let mut marks = vec![("the date", engine.today().ends_at)];
        for call in engine.calls() {
            if let CallPhase::Ringing { assigned_at, .. } = call.phase {
                let put_off = self.put_off_since(assigned_at);
                marks.push(("ringing", assigned_at + limits.ring_timeout + put_off));
            }
        }
        for seen in self.agents.values() {
            marks.extend(seen.marks(&limits, |begun| self.put_off_since(begun)));
        }
        if marks.len() > 1 {
            self.met.row(10);
        }
        for (what, ends_at) in marks {
            assert!(next <= ends_at, "{what} ends at {ends_at}, the next deadline is {next}");
        }
    }

    /// Smaller goes first.
    fn rank(&self, id: CallId, life: &Life) -> (i64, i64, CallId) {
        let arrived = life.enqueued_at.as_millis();
        let level = i64::from(life.priority.get());
        match self.centre.priority_mode() {
            PriorityMode::Strict => (-level, arrived, id),
            PriorityMode::HeadStart { per_level } => {
                let start = level * i64::try_from(per_level.get()).unwrap();
                (arrived - start, arrived, id)
            }
        }
    }

    fn department_of(&self, vq: VqId) -> monti_core::DepartmentId {
        self.centre.queue(vq).expect("the centre's queue").department
    }
}

fn holder(call: &CallView) -> Option<AgentId> {
    match call.phase {
        CallPhase::Waiting => None,
        CallPhase::Ringing { agent, .. } | CallPhase::Active { agent, .. } => Some(agent),
    }
}

/// What agents' coming and going changes of a queue is told with the agents.
fn is_shown_alike(before: &QueueFigures, after: &QueueFigures) -> bool {
    let QueueFigures { available_agents, estimated_wait, .. } = *before;
    *before == QueueFigures { available_agents, estimated_wait, ..*after }
}
