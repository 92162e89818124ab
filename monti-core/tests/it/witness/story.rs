//! The story that the outputs tell: each call's life, and that every step of it was right.

use std::collections::BTreeSet;

use monti_core::{
    AgentId, Assignment, CallId, CallPhase, CallRecord, CallStatus, Engine, Event, LiveCalls,
    Millis, Output, Priority, RevokeReason, Timestamp, VqId,
};

use super::Witness;

/// A call's life so far, as told.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) vq: VqId,
    pub(super) priority: Priority,
    pub(super) enqueued_at: Timestamp,
    /// Where it is, `None` once it is over.
    pub(super) phase: Option<CallPhase>,
    pub(super) offers: u32,
    /// Who refused it, the latest refusal last.
    refusals: Vec<AgentId>,
    rang: Millis,
    held: Millis,
    assigned_at: Option<Timestamp>,
    answered_at: Option<Timestamp>,
    /// How and when it ended.
    ended: Option<(CallStatus, Timestamp)>,
    missed_target: bool,
}

impl Life {
    pub(super) fn count_in(&self, live: &mut LiveCalls) {
        match self.phase {
            None => {}
            Some(CallPhase::Waiting) => live.waiting += 1,
            Some(CallPhase::Ringing { .. }) => live.ringing += 1,
            Some(CallPhase::Active { .. }) => live.active += 1,
        }
        live.overdue += u32::from(self.missed_target && self.answered_at.is_none());
    }

    fn latest_refusal(&self, agent: AgentId) -> Option<usize> {
        self.refusals.iter().rposition(|refuser| *refuser == agent)
    }
}

impl Witness {
    /// Follows the story by the output at `at`.
    pub(super) fn hear(&mut self, engine: &Engine, outputs: &[Output], at: usize) {
        let event = match &outputs[at] {
            Output::Record(record) => return self.hear_record(record),
            Output::AgentDay(day) => return self.timesheets.give_out(day),
            Output::AgentLeft(_) => return,
            Output::Event(event) => event,
        };
        match event {
            Event::Queued { call, vq } => self.hear_queued(engine, *call, *vq),
            Event::Assigned(assignment) => {
                let had_choice = self.check_choice(engine, assignment, &outputs[..at]);
                self.met.row(3);
                if had_choice {
                    self.met.row(4);
                }
                self.hear_assigned(assignment);
            }
            Event::CarriedOver(assignment) => {
                let phase = self.lives[&assignment.call].phase;
                let Some(CallPhase::Ringing { agent, assigned_at }) = phase else {
                    panic!("{} does not ring", assignment.call)
                };
                assert_eq!(agent, assignment.agent);
                assert_eq!(assignment.waited, assigned_at.since(assignment.enqueued_at));
            }
            Event::Revoked { agent, call, reason, rang, .. } => {
                self.hear_revoked(*agent, *call, *reason, *rang);
            }
            Event::Accepted { agent, call, vq, waited } => {
                self.hear_accepted(*agent, *call, *vq, *waited);
            }
            Event::Abandoned { call, waited, .. } => {
                self.hear_end(*call, None, CallStatus::Abandoned, *waited);
            }
            Event::Ended { call, agent, status, lasted, .. } => {
                self.hear_end(*call, *agent, *status, *lasted);
            }
            Event::TargetMissed { call, vq } => {
                let target = self.centre.queue(*vq).unwrap().target;
                let life = self.lives.get_mut(call).expect("a call that lives");
                assert!(!life.missed_target, "{call} misses its target once");
                assert!(self.now.since(life.enqueued_at) > target, "{call} is in time");
                life.missed_target = true;
            }
            Event::Breach { agent, kind } => self.timesheets.breach(*agent, *kind),
            _ => {}
        }
    }

    fn hear_queued(&mut self, engine: &Engine, call: CallId, vq: VqId) {
        assert!(self.last_call < Some(call), "an id is never used twice");
        assert_eq!(call.day, self.today.day, "a call belongs to the date of its arrival");
        self.last_call = Some(call);
        let view = engine.call(call).expect("a call that arrived lives");
        assert_eq!((view.vq, view.enqueued_at), (vq, self.now));
        self.ledgers[vq.0 as usize].offered += 1;
        let life = Life {
            vq,
            priority: view.priority,
            enqueued_at: self.now,
            phase: Some(CallPhase::Waiting),
            offers: 0,
            refusals: Vec::new(),
            rang: Millis::ZERO,
            held: Millis::ZERO,
            assigned_at: None,
            answered_at: None,
            ended: None,
            missed_target: false,
        };
        self.lives.insert(call, life);
    }

