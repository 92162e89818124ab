//! The engine: one value that holds the whole centre and moves when told what happened.

mod calls;
mod days;
mod due;
mod getters;
mod offers;
mod persist;
mod sessions;
mod states;

use std::collections::BTreeSet;

use crate::{
    BusinessDay, Centre, Event, Input, OutputRef, Rejection, Reply, Timestamp, VqId,
    call::{Call, FailedOffers},
    counters::PastQuarters,
    department::DepartmentAtWork,
    input::Standstill,
    ledger::Ledger,
    line::Links,
    outbox::Outbox,
    queue::{Queue, Rank},
    roster::Roster,
    slab::Slab,
    timer::Deadlines,
    view::INTERVAL,
};

/// A contact centre's queues and agents, as a deterministic state machine.
///
/// Give it what happens with [`Self::handle_input`], call [`Self::handle_timeout`] no later than
/// [`Self::poll_timeout`] says, and take what is to be sent, recorded and shown from
/// [`Self::poll_output`] until there is nothing left.
///
/// Its clock never runs backwards: an earlier moment than the latest it was given counts as that
/// latest.
#[derive(Debug)]
pub struct Engine {
    centre: Centre,
    now: Timestamp,
    today: BusinessDay,
    /// The end of the running quarter of an hour, at which its staffing is written down.
    quarter_ends_at: Timestamp,
    /// When the last date ended: what agents did before is in that date's figures.
    counted_from: Timestamp,
    last_session: u64,
    calls: Slab<Call>,
    ledger: Ledger,
    agents: Roster,
    departments: Vec<DepartmentAtWork>,
    queues: Vec<Queue>,
    past_quarters: PastQuarters,
    /// The queues with agents logged in that serve them but not all of the department, in this
    /// quarter of an hour.
    partly_staffed: BTreeSet<VqId>,
    /// Members of the lines in which calls wait: places in [`Self::calls`].
    waiting: Links<Rank>,
    deadlines: Deadlines,
    /// The standstills that put deadlines off which may be set still.
    standstills: Vec<Standstill>,
    /// Failed offers of calls that are over, to be used again.
    #[expect(clippy::vec_box, reason = "the boxes themselves go from call to call")]
    spare_offers: Vec<Box<FailedOffers>>,
    outputs: Outbox,
}

impl Engine {
    /// An empty centre at the moment `now` of the date `today`.
    ///
    /// A date that ends before it starts counts as one of 24 hours.
    pub fn new(centre: Centre, now: Timestamp, today: BusinessDay) -> Self {
        let deadlines = Deadlines::new(&centre);
        let mut places = vec![0_u32; centre.departments().len()];
        let queues: Vec<_> = (centre.queues())
            .map(|(_, queue)| {
                let place = &mut places[queue.department.index()];
                *place += 1;
                Queue::new(queue, *place - 1, deadlines.target_line(queue.target))
            })
            .collect();
        let departments =
            places.into_iter().map(|queues| DepartmentAtWork::new(queues as usize)).collect();
        let mut engine = Self {
            deadlines,
            centre,
            now,
            today,
            quarter_ends_at: today.starts_at,
            counted_from: Timestamp::MIN,
            last_session: 0,
            calls: Slab::default(),
            ledger: Ledger::default(),
            agents: Roster::default(),
            departments,
            queues,
            past_quarters: PastQuarters::default(),
            partly_staffed: BTreeSet::new(),
            waiting: Links::default(),
            standstills: Vec::new(),
            spare_offers: Vec::new(),
            outputs: Outbox::default(),
        };
        engine.begin_day_at(now, today);
        engine
    }

    /// Takes in one thing that happened at `now`, after everything that was due by then.
    ///
    /// # Errors
    /// A [`Rejection`] says why nothing was changed by the input.
    pub fn handle_input(&mut self, now: Timestamp, input: Input) -> Result<Reply, Rejection> {
        if !matches!(input, Input::Restart | Input::Standstill { .. }) {
            self.handle_timeout(now);
        }
        match input {
            Input::Call { vq, priority, caller, ref request, origin } => {
                self.handle_call(vq, priority, caller, request.as_ref(), origin)
            }
            Input::Abandon { call } => self.handle_abandon(call),
            Input::Register(registration) => self.handle_register(&registration),
            Input::Agent { agent, session, action } => self.handle_agent(agent, session, action),
            Input::LinkLost { agents } => Ok(self.handle_link_lost(&agents)),
            Input::SetState { agent, state } => self.handle_set_state(agent, state),
            Input::LogOut { agent } => self.handle_log_out(agent),
            Input::EndCall { call, agent } => self.handle_end_call(call, agent),
            Input::BusinessDay(day) => self.handle_business_day(day),
            Input::Restart => Ok(self.handle_restart(now)),
            Input::Standstill { since } => Ok(self.handle_standstill(now, since)),
        }
    }

    /// Does everything that is due at `now`.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        if self.deadlines.may_be_due(self.now) {
            self.handle_due();
        }
    }

    /// When [`Self::handle_timeout`] is to be called next. There always is such a moment: a
    /// business date ends.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        Some(self.next_timeout())
    }

    /// Takes the next thing to be sent, recorded or shown, `None` if there is nothing left.
    ///
    /// It is lent, see [`OutputRef::to_owned`]. Room is made when all are taken.
    pub fn poll_output(&mut self) -> Option<OutputRef<'_>> {
        self.outputs.take()
    }

    fn next_timeout(&self) -> Timestamp {
        self.deadlines.next().min(self.quarter_ends_at).min(self.today.ends_at)
    }

    fn emit(&mut self, event: Event) {
        self.outputs.event(event);
    }

    /// The quarter of an hour of today that holds `moment`.
    fn quarter_at(&self, moment: Timestamp) -> u32 {
        let quarter = moment.since(self.today.starts_at).get() / INTERVAL.get();
        u32::try_from(quarter).unwrap_or(u32::MAX)
    }
}
