//! What a queue counts.

use serde::{Deserialize, Serialize};

use crate::{LiveCalls, Millis, Tally};

/// Which quarter of an hour of today a call arrived in; `None` if it arrived on an earlier date.
pub(crate) type QuarterOfToday = Option<u32>;

/// A queue's counters, those that change with every call in front.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[repr(C)]
pub(crate) struct Counters {
    /// All calls that live.
    pub(crate) live: LiveCalls,
    /// Those of them that arrived today.
    pub(crate) live_today: LiveCalls,
    /// The last quarter of an hour of today in which something was counted.
    running: u32,
    /// What was counted in it.
    running_tally: Tally,
    past: Box<Past>,
}

/// What was counted today before the running quarter.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Past {
    /// All quarters together.
    tally: Tally,
    /// The quarters in which something happened, in order, with their numbers; the running one's
    /// tally is not in here yet.
    quarters: Vec<(u32, Quarter)>,
}

/// What a queue counts in a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Quarter {
    pub(crate) tally: Tally,
    pub(crate) overdue: u32,
    /// Time of agents logged in that serve the queue but not all of the department.
    pub(crate) staffed: Millis,
}

impl Counters {
    /// Counts something of a call that arrived in `quarter`; nothing if that was not today.
    pub(crate) fn count(&mut self, quarter: QuarterOfToday, count: impl Fn(&mut Tally)) {
        let Some(quarter) = quarter else { return };
        if quarter > self.running {
            self.close_running();
            self.running = quarter;
        }
        if quarter == self.running {
            count(&mut self.running_tally);
        } else {
            count(&mut self.past.tally);
            count(&mut self.quarter_mut(quarter).tally);
        }
    }

    fn close_running(&mut self) {
        let tally = std::mem::take(&mut self.running_tally);
        if tally != Tally::default() {
            self.past.tally.merge(&tally);
            self.quarter_mut(self.running).tally = tally;
        }
    }

    /// All that was counted today.
    pub(crate) fn today(&self) -> Tally {
        let mut today = self.past.tally;
        today.merge(&self.running_tally);
        today
    }

    /// What was counted in a quarter of an hour of today.
    pub(crate) fn quarter(&self, index: u32) -> Quarter {
        let quarters = &self.past.quarters;
        let found = quarters.binary_search_by_key(&index, |(number, _)| *number);
        let quarter = found.map_or_else(|_| Quarter::default(), |at| quarters[at].1);
        if index == self.running {
            Quarter { tally: self.running_tally, ..quarter }
        } else {
            quarter
        }
    }

    /// Counts where a call is, that arrived in `quarter`.
    pub(crate) fn move_call(&mut self, quarter: QuarterOfToday, count: impl Fn(&mut LiveCalls)) {
        count(&mut self.live);
        if quarter.is_some() {
            count(&mut self.live_today);
        }
    }

    /// Counts a call that is overdue from now on.
    pub(crate) fn become_overdue(&mut self, quarter: QuarterOfToday) {
        self.move_call(quarter, |live| live.overdue += 1);
        if let Some(quarter) = quarter {
            self.quarter_mut(quarter).overdue += 1;
        }
    }

    /// Counts an overdue call no longer: it is answered or gone.
    pub(crate) fn cease_overdue(&mut self, quarter: QuarterOfToday) {
        self.move_call(quarter, |live| live.overdue -= 1);
        if let Some(quarter) = quarter {
            self.quarter_mut(quarter).overdue -= 1;
        }
    }

    /// Writes down the staffing of a quarter of an hour that is over.
    pub(crate) fn set_staffed(&mut self, quarter: u32, staffed: Millis) {
        self.quarter_mut(quarter).staffed = staffed;
    }

    fn quarter_mut(&mut self, index: u32) -> &mut Quarter {
        let quarters = &mut self.past.quarters;
        let at = quarters.binary_search_by_key(&index, |(number, _)| *number);
        let at = at.unwrap_or_else(|at| {
            quarters.insert(at, (index, Quarter::default()));
            at
        });
        &mut quarters[at].1
    }

    /// A date is over: all that is counted by the date starts again.
    pub(crate) fn begin_day(&mut self) {
        self.live_today = LiveCalls::default();
        self.running = 0;
        self.running_tally = Tally::default();
        self.past.tally = Tally::default();
        self.past.quarters.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(counters: &Counters, quarter: u32) -> u32 {
        counters.quarter(quarter).tally.offered
    }

    #[test]
    fn what_becomes_of_a_call_counts_in_its_own_quarter_however_late() {
        let mut counters = Counters::default();
        for quarter in [Some(1), Some(1), Some(3), Some(1), None, Some(3), Some(2)] {
            counters.count(quarter, |tally| tally.offered += 1);
        }
        let quarters: Vec<_> = (0..5).map(|quarter| offered(&counters, quarter)).collect();
        assert_eq!(quarters, [0, 3, 1, 2, 0]);
        assert_eq!(counters.today().offered, 6);
        counters.begin_day();
        assert_eq!(counters, Counters::default());
    }

    #[test]
    fn staffing_and_overdue_calls_stay_with_their_quarter() {
        let mut counters = Counters::default();
        counters.count(Some(0), |tally| tally.offered += 1);
        counters.become_overdue(Some(0));
        counters.set_staffed(0, Millis::new(7));
        counters.count(Some(1), |tally| tally.offered += 1);
        let first = counters.quarter(0);
        assert_eq!((first.tally.offered, first.overdue, first.staffed), (1, 1, Millis::new(7)));
        counters.cease_overdue(Some(0));
        assert_eq!(counters.quarter(0).overdue, 0);
        assert_eq!(counters.live, LiveCalls::default());
    }
}
