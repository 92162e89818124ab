//! The heart of a contact centre: a deterministic engine that queues calls in virtual queues and
//! routes them to agents.
//!
//! [`Engine`] takes what happened ([`Input`]) and when, and gives back what is to be sent,
//! recorded and shown ([`Output`]). There is no clock, no randomness, no thread, no socket and no
//! file in this crate: time is an argument, and the same inputs give the same outputs and the same
//! state, byte for byte, on every machine.

mod agent;
mod call;
mod centre;
mod department;
mod engine;
mod figures;
mod headcount;
mod id;
mod input;
mod ledger;
mod line;
mod outbox;
mod output;
mod queue;
mod record;
mod rejection;
mod roster;
mod slab;
mod snapshot;
mod text;
mod time;
mod timer;
mod tournament;
mod view;
pub mod wire;

pub use self::{
    agent::{AgentDay, AgentFigures, AgentState},
    centre::{
        Centre, CentreFault, CentreFileError, ColourThresholds, Department, InvalidDuration,
        Limits, PriorityMode, VirtualQueue, parse_duration,
    },
    engine::Engine,
    figures::{LiveCalls, QueueFigures, ServiceLevels, Tally},
    id::{AgentId, CallId, Day, DepartmentId, InvalidId, Origin, Session, VqId},
    input::{
        AgentAction, BusinessDay, Input, InvalidPriority, Priority, Registration, SettableState,
    },
    output::{
        Assignment, BreachKind, CallStatus, Event, LogoutReason, Output, Queued, Registered, Reply,
        RevokeReason,
    },
    record::CallRecord,
    rejection::{Conflict, InvalidValue, Rejection},
    snapshot::{RestoreError, Snapshot},
    text::{CallerNumber, InvalidText, Label, LoginId, RequestId, TEXT_CHARS_MAX},
    time::{InvalidTimestamp, Millis, Timestamp},
    view::{AgentView, CallPhase, CallView, DepartmentFigures, INTERVAL, Interval},
};
