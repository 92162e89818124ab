//! The model's agents.

use monti_core::{
    AgentFigures, AgentId, AgentState, AgentView, BreachKind, CallId, CallPhase, CallRecord,
    CallView, DepartmentId, Label, LoginId, LogoutReason, Session, Timestamp, VqId,
};

#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub(super) id: AgentId,
    pub(super) login: LoginId,
    pub(super) name: Label,
    pub(super) location: Option<Label>,
    pub(super) team: Option<Label>,
    pub(super) department: DepartmentId,
    pub(super) queues: Option<Vec<VqId>>,
    pub(super) auto_answer: bool,
    pub(super) session: Session,
    pub(super) state: AgentState,
    /// The state asked for during a call, and who asked.
    pub(super) pending: Option<(AgentState, LogoutReason)>,
    pub(super) state_start: Timestamp,
    /// Which deadline the state's start set.
    pub(super) state_deadline: u64,
    pub(super) idle_since: Timestamp,
    pub(super) link_lost_at: Option<Timestamp>,
    /// Which deadline the loss of the link set.
    pub(super) grace_deadline: u64,
    pub(super) call: Option<CallId>,
    /// The call whose after-call work this is.
    pub(super) wrap_up: Option<CallRecord>,
    pub(super) breach: Option<BreachKind>,
    pub(super) figures: AgentFigures,
    pub(super) counted_until: Timestamp,
    /// Until when its department's time in calls is counted.
    pub(super) worked_until: Timestamp,
}

impl Agent {
    pub(super) fn is_offline(&self) -> bool {
        self.state == AgentState::Offline
    }

    pub(super) fn is_routable(&self) -> bool {
        self.state == AgentState::Available && self.link_lost_at.is_none()
    }

    /// Whether it serves the queue `vq` of `department`.
    pub(super) fn serves(&self, department: DepartmentId, vq: VqId) -> bool {
        self.department == department
            && match &self.queues {
                None => true,
                Some(queues) => queues.contains(&vq),
            }
    }

    /// Whether it can be expected to take a call before long.
    pub(super) fn is_working(&self) -> bool {
        !matches!(
            self.state,
            AgentState::Offline
                | AgentState::Break
                | AgentState::Lunch
                | AgentState::Training
                | AgentState::Meeting
                | AgentState::NotResponding
        )
    }

    /// Counts the time up to `until` for the state it is in.
    pub(super) fn count_until(&mut self, until: Timestamp) {
        let spent = until.since(self.counted_until);
        let figures = &mut self.figures;
        match self.state {
            AgentState::Available => figures.idle += spent,
            AgentState::Ringing => figures.ring += spent,
            AgentState::OnCall => figures.talk += spent,
            AgentState::OnHold => figures.hold += spent,
            AgentState::AfterCallWork => figures.after_call += spent,
            AgentState::Break => figures.break_time += spent,
            _ => {}
        }
        if self.state != AgentState::Offline {
            figures.login += spent;
        }
        self.counted_until = until;
    }

    /// The agent as the engine should show it; `last_update` is not predicted.
    pub(super) fn view(&self, call: Option<CallView>, counted_from: Timestamp) -> AgentView<'_> {
        let answered_at = call.and_then(|call| match call.phase {
            CallPhase::Active { answered_at, .. } => Some(answered_at),
            CallPhase::Waiting | CallPhase::Ringing { .. } => None,
        });
        AgentView {
            id: self.id,
            login: &self.login,
            name: &self.name,
            location: self.location.as_ref(),
            team: self.team.as_ref(),
            department: self.department,
            queues: self.queues.as_deref(),
            auto_answer: self.auto_answer,
            session: self.session,
            state: self.state,
            pending: self.pending.map(|(state, _)| state),
            state_start: self.state_start,
            last_update: self.state_start,
            link_lost_at: self.link_lost_at,
            call,
            talks_since: answered_at.map(|moment| moment.max(counted_from)),
            breach: self.breach,
            figures: self.figures,
            counted_until: self.counted_until,
        }
    }
}
