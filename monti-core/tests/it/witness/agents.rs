//! What is always true of agents: their calls, their turns, their deadlines, and that whoever
//! watches them is told.

use std::collections::BTreeSet;

use monti_core::{
    AgentState, AgentView, BreachKind, CallId, CallPhase, DepartmentId, Engine, Label, Limits,
    LoginId, Millis, Output, RevokeReason, Session, Timestamp, VqId,
};

use super::Witness;

/// An agent as it was seen last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) login: LoginId,
    /// Since when it is its turn, as far as can be seen.
    pub(super) idle_since: Timestamp,
    name: Label,
    location: Option<Label>,
    team: Option<Label>,
    department: DepartmentId,
    queues: Option<Vec<VqId>>,
    session: Session,
    pub(super) state: AgentState,
    pending: Option<AgentState>,
    state_start: Timestamp,
    link_lost_at: Option<Timestamp>,
    call: Option<CallId>,
    breach: Option<BreachKind>,
    last_update: Timestamp,
}

impl Seen {
    fn of(view: &AgentView<'_>, idle_since: Timestamp) -> Self {
        Self {
            login: view.login.clone(),
            idle_since,
            name: view.name.clone(),
            location: view.location.cloned(),
            team: view.team.cloned(),
            department: view.department,
            queues: view.queues.map(<[VqId]>::to_vec),
            session: view.session,
            state: view.state,
            pending: view.pending,
            state_start: view.state_start,
            link_lost_at: view.link_lost_at,
            call: view.call.map(|call| call.id),
            breach: view.breach,
            last_update: view.last_update,
        }
    }

    pub(super) fn is_routable(&self) -> bool {
        self.state == AgentState::Available && self.link_lost_at.is_none()
    }

    pub(super) fn serves(&self, department: DepartmentId, vq: VqId) -> bool {
        self.department == department
            && self.queues.as_ref().is_none_or(|queues| queues.contains(&vq))
    }

    /// A phone that stops ringing because of its agent ends the agent's idling.
    pub(super) fn stop_ringing(&mut self, reason: RevokeReason, now: Timestamp) {
        match reason {
            RevokeReason::Rejected
            | RevokeReason::CallerAbandoned
            | RevokeReason::EndedBySupervisor => {}
            RevokeReason::RingTimeout
            | RevokeReason::LinkLost
            | RevokeReason::Restarted
            | RevokeReason::Moved => {
                self.idle_since = now;
            }
        }
    }

    /// The ends that must be among the engine's deadlines.
    pub(super) fn marks(
        &self,
        limits: &Limits,
        put_off_since: impl Fn(Timestamp) -> Millis,
    ) -> Vec<(&'static str, Timestamp)> {
        let mut marks = Vec::new();
        if let Some(lost) = self.link_lost_at {
            marks.push(("grace", lost + limits.grace + put_off_since(lost)));
        }
        if self.breach.is_none() {
            let past = |limit: Millis| self.state_start + limit + Millis::new(1);
            match self.state {
                AgentState::AfterCallWork => {
                    marks.push(("after-call work", past(limits.after_call_work)));
                }
                AgentState::Break => marks.push(("a break", past(limits.break_time))),
                _ => {}
            }
        }
        marks
    }

    fn is_idling(&self) -> bool {
        matches!(self.state, AgentState::Available | AgentState::Ringing)
    }
}

