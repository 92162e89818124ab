//! Business dates and their quarters of an hour.

use crate::{
    AgentDay, AgentFigures, AgentLeft, BusinessDay, Engine, Event, INTERVAL, InvalidValue, Millis,
    Rejection, Reply, Timestamp, roster::State,
};

/// How long a date is taken to be until the shell tells better.
const DAY: Millis = Millis::from_secs(24 * 60 * 60);

impl Engine {
    pub(super) fn handle_business_day(&mut self, day: BusinessDay) -> Result<Reply, Rejection> {
        let longest = day.starts_at + DAY + DAY;
        if day.starts_at > self.now || day.ends_at <= self.now || day.ends_at > longest {
            return Err(Rejection::InvalidValue(InvalidValue::DayBounds));
        }
        if day.day < self.today.day {
            return Err(Rejection::InvalidValue(InvalidValue::PastDay));
        }
        if day.day > self.today.day {
            self.end_day(self.now, day);
        }
        // Its start stays as it was when it began: the quarters of an hour count from there.
        self.today.ends_at = day.ends_at;
        self.deadlines.wake_by(day.ends_at);
        Ok(Reply::Done)
    }

    /// Ends every quarter of an hour and every date that is over.
    pub(super) fn end_days(&mut self) {
        // After the last moment there is no date that could begin.
        while self.today.ends_at <= self.now && self.today.ends_at < Timestamp::MAX {
            let ended = self.today;
            self.end_quarters(ended.ends_at);
            let next = BusinessDay {
                day: ended.day.next(),
                starts_at: ended.ends_at,
                ends_at: ended.ends_at + DAY,
            };
            self.end_day(ended.ends_at, next);
        }
        self.end_quarters(self.now);
    }

    /// Ends the date at `moment`, gives out all figures of it and begins `next`.
    fn end_day(&mut self, moment: Timestamp, next: BusinessDay) {
        let ended = self.today.day;
        for slot in 0..self.agents.slots() {
            let Some(agent) = self.agents.get_mut(slot) else { continue };
            let uncounted = moment.since(agent.state_start.max(self.counted_from));
            agent.figures.add(agent.state.kind(), uncounted);
            let figures = AgentFigures::from(std::mem::take(&mut agent.figures));
            let login = agent.login().clone();
            let is_offline = agent.state == State::OFFLINE;
            if figures != Default::default() {
                self.outputs.agent_day(AgentDay { login, day: ended, figures });
            }
            if is_offline {
                self.forget(slot);
            }
        }
        self.counted_from = moment;
        for department in &mut self.departments {
            department.busy.restart(moment);
            department.available.restart(moment);
            department.staffed.restart(moment);
            department.staffed_quarters.clear();
            department.handled = (0, Millis::ZERO);
        }
        for vq in &self.partly_staffed {
            self.queues[vq.index()].rest.staffed.restart(moment);
        }
        for queue in &mut self.queues {
            queue.counters.begin_day();
        }
        self.past_quarters.clear();
        self.begin_day_at(moment, next);
        self.emit(Event::DayBegan { day: next.day });
    }

    /// Begins a date at `moment`, which can be later than its start: nobody staffed the quarters of
    /// an hour before.
    pub(super) fn begin_day_at(&mut self, moment: Timestamp, day: BusinessDay) {
        let ends_at = if day.ends_at > day.starts_at { day.ends_at } else { day.starts_at + DAY };
        self.today = BusinessDay { ends_at, ..day };
        let quarters = u64::from(self.quarter_at(moment)) + 1;
        self.quarter_ends_at = day.starts_at + Millis::new(INTERVAL.get() * quarters);
        self.deadlines.wake_by(Timestamp::MIN);
    }

    /// An agent that is offline at the end of a date is not kept.
    fn forget(&mut self, slot: u32) {
        let agent = self.agents.id(slot);
        let gone = self.agents.remove(slot);
        let department = &mut self.departments[gone.department.index()];
        department.count(Some(gone.state.kind()), None, self.now);
        department.roster.remove(gone.login());
        self.outputs.agent_left(AgentLeft {
            agent,
            login: gone.login().clone(),
            department: gone.department,
        });
    }

    /// Writes down the staffing of every quarter of an hour that ends by `moment`.
    fn end_quarters(&mut self, moment: Timestamp) {
        while self.quarter_ends_at <= moment {
            let ended = self.quarter_ends_at;
            if ended == Timestamp::MAX {
                // After the last moment there is no quarter that could end.
                break;
            }
            let quarter = self.quarter_at(ended) - 1;
            for department in &mut self.departments {
                let staffed = department.staffed.restart(ended);
                department.staffed_quarters.resize(quarter as usize, Millis::ZERO);
                department.staffed_quarters.push(staffed);
            }
            let (queues, past) = (&mut self.queues, &mut self.past_quarters);
            self.partly_staffed.retain(|vq| {
                let queue = &mut queues[vq.index()];
                let staffed = queue.rest.staffed.restart(ended);
                if staffed > Millis::ZERO {
                    queue.counters.set_staffed(past, quarter, staffed);
                }
                queue.rest.staffed.count() > 0
            });
            self.quarter_ends_at = ended + INTERVAL;
        }
    }
}
