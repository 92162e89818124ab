//! An agent as the fleet plays it.

use monti_core::{AgentState, CallId, DepartmentId, Millis, SettableState, Timestamp};

/// An agent: what every call touches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Agent {
    pub(crate) doing: Doing,
    /// When it does its next thing; [`Timestamp::MAX`] if it waits to be told.
    pub(crate) due: Timestamp,
    pub(crate) department: DepartmentId,
    pub(crate) link: Link,
    /// Whether it is one of those that are to work in their hours.
    pub(crate) is_active: bool,
    /// Whether it is to work now.
    pub(crate) is_on_duty: bool,
    pub(crate) wants_break: bool,
    pub(crate) wants_lunch: bool,
    /// Whether another took over its login: it says nothing any more.
    pub(crate) is_replaced: bool,
}

/// An agent's link to the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// There is one to speak over.
    Up,
    /// It is back, and the agent, who was logged in over the one before, asks to be over this one.
    /// Until it is it says nothing else: the centre would not take it for the agent.
    Back,
    Lost,
}

/// What an agent does, with what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Logged out.
    Away,
    /// Has asked to be logged in.
    Arriving,
    /// Ready for a call.
    Idle,
    /// The phone rings. Nobody has said yet that the answer counts, if there was one.
    Ringing(CallId),
    /// Talks; after that the caller goes on hold for a time, and they talk on, or the call ends.
    Talking { call: CallId, then: Option<OnHold> },
    /// The caller is on hold; then they talk for the rest of the time.
    Holding { call: CallId, talk: Millis },
    /// After-call work.
    WrappingUp,
    /// On a break.
    Resting,
    /// At lunch.
    Eating,
    /// Did not answer, and has not noticed yet.
    NotResponding,
}

/// A hold to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OnHold {
    pub(crate) hold: Millis,
    pub(crate) talk: Millis,
}

impl Agent {
    pub(crate) fn new(department: DepartmentId) -> Self {
        Self {
            doing: Doing::Away,
            due: Timestamp::MAX,
            department,
            link: Link::Up,
            is_active: true,
            is_on_duty: false,
            wants_break: false,
            wants_lunch: false,
            is_replaced: false,
        }
    }
}

impl Doing {
    /// The call at the agent's phone.
    pub(crate) fn call(self) -> Option<CallId> {
        match self {
            Self::Ringing(call) | Self::Talking { call, .. } | Self::Holding { call, .. } => {
                Some(call)
            }
            _ => None,
        }
    }

    /// Whether the agent is logged in, as far as it knows.
    pub(crate) fn is_logged_in(self) -> bool {
        !matches!(self, Self::Away | Self::Arriving)
    }

    /// What the engine calls it.
    pub(crate) fn state(self) -> AgentState {
        match self {
            Self::Away | Self::Arriving => AgentState::Offline,
            Self::Idle => AgentState::Available,
            Self::Ringing(_) => AgentState::Ringing,
            Self::Talking { .. } => AgentState::OnCall,
            Self::Holding { .. } => AgentState::OnHold,
            Self::WrappingUp => AgentState::AfterCallWork,
            Self::Resting => AgentState::Break,
            Self::Eating => AgentState::Lunch,
            Self::NotResponding => AgentState::NotResponding,
        }
    }

    /// The state to log in again with, if there is no call to resume.
    pub(crate) fn state_to_register(self) -> SettableState {
        match self {
            Self::WrappingUp => SettableState::AfterCallWork,
            Self::Resting => SettableState::Break,
            Self::Eating => SettableState::Lunch,
            _ => SettableState::Available,
        }
    }
}
