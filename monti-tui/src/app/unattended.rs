//! A wall: it turns by itself, and comes back by itself from whatever somebody did to it.

use std::{ops::Range, time::Duration};

use super::App;
use crate::{
    screen::{KioskScreen, Picked, Screen},
    view::shown_in_strip,
};

/// A wall that nobody has touched for so long is a wall again.
const BACK_AFTER: Duration = Duration::from_secs(60);

/// Alerts of which a wall shows some give way to the others after so long.
const ALERTS_STAY: Duration = Duration::from_secs(5);

impl App {
    /// Becomes a wall, or stops being one.
    pub(super) fn turn_kiosk(&mut self) {
        if matches!(self.screen(), Screen::Kiosk(_)) {
            self.screens.pop();
        } else {
            let at = self.at;
            let kiosk = KioskScreen { turned_at: at, alerts_turned_at: at, ..Default::default() };
            self.enter(Screen::Kiosk(kiosk));
        }
    }

    /// Whether a wall is shown, whatever lies over it.
    pub(super) fn is_kiosk(&self) -> bool {
        matches!(self.screen(), Screen::Kiosk(_))
    }

    /// Turns when it is time to, and comes back when nobody has touched it.
    pub(super) fn settle_kiosk(&mut self) {
        if self.back_at().is_some_and(|back_at| self.at >= back_at) {
            self.past = None;
            self.popups.clear();
            if !self.is_kiosk() {
                self.turn_kiosk();
            }
        }
        self.turn_alerts();
        let at = self.at;
        let Some(rotate) = self.setup.kiosk.rotate else { return };
        if let Screen::Kiosk(screen) = self.screen_mut()
            && at >= screen.turned_at + rotate
        {
            screen.turn = screen.turn.wrapping_add(1);
            screen.turned_at = at;
        }
    }

    /// Shows other alerts when it is time to: the worst that was not shown in this round, whatever has
    /// changed its place meanwhile. Those that came since it began are of the next, so that it ends. If
    /// all have room they are shown on from the worst.
    fn turn_alerts(&mut self) {
        let at = self.at;
        if !self.is_kiosk() {
            return;
        }
        let keys = self.alert_keys();
        if let Screen::Kiosk(screen) = self.screen_mut() {
            screen.alert.refresh(&keys, 1);
        }
        let turning = self.turning_alerts();
        let Screen::Kiosk(screen) = self.screen_mut() else { return };
        if screen.alert == Picked::default() {
            // Its round has only begun.
            screen.alerts_due = keys.iter().cloned().collect();
        }
        if turning.is_some() && at < screen.alerts_turned_at + ALERTS_STAY {
            return;
        }
        screen.alerts_turned_at = at;
        let next = turning.and_then(|shown| {
            for key in &keys[shown] {
                screen.alerts_due.remove(key);
            }
            keys.iter().position(|key| screen.alerts_due.contains(key))
        });
        match next {
            Some(next) => screen.alert.choose(next, &keys, 1),
            None => {
                // A round begins with the worst, whichever that is.
                screen.alert = Picked::default();
            }
        }
    }

    /// The places of the alerts that a wall shows now; `None` if it shows all, or is none.
    fn turning_alerts(&self) -> Option<Range<usize>> {
        let Screen::Kiosk(screen) = self.screen() else { return None };
        let shown = shown_in_strip(self, screen.alert.list().at(), self.size.width);
        (shown.len() < self.alerts().len()).then_some(shown)
    }

    /// When a wall changes by itself.
    pub(super) fn kiosk_wake_at(&self) -> Option<Duration> {
        let turn_at = match (self.screen(), self.setup.kiosk.rotate) {
            (Screen::Kiosk(screen), Some(rotate)) => Some(screen.turned_at + rotate),
            _ => None,
        };
        let alerts_turn_at = match self.screen() {
            Screen::Kiosk(screen) if self.turning_alerts().is_some() => {
                Some(screen.alerts_turned_at + ALERTS_STAY)
            }
            _ => None,
        };
        [turn_at, alerts_turn_at, self.back_at()].into_iter().flatten().min()
    }

    /// When what was started as a wall becomes one again; `None` if it is one.
    fn back_at(&self) -> Option<Duration> {
        // What is said goes by itself, and is not said to nobody.
        let is_away = !self.is_kiosk() || self.past.is_some() || !self.popups.is_empty();
        (self.setup.kiosk.start && is_away).then(|| self.touched_at + BACK_AFTER)
    }
}
