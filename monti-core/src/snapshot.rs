//! The whole state of an engine as a value, to be kept and to go on from.

use serde::{Deserialize, Serialize};

use crate::{
    BusinessDay, CallId, Day, Millis, Output, Timestamp, call::Call, counters::CountersState,
    headcount::HeadcountState, input::Standstill, ledger::LedgerRow, roster::Slot,
};

/// All that an engine knows, from [`Engine::snapshot`](crate::Engine::snapshot).
///
/// Serialises in any format. The same state always gives the same snapshot, to the byte, and an
/// engine restored from it behaves as the first one would have from there on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub(crate) version: u32,
    pub(crate) now: Timestamp,
    pub(crate) today: BusinessDay,
    pub(crate) quarter_ends_at: Timestamp,
    pub(crate) counted_from: Timestamp,
    pub(crate) last_session: u64,
    pub(crate) next_order: u64,
    pub(crate) days: Vec<(Day, u64)>,
    pub(crate) ledger: Vec<LedgerRow>,
    /// In the order of their arrival; agents name calls by their place here.
    pub(crate) calls: Vec<Call>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) free_slots: Vec<u32>,
    pub(crate) departments: Vec<DepartmentState>,
    pub(crate) queues: Vec<QueueState>,
    /// Who has a deadline, in the order in which they were set: calls whose phones ring by their
    /// place in [`Self::calls`], then agents in grace, in after-call work and on a break.
    pub(crate) deadlines: [Vec<u32>; 4],
    /// By which the first two of them are put off.
    pub(crate) standstills: Vec<Standstill>,
    pub(crate) outputs: Vec<Output>,
}

impl Snapshot {
    /// The version of the snapshots that this engine makes, and that alone it goes on from. It
    /// comes first in every format that keeps the order of fields, in all versions.
    pub const VERSION: u32 = 5;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DepartmentState {
    pub(crate) id: String,
    pub(crate) busy: HeadcountState,
    pub(crate) available: HeadcountState,
    pub(crate) staffed: HeadcountState,
    pub(crate) staffed_quarters: Vec<Millis>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct QueueState {
    pub(crate) id: String,
    pub(crate) staffed: HeadcountState,
    pub(crate) counters: CountersState,
}

impl DepartmentState {
    /// A department that is new.
    pub(crate) fn new(id: &str) -> Self {
        let nobody = HeadcountState::default();
        Self {
            id: id.to_owned(),
            busy: nobody,
            available: nobody,
            staffed: nobody,
            staffed_quarters: Vec::new(),
        }
    }
}

impl QueueState {
    /// A queue that is new.
    pub(crate) fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            staffed: HeadcountState::default(),
            counters: CountersState::default(),
        }
    }
}

/// Why an engine cannot go on from a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// It was made by a version of MONTI that this one does not know.
    #[error("the snapshot has version {found}, and only version {known} is known here")]
    Version {
        /// The snapshot's version.
        found: u32,
        /// The version of this engine's snapshots.
        known: u32,
    },
    /// The centre lacks a department or a queue that has agents or calls in the snapshot, or had
    /// calls on its date.
    #[error("the centre has no {what}, where the snapshot has agents, or calls of its date")]
    Gone {
        /// The identifier of the department or queue.
        what: String,
    },
    /// The centre has other departments or queues, or has them in another order, and the snapshot has
    /// outputs that nobody took: these name them by their places.
    #[error(
        "the centre has other departments or queues, and outputs of the snapshot were not taken: \
         restore it in its own centre, take them, and make another"
    )]
    OutputsLeft,
    /// A call is not where it should be.
    #[error("the snapshot is damaged: {0} is not where it should be")]
    Call(CallId),
    /// It contradicts itself.
    #[error("the snapshot is damaged: {0}")]
    Damaged(&'static str),
}
