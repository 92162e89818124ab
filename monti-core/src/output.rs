//! What the engine answers, and what it wants sent, recorded or shown.

use serde::{Deserialize, Serialize};

use crate::{
    AgentDay, AgentId, AgentState, CallId, CallRecord, CallerNumber, Day, DepartmentId, LoginId,
    Millis, Origin, Priority, Session, Timestamp, VqId,
};

/// The answer to an [`Input`](crate::Input) that was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// It was done.
    Done,
    /// It had been done before; nothing changed.
    Duplicate,
    /// The call was accepted.
    Queued(Queued),
    /// The agent is logged in.
    Registered(Registered),
}

/// The answer to a call that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The call's identity from now on.
    pub call: CallId,
    /// The place in its queue, 1 = next; 0 for a repeat whose call waits no longer.
    pub position: u32,
    /// How long the wait will be, if that can be told.
    pub estimated_wait: Option<Millis>,
    /// Whether this repeats an earlier request.
    pub duplicate: bool,
}

/// The answer to an agent that logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The agent's identity inside the engine.
    pub agent: AgentId,
    /// What the agent speaks in from now on.
    pub session: Session,
    /// Its state.
    pub state: AgentState,
    /// The call that it has, if it has one still: ringing, answered or on hold.
    pub resumed: Option<CallId>,
}

/// One thing to send, record or show, from [`Engine::poll_output`](crate::Engine::poll_output).
///
/// Outputs stand for themselves: nothing in them must be looked up in an engine that may have
/// moved on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Output {
    /// Something happened, to be sent and shown.
    Event(Event),
    /// A call is over, after-call work included; final.
    Record(CallRecord),
    /// An agent's figures of a date that is over; final.
    AgentDay(AgentDay),
    /// An agent is no longer in a department's list.
    AgentLeft(AgentLeft),
}

/// An [`Output`] where it stands in the engine, to be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OutputRef<'a> {
    /// See [`Output::Event`].
    Event(&'a Event),
    /// See [`Output::Record`].
    Record(&'a CallRecord),
    /// See [`Output::AgentDay`].
    AgentDay(&'a AgentDay),
    /// See [`Output::AgentLeft`].
    AgentLeft(&'a AgentLeft),
}

impl OutputRef<'_> {
    /// The output, to be kept.
    pub fn to_owned(self) -> Output {
        match self {
            Self::Event(event) => Output::Event(*event),
            Self::Record(record) => Output::Record(record.clone()),
            Self::AgentDay(day) => Output::AgentDay(day.clone()),
            Self::AgentLeft(left) => Output::AgentLeft(left.clone()),
        }
    }
}

/// Something that happened.
///
/// Each names the agent and the queue that it changed, so that what is shown of them can be
/// renewed and nothing else: see [`Output::changed_agent`] and [`Output::changed_queue`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A call arrived.
    Queued {
        /// The call.
        call: CallId,
        /// Its queue.
        vq: VqId,
    },
    /// A phone is to ring.
    Assigned(Assignment),
    /// A phone rings on at the agent's newest link, which has to be told.
    CarriedOver(Assignment),
    /// A phone is to stop ringing.
    Revoked {
        /// Whose phone.
        agent: AgentId,
        /// The call that rang.
        call: CallId,
        /// Its queue.
        vq: VqId,
        /// Why.
        reason: RevokeReason,
        /// How long it rang.
        rang: Millis,
    },
    /// A call was answered.
    Accepted {
        /// By whom.
        agent: AgentId,
        /// The call.
        call: CallId,
        /// Its queue.
        vq: VqId,
        /// How long the caller had waited, ringing included.
        waited: Millis,
    },
    /// The caller hung up before an answer.
    Abandoned {
        /// The call.
        call: CallId,
        /// Its queue.
        vq: VqId,
        /// How long the caller had waited, ringing included.
        waited: Millis,
        /// Where the call came from.
        origin: Option<Origin>,
    },
    /// A call ended in another way.
    Ended {
        /// The call.
        call: CallId,
        /// Its queue.
        vq: VqId,
        /// The agent that had answered it.
        agent: Option<AgentId>,
        /// How it ended: anything but [`CallStatus::Abandoned`].
        status: CallStatus,
        /// From its arrival to its end.
        lasted: Millis,
        /// Where the call came from.
        origin: Option<Origin>,
    },
    /// An agent's call was ended by a supervisor; its phone has to be told.
    EndForced {
        /// Whose.
        agent: AgentId,
        /// The call.
        call: CallId,
    },
    /// An agent logged in, from offline.
    LoggedIn {
        /// Who.
        agent: AgentId,
    },
    /// An agent went offline.
    LoggedOut {
        /// Who.
        agent: AgentId,
        /// Why.
        reason: LogoutReason,
    },
    /// An older session of an agent ended because the agent registered again.
    Superseded {
        /// Whose.
        agent: AgentId,
        /// The session that ended.
        session: Session,
        /// The call that rings or is answered: it goes over to the new session, or back into its
        /// queue if the agent moved to where it does not serve it.
        call: Option<CallId>,
    },
    /// Something of an agent changed that no other output tells: its state, its link, its name.
    AgentChanged {
        /// Whose.
        agent: AgentId,
    },
    /// An agent has been in after-call work or on a break for longer than allowed.
    Breach {
        /// Who.
        agent: AgentId,
        /// What lasts too long.
        kind: BreachKind,
    },
    /// A breach is over.
    BreachCleared {
        /// Whose.
        agent: AgentId,
        /// What lasted too long.
        kind: BreachKind,
        /// How long it lasted in all.
        lasted: Millis,
    },
    /// A waiting call passed its queue's target: the service level changed.
    TargetMissed {
        /// The call.
        call: CallId,
        /// Its queue.
        vq: VqId,
    },
    /// A business date began: all figures of the day start again.
    DayBegan {
        /// The date.
        day: Day,
    },
}

/// An agent that is no longer in a department's list: moved to another, or offline when the date
/// ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentLeft {
    /// Who.
    pub agent: AgentId,
    /// What it logged in with.
    pub login: LoginId,
    /// The department that it left.
    pub department: DepartmentId,
}

