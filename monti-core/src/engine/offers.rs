//! Routing: which agent gets a call, which call gets an agent, and the way back.

use crate::{
    AgentState, Engine, Event, Millis, RevokeReason, VqId,
    call::{Offer, Phase},
    line::Members,
    queue::Rank,
    roster::{Agent, Serves, State},
    timer::Deadline,
};

impl Engine {
    /// The agent to offer a call to: idle longest among those that have not declined it, else the
    /// one whose refusal is oldest, `None` if nobody is free.
    fn agent_for(&self, place: u32) -> Option<u32> {
        let call = &self.calls[place];
        if call.declined().is_empty() {
            return self.idle_longest(call.vq);
        }
        let has_declined = |slot: &u32| call.declined().contains(&self.agents.id(*slot));
        let willing = self.idle(call.vq).find(|slot| !has_declined(slot));
        willing.or_else(|| {
            let declined = call.declined().iter().filter_map(|agent| self.agents.slot(*agent));
            declined.into_iter().find(|slot| self.can_take(&self.agents[*slot], call.vq))
        })
    }

    fn can_take(&self, agent: &Agent, vq: VqId) -> bool {
        agent.is_routable()
            && agent.department == self.queues[vq.index()].department
            && agent.serves(vq)
    }

    /// The agent that can take a call of `vq` at once and is idle longest.
    #[inline(always)]
    pub(super) fn idle_longest(&self, vq: VqId) -> Option<u32> {
        let queue = &self.queues[vq.index()];
        let department = &self.departments[queue.department.index()];
        let all = department.idle.first(&self.agents);
        if department.routable == department.idle.len() {
            return all.map(|(_, slot)| slot);
        }
        let some = queue.rest.idle.first(&self.agents.idle_some);
        match (all, some) {
            (Some(one), Some(other)) if other.0 < one.0 => Some(self.agents.slot_of(other.1)),
            (Some((_, slot)), _) => Some(slot),
            (None, other) => other.map(|(_, member)| self.agents.slot_of(member)),
        }
    }

    /// The agents that can take a call of `vq` at once, idle longest first.
    fn idle(&self, vq: VqId) -> impl Iterator<Item = u32> {
        let queue = &self.queues[vq.index()];
        let department = &self.departments[queue.department.index()];
        let mut all = department.idle.iter(&self.agents).peekable();
        let mut some = queue.rest.idle.iter(&self.agents.idle_some).peekable();
        std::iter::from_fn(move || match (all.peek(), some.peek()) {
            (Some(one), Some(other)) if one.0 < other.0 => all.next(),
            (_, Some(_)) => some.next().map(|(key, member)| (key, self.agents.slot_of(member))),
            _ => all.next(),
        })
        .map(|(_, slot)| slot)
    }

    /// Lets a call ring at an agent's phone. It stands in no line.
    pub(super) fn assign(&mut self, place: u32, slot: u32) {
        let (now, agent) = (self.now, self.agents.id(slot));
        let call = &mut self.calls[place];
        let quarter = call.quarter_of(self.today.day);
        let rings_until = now + self.centre.limits().ring_timeout;
        let deadline = self.deadlines.set(Deadline::Ring, place, rings_until);
        let Phase::Waiting { target } = call.phase else {
            panic!("{} is offered without having waited", call.id);
        };
        call.phase = Phase::Ringing(Offer { agent, assigned_at: now, deadline, target });
        self.queues[call.vq.index()].counters.move_call(quarter, |live| {
            live.waiting -= 1;
            live.ringing += 1;
        });
        self.outputs.event(Event::Assigned(call.assignment(agent, now)));
        self.pass_over(slot, AgentState::Available, State::ringing(place));
        if self.agents[slot].auto_answer {
            self.accept(place);
        }
    }

    /// Gives an agent that became routable the best call that waits for it, or lets it be idle.
    pub(super) fn seek_call(&mut self, slot: u32) {
        let agent = &self.agents[slot];
        if !agent.is_routable() {
            return;
        }
        match self.call_for(agent) {
            Some(place) => {
                self.leave_queue(place);
                self.assign(place, slot);
            }
            None => self.join_idle(slot),
        }
    }

    /// The waiting call of the best rank over all the queues that an agent serves.
    fn call_for(&self, agent: &Agent) -> Option<u32> {
        let waiting = &self.departments[agent.department.index()].waiting;
        let best = waiting.best()?;
        let vq = match &agent.serves {
            Serves::All => *self.centre.department(agent.department)?.queues.get(best)?,
            Serves::Some(served) => {
                let rank = |vq: &VqId| waiting.key(self.queues[vq.index()].rest.place as usize);
                let best = served.queues.iter().copied().min_by_key(rank)?;
                (rank(&best) < Rank::NONE).then_some(best)?
            }
        };
        let first = self.queues[vq.index()].first(&self.waiting);
        first.map(|(_, place)| place)
    }

    /// Lets a call wait in its place. It stands in no line.
    pub(super) fn join_queue(&mut self, place: u32) {
        let rank = self.rank_of(place);
        let call = &self.calls[place];
        self.waiting.set_key(place, rank);
        let queue = &mut self.queues[call.vq.index()];
        queue.join(&mut self.waiting, call.priority, place);
        let waiting = &mut self.departments[queue.department.index()].waiting;
        if rank < waiting.key(queue.rest.place as usize) {
            waiting.set(queue.rest.place as usize, rank);
        }
    }

