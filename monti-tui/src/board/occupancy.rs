//! The share of the time open to calls that went into calls, as it runs on from when it was told.

use monti_core::{AgentState, Millis, Timestamp};

use super::Agent;

/// The share after `busy` and `free` more: `(ringing + talk + hold + after-call work) / (that +
/// available)`. The time that somebody rang is not told: the share that was `told` tells it, beside
/// the time that was free by then. Where none was it does not; `None` if it is needed.
pub(super) fn run_on(
    told: Option<f64>,
    was_free: Millis,
    busy: Millis,
    free: Millis,
) -> Option<f64> {
    if busy == Millis::ZERO && free == Millis::ZERO {
        return told;
    }
    let was_free = was_free.as_secs_f64();
    let (was_busy, was_free) = match told {
        None => (0.0, 0.0),
        Some(percent) if percent < 100.0 && was_free > 0.0 => {
            (was_free * percent / (100.0 - percent), was_free)
        }
        Some(percent) if percent >= 100.0 && free == Millis::ZERO => return told,
        Some(_) => return None,
    };
    let busy = was_busy + busy.as_secs_f64();
    Some(100.0 * busy / (busy + was_free + free.as_secs_f64()))
}

/// The time that agents were available for today: of each it is told up to its last change, and
/// runs on if that made it available.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FreeTime {
    /// What is told, less the moments from which on it runs.
    millis: i128,
    /// Of how many it runs.
    agents: u32,
}

impl FreeTime {
    /// That of these agents.
    pub(super) fn of<'a>(agents: impl IntoIterator<Item = &'a Agent>) -> Self {
        agents.into_iter().fold(Self::default(), Self::and)
    }

    /// With that of another agent.
    pub(super) fn and(self, agent: &Agent) -> Self {
        let (millis, agents) = parts(agent);
        Self { millis: self.millis + millis, agents: self.agents + agents }
    }

    /// Without that of one of the agents.
    pub(super) fn without(self, agent: &Agent) -> Self {
        let (millis, agents) = parts(agent);
        Self { millis: self.millis - millis, agents: self.agents - agents }
    }

    /// It up to a moment.
    pub(super) fn until(self, moment: Timestamp) -> Millis {
        let millis = self.millis + i128::from(self.agents) * i128::from(moment.as_millis());
        Millis::new(u64::try_from(millis.max(0)).unwrap_or(u64::MAX))
    }
}

fn parts(agent: &Agent) -> (i128, u32) {
    let info = agent.info();
    let told = i128::from(info.kpis.idle_seconds.0.get());
    match agent.state() {
        AgentState::Available => (told - i128::from(info.last_update.as_millis()), 1),
        _ => (told, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_runs_on_as_far_as_what_it_is_made_of_is_known() {
        let [none, minute] = [Millis::ZERO, Millis::from_secs(60)];
        for (told, was_free, busy, free, share) in [
            (Some(40.0), minute, none, none, Some(40.0)),
            (Some(50.0), minute, minute + minute, none, Some(75.0)),
            (Some(50.0), minute, none, minute + minute, Some(25.0)),
            (Some(0.0), minute, minute, none, Some(50.0)),
            (None, none, minute, none, Some(100.0)),
            (None, none, minute, minute, Some(50.0)),
            // What was never free stays busy, and for how long it was is not known.
            (Some(100.0), none, minute, none, Some(100.0)),
            (Some(100.0), none, minute, minute, None),
            // Who was free has gone to another department.
            (Some(50.0), none, minute, none, None),
        ] {
            let what = (told, was_free, busy, free);
            assert_eq!(run_on(told, was_free, busy, free), share, "{what:?}");
        }
    }
}
