//! Whether the peer is there still: one whose machine lost its power does not say goodbye.

/// A peer that has missed so many pings is gone.
const MISSES_MAX: u8 = 2;

/// What is known of the peer.
#[derive(Debug, Default)]
pub(super) struct Liveness {
    /// Pings sent since it was last heard of.
    misses: u8,
}

impl Liveness {
    /// Anything came from the peer.
    pub(super) fn heard(&mut self) {
        self.misses = 0;
    }

    /// A ping is due. Answers whether the peer is worth it.
    pub(super) fn ping(&mut self) -> bool {
        let is_there = self.misses < MISSES_MAX;
        self.misses += u8::from(is_there);
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_gone_after_two_misses() {
        let mut liveness = Liveness::default();
        assert!(liveness.ping());
        liveness.heard();
        assert_eq!([(); 4].map(|()| liveness.ping()), [true, true, false, false]);
        liveness.heard();
        assert!(liveness.ping());
    }
}
