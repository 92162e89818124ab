//! Time travel: a moment of the last half hour in place of the present.

use monti_core::{Millis, Timestamp};

use super::App;

impl App {
    /// Stops at this moment, or goes on.
    pub(super) fn freeze(&mut self) {
        self.past = match (&self.past, self.live.board()) {
            (None, Some(board)) => {
                let mut board = board.clone();
                board.pass(self.present());
                Some(Box::new(board))
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
        self.past = self.live.history().at(moment).map(Box::new);
    }
}
