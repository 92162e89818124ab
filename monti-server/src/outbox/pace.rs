//! How fast the outbox is emptied, and how patiently.

use std::time::Duration;

/// How fast the outbox is emptied, and how patiently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How often is looked for letters when there were none.
    pub poll: Duration,
    /// The letters of a round: what is read at once, and taken out of the file at once. Two rounds
    /// are held in memory.
    pub round_max: usize,
    /// The requests that are under way at once.
    pub in_flight_max: usize,
    /// How often a letter is sent in one round.
    pub attempts_max: u32,
    /// The pauses between two attempts.
    pub resend: Pause,
    /// The failures in a row after which the breaker opens.
    pub failures_max: u32,
    /// The pauses of the open breaker.
    pub open: Pause,
    /// For how long the oldest letter may wait before the server counts as degraded.
    pub lag_max: Duration,
    /// For how long what is left is delivered when the server stops.
    pub farewell: Duration,
}

/// A pause that doubles with each repetition, up to a longest; of it a random part is waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The longest that the first can be.
    pub first: Duration,
    /// The longest that any can be.
    pub longest: Duration,
}

impl Default for Pace {
    /// For a sink that takes thousands of records a second in tens of milliseconds each: a round
    /// is 16 batches, of which eight are under way.
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(200),
            round_max: 400,
            in_flight_max: 8,
            attempts_max: 8,
            resend: Pause { first: Duration::from_millis(50), longest: Duration::from_secs(5) },
            failures_max: 5,
            open: Pause { first: Duration::from_secs(1), longest: Duration::from_secs(30) },
            lag_max: Duration::from_secs(30),
            farewell: Duration::from_millis(600),
        }
    }
}
