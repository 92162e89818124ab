//! A wall: it turns by itself, and comes back by itself from whatever somebody did to it.

use std::time::Duration;

use super::App;
use crate::screen::{KioskScreen, Screen};

/// A wall that nobody has touched for so long is a wall again.
const BACK_AFTER: Duration = Duration::from_secs(60);

impl App {
    /// Becomes a wall, or stops being one.
    pub(super) fn turn_kiosk(&mut self) {
        if matches!(self.screen(), Screen::Kiosk(_)) {
            self.screens.pop();
        } else {
            let kiosk = KioskScreen { turn: 0, turned_at: self.at };
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
            self.notice = None;
            if !self.is_kiosk() {
                self.turn_kiosk();
            }
        }
        let at = self.at;
        let Some(rotate) = self.setup.kiosk.rotate else { return };
        if let Screen::Kiosk(screen) = self.screen_mut()
            && at >= screen.turned_at + rotate
        {
            screen.turn = screen.turn.wrapping_add(1);
            screen.turned_at = at;
        }
    }

    /// When a wall changes by itself.
    pub(super) fn kiosk_wake_at(&self) -> Option<Duration> {
        let turn_at = match (self.screen(), self.setup.kiosk.rotate) {
            (Screen::Kiosk(screen), Some(rotate)) => Some(screen.turned_at + rotate),
            _ => None,
        };
        [turn_at, self.back_at()].into_iter().flatten().min()
    }

    /// When what was started as a wall becomes one again; `None` if it is one.
    fn back_at(&self) -> Option<Duration> {
        let is_away = !self.is_kiosk()
            || self.past.is_some()
            || !self.popups.is_empty()
            || self.notice.is_some();
        (self.setup.kiosk.start && is_away).then(|| self.touched_at + BACK_AFTER)
    }
}
