//! What is kept, as a test wants it.

use std::ops::RangeInclusive;

use monti_core::{
    AgentDay, CallId, Day, LoginId,
    wire::{AgentDailyStats, CallRecord},
};
use monti_server::http::{self, History, HistoryError};

/// What is kept: agents' days, newest first, and calls by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    pub(crate) days: Vec<AgentDay>,
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) is_unreadable: bool,
    /// Whether some of it could not be read.
    pub(crate) is_partial: bool,
}

impl History for Past {
    fn agent_days(
        &self,
        login: &LoginId,
        days: RangeInclusive<Day>,
    ) -> Result<http::Past<AgentDailyStats>, HistoryError> {
        self.check()?;
        let wanted = |kept: &&AgentDay| kept.login == *login && days.contains(&kept.day);
        let found = self.days.iter().filter(wanted).map(AgentDailyStats::new).collect();
        Ok(http::Past { found, is_partial: self.is_partial })
    }

    fn calls(
        &self,
        date: Day,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<http::Past<CallRecord>, HistoryError> {
        self.check()?;
        let wanted = |call: &&CallRecord| {
            call.date == date && after.is_none_or(|after| call.call_id > after)
        };
        let found = self.calls.iter().filter(wanted).take(limit).cloned().collect();
        Ok(http::Past { found, is_partial: self.is_partial })
    }
}

impl Past {
    fn check(&self) -> Result<(), HistoryError> {
        if self.is_unreadable {
            return Err(HistoryError("the disk is gone, and /secret/path".into()));
        }
        Ok(())
    }
}
