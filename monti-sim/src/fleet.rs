//! Callers and agents as one machine: told what the centre says, it answers what people do.
//!
//! # What goes in
//! What a server tells its clients, or an engine its shell, whichever it is:
//!
//! | the server says | the engine says | tell the fleet |
//! | --- | --- | --- |
//! | `registered` | `Reply::Registered` | [`Fleet::handle_registered`] |
//! | `call_queued` | `Reply::Queued` | [`Fleet::handle_queued`] |
//! | `error` to `incoming_call` | a rejection of `Input::Call` | [`Fleet::handle_not_queued`] |
//! | `call_assign` | `Event::Assigned`, `CarriedOver` | [`Fleet::handle_assigned`] |
//! | `ack` to `call_accept` (or `call_assign` to an agent that [answers automatically](Fleet::registration)) | `Event::Accepted` | [`Fleet::handle_answered`] |
//! | `call_revoked` | `Event::Revoked` | [`Fleet::handle_revoked`] |
//! | `force_end_call` | `Event::EndForced` | [`Fleet::handle_force_end`] |
//! | `force_logout` | `Event::LoggedOut` unasked | [`Fleet::handle_logged_out`] |
//! | `call_abandoned`, `call_ended` | `Event::Abandoned`, `Ended` | [`Fleet::handle_ended`] |
//! | `error` to what an agent did | a rejection of `Input::Agent` | [`Fleet::handle_refused`] |
//! | the link is gone, or back | | [`Fleet::handle_link_lost`], [`Fleet::handle_link_back`] |
//!
//! `ack`s to anything else need not be told: people take it that they are obeyed. All times are the
//! centre's; [`Fleet::handle_timeout`] is to be called no later than [`Fleet::poll_timeout`] says.
//!
//! # What comes out
//! [`Action`]s, from [`Fleet::poll_output`] until there are none left, to be carried out in their
//! order (those of one agent, and those of one caller; between them it does not matter). Each
//! `Action` is one input of the engine or one message to the server, [`Action::GiveUp`] excepted. After whatever the fleet is
//! told it is to be polled; what was answered to one action may be told before the next is polled.

mod calling;
mod control;
mod hiring;
mod talking;
mod wishes;
mod working;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    sync::Arc,
};

use monti_core::{
    AgentAction, CallId, CallStatus, Millis, Priority, SettableState, Timestamp, VqId,
    wire::DepartmentCallsUpdate,
};

pub use self::control::ConfigFault;
use self::hiring::Group;
use crate::{
    Calendar, Dice, Scenario,
    agenda::{Agenda, Due},
    agent::Agent,
    arrivals::{Peak, Source},
    callers::{CallerId, Callers, Phase},
    dice::happens,
};

/// Nobody calls again sooner: with no patience they would call for ever in one moment.
const REDIAL_MIN: Millis = Millis::from_secs(1);

/// Stands for the list of planned calls among the sources.
const PLANNED: u32 = u32::MAX;

/// An agent of a fleet: its number, counted from 0. Never given to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentNo(pub u32);

impl AgentNo {
    /// The number, for tables of the shell's own.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Something that somebody does: one thing for the shell to carry out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An agent logs in, or comes back: as [`Fleet::registration`] says.
    Register(AgentNo),
    /// A logged in agent does something, in its newest session.
    Act(AgentNo, Deed),
    /// A caller calls.
    Call {
        /// Who; its serial makes the request id.
        caller: CallerId,
        /// For which queue.
        vq: VqId,
        /// How urgent it is.
        priority: Priority,
    },
    /// A caller hangs up before an answer.
    HangUp(CallId),
    /// A caller whose call was refused for now has no patience left to call again: there is nothing
    /// to do, and nothing more will be heard of it.
    GiveUp(CallerId),
}

/// What an agent does: of all [`AgentAction`]s those that agents of a fleet ever do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of `AgentAction`")]
pub enum Deed {
    Accept(CallId),
    Hold(CallId),
    Unhold(CallId),
    Complete(CallId),
    SetState(SettableState),
    Unregister,
}