impl Witness {
    pub(super) fn check_agents(&mut self, engine: &Engine, outputs: &[Output]) {
        let told: BTreeSet<_> = outputs.iter().filter_map(Output::changed_agent).collect();
        let waited_for: BTreeSet<_> = engine
            .calls()
            .filter(|call| call.phase == CallPhase::Waiting)
            .map(|call| call.vq)
            .collect();
        let mut known = BTreeSet::new();
        let departments: Vec<_> = self.centre.departments().map(|(id, _)| id).collect();
        for department in departments {
            let mut last_login = None;
            for view in engine.agents(department) {
                assert!(last_login < Some(view.login), "agents are listed by login");
                last_login = Some(view.login);
                known.insert(view.id);
                assert_eq!(view.department, department);
                assert_eq!(engine.find_agent(view.login), Some(view.id));
                assert_eq!(engine.agent(view.id), Some(view), "found as it is listed");
                check_alone(&view);
                let idles_while_wanted = view.is_routable()
                    && waited_for
                        .iter()
                        .any(|vq| view.serves(*vq) && self.department_of(*vq) == department);
                assert!(!idles_while_wanted, "{} idles while a call waits", view.login);
                if view.is_routable() && !waited_for.is_empty() {
                    self.met.row(5);
                }
                assert_eq!(view.call.map(|call| call.id), self.holders.get(&view.id).copied());
                self.timesheets.check(&view, self.now);
                self.check_change(&view, told.contains(&view.id));
            }
        }
        self.agents.retain(|id, seen| {
            assert!(
                known.contains(id) || seen.state == AgentState::Offline,
                "{} is gone while logged in",
                seen.login
            );
            known.contains(id)
        });
        self.timesheets.watch(self.agents.iter().map(|(id, seen)| (*id, seen.state)));
    }

    /// Whoever shows the agent is told when it changed; what it shows as its last change is true.
    fn check_change(&mut self, view: &AgentView<'_>, told: bool) {
        let now = self.now;
        let Some(before) = self.agents.get(&view.id) else {
            assert!(told, "{} came and nobody is told", view.login);
            self.last_session = self.last_session.max(view.session);
            self.agents.insert(view.id, Seen::of(view, now));
            return;
        };
        let mut after = Seen::of(view, before.idle_since);
        if after == *before {
            return;
        }
        if after.session != before.session {
            assert!(after.session > self.last_session, "sessions grow and are never used twice");
            self.last_session = after.session;
        }
        let same_but_session =
            Seen { session: before.session, last_update: before.last_update, ..after.clone() };
        assert!(
            told || same_but_session == *before,
            "{} changed and nobody is told: {before:?} {after:?}",
            view.login
        );
        assert_eq!(view.last_update, now, "{} changed now", view.login);
        if after.is_idling() && !before.is_idling() {
            after.idle_since = now;
        }
        self.agents.insert(view.id, after);
    }

    /// Sees what the outputs do not tell before it is compared with them.
    pub(super) fn see_calls(&mut self, engine: &Engine) {
        let calls: Vec<_> = engine.calls().map(|call| (call.id, call.phase)).collect();
        for (call, phase) in calls {
            self.see_holding(call, phase);
        }
    }
}

/// What is true of every agent by itself.
fn check_alone(view: &AgentView<'_>) {
    let login = view.login;
    match (view.state, view.call.map(|call| call.phase)) {
        (AgentState::Ringing, Some(CallPhase::Ringing { agent, .. }))
        | (AgentState::OnCall, Some(CallPhase::Active { agent, held_since: None, .. }))
        | (AgentState::OnHold, Some(CallPhase::Active { agent, held_since: Some(_), .. })) => {
            assert_eq!(agent, view.id, "{login} and its call point at each other");
        }
        (state, None) => assert!(!state.has_call(), "{login} is {state:?} without a call"),
        (state, Some(phase)) => panic!("{login} is {state:?}, its call {phase:?}"),
    }
    assert!(view.pending.is_none() || view.call.is_some(), "{login} waits for no call's end");
    assert!(
        view.link_lost_at.is_none()
            || !matches!(view.state, AgentState::Offline | AgentState::Ringing),
        "{login} has no grace while {:?}",
        view.state
    );
    let breached = match view.breach {
        None => true,
        Some(BreachKind::AfterCallWork) => view.state == AgentState::AfterCallWork,
        Some(BreachKind::Break) => view.state == AgentState::Break,
    };
    assert!(breached, "{login} is past a limit of {:?} while {:?}", view.breach, view.state);
    assert!(view.last_update >= view.state_start, "{login}");
    assert!(view.counted_until >= view.state_start, "{login}");
}
