//! What a queue counts.

use serde::{Deserialize, Serialize};

use crate::{LiveCalls, Millis, Tally};

/// Which quarter of an hour of today a call arrived in; `None` if it arrived on an earlier date.
pub(crate) type QuarterOfToday = Option<u32>;

/// A queue's counters, those that change with every call in front.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Counters {
    /// The calls that live and arrived today.
    pub(crate) live_today: LiveCalls,
    /// The last quarter of an hour of today in which a call arrived.
    running: u32,
    noted: Noted,
    /// What was counted in the running quarter.
    running_tally: Tally,
    /// What was counted in all quarters of today before it.
    past_tally: Tally,
    /// The calls that live and arrived on earlier dates.
    live_earlier: LiveCalls,
}

/// Today's quarters of an hour of all queues in which something happened, but for the tallies of
/// those that run.
///
/// A queue that gets a call an hour ends a quarter with every call. Were its quarters a list of its
/// own, that list would be in no cache; so all are noted behind each other, and each knows which of
/// the same queue was before it.
#[derive(Debug, Default)]
pub(crate) struct PastQuarters(Vec<PastQuarter>);

/// Which quarters of a queue are in [`PastQuarters`].
#[derive(Debug, Clone, Copy)]
struct Noted {
    /// Where the last one is, or [`NONE`].
    last: u32,
    /// From this quarter of the day on none is: to note the next none has to be looked at.
    end: u32,
}

const NOTHING_NOTED: Noted = Noted { last: NONE, end: 0 };

#[derive(Debug)]
struct PastQuarter {
    /// Which quarter of the day it is.
    number: u32,
    /// Where the queue's quarter before this one is, or [`NONE`].
    before: u32,
    counted: Quarter,
}

/// No quarter.
const NONE: u32 = u32::MAX;

/// What a queue counts in a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Quarter {
    pub(crate) tally: Tally,
    pub(crate) overdue: u32,
    /// Time of agents logged in that serve the queue but not all of the department.
    pub(crate) staffed: Millis,
}

/// A queue's counters as they are kept.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct CountersState {
    live_today: LiveCalls,
    live_earlier: LiveCalls,
    running: u32,
    running_tally: Tally,
    past_tally: Tally,
    /// The last first.
    past: Vec<(u32, Quarter)>,
}

impl CountersState {
    /// Whether any call was offered on the date that they are of.
    pub(crate) fn offered_any(&self) -> bool {
        // Nothing is counted in a quarter before a call was offered in it, and nothing but that ends
        // the one before.
        self.running_tally.offered > 0
    }
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            live_today: LiveCalls::default(),
            running: 0,
            noted: NOTHING_NOTED,
            running_tally: Tally::default(),
            past_tally: Tally::default(),
            live_earlier: LiveCalls::default(),
        }
    }
}

impl Counters {
    /// Counts something of a call that arrived in `quarter`; nothing if that was not today.
    pub(crate) fn count(
        &mut self,
        past: &mut PastQuarters,
        quarter: QuarterOfToday,
        count: impl Fn(&mut Tally),
    ) {
        let Some(quarter) = quarter else { return };
        if quarter > self.running {
            self.end_running(past);
            self.running = quarter;
        }
        if quarter == self.running {
            count(&mut self.running_tally);
        } else {
            count(&mut self.past_tally);
            count(&mut past.quarter_mut(&mut self.noted, quarter).tally);
        }
    }

    fn end_running(&mut self, past: &mut PastQuarters) {
        let tally = std::mem::take(&mut self.running_tally);
        // Whatever else is counted of a call, it was offered first.
        if tally.offered > 0 {
            self.past_tally.merge(&tally);
            past.quarter_mut(&mut self.noted, self.running).tally = tally;
        }
    }

    /// All that was counted today.
    pub(crate) fn today(&self) -> Tally {
        let mut today = self.past_tally;
        today.merge(&self.running_tally);
        today
    }

    /// All calls that live.
    pub(crate) fn live(&self) -> LiveCalls {
        let mut live = self.live_earlier;
        live.merge(&self.live_today);
        live
    }

    /// What was counted in a quarter of an hour of today.
    pub(crate) fn quarter(&self, past: &PastQuarters, index: u32) -> Quarter {
        let found = past.of(self.noted).find(|quarter| quarter.number <= index);
        let found = found.filter(|quarter| quarter.number == index);
        let counted = found.map_or_else(Quarter::default, |quarter| quarter.counted);
        if index == self.running {
            Quarter { tally: self.running_tally, ..counted }
        } else {
            counted
        }
    }

    /// Counts where a call is, that arrived in `quarter`.
    pub(crate) fn move_call(&mut self, quarter: QuarterOfToday, count: impl Fn(&mut LiveCalls)) {
        count(if quarter.is_some() { &mut self.live_today } else { &mut self.live_earlier });
    }

    /// Counts a call that is overdue from now on.
    pub(crate) fn become_overdue(&mut self, past: &mut PastQuarters, quarter: QuarterOfToday) {
        self.move_call(quarter, |live| live.overdue += 1);
        if let Some(quarter) = quarter {
            past.quarter_mut(&mut self.noted, quarter).overdue += 1;
        }
    }

    /// Counts an overdue call no longer: it is answered or gone.
    pub(crate) fn cease_overdue(&mut self, past: &mut PastQuarters, quarter: QuarterOfToday) {
        self.move_call(quarter, |live| live.overdue -= 1);
        if let Some(quarter) = quarter {
            past.quarter_mut(&mut self.noted, quarter).overdue -= 1;
        }
    }

