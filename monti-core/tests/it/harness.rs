//! The engine with the model and the witness beside it, and whole lives of them out of a seed.

mod compare;
mod lives;

use monti_core::{
    AgentId, BusinessDay, Centre, Engine, Input, Output, OutputRef, Rejection, Reply, Timestamp,
};

pub(crate) use self::lives::{Lived, Trail, live_through};
use crate::{model::Model, witness::Witness};

/// An engine under proof: whatever is done to it is done to the model too, and seen by the witness.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) engine: Engine,
    model: Model,
    pub(crate) witness: Witness,
}

impl Proof {
    pub(crate) fn new(centre: Centre, now: Timestamp, today: BusinessDay) -> Self {
        let model = Model::new(centre.clone(), now, today);
        let engine = Engine::new(centre, now, today);
        let witness = Witness::new(&engine);
        Self { engine, model, witness }
    }

    /// Lets the time come; gives what the engine said.
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) -> Vec<Output> {
        let has_come = now <= self.engine.now();
        self.engine.handle_timeout(now);
        self.model.handle_timeout(now);
        if has_come {
            assert_eq!(self.engine.poll_output(), None, "what was due was done when it was");
            return Vec::new();
        }
        self.agree(false)
    }

    /// Does what is due before an input: before one that says that nobody was heard there is
    /// nothing.
    pub(crate) fn handle_due(&mut self, now: Timestamp, input: &Input) -> Vec<Output> {
        match input {
            Input::Restart | Input::Standstill { .. } => Vec::new(),
            _ => self.handle_timeout(now),
        }
    }

    /// Gives an input; what is due before is handled by itself first.
    pub(crate) fn handle_input(
        &mut self,
        now: Timestamp,
        input: &Input,
    ) -> (Result<Reply, Rejection>, Vec<Output>) {
        let mut said = self.handle_due(now, input);
        if let Input::Standstill { since } = input {
            self.witness.stand_still(*since, now);
        }
        let reply = self.engine.handle_input(now, input.clone());
        let expected = self.model.handle_input(now, input.clone(), told(&reply));
        assert_eq!(reply, expected, "the engine's reply, and the model's");
        said.extend(self.agree(matches!(input, Input::Restart)));
        (reply, said)
    }

    /// Engine and model say and show the same, and the witness objects to nothing.
    fn agree(&mut self, in_any_order: bool) -> Vec<Output> {
        let said: Vec<_> =
            std::iter::from_fn(|| self.engine.poll_output().map(OutputRef::to_owned)).collect();
        let expected = std::iter::from_fn(|| self.model.poll_output()).collect();
        compare::outputs(&said, expected, in_any_order);
        compare::state(&self.engine, &self.model);
        self.witness.see(&self.engine, &said);
        said
    }

    /// The figures of all quarters of an hour agree as well; there are many.
    pub(crate) fn check_intervals(&self) {
        compare::intervals(&self.engine, &self.model);
    }
}

fn told(reply: &Result<Reply, Rejection>) -> Option<AgentId> {
    match reply {
        Ok(Reply::Registered(registered)) => Some(registered.agent),
        _ => None,
    }
}
