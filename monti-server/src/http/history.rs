//! What REST reads of the past.

use std::error::Error;

use monti_core::{
    AgentDay, Day, LoginId,
    wire::{CallsPage, ErrorCode},
};
use tokio::task::spawn_blocking;

use super::{Refusal, Services, query::invalid};

/// What is kept of days and calls that are over.
///
/// Its functions block while they read: they are called on threads that may.
pub trait History: Send + Sync + 'static {
    /// The last `days_max` dates of an agent that are kept, newest first, none before `since`.
    ///
    /// # Errors
    /// They cannot be read.
    fn agent_days(
        &self,
        login: &LoginId,
        since: Day,
        days_max: u32,
    ) -> Result<Vec<AgentDay>, HistoryError>;

    /// A page of the calls that arrived on a date and are over, by id.
    ///
    /// # Errors
    /// The cursor is none of that date's, or they cannot be read.
    fn calls(&self, query: &CallsQuery) -> Result<CallsPage, HistoryError>;
}

/// Which calls are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallsQuery {
    /// The business date of their arrival.
    pub date: Day,
    /// At most so many.
    pub limit: u32,
    /// Where the page before ended; the first page without it.
    pub cursor: Option<String>,
    /// Whether callers' numbers are shown whole.
    pub show_callers: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// No page of this date ended with the cursor.
    #[error("no page of this date ended with it")]
    InvalidCursor,
    /// What is kept cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<dyn Error + Send + Sync>),
}

impl Services {
    /// Reads what is kept, on a thread that may wait for the disk.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn History) -> Result<T, HistoryError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let history = self.history.clone();
        let read = spawn_blocking(move || question(&*history)).await;
        Ok(read.map_err(|panicked| HistoryError::Unreadable(panicked.into()))??)
    }
}

impl From<HistoryError> for Refusal {
    /// The reason why nothing can be read is the operator's business: it goes into the log, not
    /// to the client.
    fn from(error: HistoryError) -> Self {
        if let HistoryError::InvalidCursor = error {
            return invalid("cursor", error);
        }
        tracing::error!(%error, "what is kept cannot be read");
        Self::new(ErrorCode::Busy, "what is kept cannot be read at this moment")
    }
}
