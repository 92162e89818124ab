//! What is over its limit or below its target, and how it is told.

use super::App;
use crate::{
    Freshness,
    alerts::{Alert, AlertKey, alerts},
    board::Board,
    format,
    kiosk::Targets,
    message::Effect,
};
use monti_core::Timestamp;

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
    pub(crate) fn alert_words(&self, alert: &Alert) -> String {
        let targets = &self.setup.kiosk.targets;
        self.board().map_or_else(String::new, |it| words(it, self.now(), targets, alert))
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
        let words = |alert| Effect::Notify(words(board, now, targets, alert));
        effects.extend(news.iter().filter(is_limit).map(words).collect::<Vec<_>>());
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

fn words(board: &Board, now: Timestamp, targets: &Targets, alert: &Alert) -> String {
    let department = board.departments().get(alert.department).map_or("", |it| it.name());
    match &alert.key {
        AlertKey::Wait(vq) => {
            let Some((_, queue)) = board.queue(vq) else { return String::new() };
            let wait = format::duration(queue.longest_wait(now).unwrap_or_default());
            let limit = format::duration(targets.wait_limit(queue));
            format!("{department} {}: a caller waits for {wait}, over {limit}", queue.name())
        }
        AlertKey::Level(vq) => {
            let Some((_, queue)) = board.queue(vq) else { return String::new() };
            let percent = queue.live().and_then(|live| live.service_level.current_percent);
            let percent = format::share(percent.unwrap_or_default());
            let target = format::target(queue.info().target_percent);
            format!("{department} {}: service level {percent} of {target}", queue.name())
        }
        AlertKey::Agent { login, acw, .. } => {
            let name = board.agent(login).map_or("", |(_, agent)| agent.name());
            let (what, limit) = match acw {
                true => ("after-call work", board.limits().acw_seconds),
                false => ("a break", board.limits().break_seconds),
            };
            format!("{department}: {name} is in {what} for over {}", format::duration(limit.0))
        }
    }
}