/// A call offered to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Whose phone rings.
    pub agent: AgentId,
    /// The call.
    pub call: CallId,
    /// Its queue.
    pub vq: VqId,
    /// The caller's number, `None` if withheld.
    pub caller: Option<CallerNumber>,
    /// How urgent the call is.
    pub priority: Priority,
    /// When the caller arrived.
    pub enqueued_at: Timestamp,
    /// How long the caller had waited when the phone began to ring.
    pub waited: Millis,
}

/// Why a phone stops ringing without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// The agent sent the call back.
    Rejected,
    /// Nobody answered in time.
    RingTimeout,
    /// The caller hung up.
    CallerAbandoned,
    /// The agent's link is gone.
    LinkLost,
    /// The agent moved to where it does not serve the call's queue.
    Moved,
    /// A supervisor ended the call.
    EndedBySupervisor,
    /// The shell was started again, and no link is left.
    Restarted,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStatus {
    /// Answered, and ended by its agent.
    Completed,
    /// Ended before an answer by the caller.
    Abandoned,
    /// Answered, and the agent's link was lost for longer than the grace.
    AgentLost,
    /// Ended by a supervisor: counted as completed if it was answered, else as abandoned.
    EndedBySupervisor,
}

impl CallStatus {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Completed, Self::Abandoned, Self::AgentLost, Self::EndedBySupervisor];

    /// The status's name in the protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Abandoned => "abandoned",
            Self::AgentLost => "agent_lost",
            Self::EndedBySupervisor => "ended_by_supervisor",
        }
    }
}

/// Why an agent went offline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogoutReason {
    /// The agent asked for it.
    Asked,
    /// A supervisor asked for it.
    Supervisor,
    /// Its link was lost: at once if its phone rang, else for longer than the grace.
    LinkLost,
}

/// What of an agent lasts too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BreachKind {
    /// After-call work.
    #[serde(rename = "acw")]
    AfterCallWork,
    /// A break.
    #[serde(rename = "break")]
    Break,
}

impl Output {
    /// The agent of which something changed that is shown, if any.
    pub fn changed_agent(&self) -> Option<AgentId> {
        let Self::Event(event) = self else { return None };
        match event {
            Event::Assigned(assignment) => Some(assignment.agent),
            Event::Revoked { agent, .. }
            | Event::Accepted { agent, .. }
            | Event::LoggedIn { agent }
            | Event::LoggedOut { agent, .. }
            | Event::AgentChanged { agent }
            | Event::Breach { agent, .. }
            | Event::BreachCleared { agent, .. } => Some(*agent),
            Event::Ended { agent, .. } => *agent,
            Event::Queued { .. }
            | Event::CarriedOver(_)
            | Event::Abandoned { .. }
            | Event::EndForced { .. }
            | Event::Superseded { .. }
            | Event::TargetMissed { .. }
            | Event::DayBegan { .. } => None,
        }
    }

    /// The queue of which something changed that is shown, if any. What an agent's coming and
    /// going does to its queues' available agents is told by [`Self::changed_agent`].
    pub fn changed_queue(&self) -> Option<VqId> {
        match self {
            Self::Record(record) => Some(record.vq),
            Self::AgentDay(_) | Self::AgentLeft(_) => None,
            Self::Event(event) => match event {
                Event::Assigned(assignment) => Some(assignment.vq),
                Event::Queued { vq, .. }
                | Event::Revoked { vq, .. }
                | Event::Accepted { vq, .. }
                | Event::Abandoned { vq, .. }
                | Event::Ended { vq, .. }
                | Event::TargetMissed { vq, .. } => Some(*vq),
                Event::CarriedOver(_)
                | Event::EndForced { .. }
                | Event::LoggedIn { .. }
                | Event::LoggedOut { .. }
                | Event::Superseded { .. }
                | Event::AgentChanged { .. }
                | Event::Breach { .. }
                | Event::BreachCleared { .. }
                | Event::DayBegan { .. } => None,
            },
        }
    }
}
