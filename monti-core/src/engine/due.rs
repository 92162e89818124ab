//! What happens by itself.

use crate::{Engine, Event, timer::Deadline};

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
