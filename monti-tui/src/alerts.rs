//! What is over its limit.

use std::collections::BTreeSet;

use monti_core::{BreachKind, LoginId, Millis, Timestamp};

use crate::board::Board;

/// One thing that is over its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What it is about and since when: the same alert again has the same key.
    pub key: AlertKey,
    /// The department's place.
    pub department: usize,
}

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKey {
    /// A caller waits too long.
    Wait {
        /// In this queue.
        vq: String,
        /// Since then.
        since: Timestamp,
    },
    /// An agent is past a limit.
    Agent {
        /// Who.
        login: LoginId,
        /// In after-call work, or else on a break.
        acw: bool,
        /// Since when it is in that state.
        since: Timestamp,
    },
}

/// The alerts of the newest board, and which of them are known.
#[derive(Debug, Default)]
pub struct Alerts {
    now: Vec<Alert>,
    acknowledged: BTreeSet<AlertKey>,
    is_first: bool,
}

impl Alerts {
    /// None.
    pub(crate) fn new() -> Self {
        Self { is_first: true, ..Self::default() }
    }

    /// What is over its limit now: callers first, then agents; departments in order.
    pub fn now(&self) -> &[Alert] {
        &self.now
    }

    /// Whether someone said that it is known.
    pub fn is_acknowledged(&self, alert: &Alert) -> bool {
        self.acknowledged.contains(&alert.key)
    }

    /// How many are not acknowledged.
    pub fn open(&self) -> usize {
        self.now.iter().filter(|alert| !self.is_acknowledged(alert)).count()
    }

    /// All of now are known.
    pub(crate) fn acknowledge(&mut self) {
        self.acknowledged.extend(self.now.iter().map(|alert| alert.key.clone()));
    }

    /// Takes over what is over its limit on `board` at `now`; answers what was not before. On the
    /// first board nothing is new: nobody wants to be called for what he can see.
    pub(crate) fn refresh(&mut self, alerts: Vec<Alert>) -> Vec<Alert> {
        let keys = |alerts: &[Alert]| -> BTreeSet<_> {
            alerts.iter().map(|alert| alert.key.clone()).collect()
        };
        let (before, now) = (keys(&self.now), keys(&alerts));
        let new = alerts.iter().filter(|alert| !before.contains(&alert.key)).cloned().collect();
        self.now = alerts;
        self.acknowledged.retain(|key| now.contains(key));
        if std::mem::take(&mut self.is_first) { Vec::new() } else { new }
    }
}

/// What is over its limit on `board` at `now`; callers only if there is a `wait_limit`.
pub fn alerts(board: &Board, now: Timestamp, wait_limit: Option<Millis>) -> Vec<Alert> {
    let places = || board.departments().iter().enumerate();
    let waits = places().flat_map(|(department, it)| {
        let queues = it.queues().iter().filter(move |queue| {
            let wait = queue.longest_wait(now);
            wait_limit.is_some_and(|limit| wait.is_some_and(|wait| wait > limit))
        });
        queues.filter_map(move |queue| {
            let since = queue.live()?.oldest_enqueued_at?;
            Some(Alert { key: AlertKey::Wait { vq: queue.id().to_owned(), since }, department })
        })
    });
    let agents = places().flat_map(|(department, it)| {
        it.breaches().map(move |agent| {
            let acw = agent.breach() == Some(BreachKind::AfterCallWork);
            let (login, since) = (agent.login().clone(), agent.info().state_start);
            Alert { key: AlertKey::Agent { login, acw, since }, department }
        })
    });
    waits.chain(agents).collect()
}
