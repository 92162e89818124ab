//! The past as it is in DynamoDB, and with it what is here.
//!
//! This machine knows what is on its way, and what was over before DynamoDB was used; DynamoDB knows
//! what is not here any more.

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use monti_core::{
    CallId, Day, LoginId,
    wire::{AgentDailyStats, CallRecord},
};
use tokio::runtime::Handle;

use crate::{
    dynamo::{Dynamo, DynamoError},
    http::{History, HistoryError, Past},
    observations::Observations,
    outbox::{Breaker, Pace},
    store,
};

/// Reads from DynamoDB and from what is kept here; while DynamoDB cannot be read, from here alone.
#[derive(Debug)]
pub struct DynamoHistory {
    dynamo: Dynamo,
    local: store::History,
    runtime: Handle,
    observations: Arc<Observations>,
    /// One who waited in vain is enough for a while.
    breaker: Mutex<Breaker>,
}

impl DynamoHistory {
    /// Reads from `dynamo` and from what is `local`; the `runtime` waits for the former, unless
    /// the writer of records has told `observations` that it is gone.
    pub fn new(
        dynamo: Dynamo,
        local: store::History,
        runtime: Handle,
        observations: Arc<Observations>,
    ) -> Self {
        let breaker = Mutex::new(Breaker::new(Pace { failures_max: 1, ..Pace::default() }));
        Self { dynamo, local, runtime, observations, breaker }
    }

    /// What DynamoDB answers; `None` if it cannot be read.
    fn ask<T>(&self, question: impl Future<Output = Result<T, DynamoError>>) -> Option<T> {
        if self.observations.outbox().is_gone || !self.breaker().admits(Instant::now()) {
            return None;
        }
        match self.runtime.block_on(question) {
            Ok(found) => {
                self.breaker().succeeded();
                Some(found)
            }
            Err(error) => {
                tracing::warn!(%error, "the past is read from this machine only");
                if error.is_unavailable() {
                    self.breaker().failed(Instant::now());
                } else {
                    self.breaker().succeeded();
                }
                None
            }
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl History for DynamoHistory {
    fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Past<AgentDailyStats>, HistoryError> {
        // First what is here: it can arrive there between the two.
        let local = self.local.agent_days(login, days.clone())?;
        let local = local.iter().map(|(ver, day)| (*ver, AgentDailyStats::new(day)));
        let undelivered = self.local.undelivered_days(login, days.clone())?;
        let kept = self.ask(self.dynamo.agent_days(login, days));
        let is_partial = kept.is_none();
        let mut newest = BTreeMap::new();
        for (ver, stats) in kept.unwrap_or_default().into_iter().chain(local).chain(undelivered) {
            let known = newest.entry(stats.date).or_insert((ver, stats.clone()));
            if known.0 <= ver {
                *known = (ver, stats);
            }
        }
        let found = newest.into_values().rev().map(|(_, stats)| stats).collect();
        Ok(Past { found, is_partial })
    }

    fn calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Past<CallRecord>, HistoryError> {
        let local = self.local.calls(date, after, limit)?;
        let undelivered = self.local.undelivered_calls(date, after, limit)?;
        let kept = self.ask(self.dynamo.calls(date, after, limit));
        let is_partial = kept.is_none();
        // All in the order in which each was asked for; a record is the same wherever it is.
        let calls = kept.unwrap_or_default().into_iter().chain(undelivered).chain(local);
        let calls: BTreeMap<_, _> = calls.map(|call| (call.call_id.to_string(), call)).collect();
        Ok(Past { found: calls.into_values().take(limit).collect(), is_partial })
    }
}
