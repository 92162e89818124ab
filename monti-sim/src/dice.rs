//! Chance, seeded.

use rand::{Rng, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// All the chance there is in a run.
///
/// What callers bring with them and what then becomes of it are drawn from streams of their own, so
/// that the same calls come however many agents there are: two staffings differ by the staffing
/// alone. ChaCha is the same on every machine.
#[derive(Debug, Clone)]
pub struct Dice {
    /// When callers call, how long they wait for and what they need.
    pub(crate) calls: ChaCha8Rng,
    /// What agents do, and callers who were disappointed.
    pub(crate) people: ChaCha8Rng,
    /// How long callers talk who are not known to be the run's own: who is depends on which of
    /// several links is heard first, and nothing else may.
    pub(crate) strangers: ChaCha8Rng,
}

impl Dice {
    /// The dice of one replication of a study, or of a run (`replication` 0), under a seed.
    pub fn new(seed: u64, replication: u32) -> Self {
        let stream = |number: u64| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(number);
            rng
        };
        let first = u64::from(replication) * 2;
        Self { calls: stream(first), people: stream(first + 1), strangers: stream(!first) }
    }
}

/// Whether something happens that happens with a probability of `share`, 0 to 1.
pub(crate) fn happens(share: f64, rng: &mut impl Rng) -> bool {
    // What never happens, or always, costs no draw.
    share > 0.0 && (share >= 1.0 || rng.random::<f64>() < share)
}
