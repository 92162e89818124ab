//! An agent as the wallboard shows it.
//!
//! What merely runs with the clock is no change: times since an event are the event's time, and
//! an agent's seconds are those up to its last change.

use serde::{Deserialize, Serialize};

use super::{
    Seconds,
    welcome::{department_name, queue_names},
};
use crate::{
    AgentState, AgentView, BreachKind, CallId, CallPhase, Centre, Label, LoginId, Timestamp,
};

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentInfo {
    /// What it logs in with.
    pub agent_id: LoginId,
    /// Its name.
    pub name: Label,
    /// The department whose calls it takes.
    pub department: String,
    /// Where it works; `null` if it did not say.
    pub location: Option<Label>,
    /// The team it belongs to; `null` if it did not say.
    pub team: Option<Label>,
    /// What it does.
    pub state: AgentState,
    /// What it will do after its call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_state: Option<AgentState>,
    /// Since when it does what it does.
    pub state_start: Timestamp,
    /// When anything of it last changed, and until when [`Self::kpis`] count: a watcher adds the
    /// time since to the seconds logged in and to those of the state.
    pub last_update: Timestamp,
    /// Whether it can be reached.
    pub connection_status: ConnectionStatus,
    /// The call that rings, is answered or on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_call_id: Option<CallId>,
    /// That call's queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_vq: Option<String>,
    /// When that call was answered, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_start_time: Option<Timestamp>,
    /// Since when it is in after-call work, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acw_start_time: Option<Timestamp>,
    /// Since when it is on a break, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_start_time: Option<Timestamp>,
    /// Which of the two lasts longer than allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breach: Option<BreachKind>,
    /// Today's figures.
    pub kpis: AgentKpis,
}

/// Whether an agent can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// It is logged in and its link is there.
    Connected,
    /// Its link is lost and the grace runs, or it is offline.
    Lost,
}

/// An agent's figures of today, up to [`AgentInfo::last_update`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentKpis {
    /// Answered calls that ended.
    pub calls_handled: u32,
    /// Time talking.
    pub talk_seconds: Seconds,
    /// Time with a caller on hold.
    pub hold_seconds: Seconds,
    /// After-call work.
    pub acw_seconds: Seconds,
    /// Time on a break.
    pub break_seconds: Seconds,
    /// Time logged in.
    pub login_seconds: Seconds,
    /// Time available.
    pub idle_seconds: Seconds,
    /// AHT: talk, hold and after-call work per handled call, the one that is going on not among them;
    /// `null` before the first.
    pub avg_handle_seconds: Option<Seconds>,
    /// The share of the time open to calls that went into calls, 0 to 100; `null` of none.
    pub occupancy_percent: Option<f64>,
    /// Calls that rang until the ring timeout.
    pub ring_no_answers: u32,
    /// After-call work that lasted longer than allowed.
    pub acw_breaches: u32,
    /// Breaks that lasted longer than allowed.
    pub break_breaches: u32,
}

impl AgentInfo {
    /// Shows `view`, an agent of `centre`.
    pub fn new(view: &AgentView<'_>, centre: &Centre) -> Self {
        let last_update = view.last_update.max(view.counted_until);
        let since = |state| (view.state == state).then_some(view.state_start);
        Self {
            agent_id: view.login.clone(),
            name: view.name.clone(),
            department: department_name(view.department, centre),
            location: view.location.cloned(),
            team: view.team.cloned(),
            state: view.state,
            pending_state: view.pending,
            state_start: view.state_start,
            last_update,
            connection_status: ConnectionStatus::of(view),
            current_call_id: view.call.map(|call| call.id),
            current_vq: view.call.map(|call| queue_names(call.vq, centre).0),
            call_start_time: view.call.and_then(|call| match call.phase {
                CallPhase::Active { answered_at, .. } => Some(answered_at),
                CallPhase::Waiting | CallPhase::Ringing { .. } => None,
            }),
            acw_start_time: since(AgentState::AfterCallWork),
            break_start_time: since(AgentState::Break),
            breach: view.breach,
            kpis: AgentKpis::new(view, last_update),
        }
    }
}

impl ConnectionStatus {
    fn of(view: &AgentView<'_>) -> Self {
        if view.state == AgentState::Offline || view.link_lost_at.is_some() {
            Self::Lost
        } else {
            Self::Connected
        }
    }
}

impl AgentKpis {
    /// Shows an agent's figures of today at `moment`.
    pub fn new(view: &AgentView<'_>, moment: Timestamp) -> Self {
        let figures = view.figures_at(moment);
        Self {
            calls_handled: figures.calls_handled,
            talk_seconds: figures.talk.into(),
            hold_seconds: figures.hold.into(),
            acw_seconds: figures.after_call.into(),
            break_seconds: figures.break_time.into(),
            login_seconds: figures.login.into(),
            idle_seconds: figures.idle.into(),
            avg_handle_seconds: view.avg_handle_at(moment).map(Seconds),
            occupancy_percent: figures.occupancy_percent(),
            ring_no_answers: figures.ring_no_answers,
            acw_breaches: figures.after_call_breaches,
            break_breaches: figures.break_breaches,
        }
    }
}
