//! F14 of `docs/faults.md`: a process that was stopped, or held up, and comes to itself again.

use std::time::Duration;

use monti_core::Input;

use super::{Driver, TICK};
use crate::store::Storage;

/// After so long without a turn nobody was heard: there is one each second at least.
const STANDSTILL: Duration = TICK.saturating_add(Duration::from_secs(1));

impl<S: Storage> Driver<S> {
    /// Requests are about to be taken in. If there were none for too long to be believed, the engine
    /// is told before it does what fell due meanwhile: what was said in that time waits here still.
    pub(super) fn hear_again(&mut self) {
        let now = self.world.clock.monotonic();
        let silence = now.saturating_sub(std::mem::replace(&mut self.heard_at, now));
        if silence > STANDSTILL {
            self.stand_still(silence);
        }
    }

    fn stand_still(&mut self, silence: Duration) {
        let (since, now) = (self.world.clock.before(silence), self.world.clock.now());
        tracing::warn!(
            seconds = silence.as_secs_f64(),
            "nobody was heard for a time: the process was stopped, or the machine or its disk was \
             too busy; phones ring, and lost links are waited for, as much longer"
        );
        self.live_up_to(now, &Input::Standstill { since });
    }
}
