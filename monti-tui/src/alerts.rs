//! What is over its limit or below its target.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use monti_core::{BreachKind, LoginId, Millis, Timestamp};

use crate::{
    board::{Agent, Board, Queue},
    kiosk::{Targets, excess},
};

/// What is over stays in mind for so long: a queue that is over its target again within that time
/// is no news, and stays known if it was.
const MEMORY: Millis = Millis::from_secs(5 * 60);

/// One thing that is over its limit or below its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What it is about: the same alert again has the same key.
    pub key: AlertKey,
    /// The department's place.
    pub department: usize,
    /// Since when what it is about is there, as far as that is told: the caller who waits longest,
    /// the agent in its state.
    pub since: Option<Timestamp>,
}

impl Alert {
    /// Whether it is at `now` the same that was last `seen` then: what is surely there since, or
    /// may be.
    fn goes_on(&self, seen: Timestamp, now: Timestamp) -> bool {
        now.since(seen) <= MEMORY || self.since.is_some_and(|since| since <= seen)
    }
}

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKey {
    /// A caller waits too long in this queue, whoever it is.
    Wait(String),
    /// The service level of this queue is below its target.
    Level(String),
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
    /// When each was last there.
    seen: BTreeMap<AlertKey, Timestamp>,
    is_first: bool,
}

impl Alerts {
    /// None.
    pub(crate) fn new() -> Self {
        Self { is_first: true, ..Self::default() }
    }

    /// What is over now: callers first, then queues, then agents, of each the worst first.
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

    /// Takes over what is over at `now`; answers what is news. On the first board nothing is:
    /// nobody wants to be called for what he can see. Between two boards may be a long loss.
    pub(crate) fn refresh(&mut self, alerts: Vec<Alert>, now: Timestamp) -> Vec<Alert> {
        let seen = |alert: &Alert| self.seen.get(&alert.key).copied();
        let is_news = |alert: &&Alert| !seen(alert).is_some_and(|seen| alert.goes_on(seen, now));
        let news: Vec<_> = alerts.iter().filter(is_news).cloned().collect();
        for alert in &news {
            self.acknowledged.remove(&alert.key);
        }
        self.seen.extend(alerts.iter().map(|alert| (alert.key.clone(), now)));
        self.seen.retain(|_, seen| now.since(*seen) <= MEMORY);
        self.acknowledged.retain(|key| self.seen.contains_key(key));
        self.now = alerts;
        if std::mem::take(&mut self.is_first) { Vec::new() } else { news }
    }
}

/// What is over its limit or below its target on `board` at `now`: callers first, then queues, then
/// agents, and of each the furthest over its limit first. How long a caller may wait is for `targets`
/// to say.
///
/// Of two that are over, the times grow alike, so that they change places only when one of them is
/// another; a service level counts in whole percent, as it is shown.
pub fn alerts(board: &Board, now: Timestamp, targets: &Targets) -> Vec<Alert> {
    let mut over: Vec<_> = Vec::new();
    for (department, it) in board.departments().iter().enumerate() {
        let waits = it.queues().iter().filter_map(|queue| {
            let excess = targets.wait_excess(queue, now)?.get();
            let since = queue.live()?.oldest_enqueued_at;
            Some((0, excess, AlertKey::Wait(queue.id().to_owned()), since))
        });
        let levels = it.queues().iter().filter_map(|queue| {
            Some((1, points_below_target(queue)?, AlertKey::Level(queue.id().to_owned()), None))
        });
        let agents = it.breaches().map(|agent| {
            let acw = agent.breach() == Some(BreachKind::AfterCallWork);
            let limits = board.limits();
            let limit = if acw { limits.acw_seconds } else { limits.break_seconds };
            let (login, since) = (agent.login().clone(), agent.info().state_start);
            // That it is over is for the server to say.
            let excess = excess(now.since(since), limit.0).unwrap_or_default().get();
            (2, excess, AlertKey::Agent { login, acw, since }, Some(since))
        });
        let found = waits.chain(levels).chain(agents);
        let alert = |(kind, excess, key, since)| (kind, excess, Alert { key, department, since });
        over.extend(found.map(alert));
    }
    over.sort_by_key(|(kind, excess, _)| (*kind, Reverse(*excess)));
    over.into_iter().map(|(.., alert)| alert).collect()
}

/// How many whole percent the service level of a queue is below its target; `None` if it is not.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a difference of two percentages, the larger one first"
)]
fn points_below_target(queue: &Queue) -> Option<u64> {
    let percent = queue.live()?.service_level.current_percent?;
    let target = queue.info().target_percent;
    (percent < target).then(|| (target - percent.floor()) as u64)
}

/// Who was over a limit today and the place of their department, the most often first. The server
/// counts: this program's start does not matter.
pub fn today(board: &Board) -> Vec<(usize, &Arc<Agent>)> {
    let places = board.departments().iter().enumerate();
    let agents = places.flat_map(|(place, it)| it.agents().iter().map(move |it| (place, it)));
    let mut over: Vec<_> = agents.filter(|(_, agent)| breaches(agent) > 0).collect();
    over.sort_by_key(|(_, agent)| (Reverse(breaches(agent)), agent.name_key()));
    over
}

/// How often an agent was over a limit today.
pub fn breaches(agent: &Agent) -> u64 {
    let kpis = &agent.info().kpis;
    u64::from(kpis.acw_breaches) + u64::from(kpis.break_breaches)
}
