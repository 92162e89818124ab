//! What the parts of the server notice about themselves while they run, for metrics and health.
//!
//! The driver and the links write, a scrape reads; nobody waits for anybody.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use monti_core::{
    Millis, Timestamp,
    wire::{ErrorCode, Health, Persistence, Seconds},
};
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use crate::clock::Clock;

/// A driver that has not been heard of for so long is stalled: it beats each second at least.
pub const HEARTBEAT_AGE_MAX: Duration = Duration::from_secs(5);

/// What the parts of the server notice about themselves.
#[derive(Debug)]
pub struct Observations {
    clock: Arc<Clock>,
    /// When the driver was last heard of, in milliseconds of the monotonic clock.
    last_beat_ms: AtomicU64,
    accepting: AtomicBool,
    read_only: AtomicBool,
    outbox: Mutex<OutboxFigures>,
    delivered: AtomicU64,
    resent: AtomicU64,
    journal_entries: AtomicU64,
    sockets: [AtomicU64; Socket::ALL.len()],
    refused: [AtomicU64; ErrorCode::ALL.len()],
    /// From a call's arrival, or an agent's becoming free, to the commit of the assignment.
    assignment: Histogram,
    commit: Histogram,
}

/// What waits for the store of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxFigures {
    /// How many records.
    pub records: u64,
    /// For how long the oldest of them has waited, by the centre's clock.
    pub oldest: Millis,
    /// How many were refused for ever, and set aside.
    pub dead_letters: u64,
    /// Whether that is more than what is always under way.
    pub lags: bool,
    /// Whether the store is taken to be gone: it is tried now and then.
    pub is_gone: bool,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Socket {
    /// It has not been upgraded: REST, or a link that is being opened.
    Http,
    /// A link of agents.
    Agents,
    /// A link of a wallboard.
    Wallboard,
}

/// An open connection: counted until it is dropped.
#[derive(Debug)]
pub struct OpenSocket {
    kind: Socket,
    observations: Arc<Observations>,
}

impl Observations {
    /// Nothing was noticed yet: the driver counts as alive, new calls are not accepted yet.
    pub fn new(clock: Arc<Clock>) -> Self {
        // From 50 µs, a commit to memory, to 1.6 s, a disk in trouble.
        let buckets = || exponential_buckets(50e-6, 2.0, 16);
        Self {
            last_beat_ms: AtomicU64::new(Millis::from(clock.monotonic()).get()),
            clock,
            accepting: AtomicBool::new(false),
            read_only: AtomicBool::new(false),
            outbox: Mutex::default(),
            delivered: AtomicU64::new(0),
            resent: AtomicU64::new(0),
            journal_entries: AtomicU64::new(0),
            sockets: Default::default(),
            refused: Default::default(),
            assignment: Histogram::new(buckets()),
            commit: Histogram::new(buckets()),
        }
    }
}

/// What the driver tells.
impl Observations {
    /// The driver is alive: to be called each second at least.
    pub fn beat(&self) {
        self.last_beat_ms.store(Millis::from(self.clock.monotonic()).get(), Ordering::Relaxed);
    }

    /// Whether new calls are accepted: after the recovery and until the server is told to stop.
    pub fn set_accepting(&self, accepting: bool) {
        self.accepting.store(accepting, Ordering::Relaxed);
    }

    /// Whether nothing new can be made durable.
    pub fn set_read_only(&self, read_only: bool) {
        self.read_only.store(read_only, Ordering::Relaxed);
    }

    /// How many entries the journal holds after the newest snapshot.
    pub fn set_journal(&self, entries: u64) {
        self.journal_entries.store(entries, Ordering::Relaxed);
    }

    /// A call was assigned so long after that became possible; durable by now.
    pub fn assigned_after(&self, delay: Duration) {
        self.assignment.observe(delay.as_secs_f64());
    }

    /// A commit took so long.
    pub fn committed_in(&self, duration: Duration) {
        self.commit.observe(duration.as_secs_f64());
    }
}

/// What the writer of records tells.
impl Observations {
    /// What waits for the store of records.
    pub fn set_outbox(&self, figures: OutboxFigures) {
        *self.outbox.lock().unwrap_or_else(PoisonError::into_inner) = figures;
    }

    /// So many records were sent and got to their store, and so many were sent once more.
    pub fn delivered(&self, records: u64, resent: u64) {
        self.delivered.fetch_add(records, Ordering::Relaxed);
        self.resent.fetch_add(resent, Ordering::Relaxed);
    }
}