    /// The best call for the agent, the longest idle agent for the call, and one that may have it.
    /// Answers whether another call or another agent could have been chosen.
    fn check_choice(&self, engine: &Engine, assignment: &Assignment, said: &[Output]) -> bool {
        let mut had_choice = false;
        let (id, call) = (assignment.call, &self.lives[&assignment.call]);
        let agent = engine.agent(assignment.agent).expect("an agent that is known");
        assert_eq!(agent.department, self.department_of(call.vq), "an agent of the department");
        assert!(agent.serves(call.vq), "an agent that serves the queue");
        assert!(agent.link_lost_at.is_none(), "an agent that is connected");
        for (other, life) in &self.lives {
            let competes = life.phase == Some(CallPhase::Waiting)
                && agent.department == self.department_of(life.vq)
                && agent.serves(life.vq);
            had_choice |= competes && *other != assignment.call;
            assert!(
                !competes || self.rank(id, call) <= self.rank(*other, life),
                "{other} goes before {id}"
            );
        }
        let taken: BTreeSet<_> = said
            .iter()
            .filter_map(|output| match output {
                Output::Event(Event::Assigned(assignment)) => Some(assignment.agent),
                _ => None,
            })
            .collect();
        let turn = |agent: AgentId| {
            let idle = self.agents.get(&agent).map(|seen| (seen.idle_since, seen.login.clone()));
            (call.latest_refusal(agent), idle)
        };
        for (other, seen) in &self.agents {
            let Some(view) = engine.agent(*other) else { continue };
            let competes = *other != assignment.agent
                && !taken.contains(other)
                && seen.is_routable()
                && view.is_routable()
                && seen.serves(agent.department, call.vq)
                && view.department == agent.department
                && view.serves(call.vq);
            had_choice |= competes;
            assert!(
                !competes || turn(assignment.agent) < turn(*other),
                "it is {}'s turn to take {id}, not {}'s",
                seen.login,
                agent.login
            );
        }
        had_choice
    }

    fn hear_assigned(&mut self, assignment: &Assignment) {
        let Assignment { agent, call, .. } = *assignment;
        let had = self.holders.insert(agent, call);
        assert_eq!(had, None, "an agent has at most one call");
        let life = self.lives.get_mut(&call).expect("a call that lives");
        assert_eq!(life.phase, Some(CallPhase::Waiting), "{call} is offered to two agents");
        assert_eq!(assignment.waited, self.now.since(life.enqueued_at));
        assert_eq!((assignment.vq, assignment.priority), (life.vq, life.priority));
        life.phase = Some(CallPhase::Ringing { agent, assigned_at: self.now });
        life.assigned_at = Some(self.now);
        life.offers += 1;
    }

    fn hear_revoked(&mut self, agent: AgentId, call: CallId, reason: RevokeReason, rang: Millis) {
        assert_eq!(self.holders.remove(&agent), Some(call), "a phone that rang");
        let life = self.lives.get_mut(&call).expect("a call that lives");
        let Some(CallPhase::Ringing { agent: ringer, assigned_at }) = life.phase else {
            panic!("{call} does not ring")
        };
        assert_eq!((ringer, rang), (agent, self.now.since(assigned_at)));
        life.rang += rang;
        life.phase = Some(CallPhase::Waiting);
        if matches!(
            reason,
            RevokeReason::Rejected | RevokeReason::RingTimeout | RevokeReason::LinkLost
        ) {
            life.refusals.push(agent);
        }
        self.timesheets.revoked(agent, reason);
        if let Some(seen) = self.agents.get_mut(&agent) {
            seen.stop_ringing(reason, self.now);
        }
    }

