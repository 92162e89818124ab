//! What a simulator notices: for its progress line and its metrics.

use std::collections::BTreeMap;

use monti_core::{Millis, wire::ErrorCode};

use crate::statistics::cut;

/// Counts since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Messages to the server.
    pub sent: u64,
    /// Messages from it.
    pub received: u64,
    /// Links that were lost after they were up.
    pub links_lost: u64,
    /// Dials that failed.
    pub dials_failed: u64,
    /// Messages from the server that could not be read.
    pub unreadable: u64,
    /// Agents that were registered, again ones included.
    pub registrations: u64,
    /// Registrations that resumed a call.
    pub resumed: u64,
    /// Phones that rang.
    pub assigned: u64,
    /// Phones that stopped ringing without an answer.
    pub revoked: u64,
    /// Calls that these agents answered.
    pub answered: u64,
    /// Those of them that were answered within their queue's target.
    pub answered_in_target: u64,
    /// How long their callers had waited.
    pub waited: Millis,
    /// Calls that these agents completed.
    pub completed: u64,
    /// Answers that something was done already.
    pub duplicates: u64,
    /// Callers who hung up in the same moment in which an agent answered: one of the two hears that
    /// it was too late, which is no error.
    pub races: u64,
    /// What else the server did not carry out, by its reason.
    pub errors: BTreeMap<ErrorCode, u64>,
}

/// How a simulator is doing, told each second.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// Links that are up, of how many.
    pub links: (usize, usize),
    /// Agents that are logged in over a link that is there, of how many that are to work.
    pub agents: (u32, u32),
    /// Calls made so far.
    pub calls: u64,
    /// Recorded calls that are yet to come.
    pub planned_calls: usize,
    /// Recorded calls that came while nobody was to call, and were not made.
    pub passed_over: u64,
    /// Callers on the line.
    pub live_calls: u64,
    /// Callers who hung up.
    pub abandoned: u64,
    /// The share of calls decided here that were answered within the target, 0 to 100.
    pub service_level_percent: Option<f64>,
    /// Errors of all kinds so far.
    pub errors: u64,
}

impl Tally {
    /// The share of calls answered within the target among those that were answered or `abandoned`.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub fn service_level_percent(&self, abandoned: u64) -> Option<f64> {
        let decided = self.answered + abandoned;
        (decided > 0).then(|| 100.0 * self.answered_in_target as f64 / decided as f64)
    }
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ((agents, of_agents), (links, of_links)) = (self.agents, self.links);
        write!(f, "agents {agents}/{of_agents}")?;
        if of_links > 1 || links < of_links {
            write!(f, " over {links}/{of_links} links")?;
        }
        write!(f, " · calls {} offered, {} live", self.calls, self.live_calls)?;
        write!(f, ", {} abandoned · service level ", self.abandoned)?;
        match self.service_level_percent {
            Some(percent) => write!(f, "{:.1} %", cut(percent)),
            None => write!(f, "—"),
        }?;
        if self.errors > 0 {
            write!(f, " · {} errors", self.errors)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_level_that_is_not_reached_is_not_shown_as_reached() {
        let shown =
            |percent| Progress { service_level_percent: Some(percent), ..Progress::default() };
        assert!(shown(79.96).to_string().ends_with("service level 79.9 %"));
        assert!(shown(80.0).to_string().ends_with("service level 80.0 %"));
    }
}