/// What sessions tell.
impl Observations {
    /// A message or a request was refused.
    pub fn refused(&self, code: ErrorCode) {
        self.refused[code as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// A connection was opened.
    pub fn open(self: &Arc<Self>, kind: Socket) -> OpenSocket {
        self.sockets[kind as usize].fetch_add(1, Ordering::Relaxed);
        OpenSocket { kind, observations: Arc::clone(self) }
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.observations.sockets[self.kind as usize].fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is read.
impl Observations {
    /// How long ago the driver was last heard of.
    pub fn heartbeat_age(&self) -> Duration {
        let last = Duration::from_millis(self.last_beat_ms.load(Ordering::Relaxed));
        self.clock.monotonic().saturating_sub(last)
    }

    /// By how many seconds the centre's time is ahead of the machine's; negative if it is behind.
    pub fn clock_ahead_seconds(&self) -> f64 {
        self.clock.ahead().as_secs_f64()
    }

    /// Whether the driver has not been heard of for too long.
    pub fn is_stalled(&self) -> bool {
        self.heartbeat_age() > HEARTBEAT_AGE_MAX
    }

    /// Whether new calls are accepted: the server has recovered, is not told to stop, does not
    /// stall, and can keep what happens.
    pub fn accepts_calls(&self) -> bool {
        let can_keep = self.persistence() != Persistence::ReadOnly;
        self.accepting.load(Ordering::Relaxed) && can_keep && !self.is_stalled()
    }

    /// Whether what happens can be kept, for those who look at `now`.
    pub fn health(&self, now: Timestamp) -> Health {
        let (persistence, outbox) = (self.persistence(), self.outbox());
        let lags = persistence != Persistence::Ok;
        Health {
            timestamp: now,
            persistence,
            backlog_records: lags.then_some(outbox.records),
            backlog_oldest_seconds: lags.then_some(Seconds(outbox.oldest)),
        }
    }

    /// Whether what happens can be kept.
    pub fn persistence(&self) -> Persistence {
        if self.read_only.load(Ordering::Relaxed) {
            Persistence::ReadOnly
        } else if self.outbox().lags {
            Persistence::Degraded
        } else {
            Persistence::Ok
        }
    }

    /// What waits for the store of records.
    pub fn outbox(&self) -> OutboxFigures {
        *self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that got to their store since the start.
    pub fn delivered_records(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    /// Records that were sent to their store once more since the start.
    pub fn resent_records(&self) -> u64 {
        self.resent.load(Ordering::Relaxed)
    }

    /// Entries of the journal after the newest snapshot.
    pub fn journal_entries(&self) -> u64 {
        self.journal_entries.load(Ordering::Relaxed)
    }

    /// Open connections of a kind.
    pub fn open_sockets(&self, kind: Socket) -> u64 {
        self.sockets[kind as usize].load(Ordering::Relaxed)
    }

    /// Messages and requests that were refused with `code`.
    pub fn refusals(&self, code: ErrorCode) -> u64 {
        self.refused[code as usize].load(Ordering::Relaxed)
    }

    /// How long assignments took, in seconds.
    pub fn assignment_seconds(&self) -> &Histogram {
        &self.assignment
    }

    /// How long commits took, in seconds.
    pub fn commit_seconds(&self) -> &Histogram {
        &self.commit
    }
}

impl Socket {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Http, Self::Agents, Self::Wallboard];

    /// The kind as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Agents => "agents",
            Self::Wallboard => "wallboard",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemTimeSource;

    fn observations() -> Arc<Observations> {
        let clock = Clock::start(Box::new(SystemTimeSource), 1.0, Timestamp::MIN);
        Arc::new(Observations::new(Arc::new(clock)))
    }

    #[test]
    fn every_code_has_a_counter_of_its_own() {
        let observations = observations();
        for code in ErrorCode::ALL {
            assert_eq!(observations.refusals(code), 0, "{code}");
            observations.refused(code);
            assert_eq!(observations.refusals(code), 1, "{code}");
        }
    }

    #[test]
    fn a_connection_counts_until_it_is_dropped() {
        let observations = observations();
        let link = observations.open(Socket::Agents);
        assert_eq!(Socket::ALL.map(|kind| observations.open_sockets(kind)), [0, 1, 0]);
        drop(link);
        assert_eq!(observations.open_sockets(Socket::Agents), 0);
    }

    #[test]
    fn a_backlog_is_told_of_unless_all_is_well() {
        let (observations, now) = (observations(), Timestamp::from_millis(0));
        assert_eq!(observations.health(now).backlog_records, None);
        let oldest = Millis::from_secs(9);
        let figures = OutboxFigures { records: 3, oldest, ..OutboxFigures::default() };
        observations.set_outbox(figures);
        assert_eq!(observations.health(now).backlog_records, None);
        observations.set_outbox(OutboxFigures { lags: true, ..figures });
        let health = observations.health(now);
        assert_eq!(health.backlog_records, Some(3));
        assert_eq!(health.backlog_oldest_seconds, Some(Seconds(Millis::from_secs(9))));
    }
}