    fn hear_accepted(&mut self, agent: AgentId, call: CallId, vq: VqId, waited: Millis) {
        assert_eq!(self.holders.get(&agent), Some(&call), "the agent at whose phone it rang");
        let life = self.lives.get_mut(&call).expect("a call that lives");
        let Some(CallPhase::Ringing { assigned_at, .. }) = life.phase else {
            panic!("{call} does not ring")
        };
        assert_eq!(waited, self.now.since(life.enqueued_at), "{call}");
        life.rang += self.now.since(assigned_at);
        life.answered_at = Some(self.now);
        let answered_at = self.now;
        life.phase = Some(CallPhase::Active { agent, assigned_at, answered_at, held_since: None });
        if call.day == self.today.day {
            let ledger = &mut self.ledgers[vq.0 as usize];
            let target = self.centre.queue(vq).unwrap().target;
            ledger.answered += 1;
            ledger.answered_in_target += u32::from(waited <= target);
            ledger.wait += waited;
            ledger.max_wait = ledger.max_wait.max(waited);
        }
    }

    fn hear_end(
        &mut self,
        call: CallId,
        agent: Option<AgentId>,
        status: CallStatus,
        lasted: Millis,
    ) {
        let life = self.lives.get_mut(&call).expect("a call that lives");
        let queue = self.centre.queue(life.vq).unwrap();
        assert_eq!(lasted, self.now.since(life.enqueued_at), "{call}");
        match life.phase.take().expect("a call ends once") {
            CallPhase::Waiting => assert_eq!(agent, None),
            CallPhase::Ringing { .. } => panic!("{call} rings on after its end"),
            CallPhase::Active { agent: had, held_since, .. } => {
                assert_eq!(agent, Some(had));
                assert_eq!(self.holders.remove(&had), Some(call));
                life.held += held_since.map_or(Millis::ZERO, |since| self.now.since(since));
                self.timesheets.handled(had);
            }
        }
        life.ended = Some((status, self.now));
        if call.day != self.today.day {
            return;
        }
        let ledger = &mut self.ledgers[life.vq.0 as usize];
        match (agent, status) {
            (None, _) => {
                ledger.abandoned += 1;
                ledger.abandoned_in_target += u32::from(lasted <= queue.target);
                ledger.abandoned_short += u32::from(lasted <= queue.short_abandon);
                ledger.max_wait = ledger.max_wait.max(lasted);
            }
            (Some(_), CallStatus::AgentLost) => ledger.agent_lost += 1,
            (Some(_), _) => ledger.completed += 1,
        }
    }

    /// One record per call, final, and adding up to the call's life as it was told.
    fn hear_record(&mut self, record: &CallRecord) {
        let life = self.lives.remove(&record.id).expect("one record per call");
        let (status, ended_at) = life.ended.expect("a record comes after the end");
        assert_eq!((record.status, record.ended_at), (status, ended_at));
        assert_eq!((record.vq, record.priority), (life.vq, life.priority));
        assert_eq!(record.enqueued_at, life.enqueued_at);
        assert_eq!((record.assigned_at, record.offers), (life.assigned_at, life.offers));
        assert_eq!(record.answered_at, life.answered_at);
        assert_eq!((record.ring, record.hold), (life.rang, life.held), "{record:?}");
        assert_eq!(
            record.wait + record.ring + record.talk + record.hold,
            ended_at.since(life.enqueued_at),
            "{record:?}"
        );
        assert!(record.after_call <= self.now.since(ended_at));
        self.met.row(6);
        self.met.row(7);
        assert_eq!(record.agent.is_some(), record.answered_at.is_some());
        let target = self.centre.queue(life.vq).unwrap().target;
        let in_target = record.answered_at.is_some() && record.waited() <= target;
        assert_eq!(record.answered_in_target, in_target);
        if record.id.day == self.today.day && record.answered_at.is_some() {
            let ledger = &mut self.ledgers[life.vq.0 as usize];
            ledger.handled += 1;
            ledger.handle += record.handled();
        }
    }

    /// Holding is no output: it is seen.
    pub(super) fn see_holding(&mut self, call: CallId, phase: CallPhase) {
        let life = self.lives.get_mut(&call).expect("a call that nobody told of");
        if let (
            Some(CallPhase::Active { held_since: before, answered_at: told, .. }),
            CallPhase::Active { held_since: after, answered_at, .. },
        ) = (&mut life.phase, phase)
            && *told == answered_at
        {
            match (*before, after) {
                (None, Some(since)) => assert_eq!(since, self.now),
                (Some(since), None) => life.held += self.now.since(since),
                (before, after) => assert_eq!(before, after, "{call}"),
            }
            *before = after;
        }
    }
}
