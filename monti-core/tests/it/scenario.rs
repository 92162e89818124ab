//! Lives of a centre out of a seed: what may happen, what may not, and everything in the wrong
//! order, at moments that are crowded, far apart, exact and gone by.

mod moves;

use monti_core::{
    AgentView, BusinessDay, CallId, CallView, Day, Engine, Input, LoginId, Millis, RequestId,
    Timestamp,
};

use crate::{centres::hours, dice::Dice};

/// What the next thing is that happens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Input(Input),
    /// The engine's deadline, met or not.
    Timeout,
}

/// Makes up what happens, knowing what the engine shows.
#[derive(Debug)]
pub(crate) struct Scenario {
    dice: Dice,
    logins: Vec<LoginId>,
    /// The share of inputs that are the first that comes to mind, whether they make sense or not.
    wild_percent: u64,
    /// Of a hundred events so many are calls while the tide is high.
    calls_percent: u64,
    high_tide: bool,
    /// What was said before, to be said again at a wrong time.
    said: Vec<Input>,
    ended: Vec<CallId>,
    requests: u64,
    day_told: Option<Day>,
}

/// A moment's most important things of an engine, to choose from.
struct Sight<'a> {
    engine: &'a Engine,
    agents: Vec<AgentView<'a>>,
    calls: Vec<CallView>,
}

/// More than so many live calls never are: the tests are to end.
const CALLS_MAX: usize = 150;

impl Scenario {
    /// The life that belongs to a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let agents = dice.weigh(&[(1, 1), (2, 3), (4, 12), (4, 30), (1, 90)]);
        Self {
            logins: (0..agents).map(|n| format!("agent-{n}").parse().unwrap()).collect(),
            wild_percent: dice.weigh(&[(2, 2), (2, 10), (1, 40)]),
            calls_percent: dice.weigh(&[(1, 15), (2, 35), (1, 60)]),
            high_tide: true,
            said: Vec::new(),
            ended: Vec::new(),
            requests: 0,
            day_told: None,
            dice,
        }
    }

    /// The next thing that happens, and when.
    pub(crate) fn next(&mut self, engine: &Engine) -> (Timestamp, Step) {
        if self.dice.once_in(200) {
            self.high_tide = !self.high_tide;
        }
        if let Some(again) = self.stand_still_again(engine) {
            return again;
        }
        let now = self.moment(engine);
        if self.dice.percent(12) {
            return (now, Step::Timeout);
        }
        let sight = Sight {
            engine,
            agents: departments(engine).flat_map(|id| engine.agents(id)).collect(),
            calls: engine.calls().collect(),
        };
        let input = self.input(&sight, now);
        self.said.push(input.clone());
        (now, Step::Input(input))
    }

    /// All stands still for long, soon after it did so before: for one phone twice.
    fn stand_still_again(&mut self, engine: &Engine) -> Option<(Timestamp, Step)> {
        let stood_still = |input: &Input| matches!(input, Input::Standstill { .. });
        let is_soon = self.said.iter().rev().take(4).any(stood_still);
        (is_soon && self.dice.once_in(6)).then(|| {
            let since = engine.now();
            let input = Input::Standstill { since };
            self.said.push(input.clone());
            (since + Millis::from_secs(self.dice.within(20, 300)), Step::Input(input))
        })
    }

    /// A call that is over, to be asked for again.
    pub(crate) fn remember(&mut self, call: CallId) {
        self.ended.push(call);
    }

    fn moment(&mut self, engine: &Engine) -> Timestamp {
        let (now, next) = (engine.now(), engine.poll_timeout().unwrap_or(engine.now()));
        match self.dice.weigh(&[
            (400, "burst"),
            (250, "millis"),
            (180, "seconds"),
            (110, "deadline"),
            (20, "early"),
            (20, "late"),
            (15, "minutes"),
            (2, "hours"),
            (3, "back"),
        ]) {
            "burst" => now,
            "millis" => now + Millis::new(self.dice.within(1, 999)),
            "seconds" => now + Millis::new(self.dice.within(1_000, 8_000)),
            "deadline" => next,
            "early" => next - Millis::new(1),
            "late" => next + Millis::new(self.dice.within(1, 2_000)),
            "minutes" => now + Millis::from_secs(self.dice.within(60, 1_000)),
            "hours" => now + Millis::new(self.dice.within(1, 40 * 3_600_000)),
            _ => now - Millis::new(self.dice.within(1, 5_000)),
        }
    }

    fn input(&mut self, sight: &Sight<'_>, now: Timestamp) -> Input {
        if let Some(day) = self.day_to_tell(sight) {
            return day;
        }
        if self.dice.percent(5)
            && let Some(input) = self.repeat()
        {
            return input;
        }
        if self.dice.percent(self.wild_percent) {
            return self.wild(sight, now);
        }
        let calls = if self.high_tide { self.calls_percent } else { 3 };
        if self.dice.percent(calls) && sight.calls.len() < CALLS_MAX {
            return self.call(sight);
        }
        if self.dice.percent(4)
            && let Some(call) = self.dice.pick(&sight.calls)
        {
            return Input::Abandon { call: call.id };
        }
        if self.dice.once_in(400) {
            return Input::Restart;
        }
        if self.dice.once_in(100) {
            let since = sight.engine.now();
            let millis = Millis::new(self.dice.within(0, 3_000));
            return Input::Standstill {
                since: if self.dice.percent(50) { since + millis } else { since - millis },
            };
        }
        self.agent(sight)
    }

    /// Something said before: the last thing, or one of long ago.
    fn repeat(&mut self) -> Option<Input> {
        let recent = self.said.len().saturating_sub(self.dice.weigh(&[(2, 1), (2, 5), (1, 500)]));
        self.dice.pick(&self.said[recent..])
    }

    /// The shell tells soon after a date began how long it really is.
    fn day_to_tell(&mut self, sight: &Sight<'_>) -> Option<Input> {
        let today = sight.engine.today();
        let is_new = self.day_told != Some(today.day);
        (is_new && self.dice.percent(20)).then(|| {
            self.day_told = Some(today.day);
            let length = hours(self.dice.weigh(&[(2, 24), (1, 23), (1, 25)]));
            Input::BusinessDay(BusinessDay { ends_at: today.starts_at + length, ..today })
        })
    }

    fn request(&mut self) -> Option<RequestId> {
        self.dice.percent(80).then(|| {
            self.requests += 1;
            let back = if self.dice.percent(5) { self.dice.below(20) } else { 0 };
            format!("request-{}", self.requests.saturating_sub(back)).parse().unwrap()
        })
    }
}

fn departments(engine: &Engine) -> impl Iterator<Item = monti_core::DepartmentId> {
    engine.centre().departments().map(|(id, _)| id)
}
