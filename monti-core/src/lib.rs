//! The heart of a contact centre: a deterministic engine that queues calls in virtual queues and
//! routes them to agents.
//!
//! [`Engine`] takes what happened ([`Input`]) and when, and gives back what is to be sent,
//! recorded and shown ([`Output`]). There is no clock, no randomness, no thread, no socket and no
//! file in this crate: time is an argument, and the same inputs give the same outputs and the same
//! state, byte for byte, on every machine.
//!
//! # A call's life
//!
//! ```
//! use monti_core::*;
//!
//! let centre = Centre::default();
//! let sales = centre.find_department("sales").unwrap();
//! let general = centre.find_queue("sales_general").unwrap();
//! let start: Timestamp = "2026-01-29T00:00:00.000Z".parse().unwrap();
//! let today = BusinessDay {
//!     day: "2026-01-29".parse().unwrap(),
//!     starts_at: start,
//!     ends_at: start + Millis::from_secs(24 * 60 * 60),
//! };
//! let at = |seconds: u64| start + Millis::from_secs(9 * 60 * 60 + seconds);
//! let mut engine = Engine::new(centre, start, today);
//!
//! // Avery logs in, and is available; a caller comes, and Avery's phone rings.
//! let avery = Registration::new("avery".parse().unwrap(), sales);
//! let reply = engine.handle_input(at(0), Input::Register(Box::new(avery))).unwrap();
//! let Reply::Registered(Registered { agent, session, .. }) = reply else { unreachable!() };
//! let call = Input::call(general, Some("r-1".parse().unwrap()));
//! let Reply::Queued(Queued { call, .. }) = engine.handle_input(at(10), call).unwrap() else {
//!     unreachable!()
//! };
//! assert_eq!(engine.agent(agent).unwrap().state, AgentState::Ringing);
//!
//! // Avery answers after 4 seconds, talks for 3 minutes and wraps up in 30 seconds.
//! let act = |action| Input::Agent { agent, session, action };
//! let complete = AgentAction::Complete { call, outcome: None };
//! let available = AgentAction::SetState(SettableState::Available);
//! engine.handle_input(at(14), act(AgentAction::Accept(call))).unwrap();
//! engine.handle_input(at(194), act(complete)).unwrap();
//! engine.handle_input(at(224), act(available)).unwrap();
//!
//! // What came of it is in the outputs and in the figures.
//! let poll = || engine.poll_output().map(OutputRef::to_owned);
//! let outputs = std::iter::from_fn(poll).collect::<Vec<_>>();
//! assert!(outputs.iter().any(|output| matches!(output, Output::Record(record)
//!     if record.waited() == Millis::from_secs(4) && record.handled() == Millis::from_secs(210))));
//! assert_eq!(engine.queue(general).unwrap().service_levels().seed, Some(100.0));
//! ```

mod agent;
mod call;
mod centre;
mod clock_speed;
mod counters;
mod department;
mod engine;
mod figures;
pub mod file;
mod headcount;
mod id;
mod input;
mod ledger;
mod line;
mod milestones;
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
        Centre, ColourThresholds, Department, InvalidDuration, Limits, PriorityMode, VirtualQueue,
        parse_duration,
    },
    clock_speed::ClockSpeed,
    engine::Engine,
    figures::{LiveCalls, QueueFigures, ServiceLevels, Tally},
    id::{AgentId, CallId, Day, DepartmentId, InvalidId, Origin, Session, VqId},
    input::{
        AgentAction, BusinessDay, Input, InvalidPriority, Priority, Registration, SettableState,
    },
    output::{
        AgentLeft, Assignment, BreachKind, CallStatus, Event, LogoutReason, Output, OutputRef,
        Queued, Registered, Reply, RevokeReason,
    },
    record::CallRecord,
    rejection::{Conflict, InvalidValue, Rejection},
    snapshot::{RestoreError, Snapshot},
    text::{CallerNumber, InvalidText, Label, LoginId, RequestId, TEXT_CHARS_MAX},
    time::{InvalidTimestamp, Millis, Timestamp},
    view::{AgentView, CallPhase, CallView, DepartmentFigures, INTERVAL, Interval},
};
