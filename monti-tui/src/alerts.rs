//! What is over its limit or below its target.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use monti_core::{BreachKind, LoginId, Millis, Timestamp};

use crate::board::{Agent, Board, Queue};

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

    /// What is over now: callers first, then queues, then agents; departments in order.
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
    /// nobody wants to be called for what he can see.
    pub(crate) fn refresh(&mut self, alerts: Vec<Alert>, now: Timestamp) -> Vec<Alert> {
        let is_news = |alert: &&Alert| !self.seen.contains_key(&alert.key);
        let news = alerts.iter().filter(is_news).cloned().collect();
        self.seen.extend(alerts.iter().map(|alert| (alert.key.clone(), now)));
        self.seen.retain(|_, seen| now.since(*seen) <= MEMORY);
        self.acknowledged.retain(|key| self.seen.contains_key(key));
        self.now = alerts;
        if std::mem::take(&mut self.is_first) { Vec::new() } else { news }
    }
}

/// What is over its limit or below its target on `board` at `now`. A caller waits too long after
/// `wait_limit`, without one after the target of its queue.
pub fn alerts(board: &Board, now: Timestamp, wait_limit: Option<Millis>) -> Vec<Alert> {
    let places = || board.departments().iter().enumerate();
    let queues =
        || places().flat_map(|(place, it)| it.queues().iter().map(move |queue| (place, queue)));
    let waits = queues().filter(|(_, queue)| {
        let limit = wait_limit.unwrap_or(queue.info().target_seconds.0);
        queue.longest_wait(now).is_some_and(|wait| wait > limit)
    });
    let levels = queues().filter(|(_, queue)| is_below_target(queue));
    let agents = places().flat_map(|(department, it)| {
        it.breaches().map(move |agent| {
            let acw = agent.breach() == Some(BreachKind::AfterCallWork);
            let (login, since) = (agent.login().clone(), agent.info().state_start);
            Alert { key: AlertKey::Agent { login, acw, since }, department }
        })
    });
    let of_queue = |key: fn(String) -> AlertKey| {
        move |(department, queue): (usize, &Queue)| Alert {
            key: key(queue.id().to_owned()),
            department,
        }
    };
    let queues = waits.map(of_queue(AlertKey::Wait)).chain(levels.map(of_queue(AlertKey::Level)));
    queues.chain(agents).collect()
}

fn is_below_target(queue: &Queue) -> bool {
    let percent = queue.live().and_then(|live| live.service_level.current_percent);
    percent.is_some_and(|percent| percent < queue.info().target_percent)
}

/// Who was over a limit today and the place of their department, the most often first. The server
/// counts: this program's start does not matter.
pub fn today(board: &Board) -> Vec<(usize, &Arc<Agent>)> {
    let places = board.departments().iter().enumerate();
    let agents = places.flat_map(|(place, it)| it.agents().iter().map(move |it| (place, it)));
    let mut over: Vec<_> = agents.filter(|(_, agent)| breaches(agent) > 0).collect();
    over.sort_by_key(|(_, agent)| (std::cmp::Reverse(breaches(agent)), agent.name_key()));
    over
}

/// How often an agent was over a limit today.
pub fn breaches(agent: &Agent) -> u64 {
    let kpis = &agent.info().kpis;
    u64::from(kpis.acw_breaches) + u64::from(kpis.break_breaches)
}
