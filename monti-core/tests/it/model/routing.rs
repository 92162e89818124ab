//! Rules 5 to 9: who is offered what.

use monti_core::{
    AgentId, AgentState, Assignment, CallId, CallPhase, DepartmentId, Event, Millis, RevokeReason,
    VirtualQueue, VqId,
};

use super::{Model, agent::Agent, call::Call};

impl Model {
    pub(super) fn queue_of(&self, vq: VqId) -> &VirtualQueue {
        self.centre.queue(vq).expect("queues are checked where they come in")
    }

    fn department_of(&self, vq: VqId) -> DepartmentId {
        self.queue_of(vq).department
    }

    /// The routable agents that serve `vq`.
    fn free_for(&self, vq: VqId) -> impl Iterator<Item = &Agent> {
        let department = self.department_of(vq);
        self.agents.iter().filter(move |agent| agent.is_routable() && agent.serves(department, vq))
    }

    /// Offers a call that waits to an agent, if there is one that may have it; `but` not to this.
    pub(super) fn place(&mut self, id: CallId, but: Option<AgentId>) {
        let call = &self.live[self.live_at(id).expect("a call that goes back lives")];
        let free = || self.free_for(call.view.vq).filter(|agent| Some(agent.id) != but);
        let fresh = free()
            .filter(|agent| call.latest_refusal(agent.id).is_none())
            .min_by_key(|agent| (agent.idle_since, agent.login.clone()));
        let chosen = fresh.or_else(|| free().min_by_key(|agent| call.latest_refusal(agent.id)));
        if let Some(agent) = chosen.map(|agent| agent.id) {
            self.offer(id, agent);
        }
    }

    /// Offers an agent the best call that it serves, if it is routable and there is one.
    pub(super) fn route(&mut self, agent: AgentId) {
        let agent = &self.agents[self.agent_at(agent)];
        if !agent.is_routable() {
            return;
        }
        let mode = self.centre.priority_mode();
        let served = |call: &&Call| {
            call.is_waiting() && agent.serves(self.department_of(call.view.vq), call.view.vq)
        };
        let best = self.live.iter().filter(served).min_by_key(|call| call.rank(mode));
        if let Some((call, agent)) = best.map(|call| (call.view.id, agent.id)) {
            self.offer(call, agent);
        }
    }

    fn offer(&mut self, id: CallId, agent: AgentId) {
        let now = self.now;
        let deadline = self.next_deadline();
        let at = self.live_at(id).expect("a call that is offered lives");
        let call = &mut self.live[at];
        call.view.phase = CallPhase::Ringing { agent, assigned_at: now };
        call.view.offers += 1;
        call.assigned_at = Some(now);
        call.ring_deadline = deadline;
        let at = self.agent_at(agent);
        self.agents[at].call = Some(id);
        self.enter(at, AgentState::Ringing);
        let assignment = self.assignment(id);
        self.say(Event::Assigned(assignment));
        if self.agents[at].auto_answer {
            self.answer(id);
        }
    }

    /// The offer of a call that rings, as the agent's phone is told of it.
    pub(super) fn assignment(&self, id: CallId) -> Assignment {
        let view = self.live[self.live_at(id).expect("a call that rings lives")].view;
        let CallPhase::Ringing { agent, assigned_at } = view.phase else {
            panic!("{id} does not ring")
        };
        Assignment {
            agent,
            call: id,
            vq: view.vq,
            caller: view.caller,
            priority: view.priority,
            enqueued_at: view.enqueued_at,
            waited: assigned_at.since(view.enqueued_at),
        }
    }

    /// The agent takes the call that rings.
    pub(super) fn answer(&mut self, id: CallId) {
        let now = self.now;
        let at = self.live_at(id).expect("a call that rings lives");
        let call = &mut self.live[at];
        let CallPhase::Ringing { agent, assigned_at } = call.view.phase else {
            panic!("{id} does not ring")
        };
        call.rang += now.since(assigned_at);
        call.view.phase =
            CallPhase::Active { agent, assigned_at, answered_at: now, held_since: None };
        let (vq, waited) = (call.view.vq, now.since(call.view.enqueued_at));
        self.note(id, vq, |fact| (fact.waited, fact.answered) = (Some(waited), true));
        let at = self.agent_at(agent);
        self.enter(at, AgentState::OnCall);
        self.say(Event::Accepted { agent, call: id, vq, waited });
    }

    /// The phone stops ringing: the call waits again, its agent is still to be released.
    pub(super) fn revoke(&mut self, id: CallId, reason: RevokeReason) {
        let now = self.now;
        let at = self.live_at(id).expect("a call that rings lives");
        let call = &mut self.live[at];
        let CallPhase::Ringing { agent, assigned_at } = call.view.phase else {
            panic!("{id} does not ring")
        };
        let rang: Millis = now.since(assigned_at);
        call.rang += rang;
        call.view.phase = CallPhase::Waiting;
        if matches!(
            reason,
            RevokeReason::Rejected | RevokeReason::RingTimeout | RevokeReason::LinkLost
        ) {
            call.refusals.push(agent);
        }
        let vq = call.view.vq;
        let at = self.agent_at(agent);
        self.agents[at].call = None;
        self.say(Event::Revoked { agent, call: id, vq, reason, rang });
    }
}