    /// Takes a waiting call out of its place.
    pub(super) fn leave_queue(&mut self, place: u32) {
        let rank = self.rank_of(place);
        let call = &self.calls[place];
        let queue = &mut self.queues[call.vq.index()];
        queue.leave(&mut self.waiting, call.priority, place);
        let waiting = &mut self.departments[queue.department.index()].waiting;
        if rank == waiting.key(queue.rest.place as usize) {
            let next = queue.first(&self.waiting).map_or(Rank::NONE, |(rank, _)| rank);
            waiting.set(queue.rest.place as usize, next);
        }
    }

    /// Takes a ringing call from its phone. It stands in no line then, and the agent, whose slot is
    /// the answer, is still in the state ringing.
    pub(super) fn revoke(&mut self, place: u32, reason: RevokeReason) -> u32 {
        let call = &mut self.calls[place];
        let Offer { agent, assigned_at, deadline, target } = call.offer();
        self.deadlines.stop(Deadline::Ring, deadline);
        let quarter = call.quarter_of(self.today.day);
        call.phase = Phase::Waiting { target };
        let spare = &mut self.spare_offers;
        let failed = call.failed.get_or_insert_with(|| spare.pop().unwrap_or_default());
        failed.add(assigned_at, self.now);
        self.queues[call.vq.index()].counters.move_call(quarter, |live| {
            live.ringing -= 1;
            live.waiting += 1;
        });
        let rang = self.now.since(assigned_at);
        self.outputs.event(Event::Revoked { agent, call: call.id, vq: call.vq, reason, rang });
        agent.slot
    }

    /// Offers a call that was taken from a phone to another, or puts it back in its place.
    pub(super) fn give_back(&mut self, place: u32) {
        match self.agent_for(place) {
            Some(slot) => self.assign(place, slot),
            None => self.join_queue(place),
        }
    }

    /// The agent sends the call back that rings.
    pub(super) fn reject(&mut self, place: u32) {
        let slot = self.revoke(place, RevokeReason::Rejected);
        self.decline(place, slot);
        self.give_back(place);
        self.part_idle(slot);
    }

    /// Notes that an agent refused a call that was just taken from its phone.
    pub(super) fn decline(&mut self, place: u32, slot: u32) {
        if let Some(failed) = &mut self.calls[place].failed {
            failed.decline(self.agents.id(slot));
        }
    }

    /// Nobody answered the call that rings.
    pub(super) fn ring_timeout(&mut self, place: u32) {
        let slot = self.revoke(place, RevokeReason::RingTimeout);
        self.decline(place, slot);
        self.agents[slot].figures.ring_no_answers += 1;
        self.give_back(place);
        self.part(slot, State::NOT_RESPONDING);
    }

    /// Lets a routable agent for whom no call waits stand among the idle: in the line of its
    /// department if it serves all of it, else in the line of each queue that it serves.
    pub(super) fn join_idle(&mut self, slot: u32) {
        let agent = &mut self.agents[slot];
        if std::mem::replace(&mut agent.is_idle, true) {
            return;
        }
        let department = &mut self.departments[agent.department.index()];
        department.routable += 1;
        if matches!(agent.serves, Serves::All) {
            department.idle.join(&mut self.agents, slot);
            return;
        }
        let (agent, some) = self.agents.agent_and_idle_some(slot);
        for (vq, member) in agent.served() {
            some.node_mut(member).key_mut().since = agent.idle.key().since;
            self.queues[vq.index()].rest.idle.join(some, member);
        }
    }

    /// Takes an agent away from among the idle, if it stands there.
    #[inline]
    pub(super) fn leave_idle(&mut self, slot: u32) {
        if std::mem::take(&mut self.agents[slot].is_idle) {
            self.leave_idle_lines(slot);
        }
    }

    #[inline(always)]
    fn leave_idle_lines(&mut self, slot: u32) {
        let agent = &self.agents[slot];
        let department = &mut self.departments[agent.department.index()];
        department.routable -= 1;
        if matches!(agent.serves, Serves::All) {
            department.idle.leave(&mut self.agents, slot);
            return;
        }
        let (agent, some) = self.agents.agent_and_idle_some(slot);
        for (vq, member) in agent.served() {
            self.queues[vq.index()].rest.idle.leave(some, member);
        }
    }

    /// How long a call at `position` of a queue will wait; `None` if nobody works there or no call
    /// has been handled yet.
    ///
    /// 0 with an agent available, else position × AHT ÷ agents at work. AHT is the queue's today,
    /// or the department's.
    pub(super) fn estimated_wait(&self, vq: VqId, position: u32) -> Option<Millis> {
        let queue = &self.queues[vq.index()];
        let department = &self.departments[queue.department.index()];
        if department.idle.len() + queue.rest.idle.len() > 0 {
            return Some(Millis::ZERO);
        }
        let at_work = department.at_work + queue.rest.at_work;
        let avg_handle =
            (queue.counters.today().avg_handle()).or_else(|| department.avg_handle())?;
        Millis::new(avg_handle.get().saturating_mul(position.into())).mean_over(at_work.into())
    }
}
