//! The first group of a run: what happened while there was none.

use monti_core::{AgentState, Input, Timestamp};

use super::{Driver, keeping::Kept};
use crate::store::{Storage, StoreError, StoreErrorKind};

impl<S: Storage> Driver<S> {
    /// Brings the engine from the moment at which the last run ended to this one, and tells it
    /// that no link is left.
    ///
    /// The time between is lived through deadline by deadline: dates end when they ended, and
    /// nobody collects a weekend of idle time. A phone that rang must not have gone unanswered in
    /// it: whoever had a ringing phone, or could have been given one, lost its link when the run
    /// ended. All others, those in a call above all, lose it now, and have the whole grace to come
    /// back.
    pub(super) fn resume(&mut self) -> Result<(), StoreError> {
        let (left_off, now) = (self.engine.now(), self.world.clock.now());
        let mut agents = Vec::new();
        for (department, _) in self.engine.centre().departments() {
            let reachable = self
                .engine
                .agents(department)
                .filter(|agent| agent.is_routable() || agent.state == AgentState::Ringing);
            agents.extend(reachable.map(|agent| (agent.id, agent.session)));
        }
        if !agents.is_empty() {
            self.resume_with(left_off, Input::LinkLost { agents });
        }
        while let Some(due) = self.engine.poll_timeout().filter(|due| *due <= now) {
            if due == Timestamp::MAX {
                break;
            }
            self.time_out(due);
        }
        self.resume_with(now, Input::Restart);
        self.tell_day(now);
        match self.keeping.commit(&self.world.observations)? {
            Kept::All => Ok(()),
            Kept::NotYet => {
                Err(StoreError::new(StoreErrorKind::Full, "there is no room for the journal"))
            }
        }
    }

    fn resume_with(&mut self, at: Timestamp, input: Input) {
        if let Err(rejection) = self.apply_at(at, input) {
            tracing::warn!(%rejection, "the engine refused to resume");
        }
        self.take_outputs();
    }
}
