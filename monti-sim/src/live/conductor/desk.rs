//! What is asked and ordered over the control port.

use monti_core::{
    CallId,
    wire::{
        CallsConfig, CallsConfigUpdate, CallsStats, ErrorCode, ErrorMessage, InjectRequest,
        InjectResponse, RunState, SimStatus,
    },
};
use tokio::sync::oneshot;

use super::{Batch, Conductor, Injected};
use crate::{Action, CallerId, live::Tally};

/// Injections whose answers are kept to be given again.
const ANSWERED_MAX: usize = 1_024;

/// What an injection is answered with.
pub(crate) type InjectAnswer = Result<InjectResponse, Box<ErrorMessage>>;

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
        self.fleet.handle_start(now);
        if let Some(agents) = agents {
            self.scale(agents);
        }
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
    pub(crate) fn inject(&mut self, request: InjectRequest, answer: oneshot::Sender<InjectAnswer>) {
        if let Some(known) = self.answered_before(&request) {
            let _gone = answer.send(Ok(known));
            return;
        }
        if let Some(batch) = self.under_way(&request) {
            batch.answers.push(answer);
            return;
        }
        let Some(vq) = self.centre.find_queue(&request.vq) else {
            let known = self.centre.queues().map(|(_, queue)| queue.id.as_str());
            let known = known.take(32).collect::<Vec<_>>().join(", ");
            let says = format!("`vq`: there is no queue {:?}; there are {known}", request.vq);
            let _gone = answer.send(Err(refusal(ErrorCode::UnknownVq, &says)));
            return;
        };
        // What others do goes first, so that the calls that come next are these.
        self.see_to_actions();
        let now = self.clock.now();
        let count = usize::from(request.count);
        self.injections.last += 1;
        let batch = self.injections.last;
        let calls = vec![None; count];
        let waiting =
            Batch { request: request.request_id, calls, left: count, answers: vec![answer] };
        self.injections.batches.insert(batch, waiting);
        for place in 0..count {
            self.fleet.handle_injection(now, vq, request.priority);
            let Some(action) = self.fleet.poll_output() else { continue };
            let Action::Call { caller, vq, priority } = action else { continue };
            let injected = Injected { number: request.caller_number, batch, place };
            self.injections.callers.insert(caller, injected);
            self.call(caller, vq, priority);
        }
    }

    fn answered_before(&self, request: &InjectRequest) -> Option<InjectResponse> {
        let id = request.request_id?;
        let answered = self.injections.answered.iter().find(|(known, _)| *known == id);
        answered.map(|(_, response)| response.clone())
    }

    fn under_way(&mut self, request: &InjectRequest) -> Option<&mut Batch> {
        let id = request.request_id?;
        self.injections.batches.values_mut().find(|batch| batch.request == Some(id))
    }

    /// A caller gave up before its call was queued.
    pub(super) fn gave_up(&mut self, caller: CallerId) {
        let says = "a caller gave up before the server took the call";
        self.injected(caller, Err(refusal(ErrorCode::Busy, says)));
    }

    /// A caller's call was queued or refused: if it was put in, the answer may be complete.
    pub(super) fn injected(&mut self, caller: CallerId, result: Result<CallId, Box<ErrorMessage>>) {
        let Some(Injected { batch: number, place, .. }) = self.injections.callers.remove(&caller)
        else {
            return;
        };
        let Some(batch) = self.injections.batches.get_mut(&number) else { return };
        match result {
            Ok(call) => {
                batch.calls[place] = Some(call);
                batch.left -= 1;
                if batch.left > 0 {
                    return;
                }
                let Some(batch) = self.injections.batches.remove(&number) else { return };
                let response =
                    InjectResponse { calls: batch.calls.iter().copied().flatten().collect() };
                if let Some(request) = batch.request {
                    self.injections.answered.push_back((request, response.clone()));
                    if self.injections.answered.len() > ANSWERED_MAX {
                        self.injections.answered.pop_front();
                    }
                }
                batch.answer(&Ok(response));
            }
            Err(error) => {
                if let Some(batch) = self.injections.batches.remove(&number) {
                    batch.answer(&Err(error));
                }
            }
        }
    }
}

impl Batch {
    fn answer(self, answer: &InjectAnswer) {
        for waiting in self.answers {
            let _gone = waiting.send(answer.clone());
        }
    }
}

fn refusal(code: ErrorCode, says: &str) -> Box<ErrorMessage> {
    Box::new(ErrorMessage::new(code, says))
}
