//! Time travel: a moment of the last half hour in place of the present.

use monti_core::{Millis, Timestamp};

use super::{App, Past};
use crate::{alerts::alerts, board::Board};

impl App {
    /// Stops at this moment, or goes on.
    pub(super) fn freeze(&mut self) {
        self.past = match (&self.past, self.live.board()) {
            (None, Some(board)) => {
                let mut board = board.clone();
                board.pass(self.present());
                Some(self.past_of(board))
            }
            _ => None,
        };
    }

    /// Goes so many seconds on, or back.
    pub(super) fn travel(&mut self, seconds: i64) {
        let Some(first) = self.live.history().begins_at() else { return };
        let by = Millis::from_secs(seconds.unsigned_abs());
        let (now, present) = (self.now(), self.present());
        let moment = if seconds < 0 { now - by } else { now + by };
        if moment >= present {
            if self.past.is_some() {
                self.past = None;
                self.say("the present");
            }
            return;
        }
        if moment < first {
            self.say("nothing is known of before");
        }
        self.show(moment.max(first));
    }

    fn show(&mut self, moment: Timestamp) {
        self.past = self.live.history().at(moment).map(|board| self.past_of(board));
    }

    fn past_of(&self, board: Board) -> Box<Past> {
        let alerts = alerts(&board, board.now(), &self.setup.kiosk.targets);
        Box::new(Past { board, alerts })
    }
}
