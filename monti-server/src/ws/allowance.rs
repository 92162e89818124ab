//! How often a wallboard may ask for the full state, which costs the server much and the wallboard
//! nothing.

use std::time::{Duration, Instant};

use monti_core::Millis;

/// Full states that may be asked for at once, and one more for each [`INTERVAL`] that passes: a
/// wallboard that changes its view with every key is served, one that loops is not.
pub(super) const BURST: u32 = 20;

/// How soon another one may be asked for.
const INTERVAL: Duration = Duration::from_millis(500);

/// What a wallboard has left of its full states.
#[derive(Debug)]
pub(super) struct Allowance {
    burst: u32,
    /// When all of the burst will be there again.
    full_at: Option<Instant>,
}

impl Allowance {
    pub(super) fn new(burst: u32) -> Self {
        Self { burst, full_at: None }
    }

    /// Takes one. If none is left, answers when there will be one.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Millis> {
        let full_at = self.full_at.map_or(now, |at| at.max(now));
        let left = INTERVAL.saturating_mul(self.burst).saturating_sub(full_at - now);
        if left < INTERVAL {
            return Err(Millis::from(INTERVAL - left).max(Millis::new(1)));
        }
        self.full_at = Some(full_at + INTERVAL);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_one_at_a_time() {
        let (start, mut allowance) = (Instant::now(), Allowance::new(3));
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!([(); 4].map(|()| allowance.take(at(0)).is_ok()), [true, true, true, false]);
        assert_eq!(allowance.take(at(400)), Err(Millis::new(100)));
        assert_eq!(allowance.take(at(500)), Ok(()));
        assert!(allowance.take(at(500)).is_err());
        let later = [(); 5].map(|()| allowance.take(at(60_000)).is_ok());
        assert_eq!(later, [true, true, true, false, false], "no more is saved up than a burst");
    }
}
