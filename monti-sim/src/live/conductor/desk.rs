//! What is asked and ordered over the control port.

use monti_core::wire::{
    CallsConfig, CallsConfigUpdate, CallsStats, ErrorCode, ErrorMessage, InjectRequest, RunState,
    SimStatus,
};
use tokio::sync::oneshot;

use super::{Conductor, injections::InjectAnswer};
use crate::{
    Action, CallerId,
    live::{RETRY_AFTER, Tally},
};

impl Conductor {
    pub(crate) fn status(&self, seed: u64) -> SimStatus {
        SimStatus {
            state: if self.started_at.is_some() { RunState::Running } else { RunState::Stopped },
            started_at: self.started_at,
            seed,
            active_agents: self.fleet.active_agents(),
            connected_agents: self.fleet.connected_agents(),
            state_breakdown: self.fleet.state_breakdown(),
        }
    }

    /// The links that are up, and all.
    pub(crate) fn links(&self) -> (usize, usize) {
        (self.links.up(), self.links.len())
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What was asked of the server and is not answered yet.
    pub(crate) fn open_requests(&self) -> usize {
        self.requests.len()
    }

    pub(crate) fn clock_speed(&self) -> f64 {
        self.clock.speed()
    }

    /// Lets agents work and callers call, with so many agents if given.
    pub(crate) fn start(&mut self, agents: Option<u32>) -> Result<(), Box<ErrorMessage>> {
        if self.started_at.is_some() {
            let says = "it runs already; /stop stops it, /scale changes the number of agents";
            return Err(refusal(ErrorCode::Conflict, says));
        }
        let now = self.clock.now();
        self.started_at = Some(now);
        // First how many there are: who is too many would log in and go home again.
        if let Some(agents) = agents {
            self.scale(agents);
        }
        self.fleet.handle_start(now);
        Ok(())
    }

    /// Lets agents go home after their calls, and nobody call any more.
    pub(crate) fn stop(&mut self) -> Result<(), Box<ErrorMessage>> {
        if self.started_at.take().is_none() {
            return Err(refusal(ErrorCode::Conflict, "it is stopped; /start starts it"));
        }
        self.fleet.handle_stop(self.clock.now());
        Ok(())
    }

    pub(crate) fn scale(&mut self, agents: u32) {
        self.fleet.handle_scale(self.clock.now(), agents);
        self.welcome_agents();
    }

    pub(crate) fn calls_config(&self) -> CallsConfig {
        self.fleet.calls_config(self.clock.now())
    }

    pub(crate) fn configure_calls(
        &mut self,
        update: &CallsConfigUpdate,
    ) -> Result<CallsConfig, Box<ErrorMessage>> {
        let configured = self.fleet.configure_calls(self.clock.now(), update);
        configured
            .map_err(|fault| ErrorMessage::new(ErrorCode::InvalidValue, fault.to_string()))?;
        Ok(self.calls_config())
    }

    pub(crate) fn calls_stats(&self) -> CallsStats {
        self.fleet.calls_stats()
    }

    /// Puts calls in; the answer comes when the server has taken them all.
    pub(crate) fn inject(
        &mut self,
        request: &InjectRequest,
        answer: oneshot::Sender<InjectAnswer>,
    ) {
        // What others do goes first, so that the calls that come next are these.
        self.see_to_actions();
        if let Some(known) = self.injections.answered(request) {
            let _gone = answer.send(Ok(known));
            return;
        }
        let batch = match (self.injections.under_way(request), self.centre.find_queue(&request.vq))
        {
            (Some(batch), _) => batch,
            (None, Some(vq)) => self.injections.begin(request, vq),
            (None, None) => {
                let known = self.centre.queues().map(|(_, queue)| queue.id.as_str());
                let known = known.take(32).collect::<Vec<_>>().join(", ");
                let says = format!("`vq`: there is no queue {:?}; there are {known}", request.vq);
                let _gone = answer.send(Err(refusal(ErrorCode::UnknownVq, &says)));
                return;
            }
        };
        self.injections.wait_for(batch, answer);
        let now = self.clock.now();
        while let Some((vq, priority)) = self.injections.missing(batch) {
            self.fleet.handle_injection(now, vq, priority);
            let Some(Action::Call { caller, vq, priority }) = self.fleet.poll_output() else {
                break;
            };
            self.injections.put_in(batch, caller);
            self.call(caller, vq, priority);
        }
    }

    /// A caller gave up before its call was queued.
    pub(super) fn gave_up(&mut self, caller: CallerId) {
        let says = "a caller gave up before the server took the call";
        let error = ErrorMessage::new(ErrorCode::Busy, says).retry_after(RETRY_AFTER);
        self.injections.settle(caller, Err(Box::new(error)));
    }
}

fn refusal(code: ErrorCode, says: &str) -> Box<ErrorMessage> {
    Box::new(ErrorMessage::new(code, says))
}