impl From<Deed> for AgentAction {
    fn from(deed: Deed) -> Self {
        match deed {
            Deed::Accept(call) => Self::Accept(call),
            Deed::Hold(call) => Self::Hold(call),
            Deed::Unhold(call) => Self::Unhold(call),
            Deed::Complete(call) => Self::Complete { call, outcome: None },
            Deed::SetState(state) => Self::SetState(state),
            Deed::Unregister => Self::Unregister,
        }
    }
}

/// Why something that an agent did was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The call is gone, another's, or in no state for it.
    Call(CallId),
    /// The agent is not logged in.
    NotLoggedIn,
    /// The login registered elsewhere: that one is the agent now.
    Superseded,
}

impl Refusal {
    /// That an action was not possible. `None` if the agent need not be told: what follows from a state
    /// that was asked for is told anyway.
    pub fn of_impossible(action: &AgentAction) -> Option<Self> {
        match action {
            AgentAction::Accept(call)
            | AgentAction::Reject(call)
            | AgentAction::Hold(call)
            | AgentAction::Unhold(call)
            | AgentAction::Complete { call, .. } => Some(Self::Call(*call)),
            AgentAction::SetState(_) | AgentAction::Unregister => None,
        }
    }
}

/// What a fleet's callers have done since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallerCounts {
    /// Calls made.
    pub made: u64,
    /// Those of them that were taken.
    pub queued: u64,
    /// Those that were refused for good.
    pub refused: u64,
    /// Those that ended by the caller's hanging up.
    pub abandoned: u64,
    /// Those that ended otherwise.
    pub ended: u64,
}

/// Callers and agents. See the [module](self) for how to drive it.
#[derive(Debug)]
pub struct Fleet {
    scenario: Arc<Scenario>,
    calendar: Calendar,
    dice: Dice,
    /// In front of every login that is made up.
    prefix: String,
    closes_at: Timestamp,
    /// Whether agents work and callers call.
    is_running: bool,
    agenda: Agenda,
    actions: VecDeque<Action>,

    /// The place of each queue's department.
    departments_of_vqs: Vec<u16>,
    peak: Peak,
    sources: Vec<Source>,
    /// When the next call of each source comes, by its place. Apart from the agenda, which is much
    /// longer; what a source gave up is passed over here too.
    arrivals: BinaryHeap<Reverse<(Timestamp, u32)>>,
    next_planned: usize,
    passed_over: u64,
    callers: Callers,
    /// Callers just queued: those who are not answered at once begin to lose patience.
    just_queued: Vec<u32>,
    /// Calls that agents talk on, of whom nobody has said that a caller of this fleet made them.
    strangers: Vec<talking::Stranger>,
    counts: CallerCounts,
    /// How each department's calls were last configured, where they were.
    configured: Vec<DepartmentCallsUpdate>,

    agents: Vec<Agent>,
    plans: Vec<wishes::Plan>,
    groups: Vec<Group>,
    floor: Vec<wishes::Floor>,
    /// How many agents are to work.
    active: u32,
}

impl Fleet {
    /// The people of a scenario at `now`, with the dice of a replication. Calls come until
    /// `closes_at`.
    ///
    /// The logins that are not named in the scenario begin with `prefix`, which has at most 20
    /// characters out of those of logins.
    pub fn new(
        scenario: Arc<Scenario>,
        dice: Dice,
        prefix: &str,
        now: Timestamp,
        closes_at: Timestamp,
    ) -> Self {
        Self::of(scenario, dice, prefix, now, closes_at, true)
    }

    /// The same people, of whom nobody works or calls until [`Self::handle_start`].
    pub fn paused(
        scenario: Arc<Scenario>,
        dice: Dice,
        prefix: &str,
        now: Timestamp,
        closes_at: Timestamp,
    ) -> Self {
        Self::of(scenario, dice, prefix, now, closes_at, false)
    }