    /// Writes down the staffing of a quarter of an hour that is over.
    pub(crate) fn set_staffed(&mut self, past: &mut PastQuarters, quarter: u32, staffed: Millis) {
        past.quarter_mut(&mut self.noted, quarter).staffed = staffed;
    }

    /// A date is over, and its quarters are forgotten: all that is counted by the date starts again.
    pub(crate) fn begin_day(&mut self) {
        *self = Self { live_earlier: self.live(), ..Self::default() };
    }

    /// The counters to be kept.
    pub(crate) fn to_state(&self, past: &PastQuarters) -> CountersState {
        CountersState {
            live_today: self.live_today,
            live_earlier: self.live_earlier,
            running: self.running,
            running_tally: self.running_tally,
            past_tally: self.past_tally,
            past: past.of(self.noted).map(|quarter| (quarter.number, quarter.counted)).collect(),
        }
    }

    /// The counters that were kept.
    pub(crate) fn from_state(state: &CountersState, past: &mut PastQuarters) -> Self {
        let mut noted = NOTHING_NOTED;
        for (number, counted) in state.past.iter().rev() {
            *past.quarter_mut(&mut noted, *number) = *counted;
        }
        Self {
            live_today: state.live_today,
            running: state.running,
            noted,
            running_tally: state.running_tally,
            past_tally: state.past_tally,
            live_earlier: state.live_earlier,
        }
    }
}

impl PastQuarters {
    /// A queue's quarters, the last first.
    fn of(&self, noted: Noted) -> impl Iterator<Item = &PastQuarter> {
        let at = |index: u32| self.0.get(index as usize);
        std::iter::successors(at(noted.last), move |quarter| at(quarter.before))
    }

    /// A queue's quarter `number`, which is noted if it is not yet.
    fn quarter_mut(&mut self, noted: &mut Noted, number: u32) -> &mut Quarter {
        let (mut after, mut at) = (NONE, noted.last);
        if number < noted.end {
            while let Some(quarter) = self.0.get(at as usize).filter(|it| it.number > number) {
                (after, at) = (at, quarter.before);
            }
            if self.0.get(at as usize).is_some_and(|quarter| quarter.number == number) {
                return &mut self.0[at as usize].counted;
            }
        }
        let new = u32::try_from(self.0.len()).unwrap_or(NONE);
        self.0.push(PastQuarter { number, before: at, counted: Quarter::default() });
        match self.0.get_mut(after as usize) {
            Some(quarter) => quarter.before = new,
            None => *noted = Noted { last: new, end: number + 1 },
        }
        &mut self.0[new as usize].counted
    }

    /// Forgets all: a date is over.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_a_call_counts_in_its_own_quarter_however_late() {
        let (mut counters, mut other) = (Counters::default(), Counters::default());
        let mut past = PastQuarters::default();
        for quarter in [Some(1), Some(1), Some(3), Some(1), None, Some(3), Some(2)] {
            counters.count(&mut past, quarter, |tally| tally.offered += 1);
            other.count(&mut past, quarter.map(|quarter| quarter + 1), |tally| tally.offered += 1);
        }
        for (counters, expected) in [(&counters, [0, 3, 1, 2, 0]), (&other, [0, 0, 3, 1, 2])] {
            let offered = |quarter| counters.quarter(&past, quarter).tally.offered;
            assert_eq!([0, 1, 2, 3, 4].map(offered), expected);
            assert_eq!(counters.today().offered, 6);
        }
        counters.begin_day();
        past.clear();
        assert!(past.0.is_empty(), "a date that is over takes no room");
        assert_eq!(counters.today(), Tally::default());
        assert_eq!(counters.quarter(&past, 3), Quarter::default());
    }

    #[test]
    fn staffing_and_overdue_calls_stay_with_their_quarter() {
        let (mut counters, mut past) = (Counters::default(), PastQuarters::default());
        counters.count(&mut past, Some(0), |tally| tally.offered += 1);
        counters.become_overdue(&mut past, Some(0));
        counters.set_staffed(&mut past, 0, Millis::new(7));
        counters.count(&mut past, Some(1), |tally| tally.offered += 1);
        let first = counters.quarter(&past, 0);
        assert_eq!((first.tally.offered, first.overdue, first.staffed), (1, 1, Millis::new(7)));
        counters.cease_overdue(&mut past, Some(0));
        assert_eq!(counters.quarter(&past, 0).overdue, 0);
        assert_eq!(counters.live(), LiveCalls::default());
    }

    #[test]
    fn what_is_kept_of_the_counters_is_all_of_them() {
        let (mut counters, mut past) = (Counters::default(), PastQuarters::default());
        counters.move_call(None, |live| live.active += 1);
        for quarter in [2, 4, 3, 5] {
            counters.count(&mut past, Some(quarter), |tally| tally.offered += quarter);
        }
        counters.become_overdue(&mut past, Some(5));
        let kept = counters.to_state(&past);
        let mut anew = PastQuarters::default();
        let restored = Counters::from_state(&kept, &mut anew);
        assert_eq!(restored.to_state(&anew), kept);
        for quarter in 0..7 {
            assert_eq!(restored.quarter(&anew, quarter), counters.quarter(&past, quarter));
        }
    }
}
