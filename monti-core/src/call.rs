//! A live call, and the lines that calls wait in.

use serde::{Deserialize, Serialize};

use crate::{
    AgentId, CallId, CallPhase, CallRecord, CallStatus, CallView, CallerNumber, Day, DepartmentId,
    Label, LoginId, Millis, Origin, Priority, Timestamp, VqId, counters::QuarterOfToday,
    timer::Ticket,
};

/// A call from its arrival until its record is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    /// Its place in the order of arrival of all calls ever.
    pub(crate) order: u64,
    pub(crate) vq: VqId,
    pub(crate) priority: Priority,
    pub(crate) caller: Option<CallerNumber>,
    pub(crate) origin: Option<Origin>,
    pub(crate) enqueued_at: Timestamp,
    /// The quarter of an hour of its date in which it arrived.
    pub(crate) quarter: u32,
    /// When it was last offered, if it was: see [`Self::assigned_at`].
    pub(crate) last_offer_at: Timestamp,
    pub(crate) offers: u32,
    /// Whether it waited past the target without an answer.
    pub(crate) overdue: bool,
    /// The deadline of the target, until its fate is decided.
    #[serde(skip)]
    pub(crate) target: Ticket,
    /// Time ringing that is over.
    pub(crate) ring: Millis,
    /// The agents that sent it back or did not answer, the one whose refusal is oldest first.
    pub(crate) declined: Vec<AgentId>,
    pub(crate) phase: Phase,
}

/// Where a call is, with what is known only there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Phase {
    Waiting,
    Ringing {
        agent: AgentId,
        #[serde(skip)]
        deadline: Ticket,
    },
    Active(Conversation),
    AfterCall(Ending),
}

/// Caller and agent connected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) agent: AgentId,
    pub(crate) answered_at: Timestamp,
    /// Time on hold that is over.
    pub(crate) held: Millis,
    pub(crate) held_since: Option<Timestamp>,
}

/// A conversation that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ending {
    pub(crate) agent: AgentId,
    pub(crate) answered_at: Timestamp,
    pub(crate) ended_at: Timestamp,
    pub(crate) held: Millis,
    pub(crate) status: CallStatus,
    pub(crate) outcome: Option<Label>,
}

impl Conversation {
    /// Time on hold until `now`.
    pub(crate) fn held_until(&self, now: Timestamp) -> Millis {
        self.held + self.held_since.map_or(Millis::ZERO, |since| now.since(since))
    }
}

impl Call {
    /// The same call as it is kept: its deadlines get other tickets where it goes on.
    pub(crate) fn without_tickets(&self) -> Self {
        let mut call = Self { target: Ticket::default(), ..self.clone() };
        if let Phase::Ringing { deadline, .. } = &mut call.phase {
            *deadline = Ticket::default();
        }
        call
    }

    /// The quarter of an hour in which it arrived, if that was on the date `today`.
    pub(crate) fn quarter_of(&self, today: Day) -> QuarterOfToday {
        (self.id.day == today).then_some(self.quarter)
    }

    /// When it was last offered.
    pub(crate) fn assigned_at(&self) -> Option<Timestamp> {
        (self.offers > 0).then_some(self.last_offer_at)
    }

    /// The agent at whose phone the call is.
    pub(crate) fn agent(&self) -> Option<AgentId> {
        match &self.phase {
            Phase::Ringing { agent, .. } | Phase::Active(Conversation { agent, .. }) => {
                Some(*agent)
            }
            Phase::Waiting | Phase::AfterCall(_) => None,
        }
    }

    /// The agent that has the call: at its phone, or in after-call work.
    pub(crate) fn holder(&self) -> Option<AgentId> {
        match &self.phase {
            Phase::AfterCall(ending) => Some(ending.agent),
            _ => self.agent(),
        }
    }

    /// Notes that `agent` refused the call, latest last.
    pub(crate) fn decline(&mut self, agent: AgentId) {
        self.declined.retain(|other| *other != agent);
        self.declined.push(agent);
    }

    /// The call as others see it; `None` once caller and agent have parted.
    pub(crate) fn view(&self) -> Option<CallView> {
        let phase = match &self.phase {
            Phase::Waiting => CallPhase::Waiting,
            Phase::Ringing { agent, .. } => {
                CallPhase::Ringing { agent: *agent, assigned_at: self.last_offer_at }
            }
            Phase::Active(conversation) => CallPhase::Active {
                agent: conversation.agent,
                assigned_at: self.last_offer_at,
                answered_at: conversation.answered_at,
                held_since: conversation.held_since,
            },
            Phase::AfterCall(_) => return None,
        };
        Some(CallView {
            id: self.id,
            vq: self.vq,
            priority: self.priority,
            caller: self.caller,
            origin: self.origin,
            enqueued_at: self.enqueued_at,
            offers: self.offers,
            phase,
        })
    }

    /// The record of a call that ends at `now` without having been answered. Its ringing is over.
    #[inline(always)]
    pub(crate) fn unanswered_record(
        &self,
        now: Timestamp,
        status: CallStatus,
        department: DepartmentId,
    ) -> CallRecord {
        CallRecord {
            id: self.id,
            vq: self.vq,
            department,
            caller: self.caller,
            priority: self.priority,
            status,
            outcome: None,
            agent: None,
            enqueued_at: self.enqueued_at,
            assigned_at: self.assigned_at(),
            answered_at: None,
            ended_at: now,
            wait: now.since(self.enqueued_at) - self.ring,
            ring: self.ring,
            talk: Millis::ZERO,
            hold: Millis::ZERO,
            after_call: Millis::ZERO,
            answered_in_target: false,
            offers: self.offers,
        }
    }

    /// The record of a call that was answered and whose after-call work, if any, ends at `now`. The
    /// call is about to go: its outcome goes over to the record.
    #[inline(always)]
    pub(crate) fn answered_record(
        &mut self,
        now: Timestamp,
        department: DepartmentId,
        agent: LoginId,
    ) -> CallRecord {
        let Phase::AfterCall(ending) = &mut self.phase else {
            panic!("{} is closed before its end", self.id);
        };
        let outcome = ending.outcome.take();
        let Ending { answered_at, ended_at, held, status, .. } = *ending;
        CallRecord {
            status,
            outcome,
            agent: Some(agent),
            answered_at: Some(answered_at),
            ended_at,
            talk: ended_at.since(answered_at) - held,
            hold: held,
            after_call: now.since(ended_at),
            answered_in_target: !self.overdue,
            ..self.unanswered_record(answered_at, status, department)
        }
    }
}
