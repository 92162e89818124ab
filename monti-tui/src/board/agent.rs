//! An agent, ready to be shown.

use std::sync::Arc;

use monti_core::{
    AgentState, BreachKind, LoginId, Millis, Timestamp,
    wire::{AgentInfo, AgentKpis, ConnectionStatus, Seconds},
};

use super::occupancy;
use crate::scrub::{self, Names};

/// An agent as the server last told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    info: AgentInfo,
    /// Its name as it is shown.
    name: Arc<str>,
    /// Its name as it is sorted: scrubbed and whole, and letters' cases do not count.
    key: Arc<str>,
}

impl Agent {
    /// An agent of the wire.
    pub fn new(info: AgentInfo, names: Names) -> Self {
        let name = names.shown(&info.name);
        let key = scrub::text(&info.name).to_lowercase();
        Self { key: key.into(), name: name.into(), info }
    }

    /// The same agent in another second.
    pub fn next(&self, info: AgentInfo, names: Names) -> Self {
        if info.name != self.info.name {
            return Self::new(info, names);
        }
        Self { info, name: Arc::clone(&self.name), key: Arc::clone(&self.key) }
    }

    /// All that the server told.
    pub fn info(&self) -> &AgentInfo {
        &self.info
    }

    /// What it logs in with.
    pub fn login(&self) -> &LoginId {
        &self.info.agent_id
    }

    /// Its name, scrubbed, as initials if so asked.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is sorted by when sorted by name.
    pub fn name_key(&self) -> (&str, &str) {
        (&self.key, &self.info.agent_id)
    }

    /// What it does.
    pub fn state(&self) -> AgentState {
        self.info.state
    }

    /// Which limit it is past. The server decides: no clock of this machine has a say.
    pub fn breach(&self) -> Option<BreachKind> {
        self.info.breach
    }

    /// Whether its link is lost while it is logged in: its grace runs.
    pub fn is_lost(&self) -> bool {
        self.state() != AgentState::Offline && self.info.connection_status == ConnectionStatus::Lost
    }

    /// Whether it is available and no call goes to it: its link is lost.
    pub fn is_cut_off(&self) -> bool {
        self.state() == AgentState::Available && self.is_lost()
    }

    /// How long it has been in its state at `now`.
    pub fn in_state(&self, now: Timestamp) -> Millis {
        now.since(self.info.state_start)
    }

    /// Today's figures at `now`: the server counts up to the agent's last change, and what has run
    /// since is in the state that the agent has. The share runs along, and so does the average from
    /// the end of a call.
    pub fn kpis(&self, now: Timestamp) -> AgentKpis {
        let mut kpis = self.info.kpis;
        let run = now.since(self.info.last_update);
        let [busy, free] = [self.state().is_busy(), self.state() == AgentState::Available]
            .map(|it| if it { run } else { Millis::ZERO });
        let free_before = kpis.idle_seconds.0;
        kpis.occupancy_percent = occupancy::run_on(kpis.occupancy_percent, free_before, busy, free);
        let add = |seconds: &mut Seconds| seconds.0 += run;
        match self.state() {
            AgentState::Offline => return kpis,
            AgentState::Available => add(&mut kpis.idle_seconds),
            AgentState::OnCall => add(&mut kpis.talk_seconds),
            AgentState::OnHold => add(&mut kpis.hold_seconds),
            AgentState::AfterCallWork => add(&mut kpis.acw_seconds),
            AgentState::Break => add(&mut kpis.break_seconds),
            _ => {}
        }
        add(&mut kpis.login_seconds);
        // A call is among those handled once it has ended: until then its time is not in the average.
        if self.state() == AgentState::AfterCallWork {
            let handled = kpis.talk_seconds.0 + kpis.hold_seconds.0 + kpis.acw_seconds.0;
            kpis.avg_handle_seconds = handled.mean_over(kpis.calls_handled.into()).map(Seconds);
        }
        kpis
    }
}
