//! The state out of the engine and into another.

use std::collections::BTreeMap;

use crate::{
    AgentState, BusinessDay, Centre, DepartmentId, Engine, INTERVAL, Millis, RestoreError,
    Snapshot, Timestamp, VqId,
    call::Phase,
    counters::Counters,
    ledger::Ledger,
    line::Node,
    roster::{Roster, Serves, Slot},
    snapshot::{DepartmentState, QueueState},
    timer::{Deadline, Ticket},
};

impl Engine {
    /// The whole state, outputs that were not taken yet included.
    pub fn snapshot(&self) -> Snapshot {
        let mut calls: Vec<_> = self.calls.iter().collect();
        calls.sort_unstable_by_key(|(_, call)| call.order);
        // Where each call of the table is in the snapshot.
        let mut index_of = vec![0; self.calls.places()];
        for (index, (place, _)) in (0_u32..).zip(&calls) {
            index_of[*place as usize] = index;
        }
        let index_of = |place: u32| index_of[place as usize];
        let mut slots = self.agents.all_slots().to_vec();
        for agent in slots.iter_mut().filter_map(Slot::agent_mut) {
            agent.state = agent.state.with_call(index_of);
            agent.idle = Node::new(agent.idle.key().clone());
            agent.watch = Ticket::default();
            if let Some(lost) = &mut agent.lost_link {
                lost.grace = Ticket::default();
            }
            // Which members stand for it is made up anew by whoever restores it.
            if let Serves::Some(served) = &mut agent.serves {
                served.members = Box::default();
            }
        }
        let (days, ledger) = self.ledger.rows(self.now);
        let deadlines = Deadline::ALL.map(|deadline| {
            let members = self.deadlines.members(deadline);
            let is_of_calls = deadline == Deadline::Ring;
            members.map(|member| if is_of_calls { index_of(member) } else { member }).collect()
        });
        Snapshot {
            version: Snapshot::VERSION,
            now: self.now,
            today: self.today,
            quarter_ends_at: self.quarter_ends_at,
            counted_from: self.counted_from,
            last_session: self.last_session,
            next_order: self.ledger.next_order(),
            days,
            ledger,
            calls: calls.into_iter().map(|(_, call)| call.without_tickets()).collect(),
            slots,
            free_slots: self.agents.free_slots().to_vec(),
            departments: self.department_states(),
            queues: self.queue_states(),
            deadlines,
            standstills: self.standstills.clone(),
            outputs: self.outputs.to_vec(),
        }
    }

    fn department_states(&self) -> Vec<DepartmentState> {
        let departments = self.centre.departments().zip(&self.departments);
        departments
            .map(|((_, department), at_work)| DepartmentState {
                id: department.id.clone(),
                busy: at_work.busy.to_state(self.now),
                available: at_work.available.to_state(self.now),
                staffed: at_work.staffed.to_state(self.now),
                staffed_quarters: at_work.staffed_quarters.clone(),
            })
            .collect()
    }

    fn queue_states(&self) -> Vec<QueueState> {
        let queues = self.centre.queues().zip(&self.queues);
        queues
            .map(|((_, vq), queue)| QueueState {
                id: vq.id.clone(),
                staffed: queue.rest.staffed.to_state(self.now),
                counters: queue.counters.to_state(&self.past_quarters),
            })
            .collect()
    }