    fn of(
        scenario: Arc<Scenario>,
        dice: Dice,
        prefix: &str,
        now: Timestamp,
        closes_at: Timestamp,
        is_running: bool,
    ) -> Self {
        let queues = scenario.centre.queues();
        let departments_of_vqs = queues.map(|(_, queue)| queue.department.0).collect();
        let departments = scenario.centre.departments().len();
        let mut fleet = Self {
            calendar: scenario.calendar(),
            dice,
            prefix: prefix.to_owned(),
            closes_at,
            is_running,
            agenda: Agenda::default(),
            actions: VecDeque::new(),
            departments_of_vqs,
            peak: scenario.peak.clone(),
            sources: Vec::new(),
            arrivals: BinaryHeap::new(),
            next_planned: scenario.calls.partition_point(|call| call.at < now),
            passed_over: 0,
            callers: Callers::default(),
            just_queued: Vec::new(),
            strangers: Vec::new(),
            counts: CallerCounts::default(),
            agents: Vec::new(),
            plans: Vec::new(),
            groups: Vec::new(),
            floor: vec![wishes::Floor::default(); departments],
            configured: vec![DepartmentCallsUpdate::default(); departments],
            active: 0,
            scenario,
        };
        fleet.hire(now);
        fleet.begin_arrivals(now);
        fleet
    }

    /// Does everything that is due at `now`.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        loop {
            if let Some(at) = self.next_arrival().filter(|at| *at <= now.min(self.agenda.next())) {
                self.arrive(at, now);
                continue;
            }
            let Some((at, due)) = self.agenda.take_due(now) else { return };
            match due {
                Due::Agent(agent) if self.agents[agent as usize].due == at => {
                    self.next_thing(agent, now);
                }
                Due::Wish(agent) if self.plans[agent as usize].next() == at => {
                    self.wish(agent, now);
                }
                Due::Caller(place) if self.callers.at(place).due == at => {
                    self.caller_due(place, now);
                }
                // Given up since.
                Due::Agent(_) | Due::Wish(_) | Due::Caller(_) => {}
            }
        }
    }

    /// When [`Self::handle_timeout`] is to be called next; `None` if nothing will happen unless the
    /// fleet is told something.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let next = self.next_arrival().unwrap_or(Timestamp::MAX).min(self.agenda.next());
        (next < Timestamp::MAX).then_some(next)
    }

    /// The next thing that somebody does, `None` if there is nothing left.
    pub fn poll_output(&mut self) -> Option<Action> {
        let action = self.actions.pop_front();
        if action.is_none() && !self.just_queued.is_empty() {
            self.begin_to_wait();
        }
        action
    }

    /// A caller's call is in its queue.
    pub fn handle_queued(&mut self, caller: CallerId, call: CallId) {
        let Some(known) = self.callers.get(caller) else { return };
        if known.phase == Phase::Calling {
            self.counts.queued += 1;
            if known.due < Timestamp::MAX {
                self.just_queued.push(caller.place);
            }
            self.callers.name(caller.place, call);
            self.recognise(caller.place, call);
        }
    }

    /// A caller's call was refused: with `retry_after` for now, then the caller tries again; else
    /// for good.
    pub fn handle_not_queued(
        &mut self,
        now: Timestamp,
        caller: CallerId,
        retry_after: Option<Millis>,
    ) {
        if self.callers.get(caller).is_none_or(|known| known.phase != Phase::Calling) {
            return;
        }
        let Some(after) = retry_after else {
            self.counts.refused += 1;
            self.callers.remove(caller.place);
            return;
        };
        let known = self.callers.at_mut(caller.place);
        known.phase = Phase::Postponed { gives_up_at: known.due };
        known.due = now + after;
        self.agenda.enter(known.due, Due::Caller(caller.place));
    }

    /// A call of a caller is over.
    pub fn handle_ended(&mut self, now: Timestamp, call: CallId, status: CallStatus) {
        let Some(place) = self.callers.unname(call) else { return };
        if status != CallStatus::Abandoned {
            self.counts.ended += 1;
            self.callers.remove(place);
            return;
        }
        self.counts.abandoned += 1;
        let department = self.departments_of_vqs[self.callers.at(place).vq.0 as usize];
        match &self.scenario.behaviour[usize::from(department)].redial {
            Some(redial) if happens(redial.share, &mut self.dice.people) => {
                let at = now + redial.time.draw(&mut self.dice.people).max(REDIAL_MIN);
                let caller = self.callers.at_mut(place);
                caller.phase = Phase::Resting;
                caller.due = at;
                self.agenda.enter(at, Due::Caller(place));
            }
            _ => self.callers.remove(place),
        }
    }

    /// What callers have done so far.
    pub fn caller_counts(&self) -> CallerCounts {
        self.counts
    }
}
