//! The past as it is in DynamoDB, and with it what has not got there yet.

use std::{collections::BTreeMap, ops::RangeInclusive};

use monti_core::{
    CallId, Day, LoginId,
    wire::{AgentDailyStats, CallRecord},
};
use tokio::runtime::Handle;

use crate::{
    dynamo::{Dynamo, DynamoError},
    http::{History, HistoryError, Past},
    store,
};

/// Reads from DynamoDB and from the outbox; while DynamoDB cannot be read, from what is kept here.
#[derive(Debug)]
pub struct DynamoHistory {
    dynamo: Dynamo,
    local: store::History,
    runtime: Handle,
}

impl DynamoHistory {
    /// Reads from `dynamo` and from what is `local`; the `runtime` waits for the former.
    pub fn new(dynamo: Dynamo, local: store::History, runtime: Handle) -> Self {
        Self { dynamo, local, runtime }
    }
}

impl History for DynamoHistory {
    fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Past<AgentDailyStats>, HistoryError> {
        // First what is on its way: it can arrive between the two.
        let undelivered = self.local.undelivered_days(login, days.clone())?;
        match self.runtime.block_on(self.dynamo.agent_days(login, days.clone())) {
            Ok(kept) => {
                let days = merge(kept, undelivered, |stats| stats.date);
                Ok(Past::whole(days.into_values().rev().collect()))
            }
            Err(error) => {
                fall_back(&error);
                let days = self.local.agent_days(login, days)?;
                let found = days.iter().map(AgentDailyStats::new).collect();
                Ok(Past { found, is_partial: true })
            }
        }
    }

    fn calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Past<CallRecord>, HistoryError> {
        let undelivered = self.local.undelivered_calls(date, after, limit)?;
        match self.runtime.block_on(self.dynamo.calls(date, after, limit)) {
            Ok(kept) => {
                // In the order in which both were asked for: that of the ids as texts.
                let calls = merge(kept, undelivered, |call| call.call_id.to_string());
                Ok(Past::whole(calls.into_values().take(limit).collect()))
            }
            Err(error) => {
                fall_back(&error);
                Ok(Past { found: self.local.calls(date, after, limit)?, is_partial: true })
            }
        }
    }
}

/// Both, in the order of their keys; of two with the same key the later.
fn merge<T, K: Ord>(kept: Vec<T>, undelivered: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, T> {
    kept.into_iter().chain(undelivered).map(|record| (key(&record), record)).collect()
}

fn fall_back(error: &DynamoError) {
    tracing::warn!(%error, "the past is read from this machine only");
}
