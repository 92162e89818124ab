//! What is over its limit or below its target, and how it is told.

use std::fmt;

use monti_core::Timestamp;

use super::App;
use crate::{
    Freshness,
    alerts::{Alert, AlertKey, alerts},
    board::Board,
    format,
    kiosk::Targets,
    message::Effect,
};

impl App {
    /// What was over at the moment that is shown.
    pub fn alerts(&self) -> &[Alert] {
        self.past.as_ref().map_or(self.alerts.now(), |past| &past.alerts)
    }

    /// How many of them nobody said to be known. In the past that is all of them: what was known
    /// then is not kept.
    pub fn open_alerts(&self) -> usize {
        self.past.as_ref().map_or(self.alerts.open(), |past| past.alerts.len())
    }

    /// Whether someone said that it is known.
    pub fn is_known_alert(&self, alert: &Alert) -> bool {
        self.past.is_none() && self.alerts.is_acknowledged(alert)
    }

    /// An alert of the moment that is shown, in words.
    pub(crate) fn alert_words(&self, alert: &Alert) -> Option<Words> {
        Words::of(self.board()?, self.now(), &self.setup.kiosk.targets, alert)
    }

    pub(super) fn settle_alerts(&mut self, effects: &mut Vec<Effect>) {
        // Of a state that is not whole or not current nothing can be said to be over now.
        if self.live.freshness(self.at) != Freshness::Live {
            return;
        }
        let Some(board) = self.live.board() else { return };
        // Only what was told since makes a difference; the server tells something each second.
        let told = Some((board.now(), board.version()));
        if std::mem::replace(&mut self.alerts_of, told) == told {
            return;
        }
        let (now, targets) = (self.present(), &self.setup.kiosk.targets);
        let news = self.alerts.refresh(alerts(board, now, targets), now);
        // People are called for limits only: a caller who waits longer than a queue's target is what
        // the target itself allows for, every fifth one or so.
        let is_limit = |alert: &&Alert| match alert.key {
            AlertKey::Agent { .. } => true,
            AlertKey::Wait(_) => targets.longest_wait.is_some(),
            AlertKey::Level(_) => false,
        };
        let words = |alert| Words::of(board, now, targets, alert);
        let told = news.iter().filter(is_limit).filter_map(words);
        effects.extend(told.map(|words| Effect::Notify { words: words.to_string(), at: now }));
    }

    pub(super) fn acknowledge(&mut self) {
        match self.alerts.open() {
            _ if self.past.is_some() => self.warn("this is the past: its alerts cannot be known"),
            0 => self.say("nothing to acknowledge"),
            open => {
                self.alerts.acknowledge();
                self.say(format!("{open} acknowledged"));
            }
        }
    }
}

/// An alert in words.
pub(crate) struct Words {
    /// What it concerns.
    pub(crate) who: String,
    /// How it is over, at length and in brief.
    pub(crate) what: String,
    pub(crate) brief: String,
}

impl Words {
    /// Of an alert of this board; `None` if what it concerns is not there.
    fn of(board: &Board, now: Timestamp, targets: &Targets, alert: &Alert) -> Option<Self> {
        let department = board.departments().get(alert.department)?.name();
        let words = match &alert.key {
            AlertKey::Wait(vq) => {
                let (_, queue) = board.queue(vq)?;
                let wait = format::duration(queue.longest_wait(now).unwrap_or_default());
                let limit = format::duration(targets.wait_limit(queue));
                Self {
                    who: format!("{department} {}:", queue.name()),
                    what: format!("a caller waits for {wait}, over {limit}"),
                    brief: format!("waits {wait}"),
                }
            }
            AlertKey::Level(vq) => {
                let (_, queue) = board.queue(vq)?;
                let percent = queue.live().and_then(|live| live.service_level.current_percent);
                let percent = format::share(percent.unwrap_or_default());
                let target = format::target(queue.info().target_percent);
                Self {
                    who: format!("{department} {}:", queue.name()),
                    what: format!("service level {percent} of {target}"),
                    brief: format!("SL {percent}"),
                }
            }
            AlertKey::Agent { login, acw, .. } => {
                let (_, agent) = board.agent(login)?;
                let limits = board.limits();
                let (what, brief, limit) = match acw {
                    true => ("after-call work", "ACW", limits.acw_seconds),
                    false => ("a break", "break", limits.break_seconds),
                };
                let limit = format::duration(limit.0);
                Self {
                    who: format!("{department}: {}", agent.name()),
                    what: format!("is in {what} for over {limit}"),
                    brief: format!("{brief} over {limit}"),
                }
            }
        };
        Some(words)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.who, self.what)
    }
}