    /// An engine that goes on from `snapshot`.
    ///
    /// The centre may have other names, targets and limits than the one that the snapshot was made
    /// of, and more departments and queues in any order. What is not there any more must be
    /// without agents and calls, and all outputs taken.
    ///
    /// # Errors
    /// A [`RestoreError`] says what of the snapshot does not fit the centre or itself.
    pub fn restore(centre: Centre, snapshot: Snapshot) -> Result<Self, RestoreError> {
        if snapshot.version != Snapshot::VERSION {
            let (found, known) = (snapshot.version, Snapshot::VERSION);
            return Err(RestoreError::Version { found, known });
        }
        let snapshot = moved_to(&centre, snapshot)?;
        check_slots(&snapshot)?;
        if !ends_a_quarter(snapshot.quarter_ends_at, snapshot.today) {
            return Err(RestoreError::Damaged(
                "a quarter of an hour does not end as its date's do",
            ));
        }
        let mut engine = Self::new(centre, snapshot.now, snapshot.today);
        engine.quarter_ends_at = snapshot.quarter_ends_at;
        engine.counted_from = snapshot.counted_from;
        engine.last_session = snapshot.last_session;
        engine.outputs = snapshot.outputs.into_iter().collect();
        for (id, state) in (0..).map(DepartmentId).zip(snapshot.departments) {
            let department = &mut engine.departments[id.index()];
            department.busy = state.busy.into();
            department.available = state.available.into();
            department.staffed = state.staffed.into();
            department.staffed_quarters = state.staffed_quarters;
        }
        for ((vq, queue), state) in (0..).map(VqId).zip(&mut engine.queues).zip(snapshot.queues) {
            queue.rest.staffed = state.staffed.into();
            queue.counters = Counters::from_state(&state.counters, &mut engine.past_quarters);
            let today = queue.counters.today();
            let handled = &mut engine.departments[queue.department.index()].handled;
            *handled = (handled.0 + today.handled, handled.1 + today.handle);
            if queue.rest.staffed.is_counting() {
                engine.partly_staffed.insert(vq);
            }
        }
        let orders: Vec<_> = snapshot.calls.iter().map(|call| call.order).collect();
        let place = |order| u32::try_from(orders.binary_search(&order).ok()?).ok();
        let next = snapshot.next_order;
        engine.ledger = Ledger::from_rows(snapshot.days, &snapshot.ledger, next, place)
            .ok_or(RestoreError::Damaged("a live call is missing"))?;
        for call in snapshot.calls {
            engine.calls.insert(call);
        }
        engine.agents = Roster::from_slots(snapshot.slots, snapshot.free_slots);
        engine.check_calls()?;
        engine.count_agents()?;
        engine.standstills = snapshot.standstills;
        engine.restore_deadlines(&snapshot.deadlines)?;
        engine.restore_waiting();
        engine.restore_idle();
        Ok(engine)
    }

    /// Agents and calls must point at each other.
    fn check_calls(&self) -> Result<(), RestoreError> {
        let damaged = RestoreError::Damaged("an agent has a call that is not there");
        for (slot, agent) in self.agents.iter() {
            let Some(place) = agent.state.place() else {
                if agent.state.kind().has_call() {
                    return Err(damaged);
                }
                continue;
            };
            let call = self.calls.get(place).ok_or(damaged.clone())?;
            let phase_fits = matches!(
                (&call.phase, agent.state.kind()),
                (Phase::Ringing(_), AgentState::Ringing)
                    | (Phase::Active(_), AgentState::OnCall | AgentState::OnHold)
                    | (Phase::AfterCall(_), AgentState::AfterCallWork)
            );
            if !phase_fits || call.holder() != Some(self.agents.id(slot)) {
                return Err(RestoreError::Call(call.id));
            }
        }
        for (place, call) in self.calls.iter() {
            let Some(holder) = call.holder() else { continue };
            let slot = self.agents.slot(holder).ok_or(RestoreError::Call(call.id))?;
            if self.agents[slot].state.place() != Some(place) {
                return Err(RestoreError::Call(call.id));
            }
        }
        Ok(())
    }

    /// Counts who is where and does what; the head counts must agree.
    fn count_agents(&mut self) -> Result<(), RestoreError> {
        for slot in 0..self.agents.slots() {
            let Some(agent) = self.agents.get(slot) else { continue };
            let state = agent.state.kind();
            let department = &mut self.departments[agent.department.index()];
            department.states[state as usize] += 1;
            department.breaches += u32::from(agent.in_breach);
            department.roster.insert(agent.login().clone(), slot);
            let at_work = u32::from(state.is_at_work());
            match &agent.serves {
                Serves::All => department.at_work += at_work,
                Serves::Some(served) => {
                    for vq in &served.queues {
                        self.queues[vq.index()].rest.at_work += at_work;
                    }
                }
            }
        }
        let agree = self.departments.iter().all(|department| {
            let available = department.states[AgentState::Available as usize];
            let busy = AgentState::ALL.into_iter().filter(|state| state.is_busy());
            let busy: u32 = busy.map(|state| department.states[state as usize]).sum();
            department.available.count() == available && department.busy.count() == busy
        });
        if agree { Ok(()) } else { Err(RestoreError::Damaged("head counts disagree")) }
    }

