//! What REST is asked for while it is looked at: queues' days and agents' histories.

use monti_core::{Millis, Timestamp, wire::Interval};

use super::App;
use crate::{
    layout::Shape,
    message::{Effect, Question},
    screen::{AgentPopup, Load, Panel, Popup, Screen},
};

/// An interval of a queue's day as it is known at the moment that is shown.
#[derive(Debug, Clone, Copy)]
pub struct Quarter<'a> {
    /// When it began, and what became of the calls that arrived in it.
    pub interval: &'a Interval,
    /// How much of it is known.
    pub known: Known,
}

/// How much of an interval is known at the moment that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// All of it: it is over.
    Whole,
    /// It runs: so far.
    SoFar,
    /// It ran at the moment of the past that is shown, and what it had come to by then was not told.
    Nothing,
}

impl App {
    /// A queue's day in intervals, oldest first, as far as they had begun at the moment that is
    /// shown.
    pub fn day(&self, vq: &str) -> Vec<Quarter<'_>> {
        let Some(day) = self.intervals(vq).and_then(Load::here) else { return Vec::new() };
        let length = Millis::from_secs(u64::from(day.minutes) * 60);
        let now = self.now();
        let begun = day.intervals.iter().filter(|interval| interval.starts_at <= now);
        let quarter = |interval| Quarter { interval, known: self.known(interval, length, now) };
        begun.map(quarter).collect()
    }

    fn known(&self, interval: &Interval, length: Millis, now: Timestamp) -> Known {
        match interval.starts_at + length <= now {
            true => Known::Whole,
            false if self.is_past() => Known::Nothing,
            false => Known::SoFar,
        }
    }

    pub(super) fn settle_loads(&mut self, effects: &mut Vec<Effect>) {
        if self.freshness().is_current() {
            self.settle_intervals(effects);
            self.settle_history(effects);
        }
    }

    fn settle_intervals(&mut self, effects: &mut Vec<Effect>) {
        let Some(vq) = self.queue_in_view() else { return };
        match self.intervals.get_mut(&vq) {
            Some(load) if !load.is_due(self.at) => return,
            Some(load) => load.ask_again(self.at),
            None => drop(self.intervals.insert(vq.clone(), Load::asked(self.at))),
        }
        effects.push(Effect::Ask(Box::new(Question::Intervals { vq })));
    }

    fn settle_history(&mut self, effects: &mut Vec<Effect>) {
        let at = self.at;
        let Some(popup) = self.agent_popup().filter(|popup| popup.history.is_due(at)) else {
            return;
        };
        popup.history.ask_again(at);
        let (agent, days) = (popup.login.clone(), popup.days);
        effects.push(Effect::Ask(Box::new(Question::History { agent, days })));
    }

    pub(super) fn agent_popup(&mut self) -> Option<&mut AgentPopup> {
        self.popups.iter_mut().find_map(|popup| match popup {
            Popup::Agent(popup) => Some(popup),
            _ => None,
        })
    }

    /// The queue whose day is shown, if one is.
    fn queue_in_view(&self) -> Option<String> {
        let (department, queue) = match self.screen() {
            Screen::Queue(screen) => (screen.department, screen.queue),
            Screen::Department(screen) => {
                let shape = Shape::of(self.size);
                let is_seen = shape == Shape::Full || screen.filling(shape) == Some(Panel::Queues);
                is_seen.then_some((screen.department, screen.queue))?
            }
            _ => return None,
        };
        let department = self.board()?.departments().get(department)?;
        Some(department.queues().get(queue)?.id().to_owned())
    }
}
