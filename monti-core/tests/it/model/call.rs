//! The model's calls.

use std::cmp::Reverse;

use monti_core::{
    AgentId, CallId, CallPhase, CallRecord, CallStatus, CallView, Label, LoginId, Millis,
    PriorityMode, Timestamp, VirtualQueue,
};

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) view: CallView,
    /// When it was last offered.
    pub(super) assigned_at: Option<Timestamp>,
    /// Which deadline its ringing set.
    pub(super) ring_deadline: u64,
    /// Who refused it, the latest refusal last.
    pub(super) refusals: Vec<AgentId>,
    pub(super) rang: Millis,
    pub(super) held: Millis,
    pub(super) missed_target: bool,
}

/// What is remembered of a call that is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) status: CallStatus,
    /// At whose phone it was, ringing or answered.
    pub(super) agent: Option<AgentId>,
    pub(super) enqueued_at: Timestamp,
}

impl Call {
    pub(super) fn new(view: CallView) -> Self {
        Self {
            view,
            assigned_at: None,
            ring_deadline: 0,
            refusals: Vec::new(),
            rang: Millis::ZERO,
            held: Millis::ZERO,
            missed_target: false,
        }
    }

    /// Smaller goes first.
    pub(super) fn rank(&self, mode: PriorityMode) -> (Reverse<u8>, i64, Timestamp, CallId) {
        let CallView { id, priority, enqueued_at, .. } = self.view;
        let arrived = enqueued_at.as_millis();
        match mode {
            PriorityMode::Strict => (Reverse(priority.get()), arrived, enqueued_at, id),
            PriorityMode::HeadStart { per_level } => {
                let start = i64::try_from(per_level.get()).unwrap() * i64::from(priority.get());
                (Reverse(0), arrived - start, enqueued_at, id)
            }
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.view.phase == CallPhase::Waiting
    }

    pub(super) fn is_answered(&self) -> bool {
        matches!(self.view.phase, CallPhase::Active { .. })
    }

    /// At whose phone it rings, or who answered it.
    pub(super) fn agent(&self) -> Option<AgentId> {
        match self.view.phase {
            CallPhase::Waiting => None,
            CallPhase::Ringing { agent, .. } | CallPhase::Active { agent, .. } => Some(agent),
        }
    }

    /// The last of [`Self::refusals`] by `agent`.
    pub(super) fn latest_refusal(&self, agent: AgentId) -> Option<usize> {
        self.refusals.iter().rposition(|refuser| *refuser == agent)
    }

    /// The record of the call if it ends at `now`; its after-call work is still to come.
    pub(super) fn record(
        &self,
        now: Timestamp,
        queue: &VirtualQueue,
        status: CallStatus,
        outcome: Option<Label>,
        agent: Option<LoginId>,
    ) -> CallRecord {
        let CallView { id, vq, priority, caller, enqueued_at, offers, phase, .. } = self.view;
        let (answered_at, held_since) = match phase {
            CallPhase::Active { answered_at, held_since, .. } => (Some(answered_at), held_since),
            CallPhase::Waiting | CallPhase::Ringing { .. } => (None, None),
        };
        let waited = answered_at.unwrap_or(now).since(enqueued_at);
        let hold = self.held + held_since.map_or(Millis::ZERO, |since| now.since(since));
        CallRecord {
            id,
            vq,
            department: queue.department,
            caller,
            priority,
            status,
            outcome,
            agent,
            enqueued_at,
            assigned_at: self.assigned_at,
            answered_at,
            ended_at: now,
            wait: waited - self.rang,
            ring: self.rang,
            talk: answered_at.map_or(Millis::ZERO, |answered_at| now.since(answered_at) - hold),
            hold,
            after_call: Millis::ZERO,
            answered_in_target: answered_at.is_some() && waited <= queue.target,
            offers,
        }
    }
}