    fn restore_deadlines(&mut self, lists: &[Vec<u32>; 4]) -> Result<(), RestoreError> {
        let mut set = Vec::new();
        for (deadline, list) in Deadline::ALL.into_iter().zip(lists) {
            for member in list {
                let at = self.deadline_of(deadline, *member);
                let at = at.ok_or(RestoreError::Damaged("a deadline of nobody"))?;
                set.push((deadline, at, *member));
            }
        }
        // As they were listed: this sorts nothing but what was listed out of turn.
        set.sort_by_key(|(deadline, at, _)| (*deadline, *at));
        for (deadline, at, member) in &set {
            let ticket = self.deadlines.set(*deadline, *member, *at);
            self.keep_ticket(*deadline, *member, ticket);
        }
        let mut listed: Vec<_> = set.iter().map(|(kind, _, member)| (*kind, *member)).collect();
        let mut expected = self.expected_deadlines();
        listed.sort_unstable();
        expected.sort_unstable();
        let damaged = RestoreError::Damaged("states and deadlines do not fit together");
        (listed == expected).then_some(()).ok_or(damaged)
    }

    fn keep_ticket(&mut self, kind: Deadline, member: u32, ticket: Ticket) {
        match kind {
            Deadline::Ring => {
                if let Phase::Ringing(offer) = &mut self.calls[member].phase {
                    offer.deadline = ticket;
                }
            }
            Deadline::Grace => {
                if let Some(lost) = &mut self.agents[member].lost_link {
                    lost.grace = ticket;
                }
            }
            Deadline::AfterCallWork | Deadline::Break => self.agents[member].watch = ticket,
        }
    }

    /// The deadlines that calls and agents must have in the phases and states that they are in.
    fn expected_deadlines(&self) -> Vec<(Deadline, u32)> {
        let ringing = (self.calls.iter())
            .filter(|(_, call)| matches!(call.phase, Phase::Ringing(_)))
            .map(|(place, _)| (Deadline::Ring, place));
        let of_agents = self.agents.iter().flat_map(|(slot, agent)| {
            let grace = agent.link_lost_at().map(|_| (Deadline::Grace, slot));
            let watched = super::states::watched(agent.state.kind()).filter(|_| !agent.in_breach);
            [grace, watched.map(|(_, deadline)| (deadline, slot))].into_iter().flatten()
        });
        ringing.chain(of_agents).collect()
    }

    fn deadline_of(&self, deadline: Deadline, member: u32) -> Option<Timestamp> {
        let limits = self.centre.limits();
        let over = Millis::new(1);
        let put_off = |begun: Timestamp| begun + self.put_off_since(begun);
        let state_start = || self.agents.get(member).map(|agent| agent.state_start);
        Some(match deadline {
            Deadline::Ring => put_off(self.calls.get(member)?.assigned_at()?) + limits.ring_timeout,
            Deadline::Grace => put_off(self.agents.get(member)?.link_lost_at()?) + limits.grace,
            Deadline::AfterCallWork => state_start()? + limits.after_call_work + over,
            Deadline::Break => state_start()? + limits.break_time + over,
        })
    }

    fn restore_waiting(&mut self) {
        let places: Vec<_> = self.calls.iter().map(|(place, _)| place).collect();
        for place in places {
            let call = &mut self.calls[place];
            let queue = &mut self.queues[call.vq.index()];
            let is_waiting = matches!(call.phase, Phase::Waiting { .. });
            let is_unanswered = is_waiting || matches!(call.phase, Phase::Ringing(_));
            let target = self.centre.queue(call.vq).map_or(Millis::ZERO, |queue| queue.target);
            // The target may be longer than it was.
            if is_unanswered && call.overdue && self.now <= call.enqueued_at + target {
                call.overdue = false;
                let quarter = call.quarter_of(self.today.day);
                queue.counters.cease_overdue(&mut self.past_quarters, quarter);
            }
            if is_unanswered && !call.overdue {
                let ticket = self.deadlines.set_target(queue.target_line, place, call.enqueued_at);
                self.calls[place].set_target(ticket);
            }
            if is_waiting {
                self.join_queue(place);
            }
        }
    }

