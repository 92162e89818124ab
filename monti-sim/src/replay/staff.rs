//! Who worked when, and how long it took them after a call, as far as the calls tell.
//!
//! Where the recording does not say when an agent was there, it was at work from its first call to
//! its last, but for the times in which it demonstrably was not: long gaps between its calls in
//! which callers waited whom it could have answered. An agent that is there does not let them wait.
//! A call whose end is not known is taken to have been as long as the others are in the mean.

use std::collections::{BTreeMap, BTreeSet};

use monti_core::Millis;

use super::{
    recording::{Fate, Recording, Span},
    survival::{Observations, Survival},
    waiting::Waiting,
};

/// A gap up to this long is after-call work, or a wait for the next call; a longer one in which
/// callers waited is a break. Ten minutes is what a centre allows for a break.
pub const BREAK_MIN: Millis = Millis::from_secs(10 * 60);

/// After so long without a call an agent has gone home, whether or not anybody waited.
pub const HOME_MIN: Millis = Millis::from_secs(2 * 60 * 60);

/// Rounding of recorded times: between a call that ends and the next one that was waiting.
const ROUNDING: Millis = Millis::from_secs(1);

/// Who worked when.
#[derive(Debug, Clone, PartialEq)]
pub struct Staff {
    /// When each agent of the recording was there; in order and apart.
    pub shifts: Vec<Vec<Span>>,
    /// How long agents are not free after a call; of all agents and all days together.
    pub after_call: Survival,
}

impl Staff {
    /// Tells the staff from what was recorded.
    pub fn of(recording: &Recording) -> Self {
        let mean = recording.mean_service().unwrap_or_default();
        let mut services = vec![Vec::new(); recording.agents.len()];
        for call in &recording.calls {
            if let Fate::Answered { waited, agent: Some(agent), served } = call.fate {
                let from = call.arrival + waited;
                let span = Span { from, until: from + served.unwrap_or(mean) };
                services[agent].push(Service { span, has_known_end: served.is_some() });
            }
        }
        let mut waiting = BTreeMap::<&BTreeSet<usize>, Waiting>::new();
        let mut after_call = Observations::default();
        let shifts = recording.agents.iter().zip(&mut services).map(|(agent, services)| {
            services.sort_unstable();
            let waiting = waiting
                .entry(&agent.serves)
                .or_insert_with(|| Waiting::of(&recording.calls, &agent.serves));
            observe_after_call(services, waiting, &mut after_call);
            if agent.present.is_empty() { shifts(services, waiting) } else { agent.present.clone() }
        });
        Self { shifts: shifts.collect(), after_call: after_call.estimate() }
    }

    /// All shifts together.
    pub fn hours(&self) -> f64 {
        let staffed = self.shifts.iter().flatten().map(|shift| shift.length()).sum::<Millis>();
        staffed.as_secs_f64() / 3_600.0
    }
}

/// When an agent was occupied by a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Service {
    span: Span,
    /// Whether it ended when it is said to, or is but taken to have.
    has_known_end: bool,
}

fn shifts(services: &[Service], waiting: &Waiting) -> Vec<Span> {
    let mut shifts = Vec::<Span>::new();
    for Service { span, .. } in services {
        match shifts.last_mut() {
            Some(shift) if !is_away(*shift, *span, waiting) => {
                shift.until = shift.until.max(span.until);
            }
            _ => shifts.push(*span),
        }
    }
    shifts
}

/// Whether the agent was away between what it did before and its next call.
fn is_away(before: Span, next: Span, waiting: &Waiting) -> bool {
    let gap = Span { from: before.until, until: next.from };
    let length = gap.length();
    length > HOME_MIN || (length > BREAK_MIN && waiting.anybody_in(gap))
}

/// Observes how long it takes until an agent is free after a call: while callers wait, an agent
/// that is free takes one, so that the time up to its next call is known; once nobody waits any
/// more it is only known that it was longer.
fn observe_after_call(services: &[Service], waiting: &Waiting, observed: &mut Observations) {
    for pair in services.windows(2).filter(|pair| pair[0].has_known_end) {
        let (end, next) = (pair[0].span.until, pair[1].span.from);
        let Some(nobody) = waiting.from(end) else { continue };
        if next.since(end) > BREAK_MIN {
            // A break: how much of it was after-call work nobody knows.
        } else if next <= nobody + ROUNDING {
            observed.ended(next.since(end));
        } else {
            observed.cut_short(nobody.since(end));
        }
    }
}
