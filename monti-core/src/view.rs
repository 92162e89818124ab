//! The engine's agents, calls and departments as they are now, to read.

use crate::{
    AgentFigures, AgentId, AgentState, BreachKind, CallId, CallerNumber, DepartmentId, Label,
    LoginId, Millis, Origin, Priority, QueueFigures, Session, Tally, Timestamp, VqId,
    agent::CountedFigures,
};

/// An agent as it is now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgentView<'a> {
    /// Its identity inside the engine.
    pub id: AgentId,
    /// What it logs in with.
    pub login: &'a LoginId,
    /// Its name.
    pub name: &'a Label,
    /// Where it works.
    pub location: Option<&'a Label>,
    /// The team it belongs to.
    pub team: Option<&'a Label>,
    /// The department whose calls it takes.
    pub department: DepartmentId,
    /// The queues it serves, `None` for all of the department.
    pub queues: Option<&'a [VqId]>,
    /// Whether its calls are answered as soon as they are assigned.
    pub auto_answer: bool,
    /// Its newest registration.
    pub session: Session,
    /// What it does.
    pub state: AgentState,
    /// What it will do after its call.
    pub pending: Option<AgentState>,
    /// Since when it does that.
    pub state_start: Timestamp,
    /// When anything of it last changed.
    pub last_update: Timestamp,
    /// Since when its link is lost and the grace runs, `None` while it is connected or offline.
    pub link_lost_at: Option<Timestamp>,
    /// The call that rings, is answered or on hold.
    pub call: Option<CallView>,
    /// The limit that is passed.
    pub breach: Option<BreachKind>,
    /// The part of today of the conversation that is going on, from then on.
    pub talks_since: Option<Timestamp>,
    /// Today's figures, up to [`Self::counted_until`].
    pub figures: AgentFigures,
    /// Until when the figures count: the last change of state, or the beginning of the date.
    pub counted_until: Timestamp,
}

impl AgentView<'_> {
    /// Whether a call can be offered to it at once.
    pub fn is_routable(&self) -> bool {
        self.state == AgentState::Available && self.link_lost_at.is_none()
    }

    /// Whether it takes calls of the queue `vq` of its own department.
    pub fn serves(&self, vq: VqId) -> bool {
        self.queues.is_none_or(|queues| queues.contains(&vq))
    }

    /// Today's figures with the time since the last change added.
    pub fn figures_at(&self, now: Timestamp) -> AgentFigures {
        let mut figures = CountedFigures::from(self.figures);
        figures.add(self.state, now.since(self.counted_until));
        figures.into()
    }

    /// Today's AHT at `now`, as [`AgentFigures::avg_handle`] says, of the calls that have ended: the
    /// conversation that is going on is none of them yet, nor is its time.
    pub fn avg_handle_at(&self, now: Timestamp) -> Option<Millis> {
        let mut figures = self.figures_at(now);
        let running = self.talks_since.map_or(Millis::ZERO, |since| now.since(since));
        figures.talk = (figures.talk + figures.hold) - running;
        figures.hold = Millis::ZERO;
        figures.avg_handle()
    }
}

/// A live call as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallView {
    /// The call.
    pub id: CallId,
    /// Its queue.
    pub vq: VqId,
    /// How urgent it is.
    pub priority: Priority,
    /// The caller's number, `None` if withheld.
    pub caller: Option<CallerNumber>,
    /// Where it came from.
    pub origin: Option<Origin>,
    /// When it arrived.
    pub enqueued_at: Timestamp,
    /// How often it was offered to an agent.
    pub offers: u32,
    /// Where it is.
    pub phase: CallPhase,
}

/// Where a live call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallPhase {
    /// In its queue.
    Waiting,
    /// At an agent's phone.
    Ringing {
        /// Whose.
        agent: AgentId,
        /// Since when.
        assigned_at: Timestamp,
    },
    /// Answered, talking or on hold.
    Active {
        /// By whom.
        agent: AgentId,
        /// When it was last offered.
        assigned_at: Timestamp,
        /// When it was answered.
        answered_at: Timestamp,
        /// Since when it is on hold, `None` while they talk.
        held_since: Option<Timestamp>,
    },
}

/// A department's figures, today and now.
#[derive(Debug, Clone, PartialEq)]
pub struct DepartmentFigures {
    /// All of its queues together.
    pub queues: QueueFigures,
    /// Its agents in each state, in the order of [`AgentState::ALL`].
    pub agents: [u32; AgentState::ALL.len()],
    /// Agents past a limit now.
    pub breaches: u32,
    /// The time that its agents were busy with calls, today and up to now: agents × time.
    pub busy: Millis,
    /// The time that they were open to calls: busy or available.
    pub open: Millis,
    /// The share of the time open to calls that went into calls, today and up to now, 0 to 100.
    pub occupancy_percent: Option<f64>,
}

/// A queue's figures in fifteen minutes of today.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its first moment.
    pub starts_at: Timestamp,
    /// Counters of the calls that arrived in it.
    pub tally: Tally,
    /// How many of them are still unanswered past the target.
    pub overdue: u32,
    /// The mean number of agents logged in that serve the queue, over the part of it that is over.
    pub staffed_agents: f64,
}

/// How long an [`Interval`] is.
pub const INTERVAL: Millis = Millis::from_secs(15 * 60);
