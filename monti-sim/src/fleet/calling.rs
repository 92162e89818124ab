//! Callers: their calls, their patience, and their second tries.

use std::cmp::Reverse;

use monti_core::{Priority, Timestamp, VqId};

use super::{Action, Fleet, PLANNED};
use crate::{
    PlannedCall, Waits,
    agenda::Due,
    arrivals::Source,
    callers::{Caller, Phase},
};

impl Fleet {
    /// Lets calls come from `now` on.
    pub(super) fn begin_arrivals(&mut self, now: Timestamp) {
        for stream in &self.scenario.arrivals {
            let rng = &mut self.dice.calls;
            self.sources.push(Source::new(stream.clone(), now, &self.calendar, &self.peak, rng));
        }
        for index in 0..self.sources.len() {
            if !self.is_running {
                self.sources[index].stop();
            }
            self.enter_source(index);
        }
        self.enter_planned();
    }

    pub(super) fn enter_source(&mut self, index: usize) {
        let due = self.sources[index].due();
        if due < self.closes_at {
            let place = u32::try_from(index).unwrap_or(PLANNED);
            self.arrivals.push(Reverse((due, place)));
        }
    }

    /// When the next call comes.
    pub(super) fn next_arrival(&self) -> Option<Timestamp> {
        self.arrivals.peek().map(|Reverse((at, _))| *at)
    }

    /// The call comes that was to come at `at`, if it still is to.
    pub(super) fn arrive(&mut self, at: Timestamp, now: Timestamp) {
        match self.arrivals.pop() {
            Some(Reverse((_, PLANNED))) => self.planned_arrival(now),
            Some(Reverse((_, source))) if self.sources[source as usize].due() == at => {
                self.arrival(source as usize, now);
            }
            Some(_) | None => {}
        }
    }

    /// A stream's call comes.
    fn arrival(&mut self, index: usize, now: Timestamp) {
        let (vq, priority) = self.sources[index].draw_call(&mut self.dice.calls);
        self.sources[index].advance(&self.calendar, &self.peak, &mut self.dice.calls);
        self.enter_source(index);
        self.call(now, vq, priority, None);
    }

    /// The next call of the list comes.
    fn planned_arrival(&mut self, now: Timestamp) {
        let Some(planned) = self.scenario.calls.get(self.next_planned).copied() else { return };
        self.next_planned += 1;
        self.enter_planned();
        if self.is_running {
            self.call(now, planned.vq, planned.priority, Some(planned));
        } else {
            self.passed_over += 1;
        }
    }

    /// How many calls of the list are yet to come.
    pub fn planned_calls(&self) -> usize {
        let last = self.scenario.calls.partition_point(|call| call.at < self.closes_at);
        last.saturating_sub(self.next_planned)
    }

    /// How many calls of the list came while nobody was to call, and were not made.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    fn enter_planned(&mut self) {
        if let Some(next) = self.scenario.calls.get(self.next_planned)
            && next.at < self.closes_at
        {
            self.arrivals.push(Reverse((next.at, PLANNED)));
        }
    }

    /// Somebody calls. What is not planned of the call is drawn now, so that it does not depend on
    /// what becomes of other calls.
    pub(super) fn call(
        &mut self,
        now: Timestamp,
        vq: VqId,
        priority: Priority,
        planned: Option<PlannedCall>,
    ) {
        let behaviour = &self.scenario.behaviour[self.department_of(vq)];
        let rng = &mut self.dice.calls;
        let talk = planned.and_then(|planned| planned.talk);
        let talk = talk.unwrap_or_else(|| behaviour.talk.draw(rng));
        let due = match planned.and_then(|planned| planned.waits) {
            Some(Waits::Endlessly) => Timestamp::MAX,
            Some(Waits::For(time)) => now + time,
            None => match &behaviour.patience {
                Some(patience) => now + patience.draw(rng),
                None => Timestamp::MAX,
            },
        };
        self.counts.made += 1;
        let caller = self.callers.insert(Caller {
            vq,
            priority,
            phase: Phase::Calling,
            serial: 0,
            person: 0,
            talk,
            due,
        });
        self.actions.push_back(Action::Call { caller, vq, priority });
    }

    /// Those who were queued and not answered at once begin to lose patience.
    pub(super) fn begin_to_wait(&mut self) {
        while let Some(place) = self.just_queued.pop() {
            let caller = self.callers.at(place);
            if matches!(caller.phase, Phase::Waiting(_)) {
                self.agenda.enter(caller.due, Due::Caller(place));
            }
        }
    }

    /// A caller is out of patience, or calls again.
    pub(super) fn caller_due(&mut self, place: u32, now: Timestamp) {
        let caller = *self.callers.at(place);
        match caller.phase {
            Phase::Waiting(call) => {
                // Whether it was in time for that, its end or its answer tells.
                self.callers.at_mut(place).due = Timestamp::MAX;
                self.actions.push_back(Action::HangUp(call));
            }
            Phase::Postponed { gives_up_at } if gives_up_at <= now => {
                self.counts.abandoned += 1;
                self.callers.remove(place);
                let caller = crate::CallerId { place, serial: caller.serial };
                self.actions.push_back(Action::GiveUp(caller));
            }
            Phase::Postponed { gives_up_at } => self.call_again(place, caller.serial, gives_up_at),
            Phase::Resting if now < self.closes_at && self.is_running => {
                let serial = self.callers.next_serial();
                let behaviour = &self.scenario.behaviour[self.department_of(caller.vq)];
                let patience = behaviour.patience.as_ref();
                let patience = patience.map(|patience| patience.draw(&mut self.dice.people));
                let gives_up_at = patience.map_or(Timestamp::MAX, |patience| now + patience);
                self.counts.made += 1;
                self.call_again(place, serial, gives_up_at);
            }
            Phase::Resting => self.callers.remove(place),
            Phase::Calling | Phase::Connected(_) => {}
        }
    }

    fn call_again(&mut self, place: u32, serial: u64, gives_up_at: Timestamp) {
        let caller = self.callers.at_mut(place);
        caller.phase = Phase::Calling;
        caller.serial = serial;
        caller.due = gives_up_at;
        let (vq, priority) = (caller.vq, caller.priority);
        let caller = crate::CallerId { place, serial };
        self.actions.push_back(Action::Call { caller, vq, priority });
    }

    pub(super) fn department_of(&self, vq: VqId) -> usize {
        usize::from(self.departments_of_vqs[vq.0 as usize])
    }
}
