//! What is kept of a call that is over.

use serde::{Deserialize, Serialize};

use crate::{
    CallId, CallStatus, CallerNumber, DepartmentId, Label, LoginId, Millis, Priority, Timestamp,
    VqId,
};

/// A call's life, written once, when nothing of it can change any more: at its end, or at the end
/// of its after-call work.
///
/// `wait + ring + talk + hold` is the time from [`Self::enqueued_at`] to [`Self::ended_at`], to
/// the millisecond; the after-call work follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The call; its date is the record's.
    pub id: CallId,
    /// The queue it waited in.
    pub vq: VqId,
    /// The queue's department.
    pub department: DepartmentId,
    /// The caller's number, `None` if withheld.
    pub caller: Option<CallerNumber>,
    /// How urgent it was.
    pub priority: Priority,
    /// How it ended.
    pub status: CallStatus,
    /// What came of it, in the agent's words.
    pub outcome: Option<Label>,
    /// Who answered it.
    pub agent: Option<LoginId>,
    /// When it arrived.
    pub enqueued_at: Timestamp,
    /// When it was last offered to an agent.
    pub assigned_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When caller and agent parted.
    pub ended_at: Timestamp,
    /// Time in the queue, ringing not included.
    pub wait: Millis,
    /// Time ringing, at all the agents it was offered to.
    pub ring: Millis,
    /// Time talking.
    pub talk: Millis,
    /// Time on hold.
    pub hold: Millis,
    /// After-call work.
    pub after_call: Millis,
    /// Whether it was answered within its queue's target.
    pub answered_in_target: bool,
    /// How often it was offered to an agent.
    pub offers: u32,
}

impl CallRecord {
    /// How long the caller waited for an answer or gave up: queue and ringing together.
    pub fn waited(&self) -> Millis {
        self.wait + self.ring
    }

    /// What the call cost its agent: talk, hold and after-call work.
    pub fn handled(&self) -> Millis {
        self.talk + self.hold + self.after_call
    }
}
