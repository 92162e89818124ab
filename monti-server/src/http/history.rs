//! What REST reads of the past.

use std::{error::Error, ops::RangeInclusive};

use monti_core::{
    CallId, Day, LoginId,
    wire::{AgentDailyStats, CallRecord, ErrorCode, ErrorMessage},
};
use tokio::task::spawn_blocking;

use super::{Refusal, Services};
use crate::{
    inbox::RETRY_AFTER,
    store::{self, StoreError},
};

/// What is kept of days and calls that are over.
///
/// Its functions block while they read: they are called on threads that may.
pub trait History: Send + Sync + 'static {
    /// An agent's figures of the `days` that are over, newest first.
    ///
    /// # Errors
    /// They cannot be read.
    fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Past<AgentDailyStats>, HistoryError>;

    /// The calls that arrived on `date` and are over, in the order of their ids as texts, those
    /// after the call `after`, at most `limit`; with callers' numbers whole.
    ///
    /// # Errors
    /// They cannot be read.
    fn calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Past<CallRecord>, HistoryError>;
}

/// What was found of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past<T> {
    /// It.
    pub found: Vec<T>,
    /// Whether there may be more: not all places could be read.
    pub is_partial: bool,
}

impl<T> Past<T> {
    /// All that there is.
    pub fn whole(found: Vec<T>) -> Self {
        Self { found, is_partial: false }
    }
}

/// What is kept could not be read.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct HistoryError(#[from] pub Box<dyn Error + Send + Sync>);

impl History for store::History {
    fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<Past<AgentDailyStats>, HistoryError> {
        let days = self.agent_days(login, days)?;
        Ok(Past::whole(days.iter().map(|(_, day)| AgentDailyStats::new(day)).collect()))
    }

    fn calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Past<CallRecord>, HistoryError> {
        Ok(Past::whole(self.calls(date, after, limit)?))
    }
}

impl From<StoreError> for HistoryError {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl Services {
    /// Reads what is kept, on a thread that may wait for the disk.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn History) -> Result<T, HistoryError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let history = self.history.clone();
        let read = spawn_blocking(move || question(&*history)).await;
        Ok(read.map_err(|panicked| HistoryError(panicked.into()))??)
    }
}

impl From<HistoryError> for Refusal {
    /// The reason is the operator's business: it goes into the log, not to the client.
    fn from(error: HistoryError) -> Self {
        tracing::error!(%error, "what is kept cannot be read");
        let message = "what is kept cannot be read at this moment";
        ErrorMessage::new(ErrorCode::Busy, message).retry_after(RETRY_AFTER).into()
    }
}
