//! A live call, and the lines that calls wait in.

use serde::{Deserialize, Serialize};

use crate::{
    AgentId, Assignment, CallId, CallPhase, CallRecord, CallStatus, CallView, CallerNumber, Day,
    DepartmentId, Label, LoginId, Millis, Origin, Priority, Timestamp, VqId,
    counters::QuarterOfToday, timer::Ticket,
};

/// A call from its arrival until its record is written.
///
/// With a million of them the processor's cache holds none of those to which something happens:
/// a call fills two lines of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[repr(align(64))]
pub(crate) struct Call {
    pub(crate) id: CallId,
    /// Its place in the order of arrival of all calls ever.
    pub(crate) order: u64,
    pub(crate) vq: VqId,
    /// The quarter of an hour of its date in which it arrived.
    pub(crate) quarter: u16,
    pub(crate) priority: Priority,
    /// Whether it waited past the target without an answer.
    pub(crate) overdue: bool,
    pub(crate) caller: Option<CallerNumber>,
    pub(crate) origin: Option<Origin>,
    pub(crate) enqueued_at: Timestamp,
    /// What came of the offers that failed; `None` as long as none did.
    pub(crate) failed: Option<Box<FailedOffers>>,
    pub(crate) phase: Phase,
}

/// The offers of a call that came to nothing: few calls have any.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct FailedOffers {
    pub(crate) count: u32,
    /// When the last of them was made.
    pub(crate) last_at: Timestamp,
    /// How long it rang in all of them.
    pub(crate) ring: Millis,
    /// The agents that sent it back or did not answer, the one whose refusal is oldest first.
    pub(crate) declined: Vec<AgentId>,
}

/// Where a call is, with what is known only there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Phase {
    Waiting {
        /// The deadline of its queue's target.
        #[serde(skip)]
        target: Ticket,
    },
    Ringing(Offer),
    Active(Conversation),
    AfterCall(Ending),
}

/// A phone that rings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) agent: AgentId,
    pub(crate) assigned_at: Timestamp,
    /// The deadline of the answer.
    #[serde(skip)]
    pub(crate) deadline: Ticket,
    /// The deadline of the queue's target, which runs on.
    #[serde(skip)]
    pub(crate) target: Ticket,
}

/// Caller and agent connected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) agent: AgentId,
    pub(crate) assigned_at: Timestamp,
    pub(crate) answered_at: Timestamp,
    /// Time on hold that is over.
    pub(crate) held: Millis,
    pub(crate) held_since: Option<Timestamp>,
}

/// A conversation that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ending {
    pub(crate) agent: AgentId,
    pub(crate) assigned_at: Timestamp,
    pub(crate) answered_at: Timestamp,
    pub(crate) ended_at: Timestamp,
    pub(crate) held: Millis,
    pub(crate) status: CallStatus,
    pub(crate) outcome: Option<Label>,
}

/// What is recorded of a call that was answered, and of no other.
struct Answer {
    agent: LoginId,
    assigned_at: Timestamp,
    answered_at: Timestamp,
    held: Millis,
    after_call: Millis,
    outcome: Option<Label>,
}

impl FailedOffers {
    /// Notes an offer that failed after it rang from `made_at` to `now`.
    pub(crate) fn add(&mut self, made_at: Timestamp, now: Timestamp) {
        self.count += 1;
        self.last_at = made_at;
        self.ring += now.since(made_at);
    }

    /// Notes that `agent` refused the call, latest last.
    pub(crate) fn decline(&mut self, agent: AgentId) {
        self.declined.retain(|other| *other != agent);
        self.declined.push(agent);
    }

