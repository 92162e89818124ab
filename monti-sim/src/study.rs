//! The laboratory: a scenario played many times in virtual time, and what came of it.
//!
//! Engine and fleet run in the same process without sockets and without sleeping. The figures are
//! the engine's own: its records of calls, and its agents' time. Replications are independent of
//! each other, each with dice of its own, and what is estimated is estimated from them: within a
//! replication calls depend on each other, and say nothing about how sure a figure is.

mod observation;
mod play;
mod results;
mod staffing;
pub mod tables;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use monti_core::Millis;

use self::{observation::merge_quarters, play::Play};
pub use self::{
    observation::{AgentTime, Calls, Observation, QUARTERS, Quarter, Quarters, Seen},
    results::{Figures, Results},
    staffing::{Row, Staffing, staffing},
};
use crate::Scenario;

/// How a scenario is studied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// How often it is played; at least once.
    pub replications: u32,
    /// How many replications are played at the same time. The results do not depend on it.
    pub threads: u32,
}

/// Plays a scenario and answers what was seen of it.
///
/// `passed` is told, from any of the threads, every time that has been played; in all it is the
/// scenario's, for each replication.
pub fn observe(scenario: &Arc<Scenario>, effort: Effort, passed: &(dyn Fn(Millis) + Sync)) -> Seen {
    let quarters = Mutex::new(Quarters::new());
    let replications = replicate(effort, |replication| {
        let (seen, own) = Play::new(scenario, replication).run(passed);
        // Sums of whole numbers, which are the same in any order.
        merge_quarters(&mut quarters.lock().unwrap_or_else(PoisonError::into_inner), own);
        Some(seen)
    });
    let quarters = quarters.into_inner().unwrap_or_else(PoisonError::into_inner);
    Seen { replications, quarters }
}

/// What `play` gives of each replication, in the order of their numbers whichever thread is done
/// first: what is added up is added up in that order. A replication that gives nothing is left out.
pub(crate) fn replicate<T: Send>(effort: Effort, play: impl Fn(u32) -> Option<T> + Sync) -> Vec<T> {
    let replications = effort.replications.max(1);
    let (next, played) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let replication = next.fetch_add(1, Ordering::Relaxed);
            if replication >= replications {
                return;
            }
            let given = play(replication);
            let mut played = played.lock().unwrap_or_else(PoisonError::into_inner);
            played.push((replication, given));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..effort.threads.clamp(1, replications) {
            scope.spawn(work);
        }
        work();
    });
    let mut played = played.into_inner().unwrap_or_else(PoisonError::into_inner);
    played.sort_unstable_by_key(|(replication, _)| *replication);
    played.into_iter().filter_map(|(_, given)| given).collect()
}
