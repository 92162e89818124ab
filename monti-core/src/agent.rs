//! An agent: its state, its place in the centre, and its figures of the day.

use serde::{Deserialize, Serialize};

use crate::{Day, LoginId, Millis, SettableState};

/// What an agent is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the protocol's and say it all")]
pub enum AgentState {
    Offline,
    Available,
    Ringing,
    OnCall,
    OnHold,
    AfterCallWork,
    Break,
    Lunch,
    Training,
    Meeting,
    NotResponding,
}

impl AgentState {
    /// All states, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::Offline,
        Self::Available,
        Self::Ringing,
        Self::OnCall,
        Self::OnHold,
        Self::AfterCallWork,
        Self::Break,
        Self::Lunch,
        Self::Training,
        Self::Meeting,
        Self::NotResponding,
    ];

    /// The state's name in the protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Available => "available",
            Self::Ringing => "ringing",
            Self::OnCall => "on_call",
            Self::OnHold => "on_hold",
            Self::AfterCallWork => "after_call_work",
            Self::Break => "break",
            Self::Lunch => "lunch",
            Self::Training => "training",
            Self::Meeting => "meeting",
            Self::NotResponding => "not_responding",
        }
    }

    /// Whether the agent has a call in this state: ringing, answered or on hold.
    pub const fn has_call(self) -> bool {
        matches!(self, Self::Ringing | Self::OnCall | Self::OnHold)
    }

    /// Whether the agent works on a call in this state, after-call work included.
    pub const fn is_busy(self) -> bool {
        self.has_call() || matches!(self, Self::AfterCallWork)
    }

    /// Whether the agent takes calls in this state or will soon: available or busy.
    pub const fn is_at_work(self) -> bool {
        self.is_busy() || matches!(self, Self::Available)
    }
}

impl From<SettableState> for AgentState {
    fn from(state: SettableState) -> Self {
        match state {
            SettableState::Offline => Self::Offline,
            SettableState::Available => Self::Available,
            SettableState::AfterCallWork => Self::AfterCallWork,
            SettableState::Break => Self::Break,
            SettableState::Lunch => Self::Lunch,
            SettableState::Training => Self::Training,
            SettableState::Meeting => Self::Meeting,
        }
    }
}

/// An agent's figures of one business date.
///
/// Times run by the clock and are cut at the date's end: a call across midnight gives each date
/// the part that was worked on it. Calls and breaches count on the date on which they ended or
/// began respectively.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgentFigures {
    /// Answered calls that ended.
    pub calls_handled: u32,
    /// Calls that rang until the ring timeout.
    pub ring_no_answers: u32,
    /// After-call work that lasted longer than allowed.
    pub after_call_breaches: u32,
    /// Breaks that lasted longer than allowed.
    pub break_breaches: u32,
    /// Time available.
    pub idle: Millis,
    /// Time ringing.
    pub ring: Millis,
    /// Time talking.
    pub talk: Millis,
    /// Time with a caller on hold.
    pub hold: Millis,
    /// After-call work.
    pub after_call: Millis,
    /// Time on a break; lunch, training and meetings are none.
    pub break_time: Millis,
    /// Time logged in, in whatever state.
    pub login: Millis,
}

impl AgentFigures {
    /// AHT: talk, hold and after-call work per handled call; `None` before the first.
    pub fn avg_handle(&self) -> Option<Millis> {
        (self.talk + self.hold + self.after_call).mean_over(self.calls_handled.into())
    }

    /// The share of the time open to calls that went into calls, 0 to 100:
    /// `(ringing + talk + hold + after-call work) / (that + available)`.
    pub fn occupancy_percent(&self) -> Option<f64> {
        let busy = self.ring + self.talk + self.hold + self.after_call;
        percent(busy.get(), (busy + self.idle).get())
    }
}

/// An agent's figures of the day as they are counted: every state has a time of its own, or one
/// with those that nobody asks for, so that what a state was is added and not asked.
///
/// What changes with every call stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "AgentFigures", into = "AgentFigures")]
#[repr(C)]
pub(crate) struct CountedFigures {
    pub(crate) calls_handled: u32,
    pub(crate) ring_no_answers: u32,
    /// See [`place_of`].
    time_in: [Millis; TIMES],
    pub(crate) after_call_breaches: u32,
    pub(crate) break_breaches: u32,
}

/// How many times are kept apart.
const TIMES: usize = 7;

/// Where the time in a state is kept: first what passes with every call, last together what counts
/// as nothing but being logged in.
#[inline]
fn place_of(state: AgentState) -> Option<usize> {
    Some(match state {
        AgentState::Offline => return None,
        AgentState::Available => 0,
        AgentState::Ringing => 1,
        AgentState::OnCall => 2,
        AgentState::AfterCallWork => 3,
        AgentState::OnHold => 4,
        AgentState::Break => 5,
        AgentState::Lunch
        | AgentState::Training
        | AgentState::Meeting
        | AgentState::NotResponding => 6,
    })
}

impl CountedFigures {
    /// Adds `time` spent in `state`.
    #[inline]
    pub(crate) fn add(&mut self, state: AgentState, time: Millis) {
        if let Some(place) = place_of(state) {
            self.time_in[place] += time;
        }
    }
}

impl From<CountedFigures> for AgentFigures {
    fn from(counted: CountedFigures) -> Self {
        let [idle, ring, talk, after_call, hold, break_time, other] = counted.time_in;
        Self {
            calls_handled: counted.calls_handled,
            ring_no_answers: counted.ring_no_answers,
            after_call_breaches: counted.after_call_breaches,
            break_breaches: counted.break_breaches,
            idle,
            ring,
            talk,
            hold,
            after_call,
            break_time,
            login: idle + ring + talk + hold + after_call + break_time + other,
        }
    }
}

impl From<AgentFigures> for CountedFigures {
    fn from(figures: AgentFigures) -> Self {
        let AgentFigures { idle, ring, talk, hold, after_call, break_time, login, .. } = figures;
        let other = login - (idle + ring + talk + hold + after_call + break_time);
        Self {
            calls_handled: figures.calls_handled,
            ring_no_answers: figures.ring_no_answers,
            time_in: [idle, ring, talk, after_call, hold, break_time, other],
            after_call_breaches: figures.after_call_breaches,
            break_breaches: figures.break_breaches,
        }
    }
}

/// An agent's figures of a business date that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentDay {
    /// Whose.
    pub login: LoginId,
    /// The date.
    pub day: Day,
    /// The figures.
    pub figures: AgentFigures,
}

/// `part` of `whole` in percent, 0 to 100; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts and milliseconds stay far below 2^53")]
pub(crate) fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handle_time_and_occupancy_count_all_work_on_calls() {
        let states = [
            (AgentState::Available, 400),
            (AgentState::Ringing, 10),
            (AgentState::OnCall, 300),
            (AgentState::OnHold, 50),
            (AgentState::AfterCallWork, 40),
            (AgentState::Break, 700),
            (AgentState::NotResponding, 20),
            (AgentState::Offline, 9_000),
        ];
        let mut counted = CountedFigures { calls_handled: 3, ..CountedFigures::default() };
        for (state, seconds) in states {
            counted.add(state, Millis::from_secs(seconds));
        }
        let figures = AgentFigures::from(counted);
        assert_eq!(figures.avg_handle(), Some(Millis::from_secs(130)));
        assert_eq!(figures.occupancy_percent(), Some(50.0));
        assert_eq!(figures.login, Millis::from_secs(1_520));
        assert_eq!(AgentFigures::default().avg_handle(), None);
        assert_eq!(AgentFigures::default().occupancy_percent(), None);
    }
}
