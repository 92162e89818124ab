//! The first group of a run: what happened while there was none.

use monti_core::{AgentState, AgentView, Input, Timestamp};

use super::{Driver, keeping::Kept};
use crate::store::{Storage, StoreError, StoreErrorKind};

impl<S: Storage> Driver<S> {
    /// Brings the engine from the moment at which the last run ended to this one, and tells it
    /// that no link is left.
    ///
    /// At the end of none of the dates between could anybody come back, so that whoever was in a
    /// conversation is in it still and has the whole grace from now on.
    pub(super) fn resume(&mut self) -> Result<(), StoreError> {
        let (left_off, now) = (self.engine.now(), self.world.clock.now());
        if now.since(left_off) > self.engine.centre().limits().grace {
            self.send_home(left_off);
        }
        self.live_up_to(now, &Input::Restart);
        match self.keeping.commit(&self.world.observations)? {
            Kept::All => Ok(()),
            Kept::NotYet if self.keeping.is_locked() => {
                Err(StoreError::new(StoreErrorKind::Busy, "another program holds monti.db"))
            }
            Kept::NotYet => {
                Err(StoreError::new(StoreErrorKind::Full, "there is no room for the journal"))
            }
        }
    }

    /// Whoever was in no conversation left when the last run ended: nobody collects a weekend of
    /// idle time, or a breach.
    fn send_home(&mut self, left_off: Timestamp) {
        let centre = self.engine.centre();
        let agents = centre.departments().flat_map(|(id, _)| self.engine.agents(id));
        let agents = agents.filter(|agent| !is_in_conversation(agent));
        let agents: Vec<_> = agents.map(|agent| agent.id).collect();
        // First all links at once, without blame: no phone rings for a call that another gave back,
        // and nobody refused it.
        self.live_through(left_off, Input::Restart);
        for agent in agents {
            self.live_through(left_off, Input::LogOut { agent });
        }
    }

    /// From the end of one date to that of the next, each with its own length, until `now`.
    pub(super) fn live_up_to(&mut self, now: Timestamp, input: &Input) {
        loop {
            let at = self.engine.today().ends_at.min(now);
            self.live_through(at, input.clone());
            self.tell_day(at);
            if at == now {
                break;
            }
        }
    }

    fn live_through(&mut self, at: Timestamp, input: Input) {
        if let Err(rejection) = self.apply_at(at, input) {
            tracing::error!(%rejection, "the engine refused to resume");
        }
        self.take_outputs();
    }
}

fn is_in_conversation(agent: &AgentView<'_>) -> bool {
    matches!(agent.state, AgentState::OnCall | AgentState::OnHold)
}
