//! What can happen to the engine from outside.

use serde::{Deserialize, Serialize};

use crate::{
    AgentId, CallId, CallerNumber, Day, DepartmentId, Label, LoginId, Millis, Origin, RequestId,
    Session, Timestamp, VqId,
};

/// One thing that happened, given to [`Engine::handle_input`](crate::Engine::handle_input).
///
/// Inputs serialise, so that a journal of them can be replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// A caller asks for an agent of a queue. Replied to with [`Reply::Queued`](crate::Reply).
    Call {
        /// The queue that the caller chose.
        vq: VqId,
        /// How urgent the call is.
        priority: Priority,
        /// The caller's number, `None` if withheld.
        caller: Option<CallerNumber>,
        /// The same key within 24 hours means the same call.
        request: Option<RequestId>,
        /// Repeated in whatever is said about the call; a repeat of the request replaces it.
        origin: Option<Origin>,
    },
    /// The caller hung up, waiting or ringing.
    Abandon {
        /// The call that ended.
        call: CallId,
    },
    /// An agent logs in, or comes back. Replied to with [`Reply::Registered`](crate::Reply).
    Register(Box<Registration>),
    /// The agent does something, in its own session.
    Agent {
        /// Who.
        agent: AgentId,
        /// The registration it speaks in: only the newest counts.
        session: Session,
        /// What it does.
        action: AgentAction,
    },
    /// A link is gone, and with it these sessions of agents, all at once: no call goes from one
    /// of them to another. Who is unknown, offline or registered again since is passed over.
    LinkLost {
        /// The agents that were registered over the link, with their sessions.
        agents: Vec<(AgentId, Session)>,
    },
    /// A supervisor sets an agent's state; during a call it takes effect after it.
    SetState {
        /// Whose.
        agent: AgentId,
        /// The state that the agent is to have.
        state: SettableState,
    },
    /// A supervisor logs an agent out; during a call it takes effect after it.
    LogOut {
        /// Whom.
        agent: AgentId,
    },
    /// A supervisor ends a call, whether it waits, rings or is answered.
    EndCall {
        /// The call to end.
        call: CallId,
        /// Refused unless this agent has the call, if given.
        agent: Option<AgentId>,
    },
    /// Which business date it is and when it began and will end, in the centre's time zone.
    ///
    /// The engine begins the next date by itself when one ends, and takes it to have 24 hours
    /// until told better.
    BusinessDay(BusinessDay),
    /// The shell was started again: no link is left. Ringing calls go back to their places
    /// without blame; the grace of all agents starts now.
    Restart,
    /// The shell stood still until now and heard nobody: whatever rings, and the grace of each lost
    /// link, goes on for as much longer. What else fell due meanwhile is done.
    Standstill {
        /// Since when. What the engine knows to have happened since was no standstill.
        since: Timestamp,
    },
}

/// A time in which nobody was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standstill {
    pub(crate) since: Timestamp,
    pub(crate) lasted: Millis,
}

/// A business date and its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessDay {
    /// The date in the centre's time zone.
    pub day: Day,
    /// Its first moment.
    pub starts_at: Timestamp,
    /// The first moment of the next; 23, 24 or 25 hours later.
    pub ends_at: Timestamp,
}

/// What an agent can do in its session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AgentAction {
    /// Takes the call that rings.
    Accept(CallId),
    /// Sends the call that rings back to its place; the agent stays available.
    Reject(CallId),
    /// Puts the caller on hold.
    Hold(CallId),
    /// Takes the caller off hold.
    Unhold(CallId),
    /// Ends the call and begins after-call work.
    Complete {
        /// The call to end.
        call: CallId,
        /// What came of it, in the agent's words.
        outcome: Option<Label>,
    },
    /// Asks for a state; during a call it takes effect after it.
    SetState(SettableState),
    /// Logs out; during a call it takes effect after it.
    Unregister,
}

/// How an agent logs in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// Who. A login known already is the same agent.
    pub login: LoginId,
    /// The department whose calls the agent takes.
    pub department: DepartmentId,
    /// The queues it serves; `None` is all of the department, an empty list none.
    pub queues: Option<Vec<VqId>>,
    /// The agent's name; `None` keeps the one known, or is the login.
    pub name: Option<Label>,
    /// Where it works; `None` keeps the one known.
    pub location: Option<Label>,
    /// The team it belongs to; `None` keeps the one known.
    pub team: Option<Label>,
    /// The state it begins in. A call that it still has is resumed instead, and this state
    /// takes no effect.
    pub state: SettableState,
    /// Whether its calls are answered as soon as they are assigned.
    pub auto_answer: bool,
    /// The call that the agent believes it has. The engine knows better: the reply tells.
    pub current_call: Option<CallId>,
}

impl Registration {
    /// An agent that logs in to a department, serves all of it and is available.
    pub fn new(login: LoginId, department: DepartmentId) -> Self {
        Self {
            login,
            department,
            queues: None,
            name: None,
            location: None,
            team: None,
            state: SettableState::Available,
            auto_answer: false,
            current_call: None,
        }
    }
}

impl Input {
    /// A call of the lowest priority from a withheld number.
    pub fn call(vq: VqId, request: Option<RequestId>) -> Self {
        Self::Call { vq, priority: Priority::default(), caller: None, request, origin: None }
    }
}

/// The states that an agent or a supervisor can ask for; the others follow from calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the protocol's and say it all")]
pub enum SettableState {
    Offline,
    Available,
    AfterCallWork,
    Break,
    Lunch,
    Training,
    Meeting,
}

impl SettableState {
    /// All of them, in the order in which states are listed.
    pub const ALL: [Self; 7] = [
        Self::Offline,
        Self::Available,
        Self::AfterCallWork,
        Self::Break,
        Self::Lunch,
        Self::Training,
        Self::Meeting,
    ];
}

/// How urgent a call is, 0 to 9: 9 is served first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "u8", into = "u8")]
pub struct Priority(u8);

impl Priority {
    /// The number of priorities there are.
    pub const COUNT: usize = 10;

    /// The priority `level`, `None` above 9.
    pub const fn new(level: u8) -> Option<Self> {
        if level <= 9 { Some(Self(level)) } else { None }
    }

    /// The level, 0 to 9.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A priority above 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no priority: 0 to 9 are, 9 is served first")]
pub struct InvalidPriority(u8);

impl TryFrom<u8> for Priority {
    type Error = InvalidPriority;

    fn try_from(level: u8) -> Result<Self, InvalidPriority> {
        Self::new(level).ok_or(InvalidPriority(level))
    }
}

impl From<Priority> for u8 {
    fn from(priority: Priority) -> Self {
        priority.0
    }
}
