//! What an agent has to say again, and what it wants to say after that.

use std::collections::BTreeMap;

use monti_core::AgentAction;

/// An agent's actions that wait to be said, in the order in which the agent did them.
#[derive(Debug, Default)]
pub(super) struct Held(BTreeMap<u64, AgentAction>);

impl Held {
    /// Enters the action of a number: one that is new, or one that the server was too busy for.
    pub(super) fn enter(&mut self, number: u64, action: AgentAction) {
        self.0.insert(number, action);
    }

    /// What is to be said next.
    pub(super) fn take(&mut self) -> Option<(u64, AgentAction)> {
        self.0.pop_first()
    }
}

#[cfg(test)]
mod tests {
    use monti_core::SettableState;

    use super::*;

    #[test]
    fn actions_that_were_refused_one_after_the_other_are_said_again_in_that_order() {
        let action = |state| AgentAction::SetState(state);
        let mut held = Held::default();
        held.enter(1, action(SettableState::Break));
        held.enter(7, action(SettableState::Available));
        held.enter(2, action(SettableState::Lunch));
        // The first is refused again while the others wait.
        let (number, first) = held.take().unwrap();
        held.enter(number, first);
        let said: Vec<_> = std::iter::from_fn(|| held.take()).collect();
        let states = [SettableState::Break, SettableState::Lunch, SettableState::Available];
        assert_eq!(said, [1, 2, 7].into_iter().zip(states.map(action)).collect::<Vec<_>>());
    }
}