    /// Forgets all, for another call.
    pub(crate) fn clear(&mut self) {
        let mut declined = std::mem::take(&mut self.declined);
        declined.clear();
        *self = Self { declined, ..Self::default() };
    }
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
        let mut call = self.clone();
        call.set_target(Ticket::default());
        if let Phase::Ringing(offer) = &mut call.phase {
            offer.deadline = Ticket::default();
        }
        call
    }

    /// Notes the deadline of the target of a call that is not answered yet.
    pub(crate) fn set_target(&mut self, ticket: Ticket) {
        match &mut self.phase {
            Phase::Waiting { target } | Phase::Ringing(Offer { target, .. }) => *target = ticket,
            Phase::Active(_) | Phase::AfterCall(_) => {}
        }
    }

    /// The quarter of an hour in which it arrived, if that was on the date `today`.
    pub(crate) fn quarter_of(&self, today: Day) -> QuarterOfToday {
        (self.id.day == today).then_some(self.quarter.into())
    }

    /// When it was last offered to an agent, `None` if it never was.
    pub(crate) fn assigned_at(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Waiting { .. } => self.failed.as_ref().map(|failed| failed.last_at),
            Phase::Ringing(Offer { assigned_at, .. })
            | Phase::Active(Conversation { assigned_at, .. })
            | Phase::AfterCall(Ending { assigned_at, .. }) => Some(*assigned_at),
        }
    }

    /// What rings.
    ///
    /// # Panics
    /// If the call does not ring.
    #[inline(always)]
    pub(crate) fn offer(&self) -> Offer {
        let Phase::Ringing(offer) = self.phase else { panic!("{} does not ring", self.id) };
        offer
    }

    /// The call as it was offered to `agent` at `assigned_at`.
    #[inline(always)]
    pub(crate) fn assignment(&self, agent: AgentId, assigned_at: Timestamp) -> Assignment {
        Assignment {
            agent,
            call: self.id,
            vq: self.vq,
            caller: self.caller,
            priority: self.priority,
            enqueued_at: self.enqueued_at,
            waited: assigned_at.since(self.enqueued_at),
        }
    }

    /// How often it was offered to an agent.
    pub(crate) fn offers(&self) -> u32 {
        let failed = self.failed.as_ref().map_or(0, |failed| failed.count);
        failed + u32::from(!matches!(self.phase, Phase::Waiting { .. }))
    }

    /// The agents that refused it, the one whose refusal is oldest first.
    pub(crate) fn declined(&self) -> &[AgentId] {
        self.failed.as_ref().map_or(&[], |failed| &failed.declined)
    }

    /// The agent at whose phone the call is.
    pub(crate) fn agent(&self) -> Option<AgentId> {
        match &self.phase {
            Phase::Ringing(Offer { agent, .. }) | Phase::Active(Conversation { agent, .. }) => {
                Some(*agent)
            }
            Phase::Waiting { .. } | Phase::AfterCall(_) => None,
        }
    }

    /// The agent that has the call: at its phone, or in after-call work.
    pub(crate) fn holder(&self) -> Option<AgentId> {
        match &self.phase {
            Phase::AfterCall(ending) => Some(ending.agent),
            _ => self.agent(),
        }
    }

    /// The call as others see it; `None` once caller and agent have parted.
    pub(crate) fn view(&self) -> Option<CallView> {
        let phase = match &self.phase {
            Phase::Waiting { .. } => CallPhase::Waiting,
            Phase::Ringing(offer) => {
                CallPhase::Ringing { agent: offer.agent, assigned_at: offer.assigned_at }
            }
            Phase::Active(conversation) => CallPhase::Active {
                agent: conversation.agent,
                assigned_at: conversation.assigned_at,
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
            offers: self.offers(),
            phase,
        })
    }

    /// Whether its agent completed it, and works on after it.
    pub(crate) fn is_completed(&self) -> bool {
        matches!(&self.phase, Phase::AfterCall(ending) if ending.status == CallStatus::Completed)
    }

    /// The record of a call that ends at `now` without having been answered. It waits: its ringing
    /// is over.
    pub(crate) fn unanswered_record(
        &self,
        now: Timestamp,
        status: CallStatus,
        department: DepartmentId,
    ) -> CallRecord {
        self.record(department, status, now, None)
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
        let Ending { assigned_at, answered_at, ended_at, held, status, .. } = *ending;
        let after_call = now.since(ended_at);
        let answer = Answer { agent, assigned_at, answered_at, held, after_call, outcome };
        self.record(department, status, ended_at, Some(answer))
    }

    /// The record of any call. All of it is made at once: one that is made out of another would be
    /// written twice.
    #[inline(always)]
    fn record(
        &self,
        department: DepartmentId,
        status: CallStatus,
        ended_at: Timestamp,
        answer: Option<Answer>,
    ) -> CallRecord {
        let answered_at = answer.as_ref().map(|answer| answer.answered_at);
        let assigned_at = answer.as_ref().map(|answer| answer.assigned_at);
        let hold = answer.as_ref().map_or(Millis::ZERO, |answer| answer.held);
        let after_call = answer.as_ref().map_or(Millis::ZERO, |answer| answer.after_call);
        let (agent, outcome) =
            answer.map_or((None, None), |answer| (Some(answer.agent), answer.outcome));
        let failed = self.failed.as_deref();
        let waited_until = answered_at.unwrap_or(ended_at);
        let ring = failed.map_or(Millis::ZERO, |failed| failed.ring)
            + assigned_at.map_or(Millis::ZERO, |assigned_at| waited_until.since(assigned_at));
        CallRecord {
            id: self.id,
            vq: self.vq,
            department,
            caller: self.caller,
            priority: self.priority,
            status,
            outcome,
            agent,
            enqueued_at: self.enqueued_at,
            assigned_at: assigned_at.or(failed.map(|failed| failed.last_at)),
            answered_at,
            ended_at,
            wait: waited_until.since(self.enqueued_at) - ring,
            ring,
            talk: ended_at.since(waited_until) - hold,
            hold,
            after_call,
            answered_in_target: answered_at.is_some() && !self.overdue,
            offers: failed.map_or(0, |failed| failed.count) + u32::from(answered_at.is_some()),
        }
    }
}