    fn restore_idle(&mut self) {
        let mut idle: Vec<_> = (self.agents.iter())
            .filter(|(_, agent)| agent.is_routable())
            .map(|(slot, agent)| (agent.idle.key().clone(), slot))
            .collect();
        idle.sort_unstable();
        for (_, slot) in idle {
            self.join_idle(slot);
        }
    }
}

/// Whether a quarter of an hour of `today` ends at `moment`.
fn ends_a_quarter(moment: Timestamp, today: BusinessDay) -> bool {
    let since = moment.since(today.starts_at).get();
    since > 0 && (since.is_multiple_of(INTERVAL.get()) || moment == Timestamp::MAX)
}

/// Just the slots that hold nobody must be free, each once.
fn check_slots(snapshot: &Snapshot) -> Result<(), RestoreError> {
    let mut free = snapshot.free_slots.clone();
    free.sort_unstable();
    let slots = (0_u32..).zip(&snapshot.slots);
    let empty = slots.filter(|(_, slot)| slot.agent().is_none()).map(|(at, _)| at);
    let damaged = RestoreError::Damaged("other slots are free than those that hold nobody");
    free.into_iter().eq(empty).then_some(()).ok_or(damaged)
}

/// The snapshot with departments and queues as they are in `centre`.
fn moved_to(centre: &Centre, mut snapshot: Snapshot) -> Result<Snapshot, RestoreError> {
    let departments: Vec<_> =
        (snapshot.departments.iter()).map(|state| centre.find_department(&state.id)).collect();
    let queues: Vec<_> = snapshot.queues.iter().map(|state| centre.find_queue(&state.id)).collect();
    let stay = (0..).map(DepartmentId).zip(&departments).all(|(at, found)| *found == Some(at))
        && (0..).map(VqId).zip(&queues).all(|(at, found)| *found == Some(at));
    if !stay && !snapshot.outputs.is_empty() {
        return Err(RestoreError::OutputsLeft);
    }
    let queue_of = |vq: VqId| {
        let name = || snapshot.queues.get(vq.index()).map(|queue| queue.id.clone());
        let gone = || RestoreError::Gone { what: name().unwrap_or_default() };
        queues.get(vq.index()).copied().flatten().ok_or_else(gone)
    };
    // Its calls would be missing from the figures of their department.
    let with_calls =
        (0..).map(VqId).zip(&snapshot.queues).filter(|(_, it)| it.counters.offered_any());
    for (vq, _) in with_calls {
        queue_of(vq)?;
    }
    for call in &mut snapshot.calls {
        call.vq = queue_of(call.vq)?;
    }
    for agent in snapshot.slots.iter_mut().filter_map(Slot::agent_mut) {
        let at = agent.department.index();
        let name = || snapshot.departments.get(at).map(|department| department.id.clone());
        let gone = || RestoreError::Gone { what: name().unwrap_or_default() };
        agent.department = departments.get(at).copied().flatten().ok_or_else(gone)?;
        if let Serves::Some(served) = &mut agent.serves {
            for vq in &mut served.queues {
                *vq = queue_of(*vq)?;
            }
            served.queues.sort_unstable();
        }
    }
    let known_departments: BTreeMap<_, _> =
        (snapshot.departments.into_iter()).map(|state| (state.id.clone(), state)).collect();
    let known_queues: BTreeMap<_, _> =
        snapshot.queues.into_iter().map(|state| (state.id.clone(), state)).collect();
    snapshot.departments = (centre.departments())
        .map(|(_, department)| {
            let known = known_departments.get(&department.id);
            known.cloned().unwrap_or_else(|| DepartmentState::new(&department.id))
        })
        .collect();
    snapshot.queues = (centre.queues())
        .map(|(_, queue)| {
            let known = known_queues.get(&queue.id);
            known.cloned().unwrap_or_else(|| QueueState::new(&queue.id))
        })
        .collect();
    Ok(snapshot)
}
