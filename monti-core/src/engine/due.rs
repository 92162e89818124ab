//! What happens by itself.

use crate::{Engine, Event, Millis, Reply, Timestamp, input::Standstill, timer::Deadline};

impl Engine {
    /// Does all that is due: the date's end before all else, then kind after kind.
    #[cold]
    pub(super) fn handle_due(&mut self) {
        self.end_days();
        // Before anything that lets a call be answered: whether that was in time is known then.
        while let Some(place) = self.deadlines.take_missed_target(self.now) {
            self.miss_target(place);
        }
        while let Some(place) = self.deadlines.take_due(Deadline::Ring, self.now) {
            self.ring_timeout(place);
        }
        while let Some(slot) = self.deadlines.take_due(Deadline::Grace, self.now) {
            self.grace_over(slot);
        }
        for breach in [Deadline::AfterCallWork, Deadline::Break] {
            while let Some(slot) = self.deadlines.take_due(breach, self.now) {
                self.breach(slot);
            }
        }
        self.ledger.forget_old(self.now);
        self.deadlines.all_taken(self.quarter_ends_at.min(self.today.ends_at));
    }

    /// The shell stood still: whoever would have answered, or come back, was not heard.
    pub(super) fn handle_standstill(&mut self, now: Timestamp, since: Timestamp) -> Reply {
        let since = since.max(self.now);
        self.now = self.now.max(now);
        let lasted = self.now.since(since);
        if lasted > Millis::ZERO && self.deadlines.put_off(lasted) {
            self.forget_standstills(since);
            self.standstills.push(Standstill { since, lasted });
        }
        self.handle_timeout(now);
        Reply::Done
    }

    /// For how much longer rings what began to ring at `begun`, or is waited for what was lost then.
    pub(super) fn put_off_since(&self, begun: Timestamp) -> Millis {
        let later = self.standstills.iter().filter(|it| it.since >= begun);
        later.fold(Millis::ZERO, |sum, it| sum + it.lasted)
    }

    /// Forgets the standstills that put off no deadline which was still to come at `moment`.
    fn forget_standstills(&mut self, moment: Timestamp) {
        let limits = self.centre.limits();
        let longest = limits.ring_timeout.max(limits.grace);
        let first = self
            .standstills
            .iter()
            .position(|it| it.since + longest + self.put_off_since(it.since) >= moment);
        self.standstills.drain(..first.unwrap_or(self.standstills.len()));
    }

    fn miss_target(&mut self, place: u32) {
        let call = &mut self.calls[place];
        let quarter = call.quarter_of(self.today.day);
        call.overdue = true;
        let counters = &mut self.queues[call.vq.index()].counters;
        counters.become_overdue(&mut self.past_quarters, quarter);
        let missed = Event::TargetMissed { call: call.id, vq: call.vq };
        self.emit(missed);
    }
}
