//! What happens by itself.

use crate::{Engine, Event, timer::Deadline};

impl Engine {
    /// Does all that is due: the date's end before all else, then kind after kind.
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
    }

    fn miss_target(&mut self, place: u32) {
        let quarter = self.quarter_of_call(place);
        let call = &mut self.calls[place];
        call.overdue = true;
        self.queues[call.vq.index()].counters.become_overdue(quarter);
        let missed = Event::TargetMissed { call: call.id, vq: call.vq };
        self.emit(missed);
    }
}
